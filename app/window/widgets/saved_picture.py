"""The picture that a workspace holds of an image which is missing, marked as such, until it is located."""

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.texts import workspace as texts
from app.window.states.reopened_cases import ReopenedCases
from app.window.states.source_search import SourceState, WaitingCase
from app.window.theme import GAP, MARGIN
from app.window.widgets.pictures import picture


class SavedPicturePage(QWidget):
    """Stands in place of the image. changed: whether there is a picture."""

    changed = Signal()
    locate_asked = Signal()

    def __init__(self, reopened: ReopenedCases, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reopened = reopened
        self._case: WaitingCase | None = None
        self.setObjectName("imageField")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.words = QLabel()
        self.words.setObjectName("imageTitle")
        self.words.setWordWrap(True)
        self.locate = QPushButton(texts.LOCATE)
        self.locate.clicked.connect(self.locate_asked)
        self.field = PictureField()
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addWidget(self.words, 1)
        row.addWidget(self.locate)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(GAP)
        column.addLayout(row)
        column.addWidget(self.field, 1)
        reopened.changed.connect(self._show)

    @property
    def has_picture(self) -> bool:
        """Whether an image of the open workspace is missing."""
        return self._case is not None

    @Slot()
    def _show(self) -> None:
        waiting = self._reopened.missing_case
        if waiting is not None:
            words = texts.saved_picture(waiting.name, waiting.state is SourceState.CHANGED)
            self.words.setText(words)
            self.field.setAccessibleDescription(words)
        if waiting is not self._case:
            self._case = waiting
            if waiting is None:
                self.field.show_picture(QImage())
            else:
                spacing = waiting.data.case.geometry.spacing_mm or (1.0, 1.0)
                self.field.show_picture(picture(waiting.data.picture), spacing[0] / spacing[1])
        self.changed.emit()


class PictureField(QWidget):
    """Draws one picture as large as it fits, in true proportions."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(texts.SAVED_PICTURE)
        self._picture, self._aspect = QImage(), 1.0

    def show_picture(self, shown: QImage, aspect: float = 1.0) -> None:
        """aspect: the height of a pixel, divided by its width."""
        self._picture, self._aspect = shown, aspect
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._picture.isNull():
            return
        width, height = self._picture.width(), self._picture.height() * self._aspect
        scale = min(self.width() / width, self.height() / height)
        field = QRectF(0, 0, scale * width, scale * height)
        field.moveCenter(QRectF(self.rect()).center())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(field, self._picture)
