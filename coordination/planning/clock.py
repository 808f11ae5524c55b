"""Time by stage, and how much is left."""

from __future__ import annotations

import signal
import threading
import time
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


@dataclass
class Clock:
    """A stopwatch with laps and a limit.

    Attributes
    ----------
    limit : float or None
        Seconds from the start within which solving should end; None: no limit.
    seconds : dict of str to float
        Seconds by stage so far.
    halt : threading.Event
        Set when somebody presses Ctrl-C (or asks to stop in another way).
    """

    limit: float | None = None
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    started: float = field(default_factory=time.monotonic)
    halt: threading.Event = field(default_factory=threading.Event)

    @property
    def stopped(self) -> bool:
        """Whether somebody asked to stop."""
        return self.halt.is_set()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time spent inside to stage `name`."""
        begin = time.monotonic()
        try:
            yield
        finally:
            self.seconds[name] += time.monotonic() - begin

    def left(self) -> float | None:
        """Return seconds until the limit, at least 0; None without one."""
        return None if self.limit is None else max(0.0, self.limit - (time.monotonic() - self.started))

    def besides(self, spare: float) -> float | None:
        """Return the seconds left besides a share of the whole limit, at least 0; None without a limit."""
        left = self.left()
        return None if left is None or self.limit is None else max(0.0, left - spare * self.limit)

    def has(self, seconds: float, spare: float = 0.0) -> bool:
        """Return whether so many seconds are left besides a share of the whole limit."""
        left = self.left()
        return left is None or self.limit is None or left >= seconds + spare * self.limit

    def over(self) -> bool:
        """Return whether the limit is reached, or somebody asked to stop."""
        left = self.left()
        return self.stopped or (left is not None and left <= 0.0)

    @contextmanager
    def interruptible(self) -> Iterator[None]:
        """Let Ctrl-C stop the clock instead of losing the plan; the second press interrupts as ever.

        Only the main thread may say what signals do; elsewhere nothing changes.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.getsignal(signal.SIGINT)

        def stop(number: int, frame: FrameType | None) -> None:
            if self.stopped:
                raise KeyboardInterrupt
            self.halt.set()

        signal.signal(signal.SIGINT, stop)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    def within(self, share: float) -> float | None:
        """Return a share of what is left, seconds; None without a limit."""
        left = self.left()
        return None if left is None else share * left
