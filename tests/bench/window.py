"""The start of the window, and the longest step of its event loop while a large image is looked at.

`dev.py bench window`: first the program is started several times as by a user (`window_starts`), once until
the sample is explained and three questions about its map are answered. Then the real window, drawn into
memory, with a picture of the size of a mammogram (4,096 x 3,328, 16 bits, and once more as floating-point
numbers). Each line is one kind of step: how many were made, the median, and the longest one with everything
that Qt did for it, painting included.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from app.window.main_window import MainWindow
from app.window.settings import SettingsFile
from app.window.states.case_list import Case
from app.window.states.position import FIRST_SLICE
from app.window.theme import apply_scheme
from core.arrays import Array
from core.images.slice import Identity, Slice
from core.readers.messages import FrameRead
from tests.bench import table, window_starts
from tests.gui.recorded import RecordedLink, indexed

SHAPE = (4096, 3328)
STALL_MS = 100
STEPS = 40


def film(dtype: type) -> Slice:
    """Smooth tissue with noise, in 12 bits, without a window of its own."""
    rows, columns = np.ogrid[: SHAPE[0], : SHAPE[1]]
    noise = np.random.default_rng(1).integers(0, 400, SHAPE, dtype=np.int32)
    values = (1800 + 1400 * np.sin(rows / 700) * np.cos(columns / 500) + noise).astype(dtype)
    return Slice(values, modality="MG", spacing_mm=(0.07, 0.07), spacing_source="ImagerPixelSpacing")


def steps(app: QApplication, count: int, do: Callable[[int], object]) -> list[float]:
    """Milliseconds of each step, with the events that follow from it."""
    durations = []
    for number in range(count):
        start = time.perf_counter()
        do(number)
        app.processEvents()
        durations.append(1000 * (time.perf_counter() - start))
    return durations


def report(title: str, durations: list[float]) -> float:
    """Print one line. Returns the longest duration."""
    longest = max(durations)
    mark = "" if longest <= STALL_MS else "   above 100 ms"
    print(f"{title:44} {len(durations):4} {median(durations):9.1f} {longest:9.1f}{mark}")
    return longest


def show(window: MainWindow, case: Case, message: FrameRead, arrays: list[Array]) -> None:
    """What the window does with an answer of the reader process."""
    image, _ = message.frame(arrays)
    window.session.cases.slices.image_read.emit(case, FIRST_SLICE, image)


def measure(app: QApplication, window: MainWindow, case: Case, image: Slice) -> list[float]:
    """Show the image and do with it what a reader does. Returns the longest step of each kind."""
    state = window.session.image
    message, arrays = FrameRead.of(image, Identity())
    # As from the pipe: other arrays, of which this process has computed nothing.
    received = [array.copy() for array in arrays]
    display, viewport = state.display, state.viewport

    def drag(number: int) -> None:
        display.drag_window(5, 4 if number % 2 else -4)

    kinds: tuple[tuple[str, int, Callable[[int], object]], ...] = (
        ("shown", 1, lambda _: show(window, case, message, received)),
        ("window dragged", STEPS, drag),
        ("zoomed in", 14, lambda _: viewport.zoom_by(1.25)),
        ("window dragged, zoomed in", STEPS, drag),
        ("moved, zoomed in", STEPS, lambda _: viewport.pan_by(-23, -17)),
        ("zoomed out", 14, lambda _: viewport.zoom_by(0.8)),
        ("inverted", 4, lambda _: display.invert()),
    )
    return [report(f"{case.title}: {title}", steps(app, count, do)) for title, count, do in kinds]


def main() -> int:
    """Measure and print. Returns 1 if a bound does not hold or a step took longer than STALL_MS."""
    # Before anything is loaded here that would take a core from them.
    figures = window_starts.measure()
    for figure in figures:
        print(table.line_of(figure), flush=True)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    apply_scheme("dark")
    reader, longest = RecordedLink(ready=False), []
    print(f"{'step':44} {'n':>4} {'median ms':>9} {'longest ms':>9}")
    with tempfile.TemporaryDirectory() as folder:
        window = MainWindow(SettingsFile(Path(folder)), worker=RecordedLink(), reader=reader)
        window.resize(1440, 900)
        window.show()
        app.processEvents()
        for number, dtype in enumerate((np.uint16, np.float32), 1001):
            name = np.dtype(dtype).name
            case = Case(number, name, Path(f"{name}.dcm"), entry=indexed(f"{name}.dcm").entries[0])
            longest += measure(app, window, case, film(dtype))
        window.close()
    fails = any(figure.verdict == "DOES NOT HOLD" for figure in figures)
    return int(fails or max(longest) > STALL_MS)


if __name__ == "__main__":
    raise SystemExit(main())
