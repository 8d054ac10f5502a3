"""A page of a panel, or in its place the sentence that says why there is nothing to show."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QStackedLayout, QWidget


class PageOrSentence(QStackedLayout):
    """Shows `page`, or in its place a sentence in its middle."""

    def __init__(self, page: QWidget) -> None:
        super().__init__()
        self.sentence = QLabel()
        self.sentence.setWordWrap(True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sentence.setObjectName("muted")
        self.addWidget(self.sentence)
        self.addWidget(page)

    def show_sentence(self, sentence: str, is_error: bool = False) -> None:
        """Show a sentence in place of the page; the page if it is empty."""
        name = "error" if is_error else "muted"
        if self.sentence.objectName() != name:
            self.sentence.setObjectName(name)
            self.sentence.style().polish(self.sentence)
        self.sentence.setText(sentence)
        self.setCurrentIndex(0 if sentence else 1)
