"""The header file ``instance.yaml``: plain keys and values, every scalar as the text written.

``12:30`` stays 12:30 and ``NO`` stays NO: the kind of each key decides what its text means. Tags, anchors
and aliases are refused before anything is built from them, duplicate keys are errors.
"""

from typing import Any

from coordination.errors import Problem
from coordination.instance.raw import Raw

LARGEST = 1_000_000
"""Characters; a header is a page, not a book."""

DEEPEST = 5
"""Levels of nesting; the contract needs three."""

NULLS = ("", "~", "null", "Null", "NULL")


def read_header(text: str, raw: Raw) -> None:
    """Read the header file into `raw`.

    Parameters
    ----------
    text : str
        The file's content.
    raw : Raw
        Receives header, lines of the keys, and what is wrong with them.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    if len(text) > LARGEST:
        raw.cannot_read("instance", f"{len(text)} characters", f"a header of at most {LARGEST} characters")
        return
    yaml = YAML(typ="safe", pure=True)
    try:
        if not _plain(yaml.parse(text), raw):
            return
        root = yaml.compose(text)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        found = str(getattr(error, "problem", None) or error).splitlines()[0]
        raw.cannot_read("instance", f"broken YAML ({found})", "lines of the form `key: value`", "",
                        None if mark is None else mark.line + 1)  # fmt: skip
        return
    value = _value(root, "", raw)
    if isinstance(value, dict):
        raw.header = value
    else:
        raw.cannot_read("instance", "no keys", "lines of the form `key: value`", "Begin with `name: my-city`.")


def _plain(events: Any, raw: Raw) -> bool:
    """Look at the events of the file: no tags, anchors, aliases, second documents or deep nesting."""
    depth = documents = 0
    for event in events:
        row = event.start_mark.line + 1
        name = type(event).__name__
        documents += name == "DocumentStartEvent"
        depth += name.endswith("StartEvent") - name.endswith("EndEvent")
        fault = None
        if name == "AliasEvent" or getattr(event, "anchor", None):
            sign = "*" if name == "AliasEvent" else "&"
            fault = (f"the {'alias' if sign == '*' else 'anchor'} {sign}{event.anchor}", "plain values", "Repeat them.")
        elif tag := _tag(event):
            fault = (f"the tag {tag}", "plain values", "Remove the tag; put text that begins with ! in quotes.")
        elif documents > 1:
            fault = ("a second document (---)", "one document", "Remove what follows.")
        elif depth > DEEPEST + 2:
            fault = ("deep nesting", "keys, with the policy's keys below `policy:`", "")
        if fault:
            raw.cannot_read("instance", *fault, row)
            return False
    return True


def _tag(event: Any) -> str | None:
    tag = getattr(event, "tag", None)
    return None if tag is None else str(tag)


def _value(node: Any, path: str, raw: Raw) -> Any:
    """Build text, None, lists and dicts from a node; note lines of keys and duplicate ones on `raw`."""
    from ruamel.yaml.nodes import MappingNode, ScalarNode

    if node is None:
        return None
    if isinstance(node, ScalarNode):
        return None if node.style is None and node.value in NULLS else node.value
    if not isinstance(node, MappingNode):
        return [_value(item, path, raw) for item in node.value]
    values: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key, row = _value(key_node, path, raw), key_node.start_mark.line + 1
        if not isinstance(key, str):
            raw.problems.append(Problem("instance", row, None, "a key that is no text", "a plain key"))
            continue
        whole = f"{path}.{key}" if path else key
        if key in values:
            advice = f"It stands in row {raw.lines[whole]} already: remove one."
            raw.problems.append(Problem("instance", row, whole, "the key twice", "each key once", advice))
            continue
        raw.lines[whole] = row
        values[key] = _value(value_node, whole, raw)
    return values
