"""Cases of others as preparations: small ones by brute force, published ones where their files are given."""

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import linprog

import coordination as co
from benchmarks.issue_06 import esups, warehouses
from benchmarks.issue_06.netdes import read_netdes
from coordination.twostage import solve

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


def problem(seed):
    """Return a random problem of four warehouses and six customers, costs without triangle inequality."""
    rng = np.random.default_rng(seed)
    demand = rng.integers(0, 9, 6).astype(float)
    cost = rng.integers(1, 30, (4, 6)) * np.maximum(demand, 1.0)
    return warehouses.WarehouseProblem(
        "random", rng.integers(8, 20, 4) * 1.0, rng.integers(20, 90, 4) * 1.0, demand, cost
    )


def least(given):
    """Return the least cost by trying every set of warehouses, each a transport problem of scipy's."""
    best, (count, customers) = np.inf, given.cost.shape
    unit = given.cost / np.maximum(given.demand, 1.0)
    for taken in product([0, 1], repeat=count):
        room = np.array(taken) * given.capacity
        if room.sum() < given.demand.sum():
            continue
        found = linprog(
            unit.ravel(),
            A_ub=np.kron(np.eye(count), np.ones(customers)),
            b_ub=room,
            A_eq=np.kron(np.ones(count), np.eye(customers)),
            b_eq=given.demand,
        )
        best = min(best, found.fun + given.fixed @ np.array(taken))
    return best


@pytest.mark.parametrize("seed", range(3))
def test_warehouses_by_brute_force(seed):
    """The preparation of a warehouse problem is the best of all sets of warehouses, and verifies."""
    found = warehouses.solve(problem(seed))
    assert found.objective == pytest.approx(least(problem(seed)), rel=1e-7)
    assert found.bound == pytest.approx(found.objective, rel=1e-6)
    assert co.verify(found).ok


def text(capacity):
    """Return a file of two warehouses and one customer."""
    return f"2 1\n{capacity} 7.\n {capacity} 9.5\n10\n 30. 20.\n"


def test_the_word_capacity(tmp_path, capsys):
    """The word stands for a number that is given; without one, and with numbers missing, the file is named."""
    file = tmp_path / "large.txt"
    file.write_text(text("capacity"), encoding="utf-8")
    assert warehouses.main([str(file), "--capacity", "10"]) == 0
    assert "large: 29.5, proven; open: w1" in capsys.readouterr().out
    assert warehouses.read_warehouses(file, 6).capacity.tolist() == [6, 6]
    with pytest.raises(ValueError, match=r"large.txt: found the word capacity; expected a number.*--capacity N"):
        warehouses.read_warehouses(file)
    file.write_text(text(10)[:-5], encoding="utf-8")
    with pytest.raises(ValueError, match="found 8 numbers; expected 9"):
        warehouses.read_warehouses(file)


@pytest.mark.skipif(not SHARED.exists(), reason="the cases of others are not beside the repository")
@pytest.mark.parametrize("name", ["cap41", "cap84"])
def test_published_warehouses(name):
    """OR-Library's optimum, proven."""
    found = warehouses.solve(warehouses.read_warehouses(SHARED / "orlib-cap" / f"{name}.txt"))
    assert found.objective == pytest.approx(warehouses.OPTIMA[name], rel=1e-6)
    assert found.bound == pytest.approx(warehouses.OPTIMA[name], rel=1e-6)


@pytest.mark.skipif(not SHARED.exists(), reason="the cases of others are not beside the repository")
def test_published_network_design():
    """One network design, by both ways."""
    program = read_netdes(SHARED / "stochastic" / "netdes" / "network-10-10-L-01.dat")
    for method in ("extensive", "benders"):
        assert solve(program, method=method).objective == pytest.approx(88557.3, rel=1e-4)


@pytest.mark.skipif(not SHARED.exists(), reason="the cases of others are not beside the repository")
def test_esups():
    """Stock by depot exactly, costs and balance as published."""
    assert esups.reproduced(None).passed


def write_esups(folder):
    """Write a case in the layout of the public one: three warehouses, the last without stock, two disasters."""
    files = {
        "warehouses.csv": "Type,Lat,Long,Buckets\nWarehouses,0,0,30\nWarehouses,0,0,10\nWarehouses,0,0,0\n",
        "disasters.csv": "Type,Lat,Long,People Impacted\nStorm,0,0,50\nStorm,0,0,100\n",
        "distanceMatrix_scenarios.csv": "scenario,warehouse,drivingTime_hrs\n0,0,9\n0,1,2\n1,0,8\n1,1,1\n",
    }
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")


def test_a_small_esups(tmp_path):
    """20 and 40 buckets are needed; as they lie 10 go the short way in each disaster, best placed all do."""
    write_esups(tmp_path)
    found = co.prepare(esups.read_esups(tmp_path), gap=1e-9)
    assert found.objective == pytest.approx((20 * 2 + 40 * 1) / 2)
    assert found.figures["cost_as_it_lies"] == pytest.approx((10 * 2 + 10 * 9 + 10 * 1 + 30 * 8) / 2)
    assert found.prepared().stocks.query("quantity > 0")[["place", "quantity"]].to_numpy().tolist() == [
        ["warehouse 1", 40]
    ]
