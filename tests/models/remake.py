"""Remake golden files and notation: ``python -m tests.models.remake`` from the root; then read the difference."""

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "models")]

from tests.models import notation  # noqa: E402 - needs the path above
from tests.models.golden_files import HERE, golden_names, written  # noqa: E402 - needs the path above


def main() -> None:
    """Write every golden file, remove those of nothing; write the notation into ``models/README.md``."""
    HERE.mkdir(exist_ok=True)
    names = golden_names()
    for path in HERE.glob("*.lp"):
        if path.stem not in names:
            path.unlink()
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            (HERE / f"{name}.lp").write_text(written(name, Path(folder) / "model.lp"), encoding="utf-8")
    notation.remake()
    print(f"{len(names)} files in {HERE}")


if __name__ == "__main__":
    main()
