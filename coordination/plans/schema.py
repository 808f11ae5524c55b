"""The JSON Schema of the whole contract: the instance, ``plan.json``, and every plan table."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field, create_model
from pydantic.json_schema import models_json_schema

from coordination.instance.columns import Row
from coordination.instance.schema import DIALECT, document_model
from coordination.plans.header import PlanHeader
from coordination.plans.sensing import SENSING_TABLES
from coordination.plans.tables import ALL_TABLES


def plan_model() -> type[BaseModel]:
    """Make the pydantic model of a whole plan as one JSON document.

    Returns
    -------
    type of BaseModel
        With the key ``plan`` (the content of ``plan.json``), and one key per plan table, a list of rows (the content
        of its CSV file, blank cells null or left out).
    """
    fields: dict[str, Any] = {"plan": (PlanHeader, Field(description="The content of plan.json."))}
    for name, table in ALL_TABLES.items():
        rows: Any = Field(default_factory=list, description=f"{name}.csv. {table.meaning}")
        fields[name] = (list[table.row], rows)  # type: ignore[name-defined]  # a type made at run time
    model: type[BaseModel] = create_model("PlanDocument", __base__=Row, __doc__="A plan.", **fields)
    return model


def sensing_model() -> type[BaseModel]:
    """Make the pydantic model of what sensing writes as one JSON document: one key per table, a list of rows."""
    fields: dict[str, Any] = {}
    for name, table in SENSING_TABLES.items():
        rows: Any = Field(default_factory=list, description=f"{name}.csv. {table.meaning}")
        fields[name] = (list[table.row], rows)  # type: ignore[name-defined]  # a type made at run time
    model: type[BaseModel] = create_model("SensingDocument", __base__=Row, __doc__="What was sensed.", **fields)
    return model


def contract_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the whole contract.

    Returns
    -------
    dict of str to object
        Schema of an object with ``instance`` (an instance document) and ``plan`` (a plan document), and
        ``sensing``, ready for :func:`json.dump`.
    """
    documents = {"instance": document_model(), "plan": plan_model(), "sensing": sensing_model()}
    references, definitions = models_json_schema([(model, "validation") for model in documents.values()])
    return {
        "$schema": DIALECT,
        "title": "Coordination: instance and plan",
        "type": "object",
        "properties": {name: references[model, "validation"] for name, model in documents.items()},
        "additionalProperties": False,
        "$defs": definitions["$defs"],
    }
