"""The status bar: running work and its progress, the readout at the cursor, the worker and its device."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QStatusBar, QWidget

from app.texts import window as texts
from app.window.links import JobLink, LinkState
from app.window.states.activity import activity_of
from app.window.states.session import Session


class StatusBar(QStatusBar):
    """Draws the activity of a session."""

    def __init__(self, session: Session, worker: JobLink, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._worker = session, worker
        self.setSizeGripEnabled(False)
        self.activity, self.readout, self.engine = QLabel(), QLabel(), QLabel()
        self.progress = QProgressBar()
        self.progress.setFixedWidth(140)
        self.progress.setTextVisible(False)
        self.cancel = QPushButton(texts.CANCEL)
        self.cancel.setObjectName("link")
        self.cancel.clicked.connect(session.cancel)
        self._restart = QPushButton(texts.START_AGAIN)
        self._restart.setObjectName("link")
        self._restart.clicked.connect(self._on_restart)
        for part in (self.activity, self.progress, self.cancel):
            self.addWidget(part)
        self.addPermanentWidget(self.readout, 1)
        self.addPermanentWidget(self.engine)
        self.addPermanentWidget(self._restart)
        for signal in (
            session.explain.progressed,
            session.curves.progressed,
            session.checks.progressed,
            session.network_pictures.progressed,
            session.deidentification.progressed,
            session.largest_region.progressed,
            session.slice_scan.changed,
            session.calibration.changed,
            session.placing.changed,
            session.layers.strip.changed,
            session.layers.browser.changed,
            session.cases.reading_changed,
            worker.queue_changed,
            session.files.queue_changed,
        ):
            signal.connect(self._show_activity)
        session.image.cursor_changed.connect(self._show_cursor)
        worker.state_changed.connect(self._show_engine)
        self._show_activity()
        self._show_engine()

    @Slot()
    def _show_activity(self) -> None:
        text, share = activity_of(self._session)
        self.activity.setText(text)
        self.progress.setVisible(bool(text))
        self.progress.setRange(0, 0 if share is None else 1000)
        self.progress.setValue(round(1000 * (share or 0.0)))
        self.cancel.setVisible(self._session.busy)

    @Slot()
    def _show_cursor(self) -> None:
        self.readout.setText(self._session.image.readout)

    @Slot()
    def _show_engine(self) -> None:
        self.engine.setText(self._worker.state_text)
        self._restart.setVisible(self._worker.state is LinkState.LOST)

    @Slot()
    def _on_restart(self) -> None:
        self._session.worker.restart()
