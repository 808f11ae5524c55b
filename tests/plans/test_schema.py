"""The JSON Schema of the whole contract."""

import json

from coordination.instance.tables import TABLES
from coordination.plans.preparation import PREPARATION_TABLES
from coordination.plans.schema import contract_schema
from coordination.plans.tables import ALL_TABLES


def test_the_schema_names_every_table_and_column_of_the_contract():
    """Instance and plan documents stand in one schema, every table a list of rows with its columns."""
    schema = contract_schema()
    definitions = schema["$defs"]

    def document(name):
        return definitions[schema["properties"][name]["$ref"].rsplit("/", 1)[1]]["properties"]

    assert set(document("instance")) == {"instance", *TABLES}
    assert set(document("plan")) == {"plan", *ALL_TABLES}
    assert set(document("preparation")) == {"plan", *PREPARATION_TABLES}
    kinds = [("plan", *pair) for pair in ALL_TABLES.items()]
    kinds += [("preparation", *pair) for pair in PREPARATION_TABLES.items()]
    for kind, name, table in kinds:
        row = definitions[document(kind)[name]["items"]["$ref"].rsplit("/", 1)[1]]
        assert list(row["properties"]) == list(table.columns)
        assert row["additionalProperties"] is False


def test_every_reference_of_the_schema_leads_somewhere():
    """The schema stands alone: each $ref is defined in it, and it is plain JSON."""
    schema = contract_schema()
    text = json.dumps(schema)
    references = {part.split('"')[0] for part in text.split('"$ref": "#/$defs/')[1:]}
    assert references <= set(schema["$defs"])
