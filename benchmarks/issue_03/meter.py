"""Seconds and memory of what runs while the meter does (Linux: the kernel keeps the high-water mark)."""

import gc
import time
from pathlib import Path

STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def resident(line: str) -> float:
    """Return MB of physical memory: ``VmRSS`` held now, ``VmHWM`` at most since the mark was last set back."""
    for entry in STATUS.read_text(encoding="ascii", errors="replace").splitlines():
        if entry.startswith(line):
            return int(entry.split()[1]) * 1024 / 1e6
    raise RuntimeError(f"{STATUS} has no line {line}")


class Meter:
    """A clock and a high-water mark that run inside ``with meter:``, as often as one likes.

    Attributes
    ----------
    wall, cpu : float
        Seconds inside, summed up.
    base, peak : float
        MB resident when the meter was made; at most, inside.
    """

    def __init__(self) -> None:
        gc.collect()
        self.wall = self.cpu = 0.0
        self.base = self.peak = resident("VmRSS")

    def __enter__(self) -> None:
        CLEAR.write_text("5", encoding="ascii")  # sets VmHWM back to what is resident now
        self._began = time.perf_counter(), time.process_time()

    def __exit__(self, *_: object) -> None:
        self.wall += time.perf_counter() - self._began[0]
        self.cpu += time.process_time() - self._began[1]
        self.peak = max(self.peak, resident("VmHWM"))

    def read(self) -> dict[str, float]:
        """Return seconds, and MB above the base."""
        return {"seconds": self.wall, "cpu": self.cpu, "mb": self.peak - self.base}
