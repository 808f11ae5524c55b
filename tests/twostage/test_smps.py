"""SMPS files: the farmer, independent numbers and blocks, branches, and messages that name the line."""

from pathlib import Path

import numpy as np
import pytest

from coordination.errors import UsageError
from coordination.solver import SolverOptions
from coordination.solver import solve as solve_form
from coordination.twostage import Risk, information, read_smps, solve

from .programs import FARMER, write_farmer

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "stochastic"
TIGHT = SolverOptions(gap=1e-9)


def test_the_farmer(tmp_path):
    """Birge and Louveaux (2011), section 1.1: profit 108,390, EVPI 7,016, VSS 1,150; 170, 80 and 250 acres."""
    program = read_smps(write_farmer(tmp_path))
    for method in ("extensive", "benders"):
        answer = solve(program, method=method, options=TIGHT)
        assert answer.objective == pytest.approx(-108390, rel=1e-4)
        assert answer.x == pytest.approx([170, 80, 250], rel=1e-4)
    found = information(program, answer, options=TIGHT)
    assert found.evpi == pytest.approx(7016, rel=1e-4)
    assert found.vss == pytest.approx(1150, rel=1e-4)
    assert found.x_mean == pytest.approx([120, 80, 300], rel=1e-4)
    assert program.names == ("A1", "A2", "A3")


def test_a_farmer_afraid(tmp_path):
    """Weight on the worst third moves profit from the mean to the bad year, and the worst case more so."""
    program = read_smps(write_farmer(tmp_path))
    plain, worst = (solve(program, risk=Risk(weight=weight, level=0.7), options=TIGHT) for weight in (0.0, 1.0))
    total = [program.first.objective(answer.x) + answer.costs for answer in (plain, worst)]
    assert total[1][2] < total[0][2]
    assert program.probabilities @ total[1] > program.probabilities @ total[0]
    assert worst.objective == pytest.approx(total[1][2])


TOY = {
    "toy.cor": """NAME  TOY
OBJSENSE
    MAX
ROWS
 N  PROFIT
 L  MONEY
 L  ROOM
 E  BALANCE
 G  DEMAND
COLUMNS
    M1  'MARKER'  'INTORG'
    X   PROFIT  -2   MONEY  1
    X   ROOM    -1
    M2  'MARKER'  'INTEND'
    Y   PROFIT   5   ROOM   1
    Y   BALANCE  1
    Z   BALANCE -1
    Z   DEMAND   1
RHS
    R  MONEY  7   PROFIT  3
    R  DEMAND 1
RANGES
    R  DEMAND 4
BOUNDS
 UI B  X   6
 MI B  Z
ENDATA
""",
    "toy.tim": """TIME TOY
PERIODS EXPLICIT
    ONE
    TWO
COLUMNS
    X ONE
    Y TWO
    Z TWO
ROWS
    PROFIT ONE
    MONEY ONE
    ROOM TWO
    BALANCE TWO
    DEMAND TWO
ENDATA
""",
    "toy.sto": """STOCH TOY
INDEP DISCRETE
    R  DEMAND  1  TWO  0.25
    R  DEMAND  2  TWO  0.75
    Y  PROFIT  5  0.5
    Y  PROFIT  4  0.5
BLOCKS DISCRETE
 BL B  TWO  0.5
    X  ROOM  -1
    Y  BALANCE 1
 BL B  TWO  0.5
    X  ROOM  -0.5
ENDATA
""",
}


def write(folder, files):
    """Write files and return the folder."""
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_independent_numbers_and_blocks_combine(tmp_path):
    """Two numbers and a block of two: eight scenarios, each with its product of probabilities and its own numbers."""
    program = read_smps(write(tmp_path, TOY) / "toy.sto")
    assert len(program.scenarios) == 8
    assert program.probabilities == pytest.approx([0.0625] * 4 + [0.1875] * 4)
    first, last = program.scenarios[0], program.scenarios[-1]
    assert program.first.c == pytest.approx([2.0])
    assert program.first.offset == pytest.approx(3.0)
    assert program.first.integrality.tolist() == [1]
    assert (program.first.lb[0], program.first.ub[0]) == (0.0, 6.0)
    assert first.form.c == pytest.approx([-5, 0])
    assert last.form.c == pytest.approx([-4, 0])
    assert first.technology.toarray().ravel() == pytest.approx([-1, 0, 0])
    assert last.technology.toarray().ravel() == pytest.approx([-0.5, 0, 0])
    assert (last.form.row_lower[2], last.form.row_upper[2]) == (2.0, 6.0)
    assert last.form.lb[1] == -np.inf
    answer = solve(program, options=TIGHT)
    assert answer.objective == pytest.approx(-(-3 + sum(_best(s, answer.x[0]) for s in program.scenarios)), rel=1e-9)


