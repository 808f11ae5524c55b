"""Ways of deciding through the same events on the Sioux Falls network: time, and the same bytes for any workers."""

import time

from benchmarks.bars import Measured, Run
from benchmarks.issue_03.cities import on_network

MINUTES = 15


def ways(run: Run) -> Measured:
    """Compare all ways there are, 100 draws on two processes; a few again on one, which must give the same bytes."""
    from coordination.comparison import compare
    from coordination.instance import load

    folder = on_network("SiouxFalls")(run)
    if folder is None:
        return Measured(None, "not measured: its data do not lie beside the repository")
    instance, draws, few = load(folder), 4 if run.quick else 100, 2
    begin = time.perf_counter()
    whole = compare(instance, draws=draws, workers=2)
    minutes = (time.perf_counter() - begin) / 60
    again = compare(instance, draws=few, workers=1).draws
    same = again.to_csv() == whole.draws[whole.draws["draw"] < few].to_csv()
    played = whole.draws["way"].nunique()
    text = f"{played} ways x {draws} draws in {minutes:.1f} minutes; {few} draws again on one process: " + (
        "the same bytes" if same else "other bytes"
    )
    means = whole.comparison.query("measure == 'cost'").set_index("way")["mean"].to_dict()
    return Measured(same if run.quick else same and minutes <= MINUTES, text, {"cost": means, "minutes": minutes})
