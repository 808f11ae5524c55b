"""Misreports on the teaching instance: the largest gain as a share of the payoff, by way of sharing."""

from benchmarks import ROOT
from benchmarks.bars import Measured, Run


def misreports(run: Run) -> Measured:
    """Draw single-party misreports and settle each (a figure: no way of sharing is proof against all)."""
    import coordination as co
    from coordination.settlement import honesty

    instance = co.load(ROOT / "instances" / "neighbourhood").replace(policy={"rights": "law"})
    plan = co.plan(instance, threads=1)
    whole = honesty(plan, draws=20 if run.quick else 300)
    by = honesty(plan, draws=20 if run.quick else 300, by="community", method=("owen", "nucleolus", "shapley"))
    rows = [("owen, by party", whole.iloc[0]), *((f"{row.method}, by community", row) for row in by.itertuples())]
    text = "; ".join(f"{name}: {row.share:.1%} ({row.gaining} of {row.reports} gain)" for name, row in rows)
    return Measured(None, text, {"by_party": whole.to_dict("records"), "by_community": by.to_dict("records")})
