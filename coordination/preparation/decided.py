"""The first stage as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.preparation.assuring import tied_columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.preparation.first_stage import FirstStage

DUST = 1e-6
"""Units, hours or vehicles below which nothing is decided: numerical noise."""


def cleaned(first: FirstStage, x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a first stage with whole options and without dust.

    Parameters
    ----------
    first : FirstStage
        What may be decided.
    x : ndarray
        (columns,) values.
    """
    x = np.clip(x, first.form.lb, first.form.ub)
    whole = first.form.integrality > 0
    x[whole] = np.round(x[whole])
    dust = np.abs(x) < DUST
    dust[tied_columns(first)] = False
    x[dust] = 0.0
    return x


def first_stage_table(first: FirstStage, x: NDArray[np.float64]) -> pd.DataFrame:
    """Return what is decided: ``what``, ``place``, ``party``, ``commodity``, ``quantity``, ``money``, and how.

    Parameters
    ----------
    first : FirstStage
        What may be decided.
    x : ndarray
        (columns,) values, cleaned.
    """
    options, purchases, moves, standby = first.options, first.purchases, first.moves, first.standby
    rotations = first.rotations
    taken, bought, moved, stood, rotated = (
        x[first.column(name)] for name in ("take", "buy", "move", "stand", "rotate")
    )
    periods = first.case.periods
    owner = first.instance.places.set_index("place")["owner"]
    parts = [
        options[["place"]].assign(
            what="option", party=owner.reindex(options["place"]).to_numpy(), commodity=None,
            quantity=options["capacity"] * taken, money=options["money"] * taken,
            id=options["use"] + ";" + options["size"], done=taken > 0,
        ),
        purchases[["place", "commodity"]].assign(
            what="purchase", party=purchases["owner"], quantity=bought, money=bought * purchases["unit_money"],
            done=bought > 0,
        ),
        moves[["place", "commodity", "origin", "expires"]].assign(
            what="move", party=moves["owner"], quantity=moved, money=moved * moves["money"], id=moves["fleet"],
            done=moved > 0,
        ),
        standby[["party"]].assign(
            what="standby", place=None, commodity=None, quantity=stood,
            money=stood * standby["unit_money"] * periods, id=standby["fleet"].fillna(standby["skill"]), done=stood > 0,
        ),
        rotations[["place", "commodity", "expires"]].assign(
            what="rotation", party=rotations["owner"], quantity=rotated, money=rotated * rotations["money"],
            id=rotations["taker"], done=rotated > 0,
        ),
    ]  # fmt: skip
    kept = [part[part["done"].astype(bool)].drop(columns="done") for part in parts]
    kept = [part.dropna(axis=1, how="all") for part in kept if len(part)]
    columns = ["what", "place", "party", "commodity", "quantity", "money", "origin", "id", "expires"]
    table = pd.concat(kept, ignore_index=True) if kept else pd.DataFrame(columns=columns)
    return table.reindex(columns=columns)
