"""Which algorithm: by the measured table, its own or another; side by side where asked for and open."""

import json
import threading
import time

import numpy as np
import pytest
import scipy.sparse as sp

from coordination.errors import UsageError
from coordination.solver import SolverOptions, solve
from coordination.solver.algorithms import attempts, undecided
from coordination.solver.kinds import kind_of
from coordination.solver.table import OWN, Entry, Table, parsed, table, written
from coordination.status import Status

from .programs import INF, knapsacks, program, transport


@pytest.fixture
def own_table(tmp_path, monkeypatch):
    """Write a table of these seconds for flow programs, by algorithm, and use it."""

    def use(columns=1260, crossover=True, **seconds):
        entries = [Entry("flow", columns, 1, 1, name, crossover, 1, value) for name, value in seconds.items()]
        file = tmp_path / "table.json"
        file.write_text(written(Table({"measured": "for this test"}, tuple(entries))), encoding="utf-8")
        monkeypatch.setenv(OWN, str(file))

    return use


def two_stages(scenarios=12, seed=0):
    """Return copies of a transport program that share their first columns."""
    one = transport(sources=4, sinks=9, seed=seed)
    now, later = one.matrix[:, :4], one.matrix[:, 4:]
    whole = sp.hstack([sp.vstack([now] * scenarios), sp.block_diag([later] * scenarios)])
    costs = np.concatenate([one.c[:4], np.tile(one.c[4:] / scenarios, scenarios)])
    return program(whole.toarray(), costs, np.tile(one.row_lower, scenarios), np.tile(one.row_upper, scenarios))


def test_kinds_are_told_from_the_matrix():
    """A transport program is a flow, its copies with a common first stage are two-stage, long columns are general."""
    assert kind_of(transport()) == "flow"
    assert kind_of(two_stages()) == "two-stage"
    assert kind_of(program(np.ones((20, 3)), [1, 1, 1], np.ones(20), np.full(20, INF))) == "general"
    assert kind_of(knapsacks(items=5, limits=2)) == "mixed-integer"
    assert kind_of(program(np.zeros((0, 1)), [1.0], [], [])) == "general"


def test_the_shipped_table_covers_every_kind():
    """Every kind has an algorithm that ended in time at every size; the file says where and when."""
    shipped = table()
    assert {entry.kind for entry in shipped.entries} == {"flow", "two-stage", "general"}
    assert shipped.circumstances["versions"]["highspy"]
    assert shipped.circumstances["measured"] and shipped.circumstances["machine"]
    for entry in shipped.entries:
        assert np.isfinite(shipped.estimates(entry.kind, entry.columns, crossover=True)[0].seconds)


def test_a_table_is_read_as_it_was_written():
    """What `written` writes, `parsed` reads."""
    assert parsed(written(table())) == table()


def test_small_programs_go_to_simplex_and_whole_numbers_to_branching():
    """By the shipped table; other algorithms follow, each once."""
    choices = attempts(transport(), SolverOptions())
    assert choices[0].algorithm == "simplex"
    assert "flow program of 1,260 columns" in choices[0].reason
    assert len({choice.algorithm for choice in choices}) == len(choices) >= 2
    assert [choice.algorithm for choice in attempts(knapsacks(items=5, limits=2), SolverOptions())] == ["mip"]


def test_seconds_between_and_beyond_sizes():
    """Sizes that were not measured are read off lines in logarithms; what did not end in time has no line."""
    entries = [Entry("flow", n, 1, 1, "simplex", True, 1, s) for n, s in ((10, 1.0), (1000, 100.0))]
    entries += [Entry("flow", n, 1, 1, "ipx", True, 1, s) for n, s in ((10, 2.0), (1000, None))]
    measured = Table({}, tuple(entries))

    def seconds(columns):
        return {one.algorithm: one.seconds for one in measured.estimates("flow", columns, crossover=True)}

    assert seconds(100)["simplex"] == pytest.approx(10.0)
    assert seconds(10_000)["simplex"] == pytest.approx(1000.0)
    assert seconds(1) == pytest.approx({"simplex": 0.1, "ipx": 0.2})
    assert seconds(100)["ipx"] == INF
    assert measured.estimates("general", 100, crossover=True) == []


