"""The header and the policy, checked key by key."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from coordination.errors import Problem, shown
from coordination.instance.columns import Column, Kind
from coordination.instance.conversion import convert
from coordination.instance.header import HEADER, Header
from coordination.instance.names import nearest
from coordination.instance.policy import NOT_YET, POLICY, RISK_KEYS, Policy
from coordination.wording import counted


@dataclass
class Heading:
    """Header and policy under check.

    Attributes
    ----------
    lines : mapping of str to int
        Line of each key in the file, policy keys as ``policy.key``; empty when the source has none.
    problems : list of Problem
        Found so far.
    """

    lines: Mapping[str, int]
    problems: list[Problem] = field(default_factory=list)

    @property
    def found(self) -> set[str | None]:
        """Columns that have a problem already."""
        return {problem.column for problem in self.problems}

    def report(self, table: str, key: str, found: str, expected: str, advice: str = "") -> None:
        """Note a wrong key or value.

        Parameters
        ----------
        table : str
            ``instance`` or ``policy``.
        key : str
            The key.
        found, expected, advice : str
            As in :class:`~coordination.errors.Problem`.
        """
        path = key if table == "instance" else f"policy.{key}"
        self.problems.append(Problem(table, self.lines.get(path), key, found, expected, advice))

    def values(self, table: str, given: Mapping[str, Any], columns: Mapping[str, Column]) -> dict[str, Any]:
        """Convert the keys given, reporting unknown ones, missing ones and wrong values.

        Parameters
        ----------
        table : str
            ``instance`` or ``policy``, for messages.
        given : mapping of str to object
            Keys and values as read.
        columns : mapping of str to Column
            The keys that exist.

        Returns
        -------
        dict of str to object
            Values of the keys that are given and right.
        """
        known = [*columns, "policy"] if table == "instance" else list(columns)
        for key in given:
            if key not in columns:
                self.report(table, str(key), f"the key {shown(key)}", "a known key", nearest(str(key), known))
        values: dict[str, Any] = {}
        for key, column in columns.items():
            value = given.get(key)
            if key not in given and not column.required:
                continue
            if column.kind.writing == "weights":
                values[key] = self.weights(key, value, column.kind.among)
            elif column.kind.writing == "thresholds":
                values[key] = self.thresholds(column, value)
            elif column.kind.writing == "moment":
                values[key] = self.moment(key, value)
            else:
                values[key] = self.value(table, column, value)
        return {key: value for key, value in values.items() if value is not None}

    def value(self, table: str, column: Column, value: Any, key: str = "") -> Any:
        """Convert one value.

        Parameters
        ----------
        table : str
            ``instance`` or ``policy``.
        column : Column
            The declaration of its key.
        value : object
            As read.
        key : str
            Key to blame, default the column's name.

        Returns
        -------
        object
            The value, None where absent or wrong.
        """
        if value in NOT_YET.get(column.name, ()) and table == "policy":
            self.report(table, column.name, shown(value), column.expected, "Nothing carries that out yet.")
            return None
        typed = convert([value], column, None)
        for _, expected, advice in typed.faults:
            self.report(table, key or column.name, shown(value), expected, advice)
        if not typed.usable[0]:
            return None
        if typed.codes is not None:
            return typed.words[int(typed.codes[0])]
        number = float(typed.floats[0])
        if column.kind.writing == "yesno":
            return bool(number)
        return int(number) if column.kind.writing == "whole" else number

    def moment(self, key: str, value: Any) -> datetime | None:
        """Convert a moment in ISO 8601.

        Parameters
        ----------
        key : str
            Key of the header.
        value : object
            Text, date or datetime.

        Returns
        -------
        datetime or None
            None where absent or wrong.
        """
        if value is None or value == "":
            return None
        try:
            if isinstance(value, date):
                return datetime.fromisoformat(value.isoformat())
            return datetime.fromisoformat(str(value).strip())
        except ValueError:
            self.report("instance", key, shown(value), HEADER[key].expected, "Write it as in ISO 8601.")
            return None

    def weights(self, key: str, value: Any, among: tuple[str, ...] = ()) -> dict[str, float] | None:
        """Convert the weights of groups, or of a few known names.

        Parameters
        ----------
        key : str
            Key of the policy.
        value : object
            A mapping from group to number.
        among : tuple of str
            The names there are; none for groups of people, whose names are free.

        Returns
        -------
        dict of str to float, or None
            None where absent or wrong.
        """
        if value is None:
            return None
        if not isinstance(value, Mapping):
            expected, example = f"a mapping from {'name' if among else 'group'} to number", (among or ("general",))[0]
            self.report("policy", key, shown(value), expected, f"Write `{example}: 1` below it.")
            return None
        kind = Kind("choice", among=among) if among else Kind("id")
        name, weight = _column("group", kind), _column("weight", Kind("number", least=0))
        groups = [self.value("policy", name, group, f"{key}.{group}") for group in value]
        weights = [self.value("policy", weight, number, f"{key}.{group}") for group, number in value.items()]
        return {group: number for group, number in zip(groups, weights, strict=True) if None not in (group, number)}

    def thresholds(self, column: Column, value: Any) -> dict[str, tuple[float, float]] | None:
        """Convert the severities at which zones change their mode.

        Parameters
        ----------
        column : Column
            The declaration of the key.
        value : object
            A mapping from mode to two numbers.

        Returns
        -------
        dict of str to tuple of float, or None
            None where absent or wrong.
        """
        if value is None:
            return None
        advice = "Write `emergency: [0.6, 0.4]` below it."
        if not isinstance(value, Mapping) or not value:
            self.report("policy", column.name, shown(value), column.expected, advice)
            return None
        right: dict[str, tuple[float, float]] = {}
        for mode, given in value.items():
            pair = given.split(";") if isinstance(given, str) else given  # as a cell of a workbook holds it
            path = f"{column.name}.{mode}"
            if mode not in ("emergency", "parallel"):
                self.report("policy", path, shown(mode), "emergency or parallel", advice)
            elif not isinstance(pair, list | tuple) or len(pair) != 2:
                self.report("policy", path, shown(pair), "two numbers, [on, off]", advice)
            else:
                share = _column("severity", Kind("number", least=0, most=1))
                on, off = (self.value("policy", share, number, path) for number in pair)
                if None not in (on, off) and off >= on:
                    found = f"on {on:g}, off {off:g}"
                    self.report("policy", path, found, "off below on", "A zone would flicker between modes.")
                elif None not in (on, off):
                    right[mode] = (on, off)
        if len(right) == 2 and any(low > high for low, high in zip(right["parallel"], right["emergency"], strict=True)):
            found = f"parallel {list(right['parallel'])}, emergency {list(right['emergency'])}"
            self.report("policy", column.name, found, "on and off of parallel no higher than those of emergency")
        return right if len(right) == len(value) else None


def _listed(policy: Mapping[str, Any]) -> dict[str, Any]:
    """Return policy keys with lists written as tables write them."""
    words = {key: value for key, value in policy.items() if isinstance(value, list | tuple) and key == "order"}
    return {**policy, **{key: ";".join(map(str, value)) for key, value in words.items()}}


def _agree(heading: Heading, rules: Mapping[str, Any]) -> None:
    """Report rules on sharing and order that lack what they need, or that the field rule could not keep."""
    objective, order = rules.get("objective", "social_cost"), str(rules.get("order", ""))
    terms = len(order.split(";")) if order else 0
    if objective == "lexicographic" and not terms and "order" not in heading.found:
        heading.report("policy", "order", "nothing", "terms of the social cost, the most important first")
    if objective == "pareto" and terms != 2 and "order" not in heading.found:
        heading.report("policy", "order", counted(terms, "term"), "the two terms of the front")
    if objective == "social_cost" and terms:
        heading.report("policy", "order", shown(order), "no order with objective social_cost", "Remove it.")
    if rules.get("mode") == "thresholds" and not {"thresholds", "mode"} & heading.found and "thresholds" not in rules:
        advice = "Write `thresholds: {emergency: [0.6, 0.4]}` in the policy."
        heading.report("policy", "thresholds", "nothing", "severities for mode thresholds", advice)
    if rules.get("rationing") == "leximin" and objective == "pareto":
        heading.report(
            "policy", "rationing", shown("leximin"), "social_cost with objective pareto", "Remove one of them."
        )
    if rules.get("rationing") == "field":
        for key in ("max_gini", "max_ratio"):
            if key in rules:
                heading.report("policy", key, shown(rules[key]), "no bound with rationing field", "Remove it.")
        if objective != "social_cost":
            heading.report("policy", "objective", shown(objective), "social_cost with rationing field")


def _agree_on_loads(heading: Heading, rules: Mapping[str, Any]) -> None:
    """Report fair loads beside what they are not carried out with, and an allowance without them."""
    load, leximin = str(rules.get("load", "social_cost")), rules.get("load") == "leximin"
    if leximin and rules.get("rationing") == "field":
        heading.report("policy", "load", shown(load), "social_cost with rationing field")
    if leximin and rules.get("objective") == "pareto":
        heading.report("policy", "load", shown(load), "social_cost with objective pareto")
    if "load_allowance" in rules and not leximin and "load" not in heading.found:
        found = shown(rules["load_allowance"])
        heading.report("policy", "load_allowance", found, "no allowance but with load leximin", "Remove it.")


def _check_risk(heading: Heading, rules: Mapping[str, Any]) -> None:
    """Report what is no share, or not asked for, in the risk of a preparation."""
    for name, number in (rules.get("risk") or {}).items():
        if name not in RISK_KEYS:
            advice = nearest(name, list(RISK_KEYS))
            heading.report("policy", "risk", f"the key {shown(name)}", "lambda or level, or losses", advice)
        elif name == "losses":
            if number != int(number):
                heading.report("policy", "risk", f"losses {number:g}", "a whole number of losses")
        elif number > 1:
            heading.report("policy", "risk", f"{name} {number:g}", f"{name} in 0..1")


def _column(name: str, kind: Kind) -> Column:
    return Column(name, kind, required=True, default=None, computed=False, absent="", description="")


def read_heading(
    given: Mapping[str, Any], lines: Mapping[str, int]
) -> tuple[Header | None, Policy | None, list[Problem], int | None]:
    """Check the header with its policy.

    Parameters
    ----------
    given : mapping of str to object
        Keys as read, the policy nested under ``policy``.
    lines : mapping of str to int
        Line of each key in the file, where there is one.

    Returns
    -------
    header : Header or None
        None when a key is wrong or missing.
    policy : Policy or None
        None when a key is wrong.
    problems : list of Problem
        Everything found.
    periods : int or None
        The horizon, also when something else is wrong.
    """
    heading = Heading(lines)
    given = dict(given)
    policy = given.pop("policy", None) or {}
    values = heading.values("instance", given, HEADER)
    wrong = len(heading.problems)
    if isinstance(policy, Mapping):
        rules = heading.values("policy", _listed(policy), POLICY)
        _agree(heading, rules)
        _agree_on_loads(heading, rules)
        _check_risk(heading, rules)
    else:
        heading.report(
            "instance", "policy", shown(policy), "a mapping of policy keys", "Write `gap_cost: 200` below it."
        )
        rules = {}
    return (
        Header(**values) if not wrong else None,
        Policy(**rules) if len(heading.problems) == wrong else None,
        heading.problems,
        values.get("periods"),
    )
