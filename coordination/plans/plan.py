"""The plan: what is decided, how good it is, and the instance that it answers."""

from __future__ import annotations

import copy
import dataclasses
import math
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from coordination.plans.tables import ALL_TABLES, canonical, tables_of
from coordination.status import Status

if TYPE_CHECKING:
    import pandas as pd

    from coordination.instance import Instance


@dataclasses.dataclass(frozen=True, eq=False)
class Plan:
    """A decision as data: tables, figures and provenance.

    Tables come in any row order and leave in the contract's: see `coordination.plans.tables.canonical`.
    A table not given is empty.

    Attributes
    ----------
    kind : str
        plan, preparation, cycle, comparison or settlement.
    status : Status
        How solving ended.
    objective : float or None
        Social cost, money; None without a feasible plan.
    terms : mapping of str to float
        Terms of the social cost with the sign they enter with, money.
    bound : float or None
        Proven lower bound, money; None (also for an infinite one) where nothing is proven.
    gap : float or None
        ``max(0, objective - bound) / max(1e-10, |objective|)``; None where nothing is proven.
    seconds : mapping of str to float
        Seconds by stage.
    sizes : mapping
        Sizes of instance and model, by name.
    versions : mapping of str to str
        Package and solver versions.
    options : mapping
        Options; ``gap`` is the requested one, ``scenario`` a name or None.
    seed : int or None
        Seed of the solver.
    sha256 : str
        Hash of the instance's content.
    notes : list of str
        Honest remarks, may be empty.
    tables : mapping of str to DataFrame
        The plan tables of the contract; ids are str, `expires` NaN where goods never expire.
    instance : Instance
        The instance that the plan answers, under its scenario.
    reasons : list of dict
        Why places go short, those that go most short first, as `coordination.planning.reasons.Reason` says;
        empty where nobody does or there was no time to find out.
    rules : dict or None
        What the policy's rules on fairness and order cost, and the front, as `coordination.plans.header.PlanRules`
        says; None without such rules.
    baseline : dict or None
        What the plan saves against the field rule, as `coordination.plans.header.PlanBaseline` says; None where there
        was no time to find out.
    solver : mapping of str to str
        What the solver chose and why, by stage of planning.
    settlement : dict or None
        The game, the shares' certificate and positions of a settlement, as
        `coordination.plans.header.PlanSettlement` says; None for other kinds.
    replanned : dict or None
        Where a plan made anew comes from, as `coordination.plans.header.PlanReplanned` says; None for others.
    networked : dict or None
        Rounds of prices and their bounds, as `coordination.plans.header.PlanNetworked` says; None for others.
    recovery : dict or None
        What is repaired and why, as `coordination.plans.header.PlanRecovery` says; None where nothing is damaged.
    switching : dict or None
        When zones switch their mode and why, as `coordination.plans.header.PlanSwitching` says; None where they choose
        none.
    """

    kind: str
    status: Status
    objective: float | None
    terms: Mapping[str, float]
    bound: float | None
    gap: float | None
    seconds: Mapping[str, float]
    sizes: Mapping[str, Any]
    versions: Mapping[str, str]
    options: Mapping[str, Any]
    seed: int | None
    sha256: str
    notes: list[str]
    tables: Mapping[str, pd.DataFrame]
    instance: Instance
    reasons: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    rules: dict[str, Any] | None = None
    baseline: dict[str, Any] | None = None
    solver: Mapping[str, str] = dataclasses.field(default_factory=dict)
    settlement: dict[str, Any] | None = None
    replanned: dict[str, Any] | None = None
    networked: dict[str, Any] | None = None
    recovery: dict[str, Any] | None = None
    switching: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        """Bring tables and figures into the form that equal plans share.

        Raises
        ------
        ValueError
            A table is unknown, or its columns are not the contract's.
        """
        known = tables_of(self.kind)
        unknown = sorted(set(self.tables) - set(known))
        if unknown:
            raise ValueError(f"unknown plan tables: {unknown}")
        tables = {name: canonical(table, self.tables.get(name)) for name, table in known.items()}
        object.__setattr__(self, "tables", MappingProxyType(tables))
        object.__setattr__(self, "status", Status(self.status))
        for name in ("objective", "bound", "gap"):
            object.__setattr__(self, name, _finite(getattr(self, name)))
        object.__setattr__(self, "terms", {name: float(value) + 0.0 for name, value in self.terms.items()})

    @property
    def shipments(self) -> pd.DataFrame:
        """Who sends what where, when, by which fleet and route."""
        return self.tables["shipments"]

    @property
    def inventory(self) -> pd.DataFrame:
        """What lies where at each period's end."""
        return self.tables["inventory"]

    @property
    def service(self) -> pd.DataFrame:
        """Need, served and backlog."""
        return self.tables["service"]

    @property
    def responsibilities(self) -> pd.DataFrame:
        """Who is accountable, who does it, who stands by."""
        return self.tables["responsibilities"]

    @property
    def gaps(self) -> pd.DataFrame:
        """What tasks ask for and nobody gives."""
        return self.tables["gaps"]

    @property
    def facilities(self) -> pd.DataFrame:
        """How facilities are used."""
        return self.tables["facilities"]

    @property
    def modes(self) -> pd.DataFrame:
        """Operating modes of zones."""
        return self.tables["modes"]

    @property
    def prices(self) -> pd.DataFrame:
        """What one more unit of something scarce would save."""
        return self.tables["prices"]

    @property
    def repairs(self) -> pd.DataFrame:
        """Which crew repairs what, when."""
        return self.tables["repairs"]

    @property
    def curve(self) -> pd.DataFrame:
        """The function of each zone by period, where anything was damaged."""
        return self.tables["curve"]

    def as_repaired(self) -> Instance:
        """Return the instance in which each damage ends when the plan has repaired it; itself without damage."""
        damage = self.instance.given("damage")
        if damage.empty:
            return self.instance
        done = self.repairs.assign(thing=self.repairs["road"].fillna(self.repairs["place"]))
        last = done.groupby([done["road"].notna(), "thing"])["end"].max().to_dict()
        things = zip(damage["road"].notna(), damage["road"].fillna(damage["place"]), damage["until"], strict=True)
        until = [float(last.get((bool(road), thing), since)) for road, thing, since in things]
        return self.instance.replace(damage=damage.assign(until=until))

    @property
    def modules(self) -> pd.DataFrame:
        """When modules of facilities are being fitted, or there."""
        return self.tables["modules"]

    @property
    def visits(self) -> pd.DataFrame:
        """Who goes to which facility for a service."""
        return self.tables["visits"]

    @property
    def escalations(self) -> pd.DataFrame:
        """Who escalated which task to whom, when."""
        return self.tables["escalations"]

    @property
    def shares(self) -> pd.DataFrame:
        """What each player of a settlement bears; no rows in other kinds."""
        return self.tables["shares"] if "shares" in self.tables else canonical(ALL_TABLES["shares"], None)

    @property
    def ledger(self) -> pd.DataFrame:
        """Who pays whom in a settlement; no rows in other kinds."""
        return self.tables["ledger"] if "ledger" in self.tables else canonical(ALL_TABLES["ledger"], None)

    @property
    def changes(self) -> pd.DataFrame:
        """What a plan made anew decides otherwise, why, and what it saves."""
        return self.tables["changes"]

    @property
    def messages(self) -> pd.DataFrame:
        """What the core and the coalitions of networked governance said to each other, by round."""
        return self.tables["messages"]

    @property
    def feasible(self) -> bool:
        """Whether there is a plan at all (else there are only figures and the instance)."""
        return self.objective is not None

    def __eq__(self, other: object) -> bool:
        """Whether all figures, all tables and the instances' contents are the same; seconds are not compared."""
        if not isinstance(other, Plan):
            return NotImplemented
        return (
            self.header() | {"seconds": None} == other.header() | {"seconds": None}
            and self.instance.sha256 == other.instance.sha256
            and all(self.tables[name].equals(other.tables[name]) for name in self.tables)
        )

    __hash__ = None  # type: ignore[assignment]  # equal by content, and frames can be written to

    def header(self) -> dict[str, Any]:
        """Return the content of ``plan.json``."""
        skipped = {"tables", "instance"}
        fields = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        kept = {name: value for name, value in fields.items() if name not in skipped}
        plain = {name: dict(value) if isinstance(value, Mapping) else value for name, value in kept.items()}
        return plain | {"status": str(self.status), "notes": list(self.notes), "reasons": list(self.reasons)}

    def timed(self, **seconds: float) -> Plan:
        """Return the plan with the seconds of some stages added.

        Parameters
        ----------
        **seconds : float
            Seconds by stage; they replace those of stages that are there.

        Returns
        -------
        Plan
            Sharing the tables of this one, which a copy made anew would sort again.
        """
        twin = copy.copy(self)
        object.__setattr__(twin, "seconds", {**self.seconds, **seconds})
        return twin

    def save(self, path: str | Path, *, for_people: bool = True) -> Plan:
        """Write the plan folder, all or nothing.

        Parameters
        ----------
        path : str or Path
            The folder. One that holds a plan is replaced, in one step; an empty one is used.
        for_people : bool
            Whether orders and report, which only people read, are written too.

        Returns
        -------
        Plan
            The plan as written: this one with ``seconds["write"]`` filled in.

        Raises
        ------
        PlanError
            `path` is a file or a folder that holds something else, its parent is missing, or it cannot be
            written. What was there is untouched.
        """
        from coordination.plans.writing import write

        return write(self, Path(path), for_people=for_people)

    @classmethod
    def load(cls, path: str | Path) -> Plan:
        """Read a plan folder back.

        Parameters
        ----------
        path : str or Path
            A folder written by `save`.

        Returns
        -------
        Plan
            Equal to the one written.

        Raises
        ------
        PlanError
            It is missing, is not a plan folder, or is damaged; the message names file, row and column.
        """
        from coordination.plans.reading import read

        return read(Path(path))

    def save_excel(self, path: str | Path) -> None:
        """Write the plan as a workbook: a summary, and each table on a sheet.

        Parameters
        ----------
        path : str or Path
            The file; one that exists is replaced, in one step.

        Raises
        ------
        PlanError
            The extra ``excel`` is not installed, a table has more rows than a sheet holds, or the file cannot
            be written.
        """
        from coordination.plans.workbook import write_workbook

        write_workbook(self, Path(path))


def _finite(value: float | None) -> float | None:
    """Return `value` as a plain float without a minus zero; None where it is not finite, which JSON could not say."""
    return None if value is None or not math.isfinite(value) else float(value) + 0.0
