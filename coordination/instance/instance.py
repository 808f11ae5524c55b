"""The instance: the world as data, validated and frozen."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from coordination.errors import InstanceError, Problem, UsageError, shown
from coordination.instance.checking import Checked, checked
from coordination.instance.columns import Row
from coordination.instance.digest import fingerprint
from coordination.instance.document import read_tables
from coordination.instance.findings import data_findings
from coordination.instance.header import HEADER, Header
from coordination.instance.names import nearest
from coordination.instance.policy import Policy
from coordination.instance.raw import Finding, Raw, RawTable, table_of
from coordination.instance.reading import read
from coordination.instance.tables import LEVELS, TABLES


class Frames(Mapping[str, pd.DataFrame]):
    """The tables of an instance; each look-up gives a frame of its own that shares the data until written to.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        Every table of the contract.
    """

    def __init__(self, frames: Mapping[str, pd.DataFrame]) -> None:
        self._frames = dict(frames)

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self._frames[table].copy(deep=False)

    def __iter__(self) -> Iterator[str]:
        return iter(self._frames)

    def __len__(self) -> int:
        return len(self._frames)


@dataclass(frozen=True, eq=False, repr=False)
class Instance:
    """The world as data: header, policy and tables, all rules of the contract holding.

    Tables are attributes too: ``instance.places`` is ``instance.tables["places"]``. Make one with
    :func:`load` or :meth:`from_tables`.

    Attributes
    ----------
    header : Header
        Keys of ``instance.yaml``, as given.
    policy : Policy
        Prices and rules, defaults filled.
    tables : Frames
        Every table of the contract by name, rows in the order given.
    scenario : str or None
        The active scenario, whose effects act on plans.
    """

    header: Header
    policy: Policy
    tables: Frames
    scenario: str | None
    _checked: Checked = field(repr=False)

    @classmethod
    def from_tables(
        cls,
        header: Mapping[str, Any],
        tables: Mapping[str, pd.DataFrame | Sequence[Mapping[str, Any]] | Sequence[Row]],
    ) -> "Instance":
        """Make an instance from Python objects.

        Parameters
        ----------
        header : mapping of str to object
            Keys of ``instance.yaml``; ``policy`` a mapping or a Policy.
        tables : mapping of str to DataFrame, sequence of mapping, or sequence of Row
            Rows by table; tables left out are empty. In frames NaN is an absent cell.

        Returns
        -------
        Instance
            Validated, defaults filled.

        Raises
        ------
        InstanceError
            If anything is wrong; it carries every problem.

        Examples
        --------
        >>> zones = [{"zone": "z", "level": "city"}]
        >>> core = [{"party": "core", "kind": "core", "zone": "z"}]
        >>> header = {"name": "tiny", "periods": 2, "period_hours": 12}
        >>> Instance.from_tables(header, {"zones": zones, "parties": core}).periods
        2
        """
        raw = Raw(header=_plain_header(header))
        read_tables(tables, raw)
        return cls._of(raw, None)

    @classmethod
    def _of(cls, raw: Raw, scenario: str | None) -> "Instance":
        made = checked(raw)
        return cls(made.header, made.policy, Frames(made.frames), None, made).under(scenario)

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name in TABLES:
            return self.tables[name]
        raise AttributeError(f"Instance has no attribute {name!r}. {nearest(name, TABLES)}")

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *TABLES]

    @property
    def name(self) -> str:
        """Short name."""
        return self.header.name

    @property
    def title(self) -> str:
        """Title for people, default the name."""
        return self.header.title or self.header.name

    @property
    def start(self) -> datetime:
        """Moment at which period 0 begins."""
        return self.header.start

    @property
    def periods(self) -> int:
        """Number of periods."""
        return self.header.periods

    @property
    def period_hours(self) -> float:
        """Length of a period, in hours."""
        return self.header.period_hours

    @property
    def currency(self) -> str:
        """What money is counted in."""
        return self.header.currency

    @property
    def source(self) -> str:
        """Where the data come from; empty when not said."""
        return self.header.source or ""

    @cached_property
    def delivers(self) -> "pd.Series[float]":
        """Share of the hours set down for each party that count: its reliability where they are expected, else 1."""
        sure = pd.Series(self.parties["reliability"].to_numpy(dtype=float), pd.Index(self.parties["party"]))
        return sure if self.policy.reliability == "expected" else sure * 0.0 + 1.0

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What is worth knowing about the data and no error; what needs the network is found elsewhere."""
        return (*self._checked.findings, *data_findings(self.policy, self.periods, self._checked.frames))

    @cached_property
    def sha256(self) -> str:
        """Fingerprint of the validated content: the same for folder, workbook, JSON and objects."""
        heading = self.header.model_dump(mode="json") | {"title": self.title, "source": self.source}
        policy = self.policy.model_dump(mode="json")
        changed = {key: value for key, value in policy.items() if value != Policy().model_dump(mode="json")[key]}
        return fingerprint(heading | {"policy": changed}, self._checked.frames)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Instance):
            return NotImplemented
        return self.sha256 == other.sha256 and self.scenario == other.scenario

    def __hash__(self) -> int:
        return hash((self.sha256, self.scenario))

    def rows(self, table: str) -> Iterator[Row]:
        """Give the rows of a table as typed records.

        Parameters
        ----------
        table : str
            Name of a table.

        Yields
        ------
        Row
            One model per row, absent cells None.

        Raises
        ------
        KeyError
            If there is no such table.
        """
        model, frame = TABLES[table].row, self._checked.frames[table]
        for cells in frame.astype(object).where(frame.notna(), None).to_dict("records"):
            yield model.model_validate(cells)

    def under(self, scenario: str | None) -> "Instance":
        """Give the instance with a scenario active; tables stay as they are.

        Parameters
        ----------
        scenario : str or None
            Id of a scenario, None for none.

        Returns
        -------
        Instance
            The same data; plans of it feel the scenario's effects.

        Raises
        ------
        InstanceError
            If there is no such scenario.
        """
        known = self._checked.frames["scenarios"]["scenario"].tolist()
        if scenario is not None and scenario not in known:
            advice = nearest(str(scenario), known) or "The instance has no scenarios."
            raise InstanceError([Problem("scenarios", None, "scenario", shown(scenario), "a scenario's id", advice)])
        return Instance(self.header, self.policy, self.tables, scenario, self._checked)

    def restrict(self, *parties: str) -> "Instance":
        """Give the instance of some parties alone: what is theirs, on the city that everybody knows.

        Parameters
        ----------
        *parties : str
            Ids of parties.

        Returns
        -------
        Instance
            The same places and roads, the same scenario active; stocks, needs, fleets, hours and tasks of these
            parties alone (``coordination.instance.restriction`` says what each table keeps).

        Raises
        ------
        UsageError
            A party is unknown, or none is named.
        """
        from coordination.instance.restriction import restricted

        return restricted(self, parties)

    def replace(self, **changes: Any) -> "Instance":
        """Give an instance with other tables or header keys, validated again.

        Cells that were filled from other cells, the policy or the horizon (such as ``tasks.gap_cost``) are
        filled anew, unless their table is replaced.

        Parameters
        ----------
        **changes : object
            A table (frame or rows), a header key, or ``policy``: a Policy, or a mapping whose keys win over
            the present ones.

        Returns
        -------
        Instance
            The changed instance, the same scenario active.

        Raises
        ------
        InstanceError
            If anything is wrong; it carries every problem.
        """
        unknown = [key for key in changes if key not in TABLES and key not in HEADER and key != "policy"]
        if unknown:
            known = [*TABLES, *HEADER, "policy"]
            raise InstanceError(
                Problem("instance", None, key, f"the key {key!r}", "a table or a header key", nearest(key, known))
                for key in unknown
            )
        policy = changes.get("policy", {})
        if isinstance(policy, Mapping):
            policy = self.given_header().get("policy", {}) | policy
        header = self.given_header() | {key: changes[key] for key in changes if key in HEADER} | {"policy": policy}
        raw = Raw(header=_plain_header(header))
        raw.notices = [finding for finding in self._checked.findings if finding.kind == "encoding"]
        read_tables({name: changes.get(name, self.given(name)) for name in TABLES}, raw)
        return Instance._of(raw, self.scenario)

    def given(self, table: str) -> pd.DataFrame:
        """Give a table with the cells empty that were filled from other cells, the policy or the horizon.

        Parameters
        ----------
        table : str
            Name of a table.

        Returns
        -------
        DataFrame
            What is written to files; reading it gives the same instance.
        """
        frame = self.tables[table]
        for (name, column), filled in self._checked.computed.items():
            if name == table and filled.any():
                frame[column] = frame[column].astype(
                    "float64" if frame[column].dtype == "int64" else frame[column].dtype
                )
                frame.loc[filled, column] = None if frame[column].dtype == "str" else float("nan")
        return frame

    def given_header(self) -> dict[str, Any]:
        """Give the keys of ``instance.yaml`` that were given, as plain values, the policy's keys nested.

        Returns
        -------
        dict of str to object
            Without keys left to their defaults; ``start`` as text in ISO 8601.
        """
        header = self.header.model_dump(mode="json", exclude_unset=True)
        policy = self.policy.model_dump(mode="json", exclude_unset=True)
        return header | ({"policy": policy} if policy else {})

    def save(self, path: str | Path) -> None:
        """Write the instance: a folder, or a workbook or JSON document by suffix ``.xlsx`` or ``.json``.

        Written all or nothing: beside the target first, then renamed. What is read back has the same
        fingerprint.

        Parameters
        ----------
        path : str or Path
            Target; an instance there is replaced, anything else is not.

        Raises
        ------
        WriteError
            If the target holds something else, or cannot be written.
        """
        from coordination.instance.writing import save

        save(self, Path(path))

    def __repr__(self) -> str:
        return f"<Instance {self.name}: {self.periods} periods, {len(self._checked.frames['places'])} places>"

    def __str__(self) -> str:
        """Name, calendar and a small tree of counts."""
        lines = [f"{self.title}: {self.periods} periods of {self.period_hours:g} h from {self.start:%Y-%m-%d %H:%M}"]
        counts = [f"{name} {len(frame):,}{_kinds(frame)}" for name, frame in self._checked.frames.items() if len(frame)]
        lines += [f"{'└' if count is counts[-1] else '├'}── {count}" for count in counts]
        return "\n".join(lines)


