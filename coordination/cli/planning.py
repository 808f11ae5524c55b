"""The command ``plan``: read, plan, write, sum up."""

from __future__ import annotations

import dataclasses
import time
from typing import TYPE_CHECKING, Any

import click

from coordination.cli.pinning import plan_without, price_line, with_pin_file
from coordination.cli.progress import progress
from coordination.cli.trading import rounds_lines
from coordination.status import Status

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from coordination.instance import Instance
    from coordination.plans import Plan


def run_plan(
    source: Path,
    out: Path,
    *,
    excel: bool,
    quiet: bool,
    by_rule: bool = False,
    pin: Path | None = None,
    beside: Path | None = None,
    policy: Mapping[str, Any] | None = None,
    **options: Any,
) -> int:
    """Plan an instance and write the plan folder.

    Parameters
    ----------
    source, out : Path
        Instance and plan folder.
    excel : bool
        Also write a workbook beside the folder.
    quiet : bool
        No progress and no summary.
    by_rule : bool
        By the field rule instead of optimising.
    pin : Path, optional
        File of pins to add.
    beside : Path, optional
        Plan without them, to say what they cost; the plan at `out` where it is one.
    policy : mapping, optional
        Keys of the policy to change; None leaves one as it is.
    **options
        Keyword options of `coordination.planning.plan`, or of `dispatch`.

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

        refuse_to_overwrite(out)
        if excel:
            _need_workbooks()
        instance, without = load(source), None
        changed = {key: value for key, value in (policy or {}).items() if value is not None}
        instance = instance.replace(policy=changed) if changed else instance
        _refuse_idle(instance, changed)
        if pin is not None:
            without = plan_without(beside or out, instance, options.get("scenario"), asked=beside is not None)
            instance = with_pin_file(instance, pin)
        seconds = {"read": time.perf_counter() - begin}
        shown.stage("building")
        if not by_rule:
            options |= {"on_progress": shown.solving}
        plan = _planned(instance, seconds, by_rule, **options)
        shown.stage("writing")
        plan.save(out)
        if excel:
            plan.save_excel(out.with_name(f"{out.name}.xlsx"))
    if not quiet:
        from coordination.summary import summarise

        click.echo(summarise(plan))
        if without is not None and plan.feasible:
            click.echo(price_line(plan, without, beside or out))
        for line in rounds_lines(plan):
            click.echo(line)
        click.echo(f"Written to {out} in {time.perf_counter() - begin:.1f} s in all; open {out / 'report.html'}")
    return 130 if plan.status is Status.INTERRUPTED else 0


OF_COALITIONS = {"coalitions": "--by", "price_rounds": "--rounds", "decomposition": "--decomposition"}
"""Options that say how coalitions decide, by key of the policy."""


def _refuse_idle(instance: Instance, changed: Mapping[str, Any]) -> None:
    """Refuse options about coalitions where these do not decide: they would do nothing."""
    from coordination.errors import UsageError

    idle = [option for key, option in OF_COALITIONS.items() if key in changed]
    if idle and instance.policy.governance == "centralised":
        raise UsageError(
            f"{', '.join(idle)}: found with governance centralised, where the core decides and nobody trades. "
            "Add --governance networked (or alone, judgement), or leave it out."
        )


def _need_workbooks() -> None:
    """Refuse before planning, not after, where no workbook can be written."""
    from importlib.util import find_spec

    from coordination.errors import UsageError

    if find_spec("xlsxwriter") is None:
        raise UsageError(
            '--excel: XlsxWriter is not installed; install this project with its extra: pip install ".[excel]"'
        )


def _planned(instance: Instance, seconds: dict[str, float], by_rule: bool, **options: Any) -> Plan:
    from coordination.planning import dispatch, plan

    begin = time.perf_counter()
    planned = dispatch(instance, **options) if by_rule else plan(instance, **options)
    counted = sum(planned.seconds.values())
    imports = max(0.0, time.perf_counter() - begin - counted)
    return dataclasses.replace(planned, seconds=seconds | dict(planned.seconds) | {"import": imports})
