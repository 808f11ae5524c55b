"""The command ``compare``: read, play, write, sum up."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

import click

from coordination.cli.progress import progress

INTERRUPTED = 130


def run_compare(source: Path, out: Path, *, truth: Path | None, quiet: bool, **options: Any) -> int:
    """Compare ways of deciding and write the folder; finished draws are kept beside it until then.

    Parameters
    ----------
    source, out : Path
        Instance and folder to write.
    truth : Path, optional
        What is true.
    quiet : bool
        No progress and no summary.
    **options
        Keyword options of `coordination.compare`.

    Returns
    -------
    int
        Exit code.
    """
    from coordination.comparison import compare
    from coordination.comparison.comparison import refuse_to_overwrite
    from coordination.instance import load

    begin, kept = time.perf_counter(), draws_of(out)
    refuse_to_overwrite(out)
    try:
        with progress(quiet) as shown:
            shown.stage("reading")
            instance, true = load(source), None if truth is None else load(truth)

            def told(done: int, of: int) -> None:
                shown.stage(f"playing: {done} of {of} draws")

            comparison = compare(instance, truth=true, keep=kept, on_progress=told, **options)
            shown.stage("writing")
            comparison.save(out)
            shutil.rmtree(kept)
    except KeyboardInterrupt:
        click.echo(f"Interrupted: finished draws are kept in {kept}; the same command goes on from there.", err=True)
        return INTERRUPTED
    if not quiet:
        click.echo("\n".join(comparison.words))
        seconds = time.perf_counter() - begin
        click.echo(f"Written to {out} in {seconds:.1f} s in all: comparison.csv, and the chart {out / 'chart.svg'}")
    return 0


def draws_of(out: Path) -> Path:
    """Return where draws are kept while a comparison that goes to `out` is made."""
    target = out.resolve()
    return target.with_name(f"{target.name}-draws")
