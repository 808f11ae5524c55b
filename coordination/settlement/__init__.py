"""Settlement: who gains and who gives when parties pool, and the payments that make it worth while for all.

`settle` shares the cost of a plan and writes the ledger; `coordination.settlement.games` are the solutions of
cooperative games, usable on their own.
"""

from coordination.settlement.honesty import honesty as honesty
from coordination.settlement.settling import METHODS as METHODS
from coordination.settlement.settling import settle as settle

__all__ = ["METHODS", "honesty", "settle"]