def _kinds(frame: pd.DataFrame) -> str:
    """Count by level, kind or domain, where a table has them."""
    column = next((name for name in ("level", "kind", "domain") if name in frame), None)
    if column is None:
        return ""
    counts = frame[column].value_counts()
    names = [level for level in LEVELS if level in counts] if column == "level" else sorted(counts.index)
    return f" ({', '.join(f'{name} {counts[name]:,}' for name in names)})"


def _plain_header(header: Mapping[str, Any]) -> dict[str, Any]:
    plain = dict(header)
    if isinstance(plain.get("policy"), Policy):
        plain["policy"] = plain["policy"].model_dump(mode="json", exclude_unset=True)
    return plain


def load(path: str | Path) -> Instance:
    """Read and validate an instance.

    Parameters
    ----------
    path : str or Path
        A folder with ``instance.yaml`` and CSV tables, an ``.xlsx`` workbook, or a ``.json`` document.

    Returns
    -------
    Instance
        Validated, defaults filled.

    Raises
    ------
    InstanceError
        If anything is wrong; it carries every problem found.
    """
    return Instance._of(read(Path(path)), None)


def load_apart(path: str | Path, table: str) -> tuple[Instance, RawTable, list[Problem]]:
    """Read and validate an instance, but one table, which is given as it was read.

    Parameters
    ----------
    path : str or Path
        As in :func:`load`.
    table : str
        The table that may be wrong.

    Returns
    -------
    instance : Instance
        With that table empty.
    apart : RawTable
        Its cells.
    problems : list of Problem
        What the reader could not read of it.

    Raises
    ------
    InstanceError
        If anything else is wrong.
    """
    raw = read(Path(path))
    apart = raw.tables.pop(table, table_of({}))
    problems = [problem for problem in raw.problems if problem.table == table]
    raw.problems = [problem for problem in raw.problems if problem.table != table]
    raw.unreadable.discard(table)
    return Instance._of(raw, None), apart, problems


def expect_instance(found: object) -> None:
    """Refuse what is no instance, such as the path of one.

    Raises
    ------
    UsageError
        It says how to read one.
    """
    if not isinstance(found, Instance):
        advice = f"Read it first: co.load({str(found)!r})." if isinstance(found, str | Path) else "See co.load."
        raise UsageError(f"found {found!r}; expected an Instance. {advice}")
