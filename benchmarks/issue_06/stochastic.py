"""Two-stage programs of others by the generic solver: published optima and figures on information."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks import ROOT
from benchmarks.bars import Measured, Run
from benchmarks.issue_06.netdes import read_netdes
from coordination.solver import SolverOptions
from coordination.status import Status
from coordination.twostage import TwoStageProgram, information, read_smps, solve

DATA = ROOT.parent / "shared" / "data" / "stochastic"
TOLERANCE = 1e-4
FARMER = {"objective": -108390.0, "evpi": 7016.0, "vss": 1150.0}
"""Birge and Louveaux (2011), section 1.1: 500 acres that need not be whole."""
SERVERS = -121.60
"""SIPLIB, sslp_5_25_50."""


def published(run: Run) -> Measured:
    """Solve the farmer, server location and network design, and compare with what was published."""
    if not DATA.exists():
        return Measured(None, "the stochastic programs are not beside the repository")
    found = {"farmer": _row(solve(read_smps(DATA / "farmer"), options=_tight()), FARMER["objective"])}
    found |= {f"farmer {name}": row for name, row in _farmer().items()}
    if not run.quick:
        found["sslp_5_25_50"] = _row(solve(read_smps(DATA / "sslp_5_25_50")), SERVERS)
    for name, value in _netdes().items():
        program = read_netdes(DATA / "netdes" / f"{name}.dat")
        for method in ("extensive", "benders"):
            found[f"{name} {method}"] = _row(solve(program, method=method, options=_tight()), value)
    held = sum(row["holds"] for row in found.values())
    return Measured(held == len(found), f"{held} of {len(found)} within {TOLERANCE:g}", found)


def book_farmer(program: TwoStageProgram) -> TwoStageProgram:
    """Return the farmer as the book has it: the file has 500.5 acres, and whole ones."""
    first = replace(
        program.first, integrality=np.zeros_like(program.first.integrality), row_upper=np.array([500.0])
    )  # fmt: skip
    return replace(program, first=first)


def _farmer() -> dict[str, dict]:
    program = book_farmer(read_smps(DATA / "farmer"))
    answer = solve(program, method="benders", options=_tight())
    figures = information(program, answer, options=_tight())
    values = {"objective": answer.objective, "evpi": figures.evpi, "vss": figures.vss}
    return {name: _judged(value, FARMER[name]) for name, value in values.items()}


def _netdes() -> dict[str, float]:
    """Return the owner's optima."""
    lines = Path(DATA / "netdes" / "solutions.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split(",") for line in lines if line.strip()]
    return {name: float(upper) for name, upper, _ in rows}


def _tight() -> SolverOptions:
    return SolverOptions(gap=1e-6)


def _row(answer, published_value: float) -> dict:
    row = _judged(answer.objective, published_value) | {"method": answer.method, "gap": answer.gap}
    row["holds"] &= answer.status is Status.OPTIMAL
    return row


def _judged(value: float, published_value: float) -> dict:
    holds = abs(value - published_value) <= TOLERANCE * abs(published_value)
    return {"value": value, "published": published_value, "holds": bool(holds)}
