"""Does this installation work? The real window, off-screen, from a sample to its curves."""

import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psutil
from pydantic import Field
from PySide6.QtCore import QBuffer, QByteArray, QEventLoop, QIODevice, QTimer, SignalInstance, qVersion
from PySide6.QtGui import QImageWriter
from PySide6.QtWidgets import QApplication

from app.texts import curves as texts
from app.window.main_window import MainWindow
from app.window.settings import SettingsFile
from app.window.states.maps import MapEntry
from app.window.states.prediction import Phase
from app.window.theme import apply_scheme
from core.checks.contract import Finding
from core.curves.curve_set import CurveScore
from core.errors import SaliscopeError, TimedOut
from core.output import make_folder, write_document, written
from core.results.document import Document
from core.results.records import ErrorRecord, MethodRecord, PredictionRecord

SIZE = (1600, 1000)
METHODS = ("grad_cam", "integrated_gradients")
CHECK = "repeatability"
# A slow machine may take minutes for the first graph; one that takes longer than this is broken.
STEP_LIMIT_S = 600
TICK_MS = 5


def process_age_s() -> float:
    """Seconds since this process was started."""
    if not sys.platform.startswith("linux"):
        return time.time() - psutil.Process().create_time()
    # psutil adds the time of boot, which Linux tells in whole seconds: up to one second wrong.
    after_name = Path("/proc/self/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    started = int(after_name[19]) / os.sysconf("SC_CLK_TCK")
    return time.clock_gettime(time.CLOCK_BOOTTIME) - started


class SelfTestResult(Document, name="self-test"):
    """What the self-test found. Seconds are of this run; a stall is a time without an answer to events."""

    ok: bool
    versions: dict[str, str]
    device: str
    sample: str
    first_window_seconds: float = Field(description="from the start of the process to the first paint")
    longest_stall_seconds: float | None = Field(
        description="of the event loop while Integrated Gradients ran"
    )
    prediction: PredictionRecord | None
    methods: tuple[MethodRecord, ...]
    curves: tuple[CurveScore, ...] = Field(description="score: the gap between highest and lowest first")
    findings: tuple[Finding, ...] = Field(description="of the check that was made of the first map")
    errors: tuple[ErrorRecord, ...]
    screenshot: str = "screenshot.png"


def run_self_test(out: Path) -> SelfTestResult:
    """Run it and write screenshot.png and self-test.json into `out`. Raises DiskFull."""
    make_folder(out)
    # Drawn into memory, whatever display there is.
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = QApplication.instance() or QApplication(["saliscope"])
    assert isinstance(app, QApplication)
    apply_scheme("dark")
    with tempfile.TemporaryDirectory() as settings:
        # Nobody is there to be asked.
        window = MainWindow(SettingsFile(Path(settings)), may_stop=lambda _: True)
        try:
            result = _Course(window).run(out)
        finally:
            window.close()
    write_document(out / "self-test.json", result)
    return result


class _Course:
    """The steps of the test, one after another, each waited for by the signals it gives."""

    def __init__(self, window: MainWindow) -> None:
        self._window, self._session = window, window.session
        self._errors: list[SaliscopeError] = []
        self._first_window = 0.0
        self._stall: float | None = None

    def run(self, out: Path) -> SelfTestResult:
        try:
            self._open()
            self._explain()
            self._draw_curves()
            self._reveal()
            self._check()
        except SaliscopeError as error:
            self._errors.append(error)
        self._take_picture(out / "screenshot.png")
        return self._result()

    def _open(self) -> None:
        window, session = self._window, self._session
        window.resize(*SIZE)
        shown = _Wait([window.shown_first])
        window.show()
        shown.until(lambda: shown.heard > 0, "the first window")
        self._first_window = round(process_age_s(), 3)
        answer = _Wait([session.prediction.changed, session.notices.changed])
        session.open_sample()
        answer.until(self._answered, "the prediction")
        self._raise(session.prediction.error)
        self._raise_notice()

    def _answered(self) -> bool:
        return self._session.prediction.phase in (Phase.DONE, Phase.FAILED) or self._noticed()

    def _explain(self) -> None:
        explain = self._session.explain
        finished = _Wait([explain.changed])
        finished.until(lambda: not explain.running, "Grad-CAM")
        beat = _Heartbeat()
        explain.start([name for name in METHODS if self._map(name) is None])
        finished.until(lambda: not explain.running, "Integrated Gradients")
        self._stall = beat.stop()
        for entry in self._session.maps.entries:
            self._raise(entry.error)

    def _draw_curves(self) -> None:
        curves = self._session.curves
        finished = _Wait([curves.changed])
        curves.start()
        finished.until(lambda: not curves.running, "the curves")
        self._raise(curves.error)
        if curves.curves is not None and curves.curves.undefined:
            missing = curves.curves.undefined[0]
            raise SaliscopeError(texts.undefined_curve(missing))

    def _reveal(self) -> None:
        reveal = self._session.reveal
        pictures_made = _Wait([reveal.changed])
        self._window.show_panel(self._window.reveal_panel)
        pictures_made.until(lambda: not reveal.pictures.making, "the revealed pictures")
        self._raise(reveal.strip.error)

    def _check(self) -> None:
        checks, checked = self._session.checks, self._map(METHODS[0])
        if checked is None:
            return
        self._window.show_panel(self._window.sanity_panel)
        ended = _Wait([checks.progressed])
        checks.start(checked.number, CHECK)
        ended.until(lambda: not checks.check(checked.number, CHECK).under_way, "the check of a map")
        self._raise(checks.check(checked.number, CHECK).error)

    def _findings(self) -> tuple[Finding, ...]:
        checked = self._map(METHODS[0])
        finding = self._session.checks.check(checked.number, CHECK).finding if checked is not None else None
        return (finding,) if finding is not None else ()

    def _take_picture(self, path: Path) -> None:
        window, session = self._window, self._session
        window.show_panel(window.curves_panel)
        shown = self._map(METHODS[0])
        if shown is not None:
            session.show_map(shown.number)
        # Two rounds: the layout of the newly shown panel, then what is painted in it.
        for _ in range(2):
            QApplication.processEvents()
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        QImageWriter(buffer, QByteArray(b"png")).write(window.grab().toImage())
        with written(path) as file:
            file.write(bytes(buffer.data().data()))

    def _map(self, method: str) -> MapEntry | None:
        return next((entry for entry in self._session.maps.finished if entry.method == method), None)

    def _raise(self, error: SaliscopeError | None) -> None:
        if error is not None:
            raise error

    def _noticed(self) -> bool:
        return any(notice.error is not None for notice in self._session.notices.notices)

    def _raise_notice(self) -> None:
        for notice in self._session.notices.notices:
            self._raise(notice.error)

    def _result(self) -> SelfTestResult:
        session, worker = self._session, self._session.worker
        case = session.cases.slices.case
        curves = session.curves.curves
        software = {"python": platform.python_version(), "qt": qVersion(), "platform": platform.platform()}
        return SelfTestResult(
            ok=not self._errors,
            versions={**software, **worker.versions},
            device=worker.device.words if worker.device is not None else "",
            sample=case.sample.id if case is not None and case.sample is not None else "",
            first_window_seconds=self._first_window,
            longest_stall_seconds=self._stall,
            prediction=session.prediction.record,
            methods=tuple(entry.record for entry in session.maps.finished if entry.record is not None),
            curves=curves.scores if curves is not None else (),
            findings=self._findings(),
            errors=tuple(ErrorRecord(code=e.code, message=e.message, hint=e.hint) for e in self._errors),
        )


class _Wait:
    """Runs the event loop until a condition holds, looking again whenever one of the signals comes."""

    def __init__(self, signals: Sequence[SignalInstance]) -> None:
        self.heard = 0
        self._loop = QEventLoop()
        self._holds: Callable[[], bool] = lambda: False
        for signal in signals:
            signal.connect(self._hear)

    def until(self, holds: Callable[[], bool], what: str) -> None:
        """Raises TimedOut after STEP_LIMIT_S."""
        self._holds = holds
        if holds():
            return
        limit = QTimer()
        limit.setSingleShot(True)
        limit.timeout.connect(self._loop.quit)
        limit.start(1000 * STEP_LIMIT_S)
        self._loop.exec()
        if not holds():
            hint = "See the log of the worker."
            raise TimedOut(f"The self-test waited {STEP_LIMIT_S} seconds for {what}.", hint)

    def _hear(self, *_: Any) -> None:
        self.heard += 1
        if self._holds():
            self._loop.quit()


class _Heartbeat:
    """Measures the longest time in which the event loop answered nothing."""

    def __init__(self) -> None:
        self._longest, self._last = 0.0, time.perf_counter()
        self._timer = QTimer()
        self._timer.timeout.connect(self._beat)
        self._timer.start(TICK_MS)

    def stop(self) -> float:
        """Seconds, beyond the beat itself."""
        self._timer.stop()
        return round(max(0.0, self._longest - TICK_MS / 1000), 4)

    def _beat(self) -> None:
        now = time.perf_counter()
        self._longest, self._last = max(self._longest, now - self._last), now
