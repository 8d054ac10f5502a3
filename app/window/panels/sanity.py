"""The panel Sanity: a row for each check of a map, and the figures and steps of the selected one."""

from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.texts import checks as texts
from app.window.states.check_results import CheckPhase
from app.window.states.image import ImageState
from app.window.states.sanity import CheckRow, SanityState
from app.window.theme import GAP, MARGIN, TIGHT
from app.window.widgets.chooser import Chooser
from app.window.widgets.pages import PageOrSentence
from app.window.widgets.panel import Panel
from app.window.widgets.pictures import SliceThumbnail
from app.window.widgets.step_strip import STROKES, StepStrip, colour_of_series
from core.checks.figures import CheckFigure
from core.number_text import fixed

ROWS_WIDTH, BUTTON_WIDTH = 410, 62
PICTURE = 192


class CheckLine:
    """The widgets of one check in the grid of the panel."""

    def __init__(self, name: str, state: SanityState) -> None:
        self._name, self._state = name, state
        self.title = QPushButton()
        self.title.setObjectName("check")
        self.title.setCheckable(True)
        self.title.clicked.connect(partial(state.focus, name))
        self.answer = QLabel()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.button = QPushButton()
        self.button.setFixedWidth(BUTTON_WIDTH)
        self.button.setObjectName("small")
        self.button.clicked.connect(self._on_clicked)
        self._is_running = False

    def show_row(self, row: CheckRow, focused: bool) -> None:
        self._is_running = row.state in (CheckPhase.WAITING, CheckPhase.RUNNING)
        self.title.setText(row.title)
        self.title.setToolTip(row.summary)
        self.title.setChecked(focused)
        self.answer.setText(row.words)
        self.answer.setToolTip(row.obstacle)
        self.bar.setVisible(self._is_running)
        self.bar.setValue(round(1000 * row.share_done))
        done = row.state in (CheckPhase.DONE, CheckPhase.FAILED)
        word = texts.STOP if self._is_running else texts.CHECK_AGAIN if done else texts.CHECK
        self.button.setText(word)
        self.button.setEnabled(not row.obstacle)
        self.button.setAccessibleName(f"{word}: {row.title}, {row.words}")
        name = {"yes": "good", "no": "error", "partly": "warning"}.get(row.answer, "muted")
        if self.answer.objectName() != name:
            self.answer.setObjectName(name)
            self.answer.style().polish(self.answer)

    @Slot()
    def _on_clicked(self) -> None:
        if self._is_running:
            self._state.cancel(self._name)
        else:
            self._state.start(self._name)


class RowsArea(QScrollArea):
    """Rows that are scrolled up and down only: it is as wide as the widest row, so that none is cut."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        inside = self.widget()
        if event.type() == QEvent.Type.LayoutRequest and inside is not None:
            bar = self.verticalScrollBar().sizeHint().width()
            self.setFixedWidth(max(ROWS_WIDTH, inside.minimumSizeHint().width() + bar))
        return super().eventFilter(watched, event)


class SanityPanel(Panel):
    """Draws a `SanityState`."""

    def __init__(self, state: SanityState, image: ImageState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state, self._image = state, image
        self._picture = SliceThumbnail(PICTURE)
        self._colours = image.style.colour_map
        self.lines: dict[str, CheckLine] = {}
        self._map = Chooser(texts.CHECKED_MAP)
        self._map.chosen.connect(state.choose)
        self._all = QPushButton(texts.CHECK_ALL)
        self._all.clicked.connect(state.start_all)
        self.sentence, self._figures = QLabel(), QLabel()
        for label in (self.sentence, self._figures):
            label.setWordWrap(True)
        self._figures.setObjectName("muted")
        self._figures.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.strip = StepStrip()
        self._group = QButtonGroup(self)
        self.pages = PageOrSentence(self._page(), self)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        column.addLayout(self.pages)
        state.changed.connect(self._show)
        state.row_changed.connect(self._show_row)
        image.image_changed.connect(self._show)
        image.overlay_changed.connect(self._on_overlay_changed)
        self._show()

    def _page(self) -> QWidget:
        page, side, inside = QWidget(), QWidget(), Panel()
        self._grid = QGridLayout(inside)
        self._grid.setContentsMargins(0, 0, GAP, 0)
        self._grid.setHorizontalSpacing(GAP)
        self._grid.setVerticalSpacing(TIGHT)
        self._grid.setColumnStretch(0, 1)
        area = RowsArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        area.setAccessibleName(texts.SANITY)
        head = QHBoxLayout()
        head.setSpacing(GAP)
        head.addWidget(self._map, 1)
        head.addWidget(self._all)
        left = QVBoxLayout()
        left.setSpacing(GAP)
        left.addLayout(head)
        left.addWidget(area, 1)
        right = QVBoxLayout()
        right.setSpacing(TIGHT)
        right.addWidget(self.sentence)
        right.addWidget(self._figures)
        right.addWidget(self.strip, 1)
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(MARGIN)
        side.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        side.setLayout(left)
        left.setContentsMargins(0, 0, 0, 0)
        row.addWidget(side)
        row.addLayout(right, 1)
        return page

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show()

    @Slot()
    def _show(self) -> None:
        if not self.isVisible():
            return
        state = self._state
        self.pages.show_sentence(state.empty_text)
        self._map.show_choices(state.choices, state.entry.number if state.entry is not None else None)
        rows = state.rows
        if list(self.lines) != [row.name for row in rows]:
            self._make_lines([row.name for row in rows])
        for row in rows:
            self.lines[row.name].show_row(row, row.name == state.focused)
        self._show_steps()

    def _make_lines(self, names: list[str]) -> None:
        for line in self.lines.values():
            for part in (line.title, line.answer, line.bar, line.button):
                self._grid.removeWidget(part)
                part.deleteLater()
        self.lines = {name: CheckLine(name, self._state) for name in names}
        for at, line in enumerate(self.lines.values()):
            self._group.addButton(line.title)
            self._grid.addWidget(line.title, 2 * at, 0)
            self._grid.addWidget(line.answer, 2 * at, 1)
            self._grid.addWidget(line.button, 2 * at, 2)
            self._grid.addWidget(line.bar, 2 * at + 1, 0, 1, 3)
        self._grid.setRowStretch(2 * len(self.lines), 1)

    @Slot(str)
    def _show_row(self, name: str) -> None:
        if self.isVisible() and name in self.lines:
            self.lines[name].show_row(self._state.row(name), name == self._state.focused)
            if name == self._state.focused:
                self._show_steps()

    @Slot()
    def _show_steps(self) -> None:
        if not self.isVisible():
            return
        details, image = self._state.details, self._image.image
        self.sentence.setText(details.sentence)
        points, series = details.points, details.series
        lines = (f"{name}: {fixed(value)}" for name, value in details.figures)
        self._figures.setText(legend(series) if points else "<br>".join(lines))
        if image is None:
            return
        slice_picture = self._picture.of(image)
        self.strip.show_steps(
            details.own_overlay, points, series, slice_picture, self._image.style.colour_map
        )

    @Slot()
    def _on_overlay_changed(self) -> None:
        if self._image.style.colour_map != self._colours:
            self._colours = self._image.style.colour_map
            self._show_steps()


def legend(series: tuple[CheckFigure, ...]) -> str:
    """The names of the series in the colours of their lines."""
    names = (
        f'<span style="color: {colour_of_series(at)}">{STROKES[at % len(STROKES)]}</span> {figure.legend}'
        for at, figure in enumerate(series)
    )
    return "&nbsp;&nbsp; ".join(names)
