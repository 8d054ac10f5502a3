"""The dialog of a replay: result by result, with progress and cancel. Work goes on beside it."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.texts import replay as texts
from app.window.states.replay import ReplayState
from app.window.theme import GAP, MARGIN

USUAL_SIZE = (620, 420)


class ReplayDialog(QDialog):
    """Shows a `ReplayState`. Closing it ends the replay."""

    def __init__(self, state: ReplayState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state, self._shown = state, 0
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(texts.REPLAY)
        self.resize(*USUAL_SIZE)
        self.sentence = QLabel()
        self.sentence.setWordWrap(True)
        self.lines = QPlainTextEdit()
        self.lines.setReadOnly(True)
        self.lines.setAccessibleName(texts.LINES)
        self.lines.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.progress = QProgressBar()
        self.progress.setAccessibleName(texts.PROGRESS)
        self.progress.setTextVisible(False)
        policy = self.progress.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # the button stays where it is
        self.progress.setSizePolicy(policy)
        self.button = QPushButton()
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self._on_button)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addWidget(self.progress, 1)
        row.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(GAP)
        column.addWidget(self.sentence)
        column.addWidget(self.lines, 1)
        column.addLayout(row)
        state.changed.connect(self._show)
        self._show()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._state.cancel()
        event.accept()

    def reject(self) -> None:
        """Escape, which hides a dialog without closing it."""
        self.close()

    @Slot()
    def _on_button(self) -> None:
        if self._state.running:
            self._state.cancel()
        else:
            self.close()

    @Slot()
    def _show(self) -> None:
        state = self._state
        self.sentence.setText(state.sentence)
        if len(state.lines) < self._shown:
            self.lines.clear()
            self._shown = 0
        for line in state.lines[self._shown :]:
            self.lines.appendPlainText(line)
        self._shown = len(state.lines)
        self.progress.setVisible(state.running)
        # Without an end it moves: the model is being loaded.
        self.progress.setRange(0, state.total if state.count else 0)
        self.progress.setValue(min(state.count, state.total))
        self.button.setText(texts.CANCEL if state.running else texts.CLOSE)
