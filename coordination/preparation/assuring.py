"""Limits on need that stays unmet: their variables in the first stage, and their rows in every scenario."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import scipy.sparse as sp

from coordination.errors import InstanceError, Problem
from coordination.twostage import Scenario, TwoStageProgram, solve
from coordination.twostage.risk import cvar

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from coordination.compilation import MatrixForm
    from coordination.instance import Instance
    from coordination.preparation.first_stage import FirstStage
    from coordination.preparation.second_stage import SecondStage
    from coordination.solver import SolverOptions

    Floats = NDArray[np.float64]

TIED = ("assured", "threshold", "excess")
"""Variables of the first stage that tie the responses of scenarios together, and are no decision before the event."""

ROUNDING = 1e-6
"""Part of the need by which a limit may be missed: what verification counts as rounding."""

WHOLE = 1e-9
"""Distance to a whole probability, or a limit, that is rounding."""


def assurance_data(instance: Instance) -> dict[str, Any]:
    """Return the data of `coordination_models.assurance`.

    Parameters
    ----------
    instance : Instance
        With tables ``assurances`` and ``scenarios``.
    """
    rows, p = instance.assurances, _probabilities(instance)
    if rows.empty:
        return {}
    possible = np.flatnonzero(p > 0)
    chances = np.flatnonzero(rows["probability"].notna().to_numpy())
    tails = np.flatnonzero(rows["level"].notna().to_numpy())
    level = rows["level"].to_numpy(dtype=float)[tails]
    worst = level >= 1.0
    weight = np.where(worst, 0.0, 1.0 / np.where(worst, 1.0, 1.0 - level))
    assured, exceeded = _pairs(chances, possible), _pairs(tails, possible)
    return {
        "ASSURED": assured,
        "CHANCES": pd.Index(chances),
        "ASSURED_IN": _own(assured),
        "chance": pd.Series(np.tile(p[possible], len(chances)), assured),
        "least_probability": pd.Series(
            np.maximum(0.0, rows["probability"].to_numpy(dtype=float)[chances] - WHOLE), pd.Index(chances)
        ),
        "EXCEEDED": exceeded,
        "TAILS": pd.Index(tails),
        "EXCEEDED_IN": _own(exceeded),
        "tail_weight": pd.Series(np.outer(weight, p[possible]).ravel(), exceeded),
        "most_excess": pd.Series(np.repeat(np.where(worst, 0.0, 1.0), len(possible)), exceeded),
        "most_unmet": pd.Series(rows["unmet"].to_numpy(dtype=float)[tails], pd.Index(tails)),
    }


def _probabilities(instance: Instance) -> Floats:
    given = instance.scenarios["probability"].to_numpy(dtype=float)
    return given / given.sum() if len(given) else np.ones(1)


def _pairs(rows: Any, scenarios: Any) -> pd.MultiIndex:
    return pd.MultiIndex.from_arrays(
        [np.repeat(rows, len(scenarios)).astype(np.int64), np.tile(scenarios, len(rows)).astype(np.int64)]
    )


def _own(pairs: pd.MultiIndex) -> pd.DataFrame:
    """Return the pairs by their assurance."""
    from coordination.planning.supply_data import relation

    row, scenario = (pairs.get_level_values(level).to_numpy() for level in (0, 1))
    return relation(pd.DataFrame({"of": row, "row": row, "scenario": scenario}), ["of"], ["row", "scenario"])


@dataclasses.dataclass(frozen=True)
class Share:
    """What one assurance counts in one scenario.

    Attributes
    ----------
    need : float
        Tonnes over the horizon, waiting need included.
    columns : ndarray of int
        Columns of the scenario's program that serve it.
    tonnes : ndarray
        Tonnes of a unit served, of each.
    """

    need: float
    columns: NDArray[np.int64]
    tonnes: Floats

    def unmet(self, values: Floats) -> float:
        """Return the tonnes that stay unmet."""
        return max(0.0, self.need - float(self.tonnes @ values[self.columns]))


def share_of(one: SecondStage, row: Any) -> Share:
    """Return what an assurance counts in a scenario.

    Parameters
    ----------
    one : SecondStage
        The response to the scenario.
    row : mapping
        Of table ``assurances``.
    """
    case = one.model.case
    keys, waiting, coding = case.waiting.keys, case.waiting, case.coding
    counted = np.ones(len(keys), dtype=bool)
    if isinstance(row["group"], str):
        counted &= coding.groups[keys["group"].to_numpy(dtype=int)] == row["group"]
    if isinstance(row["commodity"], str):
        counted &= coding.commodities[keys["commodity"].to_numpy(dtype=int)] == row["commodity"]
    if isinstance(row["zone"], str):
        ancestry = coding.ancestry
        inside = ancestry.loc[ancestry["above"] == coding.zones.get_loc(row["zone"]), "zone"].to_numpy()
        counted &= np.isin(coding.place_zone[keys["place"].to_numpy(dtype=int)], inside)
    need = (waiting.need.sum(axis=1) + waiting.start) * case.tonnes[keys["commodity"].to_numpy(dtype=int)]
    labels = one.form.variables.get("serve")
    if labels is None:
        return Share(float(need[counted].sum()), np.zeros(0, dtype=np.int64), np.zeros(0))
    place, batch, group = (labels.index.get_level_values(level).to_numpy(dtype=int) for level in range(3))
    commodity = case.batches.commodity[batch]
    known = pd.MultiIndex.from_frame(keys.loc[counted, ["place", "commodity", "group"]].astype(np.int64))
    wanted = known.get_indexer(pd.MultiIndex.from_arrays([place, commodity, group])) >= 0
    columns = np.arange(labels.slice.start, labels.slice.stop)[wanted]
    return Share(float(need[counted].sum()), columns, case.batch_tonnes[batch[wanted]])


def with_assurances(one: SecondStage, number: int, first: FirstStage) -> Scenario:
    """Return a scenario of a two-stage program, the rows of all assurances in it.

    Parameters
    ----------
    one : SecondStage
        The response to it.
    number : int
        Of the scenario, in the order of their table.
    first : FirstStage
        The first stage, with the variables of the assurances.
    """
    scenario = one.scenario(first)
    own: list[tuple[Share, float, dict[int, float]]] = []
    for row, assurance in enumerate(_records(first.instance)):
        share, key = share_of(one, assurance), (row, number)
        if share.need <= 0.0 or one.probability <= 0.0:
            continue
        if not pd.isna(assurance["probability"]):
            own.append((share, 0.0, {_column(first, "assured", key): -(1.0 - assurance["unmet"]) * share.need}))
        else:
            tail = {_column(first, "threshold", row): share.need, _column(first, "excess", key): share.need}
            own.append((share, share.need, tail))
    return _with_rows(scenario, own) if own else scenario


def _records(instance: Instance) -> list[Any]:
    """Return the rows of table ``assurances`` as mappings."""
    return list(instance.assurances.to_dict("records"))


def _column(first: FirstStage, name: str, key: Any) -> int:
    labels = first.form.variables[name]
    return int(labels.slice.start + labels.index.get_loc(key))


def _with_rows(scenario: Scenario, own: list[tuple[Share, float, dict[int, float]]]) -> Scenario:
    """Return a scenario with more rows: what is served, and what the first stage adds, is at least a number."""
    form, count = scenario.form, len(own)
    shape, first = (count, form.columns), scenario.technology.shape[1]
    row = np.concatenate([np.full(len(share.columns), at) for at, (share, _, _) in enumerate(own)])
    column = np.concatenate([share.columns for share, _, _ in own])
    tonnes = np.concatenate([share.tonnes for share, _, _ in own])
    serve = sp.csc_array((tonnes, (row.astype(np.int64), column.astype(np.int64))), shape=shape)
    entries = [(at, key, value) for at, (_, _, tied) in enumerate(own) for key, value in tied.items()]
    at, keys, values = (np.array(part) for part in zip(*entries, strict=True))
    tied = sp.csc_array((values, (at, keys)), shape=(count, first))
    matrix = sp.csc_array(sp.vstack([form.matrix, serve], format="csc"))
    matrix.sort_indices()
    return dataclasses.replace(
        scenario,
        technology=sp.csc_array(sp.vstack([scenario.technology, tied], format="csc")),
        form=dataclasses.replace(
            form,
            start=matrix.indptr.astype(np.int32),
            index=matrix.indices.astype(np.int32),
            value=np.asarray(matrix.data, dtype=np.float64),
            row_lower=np.concatenate([form.row_lower, [lower for _, lower, _ in own]]),
            row_upper=np.concatenate([form.row_upper, np.full(count, np.inf)]),
        ),
    )


def eased(scenario: Scenario, bare: int) -> Scenario:
    """Return a scenario whose assurances may be missed by rounding: for answering it after a first stage that is given.

    Parameters
    ----------
    scenario : Scenario
        As `with_assurances` makes it.
    bare : int
        Rows that it has without assurances.
    """
    form, lower = scenario.form, scenario.form.row_lower.copy()
    if form.rows == bare:
        return scenario
    largest = abs(scenario.technology[bare:]).max(axis=1).toarray().ravel()
    lower[bare:] -= ROUNDING / 2 * np.maximum(1.0, largest)
    return dataclasses.replace(scenario, form=dataclasses.replace(form, row_lower=lower))


def tied_columns(first: FirstStage) -> NDArray[np.bool_]:
    """Return which columns of the first stage only tie responses together, shape (columns,).

    Parameters
    ----------
    first : FirstStage
        The first stage.
    """
    tied = np.zeros(first.form.columns, dtype=bool)
    for name in TIED:
        tied[first.column(name)] = True
    return tied


def assured_table(
    first: FirstStage, stages: list[SecondStage], values: list[Floats]
) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """Return what each assurance counts in each scenario, and what comes of it over all.

    Parameters
    ----------
    first : FirstStage
        With the instance whose assurances they are.
    stages : list of SecondStage
        The scenarios.
    values : list of ndarray
        Of each scenario's columns.

    Returns
    -------
    table : DataFrame
        ``row`` of table ``assurances`` (its line), ``scenario``, ``need`` and ``unmet`` (tonnes).
    told : list of dict
        ``row``, ``limit`` on the share, ``measure`` (probability or level), ``asked`` of it, ``found``: the probability
        with which the limit is kept, or CVaR of the share.
    """
    p, rows, told = np.array([one.probability for one in stages]), [], []
    for number, row in enumerate(_records(first.instance), start=2):
        shares = [share_of(one, row) for one in stages]
        need = np.array([share.need for share in shares])
        unmet = np.array([share.unmet(y) for share, y in zip(shares, values, strict=True)])
        names = [one.name for one in stages]
        rows.append(pd.DataFrame({"row": number, "scenario": names, "need": need, "unmet": unmet}))
        share = unmet / np.where(need > 0.0, need, 1.0)
        kept = unmet <= row["unmet"] * need + ROUNDING * np.maximum(1.0, need)
        chance = not pd.isna(row["probability"])
        told.append(
            {
                "row": number,
                "limit": float(row["unmet"]),
                "measure": "probability" if chance else "level",
                "asked": float(row["probability"] if chance else row["level"]),
                "found": float(p[kept].sum()) if chance else cvar(share, p, float(row["level"])),
            }
        )
    columns = ["row", "scenario", "need", "unmet"]
    return (pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=columns)), told


def said(row: Any) -> str:
    """Return what an assurance is about, for people.

    Parameters
    ----------
    row : mapping
        Of table ``assurances``.
    """
    of = f" of {row['commodity']}" if isinstance(row["commodity"], str) else ""
    who = f" of group {row['group']}" if isinstance(row["group"], str) else ""
    where = f" in {row['zone']}" if isinstance(row["zone"], str) else ""
    return f"at most {100 * row['unmet']:g} % of the need{of}{who}{where} unmet"


def refuse_out_of_reach(first: FirstStage, program: TwoStageProgram, options: SolverOptions) -> None:
    """Say which assurances nothing that may be done keeps, after no first stage was found that keeps all of them.

    Parameters
    ----------
    first : FirstStage
        The first stage.
    program : TwoStageProgram
        First stage and scenarios.
    options : SolverOptions
        Of the solver.

    Raises
    ------
    InstanceError
        If each alone, or all together, cannot be kept; it says what can be reached.
    """
    rows, problems = _records(first.instance), []
    for number, row in enumerate(rows):
        chance = not pd.isna(row["probability"])
        column, asked = ("probability", row["probability"]) if chance else ("unmet", row["unmet"])
        reached = _reached(first, program, number, options, chance=chance)
        short = reached < asked - 1e-6 if chance else reached > asked + 1e-6
        if short:
            reach = f"at most {reached:.6g}" if chance else f"at least {reached:.6g}"
            advice = f"That is the best that can be reached with all that may be done: {said(row)}."
            problems.append(Problem("assurances", number + 2, column, f"{asked:g}", reach, advice))
    if len(rows) and not problems:
        advice = "Each alone can be kept: ask for less, or allow more money, purchases, options or standby."
        problems = [Problem("assurances", None, None, f"{len(rows)} rows", "assurances that hold together", advice)]
    if problems:
        raise InstanceError(problems)


def _reached(
    first: FirstStage, program: TwoStageProgram, number: int, options: SolverOptions, *, chance: bool
) -> float:
    """Return the greatest probability, or the least CVaR, that one assurance alone can have."""
    form = first.form
    c, lower, upper = np.zeros_like(form.c), form.row_lower.copy(), form.row_upper.copy()
    lower[_rows(form, "often_enough")] = 0.0
    upper[_rows(form, "worst_share")] = np.inf
    data = assurance_data(first.instance)
    if chance:
        for key, p in data["chance"].items():
            if key[0] == number:
                c[_column(first, "assured", key)] = -p
    else:
        c[_column(first, "threshold", number)] = 1.0
        for key, weight in data["tail_weight"].items():
            if key[0] == number:
                c[_column(first, "excess", key)] = weight
    worst = first.column("worst")
    lb, ub = form.lb.copy(), form.ub.copy()
    lb[worst] = ub[worst] = 0.0
    nothing = tuple(
        dataclasses.replace(one, form=dataclasses.replace(one.form, c=0.0 * one.form.c, offset=0.0))
        for one in program.scenarios
    )
    bare = dataclasses.replace(form, c=c, row_lower=lower, row_upper=upper, lb=lb, ub=ub, offset=0.0)
    found = solve(dataclasses.replace(program, first=bare, scenarios=nothing), method="extensive", options=options)
    return abs(found.objective) + 0.0


def _rows(form: MatrixForm, name: str) -> slice:
    labels = form.constraints.get(name)
    return labels.slice if labels is not None else slice(0, 0)