def test_another_table_is_used(own_table):
    """The environment names a table; the choice follows it, and the log says what it says."""
    own_table(simplex=9.0, ipx=3.0)
    solution = solve(transport())
    assert solution.algorithm == "ipx"
    assert "ipx 3 s, simplex 9 s" in solution.log[0]


def test_an_inner_point_is_preferred_where_no_vertex_is_wanted(own_table):
    """Without crossover the simplex method has to be twice as quick."""
    own_table(crossover=False, simplex=2.0, ipx=3.0)
    assert attempts(transport(), SolverOptions(crossover=False))[0].algorithm == "ipx"
    own_table(crossover=True, simplex=2.0, ipx=3.0)
    assert attempts(transport(), SolverOptions(crossover=True))[0].algorithm == "simplex"


@pytest.mark.parametrize("text", ["{}", "no table", json.dumps({"entries": [{"kind": "flow"}]})])
def test_a_file_that_is_no_table_is_refused(tmp_path, monkeypatch, text):
    """The message names the variable and the file."""
    file = tmp_path / "broken.json"
    file.write_text(text, encoding="utf-8")
    monkeypatch.setenv(OWN, str(file))
    with pytest.raises(UsageError, match=f"{OWN}.*broken.json"):
        solve(transport())


def test_probing_is_for_those_who_ask_and_where_it_pays(own_table, monkeypatch):
    """Never by default, with one thread, with an algorithm named, for quick programs, or where one is far ahead."""
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    form, ask = transport(), SolverOptions(probe=True)
    own_table(simplex=10.0, ipx=12.0)
    assert [choice.algorithm for choice in undecided(form, ask)] == ["simplex", "ipx"]
    for options in (SolverOptions(), SolverOptions(probe=True, threads=1), SolverOptions(probe=True, algorithm="ipx")):
        assert undecided(form, options) == []
    assert undecided(knapsacks(items=5, limits=2), ask) == []


@pytest.mark.parametrize("seconds", [{"simplex": 0.1, "ipx": 0.1}, {"simplex": 10.0, "ipx": 30.0}, {"simplex": 10.0}])
def test_nothing_is_probed_where_it_does_not_pay(own_table, seconds):
    """Quick programs, or one algorithm far ahead."""
    own_table(**seconds)
    assert undecided(transport(), SolverOptions(probe=True, threads=2)) == []


def test_a_probe_gives_what_a_solve_gives(own_table):
    """Two algorithms side by side end with the optimum, one thread each, and the log says which was first."""
    own_table(simplex=10.0, ipx=12.0)
    seen = []
    form = transport(60, 200)
    solution = solve(form, options=SolverOptions(probe=True, threads=2), on_progress=seen.append)
    assert solution.status is Status.OPTIMAL
    assert not solution.interrupted
    assert solution.objective == pytest.approx(solve(form).objective, rel=1e-6)
    assert any("side by side" in line for line in solution.log)
    assert any("was first" in line for line in solution.log)


def test_a_probe_of_an_infeasible_program_is_confirmed(own_table):
    """No runner's word is enough: the ordinary attempts follow."""
    own_table(simplex=10.0, ipx=12.0)
    form = program([[1, 1], [1, 1]], [1, 2], [3, -INF], [INF, 2])
    solution = solve(form, options=SolverOptions(probe=True, threads=2))
    assert solution.status is Status.INFEASIBLE
    assert any("confirmed without presolve" in line for line in solution.log)


def test_a_probe_can_be_stopped(own_table):
    """An event stops both runners."""
    own_table(simplex=10.0, ipx=12.0)
    stop = threading.Event()
    stop.set()
    began = time.monotonic()
    solution = solve(transport(100, 400), options=SolverOptions(probe=True, threads=2), stop=stop)
    assert time.monotonic() - began < 30
    assert solution.interrupted or solution.status is Status.OPTIMAL
