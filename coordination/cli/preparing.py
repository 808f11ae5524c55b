"""The command ``prepare``: read, prepare, write, sum up."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from coordination.cli.progress import progress
from coordination.cli.risking import risky
from coordination.status import Status
from coordination.wording import amount, exact, gap_percent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Executor
    from pathlib import Path

    from coordination.plans import Preparation

SHOWN = 12
"""Decisions that the summary lists before it counts the rest."""


def run_prepare(source: Path, out: Path, *, quiet: bool, **options: Any) -> int:
    """Prepare an instance and write the folder.

    Parameters
    ----------
    source, out : Path
        Instance and folder to write.
    quiet : bool
        No progress and no summary.
    **options
        Keyword options of `coordination.preparation.prepare`.

    Returns
    -------
    int
        Exit code.
    """
    begin = time.perf_counter()
    with progress(quiet) as shown:
        shown.stage("reading")
        from coordination.instance import load
        from coordination.plans import refuse_to_overwrite
        from coordination.preparation import prepare

        refuse_to_overwrite(out, preparation=True)
        instance = load(source)
        shown.stage("preparing")

        def told(round_: Any) -> None:
            if not quiet:
                click.echo(str(round_), err=True)

        with _executor(options.pop("cluster", None)) as executor:
            preparation = prepare(instance, on_progress=told, executor=executor, **options)
        shown.stage("writing")
        preparation.save(out)
    if not quiet:
        click.echo("\n".join(summary(preparation)))
        click.echo(f"Written to {out} in {time.perf_counter() - begin:.1f} s in all")
    if preparation.status is Status.INTERRUPTED:
        return 130
    return 0 if preparation.feasible else 1


@contextmanager
def _executor(address: str | None) -> Iterator[Executor | None]:
    """Yield the executor of a Dask cluster, None without an address."""
    if address is None:
        yield None
        return
    try:
        from distributed import Client
    except ImportError as error:
        from coordination.errors import UsageError

        raise UsageError('--cluster: Dask is not installed; install it: pip install "coordination[cluster]"') from error
    with Client(address) as client:
        yield client.get_executor()


def summary(preparation: Preparation) -> list[str]:
    """Return what was decided and found out, in lines for people.

    Parameters
    ----------
    preparation : Preparation
        What was decided.
    """
    if not preparation.feasible:
        return [f"No preparation: {preparation.status}."]
    figures, unit = preparation.figures, preparation.instance.currency
    level = preparation.instance.policy.risk["level"]
    assert preparation.objective is not None
    assert preparation.gap is not None
    lines = [
        f"Objective {preparation.objective:,.2f} {unit} ({preparation.status}, gap {gap_percent(preparation.gap)}):"
        f" money {preparation.terms['money']:,.2f}, floors missed {preparation.terms['floor']:,.2f},"
        f" response {preparation.terms['response']:,.2f}"
    ]
    rows = preparation.first_stage.to_dict("records")
    lines += [f"  {_decision(row)}" for row in rows[:SHOWN]]
    if len(rows) > SHOWN:
        lines.append(f"  … and {len(rows) - SHOWN} more in first_stage.csv")
    said = {
        "expected_cost": "mean cost of the response",
        "cvar_cost": f"mean cost of the worst scenarios (CVaR at {level:g})",
        "worst_cost": "cost of the worst scenario",
        "evpi": "knowing beforehand what comes would save (EVPI)",
        "vss": "reckoning with all scenarios saves, against the mean one alone (VSS)",
        "ignoring_disruption": "preparing as if nothing happened would cost more by",
        "balance": "cost with stock as it lies over cost with the same stock best placed",
    }
    noise = 1e-9 * max(1.0, abs(preparation.objective))
    known = ((text, figures.get(name)) for name, text in said.items())
    lines += [f"{text}: {exact(figure, noise)}" for text, figure in known if figure is not None]
    for group in preparation.unmet:
        mean, cvar, worst = (amount(float(group[name])) for name in ("mean", "cvar", "worst"))
        lines.append(
            f"need of group {group['group']} unmet: {mean} t in the mean, {cvar} t in the worst scenarios"
            f" (CVaR at {level:g}), {worst} t at worst"
        )
    lines += risky(preparation)
    against = "roles in shares" if preparation.level is None else f"roles in shares by {preparation.level}"
    for row in preparation.replayed:
        share = f" ({100 * row['difference'] / row['response']:+.2g} %)" if row["response"] > 0 else ""
        lines.append(
            f"planned fully, {row['scenario']} costs {row['plan']:,.2f}:"
            f" {row['difference']:+,.2f}{share} against {against}"
        )
    lines += [_adapting(row) for row in preparation.adapting]
    return [*lines, *preparation.notes]


POLICIES = {
    "static": "decided now, whatever is forecast later",
    "rolling": "decided as if for good, anew with every forecast",
    "tree": "decided reckoning with what will be known later",
    "wait and see": "if it were known now what comes",
}


def _adapting(row: Any) -> str:
    """Return what a policy costs as a sentence."""
    saves = "" if row["policy"] == "static" else f", saves {row['saves']:,.2f}"
    drawn = row.get("simulated")
    played = "" if drawn is None else f"; in simulated events {drawn:,.2f} ({row['low']:,.2f} to {row['high']:,.2f})"
    if drawn is not None and row["policy"] != "static":
        played += f", saving {row['saved']:,.2f} ({row['saved_low']:,.2f} to {row['saved_high']:,.2f})"
    return f"{row['policy']}, {POLICIES[row['policy']]}: {row['cost']:,.2f}{saves}{played}"


def _decision(row: Any) -> str:
    """Return one decision as a sentence."""
    verbs = {"purchase": "buy", "move": "move", "standby": "keep ready", "rotation": "rotate"}
    what = row["commodity"] if isinstance(row["commodity"], str) else row["id"]
    if row["what"] == "option":
        use, _, size = str(row["id"]).partition(";")
        room = f"{exact(row['quantity'])} {'t' if use == 'depot' else 'people'}"
        return f"open {use}, {size} ({room}), at {row['place']}: {row['money']:,.2f}"
    where = f" at {row['place']}" if isinstance(row["place"], str) else f" of {row['party']}"
    if row["what"] == "move":
        where = f" from {row['origin']} to {row['place']}"
    if row["what"] == "rotation":
        where += f", used by {row['id']} before period {row['expires'] + 1:g}, and buy it anew"
    return f"{verbs[row['what']]} {exact(row['quantity'])} {what}{where}: {row['money']:,.2f}"
