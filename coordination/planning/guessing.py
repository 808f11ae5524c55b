"""What a coalition reckons that it may take of the goods of all, by what it sees.

=============  ============  =======================================================================================
guess          least rung    of each lot (place and commodity) it reckons with
=============  ============  =======================================================================================
pessimistic    nothing       what is its own
optimistic     state         all that lies there or comes in: nobody else takes any of it
last_seen      intentions    others take what they last said they would, each by its optimistic guess: what these leave,
                             and of what all together want too much of its part in proportion to what each said
shared_plan    plans         as before; then, one after the other in the order of the table of parties, each sees the
                             plans of all and reckons with its own part and what nobody's plan takes
=============  ============  =======================================================================================

A rung of ``policy.information`` shows all below it, too. On the highest, ``prices``, nobody has to guess: networked
coalitions trade.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.instance.vocabulary import GUESSES, RUNGS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.instance import Instance
    from coordination.instance.policy import Policy

    Floats = NDArray[np.float64]

GOODS = ("stocks", "arrivals")
SEES = dict(zip(GUESSES, RUNGS, strict=False))
"""The rung that each guess needs."""


def trades(policy: Policy) -> bool:
    """Return whether coalitions trade at posted prices."""
    return policy.governance == "networked" and policy.information == RUNGS[-1]


def guess_of(policy: Policy) -> str:
    """Return how coalitions that do not trade guess: as they are asked to, as far as what they see allows.

    Networked coalitions that see no prices make the most of what they see; alone they see nothing.
    """
    if policy.governance == "alone":
        return GUESSES[0]
    seen = RUNGS.index(policy.information)
    wanted = len(GUESSES) - 1 if policy.governance == "networked" else GUESSES.index(policy.guess)
    return GUESSES[min(seen, wanted)]


def reckoned(state: Instance, alone: Instance, own: set[str], factor: Floats | None) -> Instance:
    """Return what a coalition plans on: what is its own, and of the goods of all what it reckons with.

    Parameters
    ----------
    state : Instance
        Of everybody.
    alone : Instance
        What `Instance.restrict` leaves the coalition.
    own : set of str
        Its parties.
    factor : ndarray, shape (places, commodities), optional
        Share of all goods, its own too, that it reckons with; without it only its own.
    """
    if factor is None:
        return alone
    places, goods = pd.Index(state.places["place"]), pd.Index(state.commodities["commodity"])
    tables = {}
    for name in GOODS:
        table = state.given(name)
        at = places.get_indexer(pd.Index(table["place"])), goods.get_indexer(pd.Index(table["commodity"]))
        left = table["quantity"].to_numpy(dtype=float) * factor[at]
        tables[name] = table.assign(quantity=left)[left > 0.0].reset_index(drop=True)
    # Where the goods of others lie is their store, whose room is not the coalition's to reckon with.
    return alone.replace(places=state.given("places"), **tables)


def as_last_seen(there: Floats, wants: list[Floats]) -> list[Floats]:
    """Return the share of each lot that each coalition reckons with when others do what they said.

    Parameters
    ----------
    there : ndarray, shape (places, commodities)
        Units over the horizon.
    wants : list of ndarray
        Units that each said it would take.

    Examples
    --------
    Ten are there. Who both want ten get half each; who want six and two reckon with eight and four:

    >>> ten = np.array([[10.0]])
    >>> [float(share[0, 0]) for share in as_last_seen(ten, [ten, ten])]
    [0.5, 0.5]
    >>> [float(share[0, 0]) for share in as_last_seen(ten, [0.6 * ten, 0.2 * ten])]
    [0.8, 0.4]
    """
    total = np.sum(wants, axis=0)
    found = []
    for mine in wants:
        part = np.divide(mine, total, out=np.zeros_like(total), where=total > 0)
        left = np.divide(there - (total - mine), there, out=np.zeros_like(there), where=there > 0)
        found.append(np.where(total > there, part, np.clip(left, 0.0, 1.0)))
    return found
