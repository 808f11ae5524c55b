"""Published cooperative games: nucleolus and Shapley value as printed."""

import json

import numpy as np

from benchmarks import ROOT
from benchmarks.bars import Measured, Run

FILE = ROOT.parent / "shared" / "data" / "coop-games" / "games.json"
"""Beside the repository; its layout is that of the tests."""
EXACT = 1e-9


def published(_: Run) -> Measured:
    """Solve every game of the file and compare with what is printed of it."""
    from coordination.settlement.games import nucleolus, shapley
    from tests.settlement.games.test_published import game_of

    if not FILE.is_file():
        return Measured(None, "no published games beside the repository")
    found = []
    for entry in json.loads(FILE.read_text(encoding="utf-8"))["games"]:
        game, sign = game_of(entry)
        for name, solve in (("nucleolus", nucleolus), ("shapley", shapley)):
            if name in entry:
                off = np.abs(sign * solve(game).shares - np.array(entry[name])).max() / np.abs(entry[name]).max()
                found.append({"game": entry["id"], "value": name, "off": float(off)})
    worst = max(one["off"] for one in found)
    return Measured(worst <= EXACT, f"{len(found)} values, at most {worst:.1e} off", {"values": found})
