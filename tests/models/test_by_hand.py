"""The optimum of each complete formulation on the small town, worked out by hand."""

import pytest

from coordination.compilation import compile_model
from coordination.solver import SolverOptions, solve

from .golden_files import complete
from .town import RULES, index, off, town


def optimum(name, rules=(), **changes):
    """Return the least cost, its terms, and the values by component and index."""
    model = complete()[name]()
    form = compile_model(model, town(model, rules, **changes))
    solution = solve(form, options=SolverOptions(gap=0.0))
    values = {
        component: dict(zip(labels.index, solution.x[labels.slice], strict=True))
        for component, labels in form.variables.items()
    }
    return solution.objective, form.term_values(solution.x), values


def test_preparation():
    """Before the event, 9 units at the ward within a budget of 76 cost 232.

    9 units weigh 4.5 t; room is for 1.5 t, 3 units: the large store (50, 5 t) or the small one (30, 2 t: 3.5 t, 7
    units) is needed; the small one holds too little. 20 are left: 4 units moved (6.0) and 5 bought (20) would be 26. So
    the law cannot be kept with 70; with 76 it can: twice 76 is 152, and custom misses 6 + 4 units at 8, 80: 232.
    Without moves 9 bought cost 36: 86 in all.
    """
    objective, terms, values = optimum("preparation", budget={"all": 76.0})
    assert objective == pytest.approx(232.0)
    assert terms["money"] == pytest.approx(152.0)
    assert terms["floor"] == pytest.approx(80.0)
    assert values["take"] == {"small": 0.0, "large": 1.0}
    assert values["move"]["over"] == pytest.approx(4.0)
    assert values["stand"]["crew"] == pytest.approx(0.0)
    dear, _, bought = optimum("preparation", budget={"all": 90.0})
    assert dear == pytest.approx(2 * 86 + 8 * 6)
    assert bought["buy"]["food"] == pytest.approx(9.0)


def test_supply():
    """Supply, with the hours of the hand-out held as data, costs 151.75.

    A unit weighs 0.5 t. Period 0: the bridge takes 1.5 t, 3 units, all served of the 10 needed, of the batch that
    would overflow the depot later (the old one leaves by itself at the period's end). The train takes 3 t, 6 units
    for period 1. 20 - 3 - 6 = 11 units, 5.5 t, stay in a store for 3 t: 25 of overflow. Period 1: 0.9 * 11 = 9.9
    units; overflow costs 5 a unit and the road 1.5, so 3.9 units leave (3 t stay). 9.9 units arrive, but only 4 t, 8
    units, can be handed out. Backlogs: 10 - 3 = 7; 0.8 * 7 + 12 - 8 = 9.6, all within the first age's width of 12.

    deprivation 5 * 7 + 5 * 9.6 = 83; lapsed 1.2 * 7 = 8.4; overflow 25; transport 1.5 * (3 + 3.9) + 0.5 * 6 = 13.35;
    worst off 44 * (1 - 11/22) = 22.
    """
    cost, terms, values = optimum("supply")
    assert terms == pytest.approx(
        {"deprivation": 83.0, "lapsed": 8.4, "overflow": 25.0, "transport": 13.35, "worst_off": 22.0}
        | {"everyday_value": 0.0, "conversion": 0.0}
    )
    assert cost == pytest.approx(151.75)
    assert values["ship"]["rail", "new", 0] == pytest.approx(6.0)
    assert values["ship"]["road", "new", 1] == pytest.approx(3.9)


def test_facilities():
    """A hall that stores: converting early pays where 2 t more at the depot in both periods save more than it costs.

    Supply as in `test_supply`, overflow 25 in period 0. As a store from period 0 the hall costs 9, and 6 of everyday
    value a period; a wing that is there already adds 1 t. With 3 t more, 2.5 t need no overflow: 25 saved for 9 + 12.
    Then the depot keeps 9.9 units, of which none need to leave to spare overflow (4.95 t < 6 t), but 2 units more than
    the 6 by rail are served at 1.5 each, against 3.9 before: 2.85 saved. In all 151.75 - 25 - 2.85 + 21 = 144.9.
    Half of the everyday value kept in period 1 bars that, and a store in period 0 alone, restored in 1.
    """
    rules = ["facilities", "modules", "visits", "overflow"]
    nobody = {
        name: off(RULES["visits"][name]) for name in ("VISITS", "VISITED", "VISITS_TO", "VISITING", "VISITS_FROM")
    }
    nobody["VISITED_MODULES"] = off(RULES["visits"]["VISITED_MODULES"])
    cost, terms, values = optimum("supply", rules, **nobody)
    assert values["step"]["early"] == pytest.approx(1.0)
    assert (terms["everyday_value"], terms["conversion"], terms["overflow"]) == pytest.approx((12.0, 9.0, 0.0))
    assert cost == pytest.approx(144.9)
    kept, terms, values = optimum("supply", [*rules, "floors"], **nobody)
    assert values["step"]["stay"] == pytest.approx(1.0)
    assert (kept, terms["everyday_value"], terms["conversion"]) == pytest.approx((151.75, 0.0, 0.0))


