"""Learning: deprivation on held-back events of the truth, cycles 1 to 3, learning on and off, paired.

The instance is a small one, made here: a depot and four wards a period away, two goods of which there is too little,
and hands that give out what comes even when a third of them stay away. Once what is believed of needs and parties is
wrong (the truth is the instance perturbed by the simulator's rule), once it is right. In each cycle an event is played
and learned from (or not); then the held-back events are played with what is believed at that cycle's beginning. It is
decided once, at the beginning, so that nothing mends what is believed wrongly, nor what was learned wrongly.

Beside it, as a figure, the same town where hands are so few that they bind: there even who knows the truth may do worse
than who does not, as a plan sends no more than the hours expected can hand out, and on good days hands stand idle.
"""

from typing import Any

import numpy as np

from benchmarks.bars import Measured, Run

WARDS, PERIODS, CYCLES = 4, 6, 3
TRUTHS, DRAWS = 20, 5
ENOUGH, FEW = 14, 9
"""Hours of the helpers of a ward in a period: 5.6 and 3.6 tonnes, where 3 are needed."""
HELD_BACK = 10_000
"""Seeds from which held-back events are drawn; those learned from have smaller ones."""
MOST_WORSE = 0.01


def town(hours: float = ENOUGH, **changed: Any):
    """Return the instance."""
    import coordination as co

    wards = [f"ward_{n}" for n in range(1, WARDS + 1)]
    tables: dict[str, Any] = {
        "zones": [{"zone": "city", "level": "city"}]
        + [{"zone": f"street_{n}", "level": "street", "parent": "city"} for n in range(1, WARDS + 1)],
        "places": [{"place": "depot", "kind": "depot", "zone": "city"}]
        + [{"place": ward, "kind": "community", "zone": f"street_{n}"} for n, ward in enumerate(wards, 1)],
        "roads": [
            {"road": f"road_{n}", "from": "depot", "to": ward, "km": 10 + n, "minutes": 250 + 5 * n}
            for n, ward in enumerate(wards, 1)
        ],
        "parties": [{"party": "core", "kind": "core", "zone": "city"}]
        + [
            {"party": f"helpers_{n}", "kind": "volunteers", "zone": f"street_{n}", "superior": "core"}
            for n in range(1, WARDS + 1)
        ],
        "skills": [{"party": f"helpers_{n}", "skill": "hand_out", "hours": hours} for n in range(1, WARDS + 1)],
        "commodities": [{"commodity": "food", "kg": 1}, {"commodity": "water", "kg": 2}],
        "deprivation": [
            {"commodity": good, "periods_without": age, "cost_per_unit": cost}
            for good in ("food", "water")
            for age, cost in ((1, 1), (3, 6), (5, 20))
        ],
        "stocks": [
            {"place": "depot", "commodity": good, "quantity": 850 * WARDS * (PERIODS - 1), "owner": "core"}
            for good in ("food", "water")
        ],
        "needs": [
            {"place": ward, "commodity": good, "period": t, "quantity": 1000}
            for ward in wards
            for good in ("food", "water")
            for t in range(PERIODS)
        ],
        "fleets": [
            {"fleet": "trucks", "party": "core", "base": "depot", "vehicles": 4, "payload_tonnes": 3, "hours": 12}
        ],
        "tasks": [
            {"task": f"hand_out_{n}", "domain": "supply", "zone": f"street_{n}", "skill": "hand_out", "hours": hours}
            for n in range(1, WARDS + 1)
        ],
    }
    policy = {"reliability": "expected", "handout_tonnes_per_hour": 0.4}
    header = {"name": "learning", "periods": PERIODS, "period_hours": 4, "policy": policy}
    return co.Instance.from_tables(header, tables | changed)


def decided(believed: Any, known: dict[str, Any]) -> Any:
    """Return the plan of what is believed; who believes the same decides the same."""
    from coordination.planning import plan_plainly

    if believed.sha256 not in known:
        known[believed.sha256] = plan_plainly(believed, gap=1e-3, threads=1)
    return known[believed.sha256]


def deprivation(believed: Any, truth: Any, seed: int, known: dict[str, Any]) -> tuple[float, Any]:
    """Play an event; return what going without cost, and the steps."""
    from coordination.simulation import Pace, draw_event, play

    event = draw_event(truth, seed)
    steps = play(believed.under(event.scenario), event, lambda state: decided(state, known), Pace(None))
    cost = sum(step.done.terms["deprivation"] + step.done.terms["lapsed"] for step in steps)
    return cost, (steps, event.scenario)


def cycles(believed: Any, truth: Any, seed: int, draws: int, known: dict[str, Any]) -> np.ndarray:
    """Return deprivation on held-back events at each cycle's beginning, learning on; shape (cycles, draws)."""
    from coordination.cycle import adapt

    found = np.zeros((CYCLES, draws))
    held_back = range(HELD_BACK + seed * draws, HELD_BACK + (seed + 1) * draws)
    for cycle in range(CYCLES):
        found[cycle] = [deprivation(believed, truth, draw, known)[0] for draw in held_back]
        if cycle < CYCLES - 1:
            _, (steps, struck) = deprivation(believed, truth, 100 * seed + cycle, known)
            believed = adapt(believed, steps, struck).instance
    return found


def learned(run: Run) -> Measured:
    """Compare cycles 2 and 3, learning on, with what was believed at first (which is every cycle, learning off)."""
    from coordination.comparison.figures import interval
    from coordination.simulation import perturbed

    truths, draws = (2, 2) if run.quick else (TRUTHS, DRAWS)
    raw, told, passed = {}, [], True
    for name, hours, wrong in (("wrong", ENOUGH, True), ("right", ENOUGH, False), ("wrong, few hands", FEW, True)):
        start, known = town(hours), dict[str, Any]()
        runs = [
            cycles(start, perturbed(start, seed) if wrong else start, seed, draws, known)
            for seed in range(1, truths + 1)
        ]
        # Events of one truth, or of what was learned from one event, are alike: a truth counts once.
        values = np.array(runs).mean(axis=2)
        raw[name] = np.array(runs).tolist()
        for cycle in range(1, CYCLES):
            mean, lower, upper = interval((values[:, cycle] - values[:, 0]) / values[:, 0].mean())
            told.append(f"{name}, cycle {cycle + 1}: {mean:+.1%} ({lower:+.1%} to {upper:+.1%})")
            if hours == ENOUGH:
                passed &= bool(upper < 0) if wrong else bool(mean <= MOST_WORSE)
    return Measured(None if run.quick else passed, "deprivation, learning on against off; " + "; ".join(told), raw)
