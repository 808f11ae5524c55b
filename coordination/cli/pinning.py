"""The option ``--pin``: a file of pins added to an instance, and what they cost beside a plan without them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from coordination.errors import PlanError, UsageError
from coordination.wording import amount

if TYPE_CHECKING:
    from pathlib import Path

    from coordination.instance import Instance
    from coordination.plans import Plan
    from coordination.plans.header import PlanHeader

COSTS = "The pins cost {money} beyond the plan without them in {folder} ({proof})."
PROVEN = "proven: between {least} and {most}"
UNPROVEN = "nothing proven"
OTHER = "--beside {folder}: found a plan of another instance or scenario; expected one of this, without the pins."


def with_pin_file(instance: Instance, file: Path) -> Instance:
    """Return an instance with the pins of a CSV file after its own.

    Parameters
    ----------
    instance : Instance
        What is given.
    file : Path
        Columns ``table``, ``where``, ``column``, ``value``.

    Raises
    ------
    UsageError
        The file cannot be read.
    InstanceError
        Its cells are not pins; rows count on after the instance's own.
    """
    try:
        rows = pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise UsageError(f"--pin {file}: {error}; expected a CSV file with table, where, column, value") from error
    rows = rows.astype(object).where(rows != "", None)
    pins = pd.concat([instance.given("pins").astype(object), rows], ignore_index=True)
    return instance.replace(pins=pins.where(pins.notna(), None))


def plan_without(folder: Path, instance: Instance, scenario: str | None, *, asked: bool) -> PlanHeader | None:
    """Return the figures of a plan of the instance without the pins; None where a folder not asked for has none.

    Parameters
    ----------
    folder : Path
        Perhaps a plan folder.
    instance : Instance
        Before the pins.
    scenario : str or None
        That is planned for.
    asked : bool
        Whether the folder was named as such a plan: then it is an error if it is none.

    Raises
    ------
    PlanError, UsageError
        It is none, though asked for.
    """
    from coordination.plans.reading import read_header

    try:
        header = read_header(folder)
    except PlanError:
        if asked:
            raise
        return None
    same = header.sha256 == instance.sha256 and header.options.get("scenario") == scenario
    if same and header.objective is not None:
        return header
    if asked:
        raise UsageError(OTHER.format(folder=folder))
    return None


def price_line(plan: Plan, without: PlanHeader, folder: Path) -> str:
    """Return what pins cost: the difference of two social costs, and between what it is proven to lie."""
    assert plan.objective is not None
    assert without.objective is not None
    currency = plan.instance.currency
    cost, proof = amount(plan.objective - without.objective), UNPROVEN
    if plan.bound is not None and without.bound is not None:
        least, most = plan.bound - without.objective, plan.objective - without.bound
        # Pins only take plans away.
        proof = PROVEN.format(least=amount(max(0.0, least)), most=amount(max(0.0, most)))
    return COSTS.format(money=f"{cost} {currency}" if currency else cost, folder=folder, proof=proof)
