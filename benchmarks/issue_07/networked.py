"""Trade at posted prices against one program with the same roles, on the two small cities."""

from benchmarks.bars import Measured, Run

GAP = 1e-4
CONSENSUS_GAP = 1e-3
CITIES = (("neighbourhood", 0, "party"), ("Sioux Falls", 1, "community"))
"""Name, rung of the ladder, who decides together."""


def prices(run: Run) -> Measured:
    """Trade until a gap of 1e-4 is proven; the cost is compared with that of one program with the same roles."""
    return _trials(run, "prices", GAP)


def consensus(run: Run) -> Measured:
    """Come to terms until a gap of 1e-3 is proven; compared with one program with the same roles."""
    return _trials(run, "consensus", CONSENSUS_GAP)


def _trials(run: Run, decomposition: str, gap: float) -> Measured:
    import coordination as co
    from benchmarks.issue_03.cities import LADDER
    from coordination.planning.networked.trial import against_one_program

    found, passed = {}, True
    for name, rung, by in CITIES:
        folder = LADDER[rung].folder(run)
        if folder is None:
            continue
        trial = against_one_program(co.load(folder), by, gap, decomposition=decomposition)
        apart = abs(trial.value - trial.least) / max(1e-9, abs(trial.least))
        above = max((one.bound - trial.least for one in trial.rounds[1:]), default=0.0)
        passed &= apart <= gap and above <= 1e-6 * abs(trial.least)
        found[name] = {
            "coalitions": trial.coalitions, "least": trial.least, "cost": trial.value, "apart": apart,
            "rounds": [[one.number, one.value, one.bound, one.offers, one.seconds] for one in trial.rounds],
            "said": trial.said.to_dict("records"),
        }  # fmt: skip
    text = "; ".join(
        f"{name}: {one['coalitions']} coalitions, {one['apart']:.1e} apart in {len(one['rounds']) - 1} rounds"
        for name, one in found.items()
    )
    return Measured(passed if found else None, text or "no city here", found)
