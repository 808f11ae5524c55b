"""Ways of deciding through the same events on the Sioux Falls network: time, and the same bytes for any workers."""

import time

from benchmarks.bars import Measured, Run
from benchmarks.issue_03.cities import on_network

MINUTES = 15
WAYS = ("centralised", "control", "networked", "alone", "judgement", "nothing")
"""The five, and what ratios need."""
POLICY = {"coalitions": "community", "price_rounds": 5, "span": None}
"""Who decides together, rounds a period; where nothing is pooled nothing says how a span of control is kept."""


def ways(run: Run) -> Measured:
    """Compare five ways, 100 draws on two processes; a few again on one, which must give the same bytes."""
    from coordination.comparison import compare
    from coordination.instance import load

    folder = on_network("SiouxFalls")(run)
    if folder is None:
        return Measured(None, "not measured: its data do not lie beside the repository")
    instance, draws, few = load(folder).replace(policy=POLICY), 4 if run.quick else 100, 2
    begin = time.perf_counter()
    whole = compare(instance, ways=WAYS, draws=draws, workers=2)
    minutes = (time.perf_counter() - begin) / 60
    again = compare(instance, ways=WAYS, draws=few, workers=1).draws
    same = again.to_csv() == whole.draws[whole.draws["draw"] < few].to_csv()
    played = whole.draws["way"].nunique()
    text = f"{played} ways x {draws} draws in {minutes:.1f} minutes; {few} draws again on one process: " + (
        "the same bytes" if same else "other bytes"
    )
    means = whole.comparison.query("measure == 'cost'").set_index("way")["mean"].to_dict()
    return Measured(same if run.quick else same and minutes <= MINUTES, text, {"cost": means, "minutes": minutes})
