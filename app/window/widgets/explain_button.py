"""The button in an empty panel that computes what would fill it."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QPushButton, QWidget

from app.texts import window as texts
from app.window.states.session import Session


class ExplainButton(QPushButton):
    """Explains with the selected methods; it cannot be pressed, and says why, while that is not possible."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(texts.EXPLAIN, parent)
        self._session = session
        self.clicked.connect(session.start_explaining)
        session.explain.changed.connect(self._show)
        session.explain.progressed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        explain = self._session.explain
        self.setEnabled(explain.can_explain)
        self.setToolTip(explain.hint)
