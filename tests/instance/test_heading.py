"""Header and policy, key by key."""

import pytest

from coordination.instance import Instance, load
from coordination.instance.policy import Policy
from tests.instance.conftest import HEADER, append, errors_of, only_error_of, tiny_tables

PLAIN = "name: x\nperiods: 4\nperiod_hours: 12\n"

BROKEN = [
    ("name: x\nperiods: 4\n", "instance", None, "period_hours", "a number above 0"),
    ("periods: 4\nperiod_hours: 12\n", "instance", None, "name", "text"),
    ("name:\nperiods: 4\nperiod_hours: 12\n", "instance", 1, "name", "text"),
    ("name: x\nperiods: 4\nperiod_hours: 0\n", "instance", 3, "period_hours", "above 0"),
    ("name: x\nperiods: 4\nperiod_hours: .nan\n", "instance", 3, "period_hours", "a number"),
    ("name: x\nperiods: 4\nperiod_hours: [12]\n", "instance", 3, "period_hours", "a number"),
    (PLAIN + "start: tomorrow\n", "instance", 4, "start", "a date and time"),
    (PLAIN + "perods: 3\n", "instance", 4, "perods", "a known key"),
    (PLAIN + "policy: strict\n", "instance", 4, "policy", "a mapping"),
    (PLAIN + "policy:\n  gap_cots: 3\n", "policy", 5, "gap_cots", "a known key"),
    (PLAIN + "policy:\n  gap_cost: -3\n", "policy", 5, "gap_cost", "at least 0"),
    (PLAIN + "policy:\n  gap_cost: yes\n", "policy", 5, "gap_cost", "a number"),
    (PLAIN + "policy:\n  backup_reserve: 1.5\n", "policy", 5, "backup_reserve", "from 0 to 1"),
    (PLAIN + "policy:\n  min_share: -0.1\n", "policy", 5, "min_share", "from 0 to 1"),
    (PLAIN + "policy:\n  span: 1.5\n", "policy", 5, "span", "a whole number"),
    (PLAIN + "policy:\n  mode: panic\n", "policy", 5, "mode", "one of"),
    (PLAIN + "policy:\n  objective: money\n", "policy", 5, "objective", "one of social_cost"),
    (PLAIN + "policy:\n  objective: pareto\n", "policy", None, "order", "the two terms"),
    (PLAIN + "policy:\n  objective: lexicographic\n", "policy", None, "order", "the most important first"),
    (PLAIN + "policy:\n  objective: pareto\n  order: work\n", "policy", 6, "order", "the two terms of the front"),
    (PLAIN + "policy:\n  order: work\n", "policy", 5, "order", "no order with objective social_cost"),
    (PLAIN + "policy:\n  objective: pareto\n  order: [work, wrok]\n", "policy", 6, "order", "deprivation"),
    (PLAIN + "policy:\n  rationing: field\n  max_gini: 0.1\n", "policy", 6, "max_gini", "no bound"),
    (PLAIN + "policy:\n  max_ratio: 0.5\n", "policy", 5, "max_ratio", "at least 1"),
    (PLAIN + "policy:\n  governance: control\n", "policy", 5, "governance", "one of centralised"),
    (PLAIN + "policy:\n  information: everything\n", "policy", 5, "information", "one of nothing"),
    (PLAIN + "policy:\n  group_weights: 3\n", "policy", 5, "group_weights", "a mapping"),
    (PLAIN + "policy:\n  group_weights:\n    kids: -1\n", "policy", 6, "group_weights.kids", "at least 0"),
    (PLAIN + "policy:\n  group_weights:\n    kids:\n", "policy", 6, "group_weights.kids", "a number"),
    (PLAIN + "policy:\n  group_weights:\n    'a;b': 1\n", "policy", 6, "group_weights.a;b", "an id"),
]


@pytest.mark.parametrize(("text", "table", "row", "key", "expected"), BROKEN)
def test_broken_key_is_found(folder, text, table, row, key, expected):
    """One broken key gives one problem with its line and what was expected."""
    (folder / "instance.yaml").write_text(text, encoding="utf-8")
    problem = only_error_of(folder)
    assert (problem.table, problem.row, problem.column) == (table, row, key)
    assert expected in problem.expected


