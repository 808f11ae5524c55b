"""The command ``cycle``: read, play, write, sum up."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coordination.cli.progress import progress

if TYPE_CHECKING:
    from coordination.cycle import Told

INTERRUPTED = 130


def run_cycle(source: Path, out: Path, *, truth: Path | None, quiet: bool, **options: Any) -> int:
    """Play a cycle and write its folder; steps are kept beside it until then.

    Parameters
    ----------
    source, out : Path
        Instance and folder to write.
    truth : Path, optional
        What is true.
    quiet : bool
        No progress and no summary.
    **options
        Keyword options of `coordination.run_cycle`.

    Returns
    -------
    int
        Exit code.
    """
    from coordination.cycle import InterruptedCycleError
    from coordination.cycle import run_cycle as run
    from coordination.cycle.cycle import refuse_to_overwrite
    from coordination.instance import load

    begin, kept = time.perf_counter(), steps_of(out)
    refuse_to_overwrite(out)
    try:
        with progress(quiet) as shown:
            shown.stage("reading")
            instance, true = load(source), None if truth is None else load(truth)

            def told(news: Told) -> None:
                shown.stage(news.stage)
                if news.step is not None and not quiet:
                    click.echo(line(news, instance.periods), err=True)

            cycle = run(instance, truth=true, keep=kept, on_progress=told, **options)
            shown.stage("writing")
            cycle.save(out, steps=kept)
            shutil.rmtree(kept)
    except (InterruptedCycleError, KeyboardInterrupt):
        click.echo(f"Interrupted: finished steps are kept in {kept}; the same command goes on from there.", err=True)
        return INTERRUPTED
    if not quiet:
        click.echo("\n".join(cycle.words))
        click.echo(
            f"Written to {out} in {time.perf_counter() - begin:.1f} s in all; what came of it: "
            f"{out / 'played' / 'report.html'}; the next instance: {out / 'next'}"
        )
    return 0


def steps_of(out: Path) -> Path:
    """Return where steps are kept while a cycle that goes to `out` is played."""
    target = out.resolve()
    return target.with_name(f"{target.name}-steps")


def line(news: Told, periods: int) -> str:
    """Return a line on a step that was played."""
    step = news.step
    assert step is not None
    last = step.start + step.periods
    served, need = (float(step.done.service[name].sum()) for name in ("served", "need"))
    share = f"served {served / need:.0%} of what came to be needed" if need > 0 else "nothing came to be needed"
    return f"periods {step.start} to {last - 1} of {periods}: {share}; {len(step.news)} news"
