"""The window while a folder of many files is listed: first image, all series, stalls of its event loop.

python dev.py bench list [--files N] [--folder FOLDER] [--out FOLDER]

The real window is shown off-screen with its real processes; a folder of single-slice DICOM files is opened
and everything is timed from that moment on. 1 if a bound does not hold.
"""

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEventLoop, QObject
from PySide6.QtWidgets import QApplication

from app.window.main_window import MainWindow
from app.window.program import spare_start_objects
from app.window.settings import SettingsFile
from app.window.theme import apply_scheme
from tests.bench import table
from tests.bench.heartbeat import Heartbeat
from tests.bench.reading import write_series
from tests.bench.setting import ROOT
from tests.bench.table import Figure

FIRST_IMAGE_S, ALL_SERIES_S, STALL_S = 2.0, 6.0, 0.1
LONGEST_S = 120.0
SIDE = 128


class Watch(QObject):
    """Seconds from the click to what a person waits for; None until it is there."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self._window = window
        self.image_s: float | None = None
        self.tree_s: float | None = None
        self.all_s: float | None = None
        self.thumbnails_s: float | None = None
        self._started = time.perf_counter()
        cases = window.session.cases
        window.session.image.image_changed.connect(self._on_image)
        window.session.studies.changed.connect(self._on_tree)
        cases.completed.connect(self._on_completed)
        cases.thumbnails.changed.connect(self._on_thumbnail)

    def _since_start(self) -> float:
        return time.perf_counter() - self._started

    def _on_image(self) -> None:
        if self.image_s is None and self._window.session.image.image is not None:
            self.image_s = self._since_start()

    def _on_tree(self) -> None:
        if self.tree_s is None and self._window.session.studies.nodes:
            self.tree_s = self._since_start()

    def _on_completed(self) -> None:
        self.all_s = self._since_start()
        self._on_thumbnail()  # those in view may have come before

    def _on_thumbnail(self) -> None:
        if self.all_s is not None and all(
            case.thumbnail is not None for case in self._window.session.cases.list.opened
        ):
            self.thumbnails_s = self._since_start()


def run_until(is_reached: Callable[[], bool], limit_s: float = LONGEST_S) -> None:
    """Serve events until something is reached. Raises TimeoutError after `limit_s`."""
    end = time.monotonic() + limit_s
    while not is_reached():
        if time.monotonic() > end:
            raise TimeoutError(f"not reached within {limit_s:.0f} s")
        # Waits as a running program does; a loop that asks again and again would take a core of its own.
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def measure(folder: Path, settings: SettingsFile) -> list[Figure]:
    """Open the folder in a window that has come up, and time it."""
    apply_scheme("dark")
    window = MainWindow(settings, may_stop=lambda _: True)
    window.show()
    heartbeat = Heartbeat()
    cases = window.session.cases
    run_until(lambda: bool(window.session.worker.versions) and not window.session.worker.open_jobs)
    run_until(lambda: not cases.list.without_thumbnail)
    spare_start_objects()
    watch = Watch(window)
    heartbeat.restart()
    cases.open_paths([str(folder)])
    run_until(lambda: watch.all_s is not None and watch.image_s is not None)
    stalls = heartbeat.longest(5)
    series = len(cases.list.opened)
    run_until(lambda: watch.thumbnails_s is not None)
    later = heartbeat.longest(1)[0]
    window.close()
    print(
        "    longest gaps: " + ", ".join(f"{gap.seconds * 1000:.0f} ms at {gap.at_s:.1f} s" for gap in stalls)
    )
    tree_s, image_s, all_s = watch.tree_s or 0.0, watch.image_s or 0.0, watch.all_s or 0.0
    return [
        Figure("list", "first series in the tree, s", tree_s),
        Figure("list", "first image, s", image_s, table.at_most(FIRST_IMAGE_S)),
        Figure("list", f"all {series} series listed, s", all_s, table.at_most(ALL_SERIES_S)),
        Figure("list", "longest stall while listing, s", stalls[0].seconds, table.at_most(STALL_S)),
        Figure(
            "list", "longest stall until all thumbnails are there, s", later.seconds, table.at_most(STALL_S)
        ),
        Figure("list", "all thumbnails, s", watch.thumbnails_s or 0.0),
    ]


def main() -> int:
    """Measure; 1 if a bound does not hold."""
    parser = argparse.ArgumentParser(prog="dev.py bench list", description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=2000, help="how many files are made")
    parser.add_argument("--folder", type=Path, help="open this folder instead")
    parser.add_argument("--out", type=Path, default=ROOT / "out" / "bench", help="folder of the results")
    arguments = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication([])
    scratch = Path(tempfile.mkdtemp(prefix="bench-list-"))
    try:
        folder = arguments.folder
        if folder is None:
            folder = scratch / "Schädel 頭 files"
            folder.mkdir()
            write_series(folder, arguments.files, SIDE)
        figures = measure(folder, SettingsFile(scratch / "settings"))
    finally:
        shutil.rmtree(scratch)
    for figure in figures:
        print(table.line_of(figure), flush=True)
    table.write(arguments.out, "list", "The window while a folder is listed", figures)
    app.quit()
    return 1 if any(figure.verdict == "DOES NOT HOLD" for figure in figures) else 0


if __name__ == "__main__":
    raise SystemExit(main())
