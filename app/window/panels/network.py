"""The page of pictures of the network, over the image: what is maximised, its parameters, the picture."""

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QImage, QImageWriter, QKeyEvent, QPainter, QShowEvent
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.texts import model as texts_model
from app.texts import network_pictures as texts
from app.window.states.network_pictures import NetworkPicturesState, ShownPicture
from app.window.theme import GAP, TIGHT
from app.window.wheel_guard import guarded
from app.window.widgets.chooser import Chooser
from app.window.widgets.objective_form import ObjectiveForm
from app.window.widgets.panel import Panel
from app.window.widgets.parameter_form import LARGEST_NUMBER, ParameterForm
from app.window.widgets.pictures import picture
from app.window.widgets.saved_picture import PictureField
from app.window.widgets.score_course import ScoreCourse

FORM_WIDTH = 290
# Of a saved picture, in pixels; the lines below it are its caption.
SAVED_SIDE, CAPTION_LINE, CAPTION_TEXT = 640, 22, 14


class NetworkPanel(Panel):
    """Draws a `NetworkPicturesState`."""

    close_asked = Signal()
    help_asked = Signal(str)  # the key of a page
    save_asked = Signal(bytes)  # the content of a PNG file

    def __init__(self, state: NetworkPicturesState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._shown_params: type | None = None
        self._make_controls()
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GAP, GAP, 2 * GAP, GAP)
        column.setSpacing(GAP)
        column.addLayout(self._head())
        row = QHBoxLayout()
        row.setSpacing(2 * GAP)
        row.addWidget(self._left())
        row.addLayout(self._right(), 1)
        column.addLayout(row, 1)
        state.changed.connect(self._show)
        state.progressed.connect(self._show_progress)
        self._show()

    def _make_controls(self) -> None:
        state, choice = self._state, self._state.choice
        self.visualisation, self.objective = Chooser(texts.VISUALISATION), ObjectiveForm()
        self.visualisation.chosen.connect(choice.choose)
        self.objective.value_changed.connect(self._on_objective)
        self.form = ParameterForm()
        self.form.value_changed.connect(choice.set_value)
        self.seed = guarded(QSpinBox())
        self.seed.setRange(0, LARGEST_NUMBER)
        self.seed.setAccessibleName(texts.SEED)
        self.seed.lineEdit().setTextMargins(TIGHT, 0, 0, 0)
        self.seed.valueChanged.connect(choice.set_seed)
        self.start, self.cancel = QPushButton(texts.START), QPushButton(texts.CANCEL)
        self.start.setObjectName("primary")
        self.start.clicked.connect(state.start)
        self.cancel.clicked.connect(state.cancel)
        self.about, self.save = QPushButton(texts.ABOUT), QPushButton(texts.SAVE)
        self.about.setObjectName("link")
        self.about.clicked.connect(lambda: self.help_asked.emit(f"visualisations/{choice.chosen.name}"))
        self.save.clicked.connect(self._on_save)
        self._summary, self._hint, self._words = QLabel(), QLabel(), QLabel()
        self.label, self._explanation = QLabel(texts.LABEL), QLabel()
        self.label.setObjectName("warning")
        for muted in (self._summary, self._hint, self._explanation):
            muted.setObjectName("muted")
        for text in (self._summary, self._hint, self._words, self.label, self._explanation):
            text.setWordWrap(True)
        self.field, self.course = PictureField(), ScoreCourse(texts.SCORES)
        self.field.setAccessibleName(texts.PICTURE)

    def _head(self) -> QHBoxLayout:
        title, back = QLabel(texts.TITLE), QPushButton(texts_model.BACK)
        title.setObjectName("pageTitle")
        back.setToolTip(texts_model.BACK_TIP)
        back.clicked.connect(self.close_asked)
        row = QHBoxLayout()
        row.addWidget(title, 1)
        row.addWidget(back)
        return row

    def _left(self) -> QWidget:
        inside = Panel()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, GAP, 0)
        column.setSpacing(GAP)
        seed = QFormLayout()
        seed.addRow(QLabel(texts.SEED), self.seed)
        column.addWidget(self.visualisation)
        column.addWidget(self._summary)
        column.addWidget(self.about, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.objective)
        column.addWidget(self.form)
        column.addLayout(seed)
        column.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(inside)
        buttons = QHBoxLayout()
        buttons.setSpacing(GAP)
        buttons.addWidget(self.start, 1)
        buttons.addWidget(self.cancel)
        left = QWidget()
        left.setFixedWidth(FORM_WIDTH)
        outside = QVBoxLayout(left)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.setSpacing(TIGHT)
        outside.addWidget(self.area, 1)
        outside.addWidget(self._hint)
        outside.addLayout(buttons)
        return left

    def _right(self) -> QVBoxLayout:
        below = QHBoxLayout()
        below.setSpacing(GAP)
        below.addWidget(self._words, 1)
        below.addWidget(self.save, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(TIGHT)
        column.addWidget(self.label)
        column.addWidget(self._explanation)
        column.addWidget(self.field, 1)
        column.addLayout(below)
        column.addWidget(self.course)
        return column

    def focus_first(self) -> None:
        """Give the focus to the first choice."""
        self.visualisation.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_asked.emit()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _show(self) -> None:
        if not self.isVisible():
            return
        choice, chosen = self._state.choice, self._state.choice.chosen
        self.visualisation.show_choices(choice.offered, chosen.name)
        self._summary.setText(chosen.summary)
        self.objective.show_choice(choice.objective, chosen.objectives, choice.card)
        if self._shown_params is not chosen.Params:
            self._shown_params = chosen.Params
            self.form.show_params(chosen.Params, choice.values)
        self.form.show_values(choice.values)
        self._show_picture(self._state.picture)
        self._show_progress()

    @Slot()
    def _show_progress(self) -> None:
        if not self.isVisible():
            return
        state = self._state
        self.start.setEnabled(state.can_start)
        self.cancel.setEnabled(state.running)
        self._hint.setText(texts.step(state.done, state.total) if state.running else state.hint)

    def _show_picture(self, shown: ShownPicture | None) -> None:
        self.field.show_picture(picture(shown.displayed) if shown is not None else QImage())
        self.save.setEnabled(shown is not None and shown.record is not None)
        self.course.show_scores(shown.scores if shown is not None else ())
        error = self._state.error
        self._words.setObjectName("error" if error is not None else "")
        self._words.style().polish(self._words)
        self._words.setText(str(error) if error is not None else self._state.words)
        is_of_image = shown is not None and shown.is_of_image
        self._explanation.setText(texts.OF_IMAGE if is_of_image else texts.EXPLANATION)
        self.field.setAccessibleDescription(f"{texts.LABEL} {self._state.words}")

    @Slot(str, object)
    def _on_objective(self, field: str, value: object) -> None:
        self._state.choice.set_objective(**{field: value})

    @Slot()
    def _on_save(self) -> None:
        shown = self._state.picture
        if shown is not None and shown.record is not None:
            caption = texts.caption(shown.record.title, shown.record.maximised, shown.card.title)
            self.save_asked.emit(png_of(captioned(picture(shown.displayed), (texts.LABEL, caption))))


def captioned(shown: QImage, lines: tuple[str, ...]) -> QImage:
    """A picture, enlarged, above lines of text, so that what it is goes wherever the file goes."""
    height = round(SAVED_SIDE * shown.height() / shown.width())
    image = QImage(SAVED_SIDE, height + CAPTION_LINE * len(lines), QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(QRectF(0, 0, SAVED_SIDE, height), shown)
    font = QFont(painter.font())
    font.setPixelSize(CAPTION_TEXT)
    painter.setFont(font)
    painter.setPen(QColor("white"))
    for number, line in enumerate(lines):
        place = QRectF(GAP, height + number * CAPTION_LINE, SAVED_SIDE - 2 * GAP, CAPTION_LINE)
        words = painter.fontMetrics().elidedText(line, Qt.TextElideMode.ElideMiddle, int(place.width()))
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, words)
    painter.end()
    image.setText("Description", " ".join(lines))
    return image


def png_of(image: QImage) -> bytes:
    """The content of a PNG file."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())
