"""Where commands write instances: nothing is replaced but the same instance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coordination.errors import CoordinationError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from coordination.instance import Instance


def refuse_other(out: Path, instance: Instance, advice: str) -> None:
    """Refuse to replace anything but the same instance: somebody may have worked on it.

    Parameters
    ----------
    out : Path
        Where the instance shall be written.
    instance : Instance
        The instance.
    advice : str
        What else can be done.

    Raises
    ------
    UsageError
        Something else stands there.
    """
    from coordination.instance import load

    if not out.exists() or not any(out.iterdir() if out.is_dir() else [out]):
        return
    try:
        same = load(out).sha256 == instance.sha256
    except CoordinationError:
        same = False
    if not same:
        raise UsageError(f"{out} exists and is not the instance to be made; {advice}")
