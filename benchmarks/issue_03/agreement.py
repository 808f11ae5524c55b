"""The ways of solving against each other, on the rungs of the ladder where the joint model can be solved whole."""

import math
from contextlib import contextmanager
from unittest import mock

from benchmarks.bars import Measured, Run
from benchmarks.issue_03.cities import LADDER

RUNGS = LADDER[:3]
WAYS = ("direct", "separate", "by area")
GAP, SECONDS = 1e-3, 240.0


def of_ways(run: Run) -> Measured:
    """Plan small rungs by every way: no bound above another's plan, plans no further apart than both gaps allow."""
    from coordination.instance import load
    from coordination.planning import plan

    lines, raw, passed = [], {}, True
    for city in RUNGS[:1] if run.quick else RUNGS:
        folder = city.folder(run)
        if folder is None:
            lines.append(f"{city.name}: its data are not here")
            continue
        found = {}
        for way in WAYS:
            with _only(way):
                found[way] = plan(load(folder), gap=GAP, time_limit=SECONDS)
        agree = _agree(found)
        passed &= agree
        told = ", ".join(f"{way} {one.objective:,.0f} (gap {one.gap:.2%})" for way, one in found.items())
        lines.append(f"{city.name}: {told}: {'agree' if agree else 'DISAGREE'}")
        raw[city.name] = {
            way: {"objective": one.objective, "bound": one.bound, "gap": one.gap, "sizes": one.sizes}
            for way, one in found.items()
        }
    return Measured(passed, "\n".join(lines).replace("\n", "\n" + " " * 23), raw)


def _agree(found) -> bool:
    plans = list(found.values())
    return all(
        one.bound <= other.objective * (1 + 1e-9)
        and abs(one.objective - other.objective) <= (one.gap + other.gap + 1e-9) * max(one.objective, other.objective)
        for one in plans
        for other in plans
    )


@contextmanager
def _only(way: str):
    """Let one way solve every case; the field rule's plan takes nobody's place."""
    direct = math.inf if way == "direct" else -1
    with (
        mock.patch("coordination.planning.ways.DIRECT_SHIPMENTS", direct),
        mock.patch("coordination.planning.ways.DIRECT_COVER", direct),
        mock.patch("coordination.planning.planning.field_decision", lambda *_: None),
        mock.patch("coordination.planning.separate.VERY_LARGE", -1 if way == "by area" else math.inf),
    ):
        yield
