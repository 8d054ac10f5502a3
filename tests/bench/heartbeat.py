"""A pulse of the event loop: how long nothing could be done in the window, and what was done meanwhile."""

import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass
from types import FrameType

from PySide6.QtCore import QObject, QTimer

TICK_MS = 10
# How often it is looked what the main thread does, and how long nothing may have ticked before it counts.
LOOK_S, LATE_S = 0.004, 0.02
# Outside the program's own code: Qt itself, which lays out and paints.
QT = "Qt"
START = ("open_window", "_run_window", "main")
# How many functions of a chain are named.
SHOWN = 4


@dataclass(frozen=True, slots=True)
class Gap:
    """A time without a tick. at_s: when it began, from the start. cpu_s: what the main thread computed in it.

    cause: the innermost functions of the program within which the main thread was seen at most looks.
    """

    at_s: float
    seconds: float
    cpu_s: float
    cause: str = ""


class Heartbeat(QObject):
    """Ticks on the event loop; between two ticks nothing could be done in the window."""

    def __init__(self, looks: bool = False) -> None:
        """looks: name the causes of gaps, which takes a little time of its own."""
        super().__init__()
        self._seen: list[tuple[str, ...]] = []
        self.restart()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        self._timer.start(TICK_MS)
        if looks:
            watched = threading.get_ident()
            threading.Thread(target=self._look, args=(watched,), daemon=True).start()

    def restart(self) -> None:
        """Count from now."""
        self.gaps: list[Gap] = []
        self._started = self._last = time.perf_counter()
        self._last_cpu = time.thread_time()

    def longest(self, count: int) -> list[Gap]:
        """The longest gaps, the longest first."""
        return sorted(self.gaps, key=lambda gap: -gap.seconds)[:count]

    def busiest(self, count: int) -> list[Gap]:
        """Those in which the main thread computed most: on a busy machine a long gap may be mere waiting."""
        return sorted(self.gaps, key=lambda gap: -gap.cpu_s)[:count]

    def _tick(self) -> None:
        now, cpu = time.perf_counter(), time.thread_time()
        seen, self._seen = self._seen, []
        cause = _cause_of(seen)
        self.gaps.append(Gap(self._last - self._started, now - self._last, cpu - self._last_cpu, cause))
        self._last, self._last_cpu = now, cpu

    def _look(self, watched: int) -> None:
        while True:
            time.sleep(LOOK_S)
            if time.perf_counter() - self._last > LATE_S:
                self._seen.append(_work_of(sys._current_frames().get(watched)))


def _work_of(frame: FrameType | None) -> tuple[str, ...]:
    """The functions of `app` and `core` on the stack, the outermost first, but for the start's own."""
    names: list[str] = []
    while frame is not None:
        module, name = frame.f_globals.get("__name__", ""), frame.f_code.co_qualname
        if module.partition(".")[0] in ("app", "core") and name not in START:
            names.append(f"{module.removeprefix('app.window.')}.{name}")
        frame = frame.f_back
    return tuple(reversed(names))


def _cause_of(seen: list[tuple[str, ...]]) -> str:
    """The ends of the longest call chain that holds for at least half of the looks."""
    counts = Counter(stack[:depth] for stack in seen for depth in range(1, len(stack) + 1))
    shared = [chain for chain, times in counts.items() if 2 * times >= len(seen)]
    chain = max(shared, key=len, default=(QT,))
    words = chain if len(chain) <= SHOWN else (chain[0], "...", *chain[1 - SHOWN :])
    return f"{' > '.join(words)} ({counts.get(chain, len(seen))} of {len(seen)} looks)" if seen else ""
