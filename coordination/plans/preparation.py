"""The preparation: what is decided before anything happens, how good it is, and the instance that it answers."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from coordination.errors import PlanError, WriteError
from coordination.instance.tables import Table
from coordination.instance.writing import write_csv
from coordination.plans.filenames import filenames
from coordination.plans.header import PreparationHeader
from coordination.plans.layout import (
    HEADER_FILE,
    INSTANCE_FOLDER,
    PLANS_FOLDER,
    REPORT_FILE,
    refuse_to_overwrite,
    table_file,
)
from coordination.plans.preparation_rows import Adaptation, AssuredNeed, Decision, LossCost, ScenarioCost
from coordination.plans.tables import canonical
from coordination.replacing import replacing, whole
from coordination.status import Status

if TYPE_CHECKING:
    import pandas as pd

    from coordination.instance import Instance
    from coordination.plans.plan import Plan

PREPARATION_TABLES: Mapping[str, Table] = MappingProxyType(
    {
        table.name: table
        for table in (
            Table("first_stage", Decision),
            Table("scenario_costs", ScenarioCost, ("scenario",)),
            Table("assured", AssuredNeed, ("row", "scenario")),
            Table("loss_costs", LossCost),
            Table("adaptive", Adaptation),
        )
    }
)
"""Every table of a preparation, in contract order."""


@dataclasses.dataclass(frozen=True, eq=False)
class Preparation:
    """A first stage as data: tables, figures and provenance.

    Attributes
    ----------
    status : Status
        How solving ended.
    objective : float or None
        money_weight · money + price of floors missed + (1 − lambda) · mean + lambda · CVaR of the scenarios' costs.
    terms : mapping of str to float
        ``money`` (weighed), ``floor`` and ``response``, which sum to the objective.
    bound, gap : float or None
        Proven; as of a plan.
    figures : mapping of str to float or None
        Money, mean and CVaR and worst of the scenarios' costs; evpi, vss, what ignoring disruption would cost; the cost
        with stock as it lies and with the same stock best placed, and their ratio (``balance``).
    marginal : list of dict
        What one more unit of a commodity at a depot would save in the mean: place, commodity, value.
    seconds, sizes, versions, options, seed, sha256, notes, solver
        As of a plan.
    tables : mapping of str to DataFrame
        ``first_stage``, ``scenario_costs``, ``assured``, ``loss_costs``, and ``adaptive``: where forecasts sharpen,
        what is best decided now and once more is known.
    instance : Instance
        The instance that it answers.
    unmet : list of dict
        What of its need each group does not get: group; mean, cvar, worst over the scenarios, tonnes.
    assured : list of dict
        What comes of each row of table ``assurances``: row, limit, measure, asked, found.
    replayed : list of dict
        What full plans of some scenarios cost after it: scenario, response, plan, difference.
    plans : mapping of str to Plan
        Those of them that are kept, by scenario; written as ``plans/SCENARIO/``.
    level : str or None
        Level of zones by which a larger instance was put together for it; `instance` is then the coarser one, full
        plans are of the larger one, and what is decided can be carried out there.
    adapting : list of dict
        Where forecasts sharpen, by policy: what it costs as seen now, what it saves against deciding everything now,
        and means with 95 % intervals of both over simulated events, where there were any.
    """

    status: Status
    objective: float | None
    terms: Mapping[str, float]
    bound: float | None
    gap: float | None
    figures: Mapping[str, float | None]
    marginal: list[dict[str, Any]]
    seconds: Mapping[str, float]
    sizes: Mapping[str, Any]
    versions: Mapping[str, str]
    options: Mapping[str, Any]
    seed: int | None
    sha256: str
    notes: list[str]
    tables: Mapping[str, pd.DataFrame]
    instance: Instance
    solver: Mapping[str, str] = dataclasses.field(default_factory=dict)
    unmet: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    assured: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    replayed: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    plans: Mapping[str, Plan] = dataclasses.field(default_factory=dict)
    level: str | None = None
    adapting: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    kind: str = "preparation"

    def __post_init__(self) -> None:
        """Bring tables into the form that equal preparations share."""
        tables = {name: canonical(table, self.tables.get(name)) for name, table in PREPARATION_TABLES.items()}
        object.__setattr__(self, "tables", MappingProxyType(tables))
        object.__setattr__(self, "status", Status(self.status))

    @property
    def first_stage(self) -> pd.DataFrame:
        """What is decided before anything happens."""
        return self.tables["first_stage"]

    @property
    def scenario_costs(self) -> pd.DataFrame:
        """What each scenario costs after it."""
        return self.tables["scenario_costs"]

    @property
    def feasible(self) -> bool:
        """Whether there is a first stage at all."""
        return self.objective is not None

    def prepared(self, full: Instance | None = None) -> Instance:
        """Return the instance as it is after the first stage: ready to be planned for any scenario.

        Parameters
        ----------
        full : Instance, optional
            The larger instance, where this was decided on one put together by `level`.
        """
        from coordination.plans.prepared import prepared

        return prepared(full or self.instance, self.first_stage)

    def header(self) -> dict[str, Any]:
        """Return the content of ``plan.json``."""
        skipped = {"tables", "instance", "plans"}
        fields = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        plain = {name: dict(value) if isinstance(value, Mapping) else value for name, value in fields.items()}
        return {name: value for name, value in plain.items() if name not in skipped} | {"status": str(self.status)}

    def save(self, path: str | Path) -> Preparation:
        """Write the folder, all or nothing.

        Parameters
        ----------
        path : str or Path
            The folder; one that holds a plan is replaced, in one step.

        Returns
        -------
        Preparation
            This one.

        Raises
        ------
        PlanError
            It cannot be written there; what was there is untouched.
        """
        from coordination.report.preparing import render_preparation

        target = refuse_to_overwrite(Path(path), preparation=True)
        header = PreparationHeader.model_validate(self.header())
        try:
            with replacing(target) as folder:
                self.instance.save(folder / INSTANCE_FOLDER)
                if self.feasible:
                    for name, table in self.tables.items():
                        write_csv(table, folder / table_file(name))
                page = render_preparation(self)
                (folder / REPORT_FILE).write_text(page, encoding="utf-8", newline="")
                names = filenames(list(self.plans), suffix="")
                for name, plan in self.plans.items():
                    plan.save(folder / PLANS_FOLDER / names[name])
                text = json.dumps(header.model_dump(), ensure_ascii=False, indent=2, allow_nan=False)
                (folder / HEADER_FILE).write_text(text + "\n", encoding="utf-8", newline="")
        except WriteError as error:
            raise PlanError(f"Cannot write a preparation to {path}: {error}") from error
        except OSError as error:
            raise PlanError(f"Cannot write a preparation to {path}: {error.strerror} ({error.filename}).") from error
        return self

    @classmethod
    def load(cls, path: str | Path) -> Preparation:
        """Read a folder back.

        Parameters
        ----------
        path : str or Path
            A folder written by `save`.

        Returns
        -------
        Preparation
            Equal to the one written.

        Raises
        ------
        PlanError
            It is missing, holds something else, or is damaged.
        """
        from coordination.plans.reading import read_header, read_instance, read_tables

        folder = whole(Path(path))
        header = read_header(folder)
        if not isinstance(header, PreparationHeader):
            raise PlanError(f"{folder}: found a {header.kind}; expected a preparation.")
        instance = read_instance(folder, header)
        tables = {} if header.objective is None else read_tables(folder, PREPARATION_TABLES)
        fields = header.model_dump(include={field.name for field in dataclasses.fields(cls)})
        kept = sorted((folder / PLANS_FOLDER).iterdir()) if (folder / PLANS_FOLDER).is_dir() else []
        plans = {str(plan.options.get("scenario") or path.name): plan for path in kept for plan in [_plan(path)]}
        return cls(**(fields | {"status": Status(header.status)}), tables=tables, instance=instance, plans=plans)


def _plan(path: Path) -> Plan:
    from coordination.plans.plan import Plan

    return Plan.load(path)
