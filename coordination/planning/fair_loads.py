r"""Fair loads: among plans about as good, one whose largest load is least, then the two largest together, and so on.

.. math:: v = \min f(x), \qquad
          \operatorname{leximin}_p \; 1 - \frac{1}{A_p} \sum_{t} \Bigl( \sum_i \phi_{i,p} h_{i,p,t}
          + \sum_i \rho_{i,p} q_{i,p} \Bigr) \quad \text{s.t.} \quad f(x) \le v + \alpha |v|, \quad g(x) \le g(x^*)

f is the social cost, least at x*, alpha the allowance, A the hours of party p over the horizon
(`coordination.planning.loads`). Nobody doing anything would be the fairest of all, so loads come after the social cost;
plans within the gap that is asked for count as equally good, so what is left of that they may cost where no allowance
is given. g is the part of f that stands for what is left undone, all terms but those of doing it (`DOING`): fairer
loads may be bought with pay, efforts and kilometres, not by letting people go without or tasks go undone. Each turn is
solved to the gap that is asked for, in its share of the time; where that was not enough the plan says so.

Source: `coordination.objectives.fairness`; sharing out work by lexicographic min-max: Ogryczak, W. and Śliwiński, T.
(2006), On direct methods for lexicographic min-max optimization, ICCSA, Lecture Notes in Computer Science 3982.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from coordination.objectives import Level, Objective, held, lexicographic
from coordination.objectives.fairness import how_exact, with_shares, with_worst_sums, worst_counts
from coordination.objectives.lexicographic import ROOM
from coordination.objectives.limits import at_most, minimising
from coordination.planning.loads import load_shares, loaded_parties
from coordination.wording import percent

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from coordination.compilation import MatrixForm
    from coordination.planning.responsibility_data import Roles
    from coordination.planning.session import Session
    from coordination.solver import Solution

    Floats = NDArray[np.float64]

SOCIAL_COST = "social cost"
DOING = ("transport", "levels", "work", "interest")
"""Terms that fairer loads may make larger: all others stand for what is left undone."""
TURN_SECONDS = 60.0
"""Most time for one turn where nobody set a limit: sharing out whole tasks evenly improves slowly after that."""
TURN_TIME = 0.3
"""Most of the time left that one turn takes: the largest loads come first, but the others have their turn."""
WHOLE_ROOM = 2e-6
"""How much worse a sum of loads may become for those after it: whole roles are found within such tolerances."""
IDLE = 1e-5
"""A load below this is none."""
NOTE = "Fair loads of {count} parties: at most {after} of the hours of any, {before} at least social cost."
UNPROVEN = "That loads are as fair as can be was not proven in time."


def fair_loads(session: Session, roles: Roles, cost: Level, undone: Objective) -> tuple[Floats, float | None]:
    """Take the turns of the loads after that of the social cost.

    Parameters
    ----------
    session : Session
        The run of planning: of its model are the parties compared.
    roles : Roles
        In whose order the columns stand, perhaps with the chosen pairs alone.
    cost : Level
        The turn of the social cost; with values.
    undone : Objective
        The part of it that may not become more, as `left_undone` gives it.

    Returns
    -------
    x : ndarray
        Values of the columns of the turn, and of some beyond them.
    bound : float or None
        No plan with loads as fair costs less; None where that was not proven in time.
    """
    x, parties = cost.solution.x, loaded_parties(session.model.roles)
    assert x is not None
    if not len(parties):
        return x, cost.bound
    form = _held_down(_within_allowance(session, cost), undone, x)
    loads = load_shares(roles, form, parties)
    before = loads @ x
    form, spare = with_shares(form, -loads, ground=1.0)
    form, x, proven = _turns(session, form, spare, x)
    last = lexicographic(form, [Objective(SOCIAL_COST, form.c, form.offset)], _from(session, x))
    x = x if not last or last[0].solution.x is None else last[0].solution.x
    after = loads @ x[: loads.shape[1]]
    most = [percent(max(0.0, float(share))) for share in (after.max(), before.max())]
    session.notes += [*how_exact(len(parties), "loads"), NOTE.format(count=len(parties), after=most[0], before=most[1])]
    if not (proven and last):
        session.notes.append(UNPROVEN)
        return x, None
    return x, last[0].bound


def _turns(session: Session, form: MatrixForm, spare: NDArray[np.int64], x: Floats) -> tuple[MatrixForm, Floats, bool]:
    """Make the sums of the largest loads small, one after the other.

    Parameters
    ----------
    spare : ndarray of int
        Columns of what parties have left.
    x : ndarray
        Values to start from.

    Returns
    -------
    form : MatrixForm
        The program in which they are held.
    x : ndarray
        Values of the last turn.
    proven : bool
        Whether all turns were taken, and proven.
    """
    exact, so_far, proven = worst_counts(len(spare)) == list(range(1, len(spare) + 1)), 0.0, True
    for count in worst_counts(len(spare)):
        wide, (objective,) = with_worst_sums(form, spare, [count], "spare share")
        found = lexicographic(wide, [objective], _from(session, x))
        if not found or found[0].solution.x is None:
            return form, x, False
        form, x = held(wide, found[0], WHOLE_ROOM), found[0].solution.x
        proven &= found[0].proven(session.options.gap)
        largest = count + found[0].value  # the sum of the largest loads: each is 1 less what is spare
        if exact and largest - so_far <= IDLE:
            break  # this one has none, nor have those after it
        so_far = largest
    return form, x, proven


def _within_allowance(session: Session, cost: Level) -> MatrixForm:
    """Return the program of least social cost in which it may be dearer by the allowance.

    Where none is given: by what is left of the gap that is asked for, so that the plan stays within it.
    """
    share, size = session.model.case.instance.policy.load_allowance, abs(cost.value)
    most = cost.bound + session.options.gap * size if share is None else cost.value + share * size
    limit = max(most, cost.value + ROOM * max(1.0, size))
    return at_most(minimising(cost.form, cost.objective), cost.objective, limit)


def left_undone(form: MatrixForm) -> Objective:
    """Return the part of the social cost that stands for what is left undone.

    Parameters
    ----------
    form : MatrixForm
        With its terms.
    """
    return Objective.of_terms(form, *(name for name in form.terms if name not in DOING))


def _held_down(form: MatrixForm, objective: Objective, x: Floats) -> MatrixForm:
    """Return the program in which an objective may not become more than it is, but for arithmetic."""
    value = objective.value(x[: len(objective.c)])
    return at_most(form, objective, value + ROOM * max(1.0, abs(value)))


def _from(session: Session, x: Floats) -> Callable[[MatrixForm, str], Solution | None]:
    """Return how to solve a turn to the gap asked for, from the values of the one before; new columns are left open."""

    def solve(form: MatrixForm, stage: str) -> Solution | None:
        start = np.concatenate([x, np.full(form.columns - len(x), np.nan)])
        seconds = None if stage == SOCIAL_COST else session.clock.within(TURN_TIME) or TURN_SECONDS
        return session.solve(form, stage, seconds=seconds, start=start)

    return solve
