"""Every promised figure with its measured value: ``python -m benchmarks`` (see ``benchmarks/README.md``)."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
for folder in (ROOT, ROOT / "models"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