def test_responsibility():
    """Responsibility, asked to hand out 3 t in each period, costs 295.

    3 t want 6 hours of meals. Volunteers have 4, cost nothing and gain 2 an hour. The committee does the other 2: an
    hour costs 15 and takes 1.25 of its 6.5, saves 50, so 28 an hour of its own; the watch saves 20 - 12 = 8. 4 hours
    are left for the watch, 2 of its 6 are a gap. Both may do meals and both do: nobody is left to stand by, and
    neither can be spared. The committee answers for one task only: for the watch, as the core is 30 there, 20 here.

    Per period: work 2 * 15 + 4 * 12 = 78, gap 2 * 20 = 40, interest -8; and 5 for the volunteers' effort, 50 for
    the backup missing, 20 for the level.
    """
    cost, terms, _ = optimum("responsibility")
    expected = {"gap_hours": 80, "gap_backups": 50, "gap_kinds": 0, "levels": 20, "work": 161, "interest": -16}
    assert terms == pytest.approx(expected | {"gap_coverage": 0, "handover": 0, "short": 0}, abs=1e-7)
    assert cost == pytest.approx(295.0)


def test_accountability():
    """Accountability costs 20: the committee answers for one task, and the core is cheaper at the meals."""
    cost, _, values = optimum("accountability")
    assert cost == pytest.approx(20.0)
    assert values["accountable"]["meals", "core"] == pytest.approx(1.0)
    assert optimum("accountability", span={"committee": 2.0})[0] == pytest.approx(0.0)


def test_response():
    """The response costs 347.15: what handing out is worth decides who does it.

    Serving one more unit in period 1 saves at most 9 of deprivation and 2 of the worst off. That is an hour of
    meals, for which the committee would cost 15: it stays with the watch, and stands by for the meals, which takes
    one hour a period and saves 50 (in the watch the two hours are worth 16). Volunteers cover 4 hours, 2 t, 4 units.

    Responsibility, per period: the watch 5.5 * 12 = 66, its gap 0.5 * 20 = 10, interest -8; effort 5, level 20: 161.
    Supply as in `test_supply`, but with 4 units served in period 1: backlog 0.8 * 7 + 12 - 4 = 13.6, of which 12 at
    5 and 1.6 at 9: 35 + 74.4 of deprivation; worst off 44 * (1 - 7/22) = 30; lapsed 8.4, overflow 25, transport
    13.35: 186.15.
    """
    cost, terms, values = optimum("response")
    supply = {"deprivation": 109.4, "lapsed": 8.4, "overflow": 25.0, "transport": 13.35, "worst_off": 30.0}
    responsibility = {"gap_hours": 20, "gap_backups": 0, "gap_kinds": 0, "levels": 20, "work": 137, "interest": -16}
    more = {"gap_coverage": 0, "handover": 0, "change": 0, "everyday_value": 0, "conversion": 0}
    assert terms == pytest.approx(supply | responsibility | more, abs=1e-7)
    assert cost == pytest.approx(347.15)
    assert values["backup"]["meals", "committee"] == pytest.approx(1.0)


def test_dependencies():
    """Waiting costs 10 more than `test_responsibility`: the watch in period 1 waits for 6.4 hours of meals in period 0.

    6 were covered. 0.4 more of the committee cost 6 and take half an hour from the watch of period 0, worth 8 an hour.
    Without them the watch of period 1, 4 hours at 8, would be lost. With 5 hours awaited nothing changes.
    """
    cost, _, values = optimum("responsibility", rules=("dependencies",))
    assert cost == pytest.approx(305.0)
    assert values["worked"]["watch", 1] == pytest.approx(1.0)
    less = optimum("responsibility", rules=("dependencies",), hours_awaited={("watch", "meals", 1): 5.0})
    assert less[0] == pytest.approx(295.0)


def test_diversity():
    """With 2 t to hand out volunteers do it alone, and a backup of their kind is as good as none: 203, else 161.

    Else the committee stands by: that keeps an hour free, half an hour of the watch is a gap. Per period 66 + 10 - 8,
    effort 5, level 20. Where it may not, it watches all 6 hours: 72 - 8 per period, 5, 20, and 50 for the backup.
    """
    held = {("quarter", 0): 2.0, ("quarter", 1): 2.0}
    assert optimum("responsibility", held_tonnes=held)[0] == pytest.approx(161.0)
    assert optimum("responsibility", rules=("diversity",), held_tonnes=held)[0] == pytest.approx(203.0)


