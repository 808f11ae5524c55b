"""Rules about what people are assured of, what may be lost and what is rotated: one function and one sentence each."""

from collections.abc import Callable

import numpy as np

from coordination.instance.draft import Check
from coordination.instance.names import nearest
from coordination.instance.tables import TABLES


def check_one_measure(check: Check) -> None:
    """Give each assurance a probability or a level.

    Parameters
    ----------
    check : Check
        Tables under check; problems are added to it.
    """
    draft = check["assurances"]
    given = np.sum([~draft.typed[name].absent for name in ("probability", "level")], axis=0)
    counts = {int(row): "both" if given[row] else "neither" for row in np.flatnonzero(given != 1)}
    advice = "A probability: in so many scenarios; a level: CVaR, the mean of the worst ones."
    check.report("assurances", given != 1, "probability", "exactly one of probability and level", advice, counts)


def check_lost_things(check: Check) -> None:
    """Check that what may be lost is there, is no junction, and does not end before it begins.

    Parameters
    ----------
    check : Check
        Tables under check; problems are added to it.
    """
    losses = check["losses"]
    tables, names = losses.texts("table"), losses.texts("id")
    for table, noun in (("places", "a place"), ("roads", "a road"), ("parties", "a party")):
        if not check[table].complete:
            continue
        ids = check[table].ids(TABLES[table].unique[0])
        rows = np.flatnonzero(losses.usable("table", "id") & (tables == table)).tolist()
        wrong = [row for row in rows if names[row] not in ids]
        check.report("losses", wrong, "id", noun, [nearest(names[row], list(ids)) for row in wrong])
    places = check["places"]
    kind = dict(zip(places.texts("place"), places.texts("kind"), strict=True))
    rows = np.flatnonzero(losses.usable("table", "id") & (tables == "places")).tolist()
    wrong = [row for row in rows if kind.get(names[row]) == "junction"]
    check.report("losses", wrong, "id", "a place that is not a junction", "Nothing lies there: name its roads.")
    wrong_end = losses.usable("start", "end") & (losses.numbers("end") < losses.numbers("start"))
    check.report("losses", wrong_end, "end", "a period not before start", "Correct one of them.")


def check_rotated_places(check: Check) -> None:
    """Nothing is rotated at a junction.

    Parameters
    ----------
    check : Check
        Tables under check; problems are added to it.
    """
    places, rotation = check["places"], check["rotation"]
    kind = dict(zip(places.texts("place"), places.texts("kind"), strict=True))
    names = rotation.texts("place")
    wrong = [row for row in np.flatnonzero(rotation.usable("place")).tolist() if kind.get(names[row]) == "junction"]
    check.report("rotation", wrong, "place", "a place that is not a junction", "Nothing lies at a junction.")


def check_credit(check: Check) -> None:
    """Credit is no more than what the unit that replaces it costs: rotating is no way to earn money.

    Parameters
    ----------
    check : Check
        Tables under check; problems are added to it.
    """
    rotation, purchases = check["rotation"], check["purchases"]
    bought = zip(purchases.texts("place"), purchases.texts("commodity"), purchases.numbers("unit_money"), strict=True)
    cheapest: dict[tuple[str, str], float] = {}
    for place, commodity, price in bought:
        cheapest[place, commodity] = min(float(price), cheapest.get((place, commodity), np.inf))
    keys = list(zip(rotation.texts("place"), rotation.texts("commodity"), strict=True))
    credit, usable = rotation.numbers("credit"), rotation.usable("place", "commodity", "credit")
    wrong = [row for row in np.flatnonzero(usable).tolist() if credit[row] > cheapest.get(keys[row], np.inf)]
    advice = "Rotating would earn money; correct purchases.unit_money or the credit."
    expected = "at most the price of a unit bought there"
    check.report("rotation", wrong, "credit", expected, advice)


RISK_RULES: tuple[Callable[[Check], None], ...] = (
    check_one_measure,
    check_lost_things,
    check_rotated_places,
    check_credit,
)
"""All of them, in the order in which they are checked."""
