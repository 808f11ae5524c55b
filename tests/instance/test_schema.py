"""JSON Schema and documentation say what the declarations say."""

import json

import pytest
from pydantic import ValidationError

from coordination.instance import load
from coordination.instance.documentation import describe_all
from coordination.instance.header import HEADER
from coordination.instance.policy import NOT_YET, POLICY
from coordination.instance.schema import document_model, schema
from coordination.instance.tables import TABLES


def test_schema_holds_every_table_and_column():
    """Every table, column, required mark, closed list, bound and reference of the contract is in the schema."""
    document = schema()
    assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert set(document["properties"]) == {"instance", *TABLES}
    assert document["required"] == ["instance"]
    assert document["additionalProperties"] is False
    for name, table in TABLES.items():
        definition = document["$defs"][table.row.__name__]
        assert document["properties"][name]["items"] == {"$ref": f"#/$defs/{table.row.__name__}"}
        assert list(definition["properties"]) == list(table.columns)
        assert definition["additionalProperties"] is False
        required = [column.name for column in table.columns.values() if column.required]
        assert definition.get("required", []) == required
        for column in table.columns.values():
            field = definition["properties"][column.name]
            assert field["description"] == column.description
            text = json.dumps(field)
            assert all(json.dumps(word) in text for word in column.kind.among if column.kind.writing == "choice")
            assert column.kind.least is None or f'"minimum": {column.kind.least}' in text
            assert column.kind.above is None or f'"exclusiveMinimum": {column.kind.above}' in text
            assert not column.kind.reference or f'"references": "{column.kind.reference}"' in text


def test_schema_is_json():
    """The schema can be written as JSON."""
    assert json.loads(json.dumps(schema())) == schema()


def test_written_documents_are_valid(folder, tmp_path):
    """A document that we write is valid under the models that the schema is made from."""
    load(folder).save(tmp_path / "a.json")
    document = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    document_model().model_validate(document)
    for change in (
        {"rods": []},
        {"roads": [{"road": "r"}]},
        {"zones": [{"zone": " z", "level": "city"}]},
        {"instance": document["instance"] | {"policy": {"gap_cost": -1}}},
        {"instance": document["instance"] | {"policy": {"governance": "control"}}},
    ):
        with pytest.raises(ValidationError):
            document_model().model_validate(document | change)


def test_every_column_is_described():
    """Every column, header key and policy key has a sentence, and a meaning where it may be absent."""
    columns = [*HEADER.values(), *POLICY.values(), *(c for table in TABLES.values() for c in table.columns.values())]
    for column in columns:
        assert column.description.endswith("."), column.name
        assert column.required or column.absent, column.name
    text = describe_all()
    for name, table in TABLES.items():
        assert f"### {name}\n" in text
        assert table.meaning in text


def test_values_not_carried_out_yet_are_not_accepted():
    """What is refused by name is not among the accepted values."""
    for key, values in NOT_YET.items():
        assert not set(values) & set(POLICY[key].kind.among)
