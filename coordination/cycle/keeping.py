"""Steps of a simulation kept on disk, so that an interruption loses none: each all or nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from coordination.errors import UsageError
from coordination.instance import Instance, load
from coordination.instance.writing import write_csv
from coordination.plans import Plan
from coordination.replacing import replacing
from coordination.simulation import Position, Step
from coordination.simulation.believing import Seen

RUN_FILE = "run.json"
STEP_FILE = "step.json"
HOURS = ("promised", "given", "covered")
RECORD: Mapping[str, type] = {"task": str, "party": str, "role": str, "period": int} | dict.fromkeys(HOURS, float)


def open_steps(folder: Path, run: Mapping[str, Any]) -> tuple[Step, ...]:
    """Return the steps that were kept of a run; the folder is made where there is none.

    Parameters
    ----------
    folder : Path
        Where they are kept.
    run : mapping
        What the run depends on: only steps of the same are taken up.

    Raises
    ------
    UsageError
        The folder is of another run, or of something else.
    """
    file = folder / RUN_FILE
    if not folder.exists():
        with replacing(folder) as made:
            (made / RUN_FILE).write_text(_text(run), encoding="utf-8", newline="")
        return ()
    if not file.is_file() or json.loads(file.read_text(encoding="utf-8")) != json.loads(_text(run)):
        raise UsageError(
            f"{folder}: found steps of another run, or other files; expected those of this run, or nothing. Remove it, "
            "or choose another --out."
        )
    return tuple(_read(path) for path in sorted(folder.iterdir()) if (path / STEP_FILE).is_file())


def keep_step(folder: Path, step: Step) -> None:
    """Write a step.

    Parameters
    ----------
    folder : Path
        As given to `open_steps`.
    step : Step
        The last one played.
    """
    with replacing(folder / f"{step.start:05d}") as target:
        step.plan.save(target / "plan", for_people=False)
        step.done.save(target / "done", for_people=False)
        write_csv(step.record, target / "record.csv")
        told: dict[str, Any] = {"start": step.start, "periods": step.periods, "news": list(step.news)}
        if step.after is not None:
            step.after.believed.save(target / "believed")
            step.after.true.save(target / "true")
            seen = step.after.seen
            told |= {"next": step.after.start, "ratios": dict(seen.ratios), "seen": dict(seen.periods)}
            told |= {"scenario": step.after.true.scenario}
        (target / STEP_FILE).write_text(_text(told), encoding="utf-8", newline="")


def _read(folder: Path) -> Step:
    told = json.loads((folder / STEP_FILE).read_text(encoding="utf-8"))
    record = pd.read_csv(folder / "record.csv", dtype=RECORD, keep_default_na=False)
    after = None
    if "next" in told:
        states = [_state(folder / name, told["scenario"]) for name in ("believed", "true")]
        after = Position(told["next"], states[0], states[1], Seen(told["ratios"], told["seen"]))
    plans = [Plan.load(folder / name) for name in ("plan", "done")]
    return Step(told["start"], told["periods"], plans[0], plans[1], record, tuple(told["news"]), after)


def _state(folder: Path, scenario: str | None) -> Instance:
    return load(folder).under(scenario)


def _text(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
