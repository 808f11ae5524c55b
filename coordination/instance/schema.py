"""JSON Schema of the instance contract, made from the row models."""

from typing import Any

from pydantic import BaseModel, Field, create_model

from coordination.instance.columns import Row
from coordination.instance.header import Header
from coordination.instance.policy import Policy
from coordination.instance.tables import TABLES, Table

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def document_model() -> type[BaseModel]:
    """Make the pydantic model of a whole instance as one JSON document.

    Returns
    -------
    type of BaseModel
        With the key ``instance`` (header and policy), and one key per table, a list of rows.
    """
    policy = Field(default_factory=Policy, description="Prices and rules that hold everywhere.")
    header: Any = create_model("Heading", __base__=Header, __doc__="The header.", policy=(Policy, policy))
    fields: dict[str, Any] = {"instance": (header, Field(description="Keys of instance.yaml."))}
    for name, table in TABLES.items():
        rows: Any = Field(default_factory=list, description=_sentence(table))
        fields[name] = (list[table.row], rows)  # type: ignore[name-defined]  # a type made at run time
    model: type[BaseModel] = create_model("InstanceDocument", __base__=Row, __doc__="An instance.", **fields)
    return model


def schema() -> dict[str, Any]:
    """Give the JSON Schema (2020-12) of an instance as one JSON document.

    Units stand under ``unit``, references under ``references``, what an absent cell means under ``absent``
    or ``default``. Rules that join rows or tables are not part of it: loading checks them.

    Returns
    -------
    dict of str to object
        The schema, ready for :func:`json.dump`.
    """
    return {"$schema": DIALECT, **document_model().model_json_schema(by_alias=True)}


def _sentence(table: Table) -> str:
    unique = f" No two rows share {', '.join(table.unique)}." if table.unique else ""
    return f"{table.meaning}{unique}"
