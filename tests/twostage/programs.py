"""Small two-stage programs, and their optimum by another way."""

import numpy as np
import scipy.sparse as sp
from scipy.optimize import linprog

from coordination.twostage import Scenario, TwoStageProgram, stage

FARMER = {
    "farmer.cor": """NAME          FARMER
ROWS
 N  COST
 L  LAND
 G  WHEAT
 G  CORN
 L  BEETS
COLUMNS
    A1        COST         150.0   LAND           1.0
    A1        WHEAT          2.5
    A2        COST         230.0   LAND           1.0
    A2        CORN           3.0
    A3        COST         260.0   LAND           1.0
    A3        BEETS        -20.0
    BUY1      COST         238.0   WHEAT          1.0
    BUY2      COST         210.0   CORN           1.0
    SELL1     COST        -170.0   WHEAT         -1.0
    SELL2     COST        -150.0   CORN          -1.0
    SELL3     COST         -36.0   BEETS          1.0
    SELL4     COST         -10.0   BEETS          1.0
RHS
    RHS       LAND         500.0   WHEAT        200.0
    RHS       CORN         240.0
BOUNDS
 UP BND       SELL3       6000.0
ENDATA
""",
    "farmer.tim": """TIME          FARMER
PERIODS       LP
    A1        LAND                     NOW
    BUY1      WHEAT                    LATER
ENDATA
""",
    "farmer.sto": """STOCH         FARMER
SCENARIOS     DISCRETE
 SC GOOD      'ROOT'       0.33333333   LATER
    A1        WHEAT          3.0   CORN   0.0
    A2        CORN           3.6
    A3        BEETS        -24.0
 SC MEAN      'ROOT'       0.33333333   LATER
    A1        WHEAT          2.5
 SC BAD       'ROOT'       0.33333334   LATER
    A1        WHEAT          2.0
    A2        CORN           2.4
    A3        BEETS        -16.0
ENDATA
""",
}
"""The farmer of Birge and Louveaux (2011), section 1.1, written out here: 500 acres, three yields."""


def write_farmer(folder):
    """Write the farmer's files and return their common name."""
    for name, text in FARMER.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "farmer"


def stores(seed, count=6, places=3, clients=4, *, whole=True, hard=False):
    """Return a random program: buy room at places, then serve clients; unserved demand is priced, or refused if hard.

    Every scenario has demands of its own, a share of what was bought that is left (its technology matrix), and ways
    that are cut (its recourse matrix).
    """
    rng = np.random.default_rng(seed)
    ways = places * clients
    cost = rng.uniform(1, 9, ways)
    first = stage(
        np.ones((1, places)), rng.uniform(3, 8, places), row_lower=-np.inf, row_upper=9.0 * clients,
        ub=4.0 if whole else 40.0, integer=whole,
    )  # fmt: skip
    leaves = sp.kron(sp.eye_array(places), np.ones((1, clients)))
    comes = sp.kron(np.ones((1, places)), sp.eye_array(clients))
    p = rng.dirichlet(np.ones(count))
    scenarios = []
    for number in range(count):
        kept = rng.choice([0.0, 0.5, 1.0], places, p=[0.1, 0.3, 0.6]) if not hard else np.ones(places)
        demand = rng.uniform(0, 6, clients) * (0.4 if hard else 1.0)
        open_ = rng.random(ways) < 0.8
        room, short = 2.0 * np.diag(kept), sp.eye_array(clients)
        matrix = sp.vstack([sp.hstack([leaves, sp.csc_array((places, clients))]), sp.hstack([comes, short])])
        form = stage(
            matrix,
            np.concatenate([cost, np.full(clients, 30.0)]),
            row_lower=np.concatenate([np.full(places, -np.inf), demand]),
            row_upper=np.concatenate([np.zeros(places), np.full(clients, np.inf)]),
            ub=np.concatenate(
                [np.where(open_, 50.0, 0.0 if not hard else 50.0), np.full(clients, 0.0 if hard else 9.0)]
            ),
            offset=float(rng.uniform(0, 3)),
        )
        technology = sp.csc_array(np.vstack([-room, np.zeros((clients, places))]))
        scenarios.append(Scenario(f"s{number}", float(p[number]), technology, form))
    return TwoStageProgram(first, tuple(scenarios))


def cost_by_scipy(program, number, x):
    """Return what a scenario costs after x, by scipy's own solver; infinite where nothing can be done."""
    one = program.scenarios[number]
    low, high = one.form.row_lower - one.technology @ x, one.form.row_upper - one.technology @ x
    a = one.form.matrix.toarray()
    found = linprog(
        one.form.c,
        A_ub=np.vstack([a[np.isfinite(high)], -a[np.isfinite(low)]]),
        b_ub=np.concatenate([high[np.isfinite(high)], -low[np.isfinite(low)]]),
        bounds=list(zip(one.form.lb, one.form.ub, strict=True)),
        method="highs-ds",
    )
    return found.fun + one.form.offset if found.status == 0 else np.inf


def risk_by_definition(costs, probabilities, weight, level):
    """Return the mixture of mean and CVaR straight from the definition: eta is one of the costs."""
    mean = probabilities @ costs
    if weight == 0:
        return mean
    if level >= 1:
        tail = costs[probabilities > 0].max()
    else:
        tail = min(eta + probabilities @ np.maximum(costs - eta, 0.0) / (1 - level) for eta in costs)
    return (1 - weight) * mean + weight * tail


def best_by_enumeration(program, weight=0.0, level=0.95):
    """Return the optimum of a program whose first stage is whole, by trying all of it."""
    first = program.first
    grids = np.meshgrid(*[np.arange(low, high + 1) for low, high in zip(first.lb, first.ub, strict=True)])
    best = np.inf
    for x in np.stack([grid.ravel() for grid in grids], axis=1):
        rows = first.matrix @ x
        if (rows < first.row_lower - 1e-9).any() or (rows > first.row_upper + 1e-9).any():
            continue
        costs = np.array([cost_by_scipy(program, number, x) for number in range(len(program.scenarios))])
        if np.isfinite(costs).all():
            best = min(best, first.objective(x) + risk_by_definition(costs, program.probabilities, weight, level))
    return best
