"""Cooperative games: who would gain by leaving, and the shares that keep everybody.

>>> from coordination.settlement.games import bankruptcy, nucleolus
>>> [round(-float(share), 6) for share in nucleolus(bankruptcy([100, 200, 300], 200)).shares]
[50.0, 75.0, 75.0]

Games are of costs; a game of gains is one with the sign turned (`gains`). The solutions value coalitions as they need
them, so a game may be a program that is solved for each (`coordination.settlement.production`).
"""

from coordination.settlement.games.bargaining import Bargain as Bargain
from coordination.settlement.games.bargaining import nash_bargaining as nash_bargaining
from coordination.settlement.games.equal_profit import EqualProfit as EqualProfit
from coordination.settlement.games.equal_profit import equal_profit as equal_profit
from coordination.settlement.games.game import Game as Game
from coordination.settlement.games.game import ListedGame as ListedGame
from coordination.settlement.games.game import Worst as Worst
from coordination.settlement.games.game import bankruptcy as bankruptcy
from coordination.settlement.games.game import gains as gains
from coordination.settlement.games.least_core import CoreCheck as CoreCheck
from coordination.settlement.games.least_core import LeastCore as LeastCore
from coordination.settlement.games.least_core import check_core as check_core
from coordination.settlement.games.least_core import least_core as least_core
from coordination.settlement.games.least_core import near_least_core as near_least_core
from coordination.settlement.games.nucleolus import Nucleolus as Nucleolus
from coordination.settlement.games.nucleolus import nucleolus as nucleolus
from coordination.settlement.games.shapley import Shapley as Shapley
from coordination.settlement.games.shapley import shapley as shapley
