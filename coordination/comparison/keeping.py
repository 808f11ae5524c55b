"""Finished draws kept on disk, one file each, so that an interruption loses none."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from coordination.errors import UsageError
from coordination.replacing import replacing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

RUN_FILE = "run.json"


def open_draws(folder: Path, run: Mapping[str, Any]) -> dict[int, dict[str, Any]]:
    """Return draws that were kept of a run, by number; the folder is made where there is none.

    Parameters
    ----------
    folder : Path
        Where they are kept.
    run : mapping
        What they depend on; how many are asked for does not count.

    Raises
    ------
    UsageError
        The folder is of another run, or of something else.
    """
    file, text = folder / RUN_FILE, json.dumps(run, sort_keys=True)
    if not folder.exists():
        with replacing(folder) as made:
            (made / RUN_FILE).write_text(text, encoding="utf-8")
        return {}
    if not file.is_file() or file.read_text(encoding="utf-8") != text:
        raise UsageError(
            f"{folder}: found draws of another run, or other files; expected those of this run, or nothing. Remove it, "
            "or choose another --out."
        )
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("draw-*.json"))]
    return {int(draw["draw"]): draw for draw in found}


def keep_draw(folder: Path, draw: Mapping[str, Any]) -> None:
    """Write a draw: whole, or not at all."""
    target = folder / f"draw-{draw['draw']:06d}.json"
    part = target.with_suffix(".part")
    with part.open("w", encoding="utf-8") as file:
        json.dump(draw, file, sort_keys=False)
        file.flush()
        os.fsync(file.fileno())
    part.replace(target)