def test_redundancy():
    """Somebody to rely on for the meals and for the watch: the committee does both already, and nothing changes.

    Where volunteers alone did the meals half of what is asked for would be missing, 15; the committee, who could stand
    by, is wanted there anyway. Where nothing may be relied on, both tasks miss all of it: 2 * 30.
    """
    cost, terms, _ = optimum("responsibility", rules=("redundancy",))
    assert (cost, terms["gap_coverage"]) == pytest.approx((295.0, 0.0))
    barred = {("meals", "committee"): 0.0, ("meals", "volunteers"): 0.5, ("watch", "committee"): 0.0}
    cost, terms, _ = optimum("responsibility", rules=("redundancy",), reliance=barred)
    assert (cost, terms["gap_coverage"]) == pytest.approx((295.0 + 15.0 + 30.0, 45.0))


def test_conflicts():
    """Meals and watch apart cost 361: the committee answers for the watch, does it, and stands by for the meals.

    Volunteers hand out 2 t, 1 t is short: per period 66 + 10 - 8 + 100, effort 5, level 20. The other way, meals alone,
    leaves the watch to nobody and to the core's answer: 2 * (30 - 8 + 120) + 5 + 50 + 30 = 369.
    """
    cost, _, values = optimum("responsibility", rules=("conflicts",))
    assert cost == pytest.approx(361.0)
    assert values["accountable"]["watch", "committee"] == pytest.approx(1.0)


def test_mandates():
    """As ordered, responsibility costs 476: the committee does the meals alone, volunteers stand by, nobody watches.

    An hour of the committee's own saves 28 with the meals and 8 with the watch: 6.5 hours cover 5.2 of meals, 0.4 t are
    short. Per period 78 + 40 + 120. The core is consulted on the meals, so the committee answers for both.
    """
    cost, terms, values = optimum("responsibility", rules=("mandates", "consulted"), span={"committee": 2.0})
    assert terms["gap_backups"] == pytest.approx(0.0)
    assert values["accountable"]["meals", "committee"] == pytest.approx(1.0)
    assert cost == pytest.approx(476.0)


def test_consulted():
    """Where the core must be heard on the meals the committee answers for them, and the core for the watch.

    10 more than in `test_responsibility`: its level is 30 at the watch and 20 at the meals.
    """
    rules, charter = ("mandates", "consulted"), [("charter", "meals")]
    model = complete()["responsibility"]()
    data = town(model, rules) | {
        name: off(RULES["mandates"][name]) for name in ("BARRED_FROM_DOING", "BARRED_FROM_STANDING_BY")
    }
    data["ORDERS"] = index(*charter)
    data |= {
        name: off(RULES["mandates"][name]) for name in ("ORDERED_TO_ANSWER", "ORDERED_TO_DO", "ORDERED_TO_STAND_BY")
    }
    solution = solve(compile_model(model, data), options=SolverOptions(gap=0.0))
    assert solution.objective == pytest.approx(305.0)


BY_PERIOD = {
    "least_hours": {("meals", "committee"): 0.0, ("meals", "volunteers"): 0.0, ("watch", "committee"): 0.0},
    "effort_cost": {("meals", "volunteers"): 0.0},
}
"""What holds over the window, and where doers come and go by period instead."""


def test_continuity():
    """Without volunteers in period 0 the committee does the meals and hands over, for 7: 481.5; for 100 it does not.

    One at a time. Period 0: the committee's 6.5 hours cover 5.2 of meals, 0.4 t are short, nobody watches: 78 + 40
    + 120. Period 1: volunteers 4 hours, 1 t short, the committee watches: -8 + 2.5 + 100 + 72. No backup 50, level
    20, 7.
    If volunteers stay throughout the committee stands by: 300 + 76, then 66 + 10 - 8 + 100; effort 5, level 20: 569.
    """
    changes = BY_PERIOD | {"available": {("volunteers", 0): 0.0}}
    cost, terms, values = optimum("responsibility", rules=("doers", "continuity"), **changes)
    assert cost == pytest.approx(481.5)
    assert terms["handover"] == pytest.approx(7.0)
    assert values["joining"]["meals", "volunteers", 1] == pytest.approx(1.0)
    assert values["leaving"]["meals", "committee", 1] == pytest.approx(1.0)
    dear = optimum("responsibility", rules=("doers", "continuity"), handover_cost=100.0, **changes)
    assert dear[0] == pytest.approx(569.0)


def test_escalation():
    """Called to the meals one period after volunteers fell short, the committee joins them for 7: 356, not 295.

    Period 0: volunteers 4 hours, 1 t short, the committee watches: -8 + 2.5 + 100 + 72. Period 1 as in
    `test_responsibility`: 78 + 40 - 8 + 2.5. No backup 50, level 20, 7.
    """
    changes = BY_PERIOD | {"most_at_once": {("meals", t): 2.0 for t in (0, 1)}}
    cost, _, values = optimum("responsibility", rules=("doers", "continuity", "escalation"), **changes)
    assert cost == pytest.approx(356.0)
    assert values["short_of"]["meals", 0] == pytest.approx(1.0)
    assert values["acting"]["meals", "committee", 0] == pytest.approx(0.0)
