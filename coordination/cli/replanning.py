"""The command ``replan``: read a plan, carry out periods, hear the news, plan anew, write, sum up."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from coordination.cli.progress import progress
from coordination.status import Status

if TYPE_CHECKING:
    from pathlib import Path


def run_replan(
    folder: Path,
    out: Path,
    events: Path | None,
    after: int | None,
    *,
    quiet: bool,
    window: int | None = None,
    **options: Any,
) -> int:
    """Plan anew and write the plan folder.

    Parameters
    ----------
    folder, out : Path
        The plan under way, and where the new one goes.
    events : Path, optional
        News.
    after : int, optional
        Periods carried out.
    quiet : bool
        No progress and no summary.
    window : int, optional
        Periods that are looked ahead; all by default.
    **options
        Keyword options of `coordination.replan`.

    Returns
    -------
    int
        Exit code.
    """
    begin = time.perf_counter()
    with progress(quiet) as shown:
        shown.stage("reading")
        from coordination.errors import UsageError
        from coordination.plans import refuse_to_overwrite
        from coordination.replanning import replan
        from coordination.simulation import in_windows

        refuse_to_overwrite(out)
        if window is not None and window < 1:
            raise UsageError(f"window: found {window}; expected at least 1 period")
        shown.stage("carrying out")
        instead = None if window is None else partial(in_windows, window=window, **options)
        plan = replan(folder, events, after=after, on_progress=shown.solving, instead=instead, **options)
        shown.stage("writing")
        plan.save(out)
    if not quiet:
        from coordination.summary import summarise

        click.echo(summarise(plan))
        click.echo(f"Written to {out} in {time.perf_counter() - begin:.1f} s in all; open {out / 'report.html'}")
    return 130 if plan.status is Status.INTERRUPTED else 0
