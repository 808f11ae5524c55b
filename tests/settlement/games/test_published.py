"""Games with published solutions: those beside the repository, and classics worked out by hand."""

import json
from pathlib import Path

import numpy as np
import pytest

from coordination.settlement.games import (
    ListedGame,
    bankruptcy,
    check_core,
    equal_profit,
    gains,
    least_core,
    nash_bargaining,
    nucleolus,
    shapley,
)

FILE = Path(__file__).parents[4] / "shared" / "data" / "coop-games" / "games.json"


def published():
    """Return the games in the folder beside the repository; none where there is no such folder."""
    return json.loads(FILE.read_text(encoding="utf-8"))["games"] if FILE.is_file() else []


def game_of(entry):
    """Return a published game as a game, and the sign that turns its cost shares into what is printed."""
    if entry["kind"] == "bankruptcy":
        return bankruptcy(entry["claims"], entry["estate"]), -1.0
    players = [str(number + 1) for number in range(entry["n"])]
    worths = dict(zip(entry["order"], entry["v"], strict=True))
    if entry["kind"] == "gain":
        return gains(players, worths), -1.0
    costs = {sum(1 << players.index(name) for name in coalition): cost for coalition, cost in worths.items()}
    return ListedGame(players, costs), 1.0


@pytest.mark.skipif(not published(), reason="no published games beside the repository")
def test_published_values():
    """Nucleolus and Shapley value equal what is printed, of every game in the file."""
    for entry in published():
        game, sign = game_of(entry)
        if "nucleolus" in entry:
            assert sign * nucleolus(game).shares == pytest.approx(entry["nucleolus"], rel=1e-9), entry["id"]
        if "shapley" in entry:
            assert sign * shapley(game).shares == pytest.approx(entry["shapley"], rel=1e-9), entry["id"]


@pytest.mark.parametrize(("estate", "awards"), [(100, [100 / 3] * 3), (200, [50, 75, 75]), (300, [50, 100, 150]),
                                                (400, [50, 125, 225]), (450, [50, 150, 250])])  # fmt: skip
def test_talmud(estate, awards):
    """Estates among claims of 100, 200, 300 are divided as the Talmud's rule does (Aumann and Maschler 1985)."""
    assert -nucleolus(bankruptcy([100, 200, 300], estate)).shares == pytest.approx(awards)


def test_gloves():
    """Two left gloves, one right: the core and the nucleolus give all to the right one, Shapley two thirds."""
    game = gains("abr", {"ar": 1.0, "br": 1.0, "abr": 1.0})
    assert -nucleolus(game).shares == pytest.approx([0.0, 0.0, 1.0])
    assert -shapley(game).shares == pytest.approx([1 / 6, 1 / 6, 2 / 3])
    assert least_core(game).epsilon == pytest.approx(0.0, abs=1e-9)
    assert check_core(game, shapley(game).shares).excess == pytest.approx(1 / 6)


def test_airport():
    """A runway for planes of 3, 6, 9: Shapley shares each stretch among its users; the nucleolus by Littlechild.

    Littlechild (1974): the first group pays min over k of c_k / (k + 1), here min(3/2, 6/3, ...) = 1.5, then the rest
    alike: 1.5, 3 - 0.75 = 2.25 (as (6 - 1.5) / 2), 5.25.
    """
    game = ListedGame("abc", lambda s: [0, 3, 6, 6, 9, 9, 9, 9][s])
    assert shapley(game).shares == pytest.approx([1.0, 2.5, 5.5])
    assert nucleolus(game).shares == pytest.approx([1.5, 2.25, 5.25])


def test_empty_core():
    """Three players, any two of whom win all: the core is empty, epsilon a third."""
    game = gains("abc", {"ab": 1.0, "ac": 1.0, "bc": 1.0, "abc": 1.0})
    assert least_core(game).epsilon == pytest.approx(1 / 3)
    assert -nucleolus(game).shares == pytest.approx([1 / 3] * 3)
    found = check_core(game, np.array([-0.5, -0.5, 0.0]))
    assert found.excess == pytest.approx(0.5)
    assert len(found.coalition) == 2 and not found.holds(0.1)


def test_equal_profit():
    """Costs alone 10, 20, 30, joint 48, nothing for pairs: everybody saves a fifth."""
    game = ListedGame("abc", lambda s: [0, 10, 20, 30, 30, 40, 50, 48][s])
    found = equal_profit(game)
    assert found.shares == pytest.approx([8.0, 16.0, 24.0])
    assert found.spread == pytest.approx(0.0, abs=1e-8)


def test_nash_bargaining():
    """Without coalitions between, everybody saves the same; where a pair can save 9 of 12 alone, it keeps that."""
    game = ListedGame("abc", lambda s: [0, 10, 20, 30, 30, 40, 50, 48][s])
    assert nash_bargaining(game).shares == pytest.approx([6.0, 16.0, 26.0], abs=1e-6)
    pair = ListedGame("abc", lambda s: [0, 10, 20, 21, 30, 40, 50, 48][s])
    assert nash_bargaining(pair).shares == pytest.approx([5.5, 15.5, 27.0], abs=1e-6)


def test_one_player():
    """One player pays the cost; there is nobody to leave."""
    game = ListedGame("a", [0.0, 7.0])
    for shares in (nucleolus(game).shares, shapley(game).shares, equal_profit(game).shares,
                   nash_bargaining(game).shares, least_core(game).shares):  # fmt: skip
        assert shares == pytest.approx([7.0])
    assert check_core(game, np.array([7.0])).coalition == ()
