"""The notices above the image: a message, a hint, an action, and a button to dismiss them."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.texts import reading as texts_reading
from app.texts import window as texts
from app.window.states.notices import Notice, NoticesState, Weight
from app.window.theme import GAP, MARGIN, TIGHT
from app.window.widgets.tinted_button import TintedButton


class NoticeBar(QWidget):
    """One line a notice; hidden if there is none."""

    action_asked = Signal(str)  # topic
    alternative_asked = Signal(str)  # topic

    def __init__(self, state: NoticesState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(0)
        state.changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        while (item := self._lines.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        for notice in self._state.shown:
            self._lines.addWidget(_NoticeLine(notice, self._state, self))
        if self._state.held_back:
            self._lines.addWidget(self._remaining_line())
        self.setVisible(bool(self._state.notices))

    def _remaining_line(self) -> QFrame:
        """The number of errors that are not displayed, and a button to dismiss all."""
        line, label = QFrame(self), QLabel(texts_reading.earlier(self._state.held_back))
        line.setObjectName(f"notice{Weight.ERROR.value}")
        label.setObjectName("noticeText")
        dismiss_all = QPushButton(texts_reading.DISMISS_ALL)
        dismiss_all.setObjectName("link")
        dismiss_all.clicked.connect(self._state.dismiss_errors)
        row = QHBoxLayout(line)
        row.setContentsMargins(MARGIN, TIGHT, TIGHT, TIGHT)
        row.addWidget(label, 1)
        row.addWidget(dismiss_all)
        return line


class _NoticeLine(QFrame):
    def __init__(self, notice: Notice, state: NoticesState, bar: NoticeBar) -> None:
        super().__init__(bar)
        self._notice, self._state, self._bar = notice, state, bar
        self.setObjectName(f"notice{notice.weight.value}")
        row = QHBoxLayout(self)
        row.setContentsMargins(MARGIN, TIGHT, TIGHT, TIGHT)
        row.setSpacing(GAP)
        text = QLabel(notice.text, self)
        text.setObjectName("noticeText")
        hint = QLabel(notice.hint, self)
        for label in (text, hint):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(text)
        if notice.hint:
            column.addWidget(hint)
        row.addLayout(column, 1)
        if notice.action:
            action = QPushButton(notice.action, self)
            action.clicked.connect(self._on_action)
            row.addWidget(action)
        if notice.alternative:
            alternative = QPushButton(notice.alternative, self)
            alternative.clicked.connect(self._on_alternative)
            row.addWidget(alternative)
        if notice.weight is Weight.ERROR:
            copy = QPushButton(texts.COPY_DETAILS, self)
            copy.setObjectName("link")
            copy.clicked.connect(self._on_copy)
            row.addWidget(copy)
        row.addWidget(self._dismiss_button(), 0, Qt.AlignmentFlag.AlignTop)

    def _dismiss_button(self) -> TintedButton:
        button = TintedButton("close", texts.DISMISS, self)
        button.clicked.connect(self._on_dismiss)
        return button

    @Slot()
    def _on_action(self) -> None:
        self._bar.action_asked.emit(self._notice.topic)

    @Slot()
    def _on_alternative(self) -> None:
        self._bar.alternative_asked.emit(self._notice.topic)

    @Slot()
    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._notice.details)

    @Slot()
    def _on_dismiss(self) -> None:
        self._state.dismiss(self._notice)