@pytest.mark.parametrize("value", ["control"])
def test_values_that_nothing_carries_out_are_refused_by_name(folder, value):
    """A value that the design knows and nothing carries out is said to be that, not unknown."""
    (folder / "instance.yaml").write_text(f"{PLAIN}policy:\n  governance: {value}\n", encoding="utf-8")
    problem = only_error_of(folder)
    assert value in problem.found
    assert "Nothing carries that out yet" in problem.advice


def test_defaults_of_the_policy(folder):
    """An instance without a policy has the documented defaults."""
    (folder / "instance.yaml").write_text(PLAIN, encoding="utf-8")
    assert load(folder).policy.model_dump() == {
        "objective": "social_cost", "group_weights": {"general": 1, "vulnerable": 3}, "handout_tonnes_per_hour": 0.5,
        "gap_cost": 200, "backup_cost": 50, "kind_cost": 50, "overflow_cost": 10, "level_cost": 10,
        "backup_reserve": 0.1, "worst_off": 0, "min_share": 0.1, "span": None, "reliability": "ignore",
        "handover_cost": None, "overlap_periods": 1, "escalation_delay": None,
        "coverage": None, "coverage_cost": 50, "load": "social_cost", "load_allowance": None, "depends_share": 1,
        "backup_diversity": False, "mode": "emergency", "mode_level": None, "governance": "centralised",
        "coalitions": "party",
        "price_rounds": None, "decomposition": "prices", "information": "prices", "guess": "optimistic",
        "rationing": "social_cost", "max_gini": None, "max_ratio": None, "order": None, "thresholds": None,
        "budget": None, "money_weight": 1.0, "risk": {"lambda": 0.0, "level": 0.95}, "rights": None,
        "settle_in": "social_cost", "change_cost": None, "approval_periods": None,
    }  # fmt: skip


def test_group_weights_are_merged_over_the_defaults(folder):
    """Given weights win, groups not given keep theirs, new groups may then be used."""
    text = f"{PLAIN}policy:\n  group_weights:\n    vulnerable: 5\n    kids: 2\n"
    (folder / "instance.yaml").write_text(text, encoding="utf-8")
    append(folder, "needs", "south,water,0,1,kids")
    assert load(folder).policy.group_weights == {"general": 1, "vulnerable": 5, "kids": 2}
    assert Policy(group_weights={"kids": 2}).group_weights == {"general": 1, "vulnerable": 3, "kids": 2}


def test_group_without_weight_names_the_nearest(folder):
    """A misspelt group is told its nearest weight."""
    append(folder, "needs", "south,water,0,1,vulnerabel")
    assert "'vulnerable'" in errors_of(folder)[0].advice


def test_assurance_of_a_group_that_is_not_there_is_refused(folder):
    """Else what nobody needs would be assured, and always kept."""
    (folder / "assurances.csv").write_text("unmet,group,level\n0.1,vulnerabel,0\n", encoding="utf-8")
    assert "'vulnerable'" in errors_of(folder)[0].advice


@pytest.mark.parametrize(
    ("written", "moment"),
    [("2022-01-01", "2022-01-01T00:00:00"), ("2022-01-01 08:30", "2022-01-01T08:30:00"),
     ("2022-01-01T08:30:00+08:00", "2022-01-01T08:30:00+08:00"), ("20220101T0830", "2022-01-01T08:30:00")],
)  # fmt: skip
def test_start_in_iso_8601(written, moment):
    """The start may be a date or a moment, with or without a zone of time."""
    instance = Instance.from_tables(HEADER | {"start": written}, tiny_tables())
    assert instance.start.isoformat() == moment


def test_terms_in_order_as_a_list_or_as_tables_write_lists(folder):
    """Both are the same order, in files and from Python."""
    for written in ("[work, transport]", "work;transport"):
        text = f"{PLAIN}policy:\n  objective: lexicographic\n  order: {written}\n"
        (folder / "instance.yaml").write_text(text, encoding="utf-8")
        assert load(folder).policy.order == "work;transport"
    assert Policy(objective="lexicographic", order=["work", "transport"]).order == "work;transport"
