"""The JSON Schema of the whole contract: the instance, ``plan.json``, and every plan table."""

from __future__ import annotations

from typing import Any

from coordination.plans.header import PlanHeader
from coordination.plans.tables import PLAN_TABLES

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def plan_schema() -> dict[str, Any]:
    """Return the JSON Schema of a plan document.

    Returns
    -------
    dict
        Schema of an object with ``plan`` (the content of ``plan.json``) and one list of rows for each plan table
        (the content of its CSV file, blank cells left out or null).
    """
    tables = {
        name: {
            "type": "array",
            "title": f"{name}.csv",
            "description": table.meaning,
            "items": table.row.model_json_schema(by_alias=True),
        }
        for name, table in PLAN_TABLES.items()
    }
    return {
        "type": "object",
        "title": "Plan",
        "description": "A plan folder as one document: plan.json and the plan tables.",
        "properties": {"plan": PlanHeader.model_json_schema(), **tables},
        "required": ["plan"],
        "additionalProperties": False,
    }


def contract_schema() -> dict[str, Any]:
    """Return the JSON Schema of the whole contract.

    Returns
    -------
    dict
        Schema of an object with ``instance`` (an instance document) and ``plan`` (a plan document).
    """
    from coordination.instance.schema import instance_schema

    return {
        "$schema": DIALECT,
        "title": "Coordination: instance and plan",
        "type": "object",
        "properties": {"instance": instance_schema(), "plan": plan_schema()},
        "additionalProperties": False,
    }
