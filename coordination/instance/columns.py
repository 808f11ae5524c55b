"""How a column is declared: its kind, unit and range as a type, read off the row models.

The row models of :mod:`coordination.instance.tables` are the only declaration. A field's type says what
its cells are (``Tonnes``, ``ZoneId``, …), its default says what an absent cell means, its docstring says
what it stands for. This file turns them into :class:`Column` records, from which reader, checks, JSON
Schema, workbook, ``new`` and documentation are made.
"""

import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import PydanticUndefined, core_schema

Writing = Literal["id", "text", "list", "choice", "number", "whole", "yesno", "moment", "weights", "thresholds"]
"""How a cell is written: what the reader accepts and which dtype the column gets."""

ID_RULE = "an id (text without ;, control characters or outer blanks)"

ID_PATTERN = r"^[^\s;\x00-\x1f\x7f-\x9f]([^;\x00-\x1f\x7f-\x9f]*[^\s;\x00-\x1f\x7f-\x9f])?$"
"""Ids as JSON Schema sees them: not empty, without ``;``, control characters or outer blanks."""


@dataclass(frozen=True)
class Kind:
    """What the cells of a column are; used inside ``Annotated``.

    Attributes
    ----------
    writing : str
        One of :data:`Writing`.
    unit : str
        Unit of a number, for people.
    least, above, most : float or None
        Bounds of a number: at least, strictly above, at most.
    among : tuple of str
        The closed list of words allowed, empty when open.
    reference : str
        Table in whose ids the cell must be found, empty for none.
    period : bool
        Whether the number must be a period of the horizon.
    """

    writing: Writing
    unit: str = ""
    least: float | None = None
    above: float | None = None
    most: float | None = None
    among: tuple[str, ...] = ()
    reference: str = ""
    period: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> Any:
        """Give pydantic the same bounds that the columns are checked with."""
        schema: dict[str, Any] = dict(handler(source))
        bounds = {"ge": self.least, "gt": self.above, "le": self.most}
        if schema.get("type") in ("float", "int"):
            schema.update({key: bound for key, bound in bounds.items() if bound is not None})
        if schema.get("type") == "float":
            schema["allow_inf_nan"] = False
        if self.writing == "id":
            schema["pattern"] = ID_PATTERN
            schema["regex_engine"] = "python-re"
        return schema

    def __get_pydantic_json_schema__(self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler) -> Any:
        """Add unit and reference to the JSON Schema of the field."""
        document = handler(schema)
        extra = {"unit": self.unit, "references": self.reference}
        document.update({key: text for key, text in extra.items() if text})
        return document


@dataclass(frozen=True)
class Column:
    """One column of a table, or one key of the header or the policy.

    Attributes
    ----------
    name : str
        Name in the files.
    kind : Kind
        What its cells are.
    required : bool
        Whether every row must have a value.
    default : object
        What an absent cell becomes; None when it stays absent or is computed from other cells.
    computed : bool
        Whether an absent cell is filled from other cells, the policy or the horizon.
    absent : str
        What an absent cell means, for people; empty for required columns.
    description : str
        One sentence on the column.
    """

    name: str
    kind: Kind
    required: bool
    default: Any
    computed: bool
    absent: str
    description: str

    @property
    def dtype(self) -> str:
        """The column's pandas dtype after validation: str, float64, int64 or bool."""
        if self.kind.writing == "yesno":
            return "bool"
        if self.kind.writing == "whole" and self.filled:
            return "int64"
        return "float64" if self.kind.writing in ("number", "whole") else "str"

    @property
    def filled(self) -> bool:
        """Whether every row has a value after validation."""
        return self.required or self.computed or self.default is not None

    @property
    def expected(self) -> str:
        """What a cell must be, in words, as messages and documentation say it."""
        return expectation(self.kind)


def expectation(kind: Kind) -> str:
    """Say in words what a cell of a kind must be.

    Parameters
    ----------
    kind : Kind
        The kind declared.

    Returns
    -------
    str
        For example ``a number of at least 0 (tonnes)``.
    """
    if kind.among and kind.writing == "list":
        return f"a ;-separated list from {', '.join(kind.among)}"
    if kind.among and kind.writing == "weights":
        return f"a number for each of {', '.join(kind.among)}"
    if kind.among:
        return f"one of {', '.join(kind.among)}"
    words = {
        "id": f"an id of {kind.reference}" if kind.reference else ID_RULE,
        "text": "text",
        "list": f"ids of {kind.reference}, ;-separated",
        "number": "a number",
        "whole": "a whole number",
        "yesno": "true, false, yes, no, 1 or 0",
        "moment": "a date and time such as 2022-01-01T08:00",
        "weights": "a number for each group",
        "thresholds": "severities [on, off] for emergency, for parallel or for both, off below on",
        "choice": "a known word",
    }
    return words[kind.writing] + _range(kind) + (f" ({kind.unit})" if kind.unit else "")


def _range(kind: Kind) -> str:
    if kind.above is not None:
        return f" above {kind.above:g}" + (f", at most {kind.most:g}" if kind.most is not None else "")
    if kind.least is not None and kind.most is not None:
        return f" from {kind.least:g} to {kind.most:g}"
    return "" if kind.least is None else f" of at least {kind.least:g}"


class Row(BaseModel):
    """One row of a table: frozen, with no field beyond those declared."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, populate_by_name=True, allow_inf_nan=False
    )


def absent(meaning: str, *, computed: bool = False) -> Any:
    """Declare an optional field that has no constant default.

    Parameters
    ----------
    meaning : str
        What an absent cell means.
    computed : bool
        Whether validation fills it from other cells, the policy or the horizon.

    Returns
    -------
    Any
        A pydantic field with default None.
    """
    return Field(default=None, json_schema_extra={"absent": meaning} | ({"computed": True} if computed else {}))


def columns_of(model: type[BaseModel]) -> tuple[Column, ...]:
    """Read the declared columns off a model.

    Parameters
    ----------
    model : type of BaseModel
        A row model, the header or the policy.

    Returns
    -------
    tuple of Column
        In the order of declaration.
    """
    hints = typing.get_type_hints(model, include_extras=True)
    return tuple(_column(name, hints[name], field) for name, field in model.model_fields.items())


def _column(name: str, hint: Any, field: Any) -> Column:
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, Mapping) else {}
    default = None if field.default is PydanticUndefined else field.default
    meaning = "" if field.is_required() else str(extra.get("absent", _spoken(default)))
    return Column(
        name=field.alias or name,
        kind=_kind(hint),
        required=field.is_required(),
        default=default,
        computed=bool(extra.get("computed", False)),
        absent=meaning,
        description=" ".join((field.description or "").split()),
    )


def _spoken(default: Any) -> str:
    if isinstance(default, bool):
        return "true" if default else "false"
    if isinstance(default, datetime):
        return default.isoformat(timespec="minutes")
    return f"{default:g}" if isinstance(default, float) else str(default)


def _kind(hint: Any) -> Kind:
    """Find the kind in ``X``, ``X | None``, ``Annotated[X, Kind]`` or a ``Literal``."""
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        hint = next(part for part in typing.get_args(hint) if part is not type(None))
    if typing.get_origin(hint) is Annotated:
        found = [mark for mark in typing.get_args(hint)[1:] if isinstance(mark, Kind)]
        return found[0] if found else _kind(typing.get_args(hint)[0])
    if typing.get_origin(hint) is Literal:
        return Kind("choice", among=typing.get_args(hint))
    return {bool: Kind("yesno"), datetime: Kind("moment"), str: Kind("text")}[hint]
