"""A page of a panel, or in its place the sentence that says why there is nothing to show."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from app.window.theme import GAP


class PageOrSentence(QStackedLayout):
    """Shows `page`, or in its place a sentence in its middle, with the button that helps below it."""

    def __init__(self, page: QWidget, panel: QWidget) -> None:
        """panel: the widget in whose layout this one is put.

        Qt shows the first page at once: one without a parent would flash up as a window of its own.
        """
        super().__init__()
        self.sentence = QLabel()
        self.sentence.setWordWrap(True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sentence.setObjectName("muted")
        empty = QWidget(panel)
        page.setParent(panel)
        self._column = QVBoxLayout(empty)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP)
        self._column.addStretch(1)
        self._column.addWidget(self.sentence)
        self._column.addStretch(1)
        self.addWidget(empty)
        self.addWidget(page)

    def offer(self, button: QPushButton) -> None:
        """Put a button below the sentence."""
        self._column.insertWidget(2, button, 0, Qt.AlignmentFlag.AlignHCenter)

    def show_sentence(self, sentence: str, is_error: bool = False) -> None:
        """Show a sentence in place of the page; the page if it is empty."""
        name = "error" if is_error else "muted"
        if self.sentence.objectName() != name:
            self.sentence.setObjectName(name)
            self.sentence.style().polish(self.sentence)
        self.sentence.setText(sentence)
        self.setCurrentIndex(0 if sentence else 1)
