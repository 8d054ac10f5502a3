"""Starts of the program as a user starts it: until the first paint, and until the sample is explained."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.table import Figure, at_most
from tests.bench.watched_start import PAINT, VERDICTS
from tests.gui.virtual_screen import virtual_screen

ROOT = Path(__file__).resolve().parents[2]
STARTS = 5
PAINT_S, STALL_S, VERDICTS_S = 1.0, 0.1, 60.0
SCREEN = "1600x1000"
LIMIT_S = 300
CODE = "import sys; from tests.bench.watched_start import main; sys.exit(main())"


def start(goal: str, screen: dict[str, str]) -> dict[str, Any]:
    """Start it once as for the first time, with nothing in its folders. Returns what it measured."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        folders = {f"XDG_{kind}_HOME": home for kind in ("CONFIG", "STATE", "DATA", "CACHE")}
        environment = {**os.environ, **screen, **folders, "HOME": home, "PYTHONPATH": str(ROOT)}
        # A user's Python keeps what it has compiled; without that a start takes half a second more.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        command = [sys.executable, "-c", CODE, str(time.monotonic()), goal]
        done = subprocess.run(
            command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, check=True, timeout=LIMIT_S
        )
    document: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return document


def measure() -> list[Figure]:
    """The figures of several starts to the first paint, and of one that goes on to the verdicts."""
    with virtual_screen(SCREEN) as screen:
        start(PAINT, screen)  # compiles, and warms the system's caches
        paints = [start(PAINT, screen) for _ in range(STARTS)]
        cold = start(VERDICTS, screen)
    for kind in ("longest", "busiest"):
        for gap in cold[kind]:
            print(
                f"    {kind} stall: {1000 * gap['seconds']:.0f} ms, of them {1000 * gap['cpu_s']:.0f} ms "
                f"computing, {gap['at_s']:.1f} s after the first paint: {gap['cause']}"
            )
    print(f"    answered by itself: {', '.join(cold['answers'])}")
    platform = screen["QT_QPA_PLATFORM"]
    paint_s = median(paint["paint_s"] for paint in paints)
    cpu_s = median(paint["paint_cpu_s"] for paint in paints)
    row = f"start, {platform}"
    return [
        Figure(row, "start to first paint, s", paint_s, at_most(PAINT_S), rounds=STARTS),
        Figure(row, "processor time of the main process until then, s", cpu_s, rounds=STARTS),
        Figure(row, "longest stall until the verdicts, s", cold["longest"][0]["seconds"], at_most(STALL_S)),
        Figure(row, "most computing within a stall, s", cold["busiest"][0]["cpu_s"]),
        Figure(row, "three verdicts without any action, s", cold["verdicts_s"], at_most(VERDICTS_S)),
    ]
