"""One start of the program as a user starts it, watched from within; `window_starts` runs it as a child.

Arguments: the monotonic time at which it was spawned, and what to wait for. It prints one JSON document.
"""

import json
import os
import sys
import time
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING

from app import __main__ as program_start

if TYPE_CHECKING:
    from app.window.main_window import MainWindow

PAINT, VERDICTS = "paint", "verdicts"
# States of a chip that holds no answer, and how many answers come by themselves.
OPEN_STATES = ("unknown", "running", "failed")
ANSWERS = 3
LIMIT_S = 240.0
LOOK_MS = 50
WORST_GAPS = 5


def main() -> int:
    """Start the program; ends within the start, or with the program's exit code."""
    spawned, goal = float(sys.argv[1]), sys.argv[2]
    restore_import = program_start.restore_import

    def watch_window() -> None:
        restore_import()
        # It would be loaded next.
        from app.window import program

        program.MainWindow = partial(_watched, program.MainWindow, spawned, goal)

    # The last step before the window's own modules, so that all is loaded in the usual order.
    program_start.restore_import = watch_window
    sys.argv = ["saliscope"]
    return program_start.main()


def _watched(make: type["MainWindow"], spawned: float, goal: str, *args: object) -> "MainWindow":
    window = make(*args)
    window.shown_first.connect(partial(_on_painted, window, spawned, goal))
    return window


def _on_painted(window: "MainWindow", spawned: float, goal: str) -> None:
    """The first paint has reached the screen."""
    document = {"paint_s": time.monotonic() - spawned, "paint_cpu_s": time.process_time()}
    if goal == PAINT:
        _end(document)
    from PySide6.QtCore import QTimer

    from tests.bench.heartbeat import Heartbeat

    heartbeat = Heartbeat(looks=True)

    def look() -> None:
        chips = window.session.evidence.shown
        answers = [chip.question for chip in chips if chip.state not in OPEN_STATES]
        seconds = time.monotonic() - spawned
        if len(answers) >= ANSWERS or seconds > LIMIT_S:
            timer.stop()
            gaps = {
                "longest": [asdict(gap) for gap in heartbeat.longest(WORST_GAPS)],
                "busiest": [asdict(gap) for gap in heartbeat.busiest(WORST_GAPS)],
            }
            session = window.session
            for link in (session.worker, session.reader, session.files):
                link.shut_down()
            _end({**document, "verdicts_s": seconds, "answers": answers, **gaps})

    timer = QTimer(window)
    timer.timeout.connect(look)
    timer.start(LOOK_MS)


def _end(document: dict[str, object]) -> None:
    print(json.dumps(document), flush=True)
    os._exit(0)  # the processes of the program end with their pipes