def _best(scenario, x):
    """Return a scenario's part of the profit: sell all room, at most the demand's upper end."""
    room = min(-scenario.technology.toarray()[0, 0] * x, scenario.form.row_upper[2])
    return scenario.probability * (-2 * x - scenario.form.c[0] * room)


def test_draws_are_seeded(tmp_path):
    """Drawn scenarios are equally likely, the same for a seed, near the shares asked for."""
    folder = write(tmp_path, TOY)
    drawn = [read_smps(folder / "toy", draws=400, seed=seed) for seed in (1, 1, 2)]
    demand = [[one.form.row_lower[2] for one in program.scenarios] for program in drawn]
    assert demand[0] == demand[1] != demand[2]
    assert np.mean(np.array(demand[0]) == 2) == pytest.approx(0.75, abs=0.08)
    assert drawn[0].probabilities == pytest.approx(1 / 400)


def test_scenarios_branch(tmp_path):
    """A scenario that branches from another keeps what that one changed; ADD and MULTIPLY change what was there."""
    text = """STOCH TOY
SCENARIOS ADD
 SC A ROOT 0.5 TWO
    R DEMAND 2
 SC B A 0.5 TWO
    Y PROFIT -1
ENDATA
"""
    program = read_smps(write(tmp_path, TOY | {"toy.sto": text}) / "toy")
    assert [one.form.row_lower[2] for one in program.scenarios] == [3.0, 3.0]
    assert [one.form.c[0] for one in program.scenarios] == [-5.0, -4.0]


def test_the_core_is_what_highs_reads(tmp_path):
    """HiGHS's own reader and ours make the same program of the farmer's core."""
    import highspy

    write_farmer(tmp_path)
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    (tmp_path / "farmer.mps").write_text(FARMER["farmer.cor"], encoding="utf-8")
    highs.readModel(str(tmp_path / "farmer.mps"))
    highs.run()
    (tmp_path / "farmer.mps").unlink()
    from coordination.twostage import extensive_form

    program = read_smps(tmp_path / "farmer")
    mean = program.of([1])
    assert solve_form(extensive_form(mean)).objective == pytest.approx(highs.getInfo().objective_function_value)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("farmer.cor", "LAND           1.0\n", "GRASS          1.0\n", r"farmer.cor, line 9.*'GRASS' is none"),
        ("farmer.cor", "150.0", "much", r"line 9.*a number where 'much' stands"),
        ("farmer.cor", " UP BND       SELL3", " UX BND       SELL3", "line 25.*a bound of kind"),
        ("farmer.cor", "RHS\n", "RIGHT\n", "line 21: found 'RIGHT'; expected one of"),
        ("farmer.tim", "BUY1      WHEAT", "BUY9      WHEAT", "'BUY9' is none"),
        ("farmer.tim", "ENDATA", "    SELL1 BEETS THIRD\nENDATA", "found 3 periods; expected 2"),
        ("farmer.sto", "SCENARIOS     DISCRETE", "INDEP  NORMAL", "continuous distributions are not read"),
        ("farmer.sto", " SC MEAN      'ROOT'", " SC MEAN      LOST", "'LOST' is none"),
        ("farmer.sto", " SC MEAN", " SC GOOD", "this scenario is there already"),
        ("farmer.sto", "0.33333334", "0.4", "sum to 1.06666666; expected 1"),
        ("farmer.sto", "    A2        CORN", "    A2        LAND", "row 'LAND' of the first"),
        ("farmer.sto", "    A2        CORN", "    RHS       LAND", "row 'LAND' of the first"),
    ],
)  # fmt: skip
def test_wrong_files_are_named(tmp_path, file, old, new, message):
    """A wrong line is named with its file, what was found, what was expected."""
    write_farmer(tmp_path)
    text = (tmp_path / file).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(UsageError, match=message):
        read_smps(tmp_path / "farmer.cor")


def test_missing_files_are_named(tmp_path):
    """Without its time file a core says which file is missing."""
    write_farmer(tmp_path)
    (tmp_path / "farmer.tim").unlink()
    with pytest.raises(UsageError, match=r"found no time file beside it; expected farmer with \.tim or \.time"):
        read_smps(tmp_path / "farmer")


@pytest.mark.skipif(not SHARED.exists(), reason="the SMPS files are not beside the repository")
def test_the_given_farmer():
    """The given file's whole acres: the book's plan and profit."""
    answer = solve(read_smps(SHARED / "farmer"), method="benders", options=TIGHT)
    assert answer.objective == pytest.approx(-108390, rel=1e-4)
    assert answer.x == pytest.approx([170, 80, 250])


@pytest.mark.thorough
@pytest.mark.skipif(not SHARED.exists(), reason="the SMPS files are not beside the repository")
def test_the_given_server_location():
    """SIPLIB's sslp_5_25_50: -121.60, its whole recourse in the extensive form."""
    answer = solve(read_smps(SHARED / "sslp_5_25_50"))
    assert answer.objective == pytest.approx(-121.60, rel=1e-4)
    assert "whole numbers" in answer.log[0]
