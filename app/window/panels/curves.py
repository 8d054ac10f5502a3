"""The panel Curves: AIC and SIC of all maps and of the control maps, as plots and as a table."""

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QPushButton,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.texts import curves as texts_curves
from app.texts import window as texts
from app.window.clipboard import offer_copying, table_rows
from app.window.states.curve_table import CurveRow
from app.window.states.curves import KINDS, CurvesState
from app.window.states.prediction import Phase
from app.window.theme import GAP, MARGIN, THEME
from app.window.widgets.chooser import Chooser
from app.window.widgets.curve_plot import CurvePlot, swatch
from app.window.widgets.pages import PageOrSentence
from app.window.widgets.panel import Panel
from core.curves.protocol import CurveKind

# Wide enough for all four columns with the longest title and figures of the present methods.
TABLE_WIDTH = 470
SWATCH = QSize(28, 12)


class CurvesPanel(Panel):
    """Draws a `CurvesState`."""

    def __init__(self, state: CurvesState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.plots: dict[CurveKind, CurvePlot] = {kind: CurvePlot(kind) for kind in KINDS}
        self._start = QPushButton(texts_curves.DRAW_CURVES)
        self._start.clicked.connect(state.start)
        self._stop = QPushButton(texts.CANCEL)
        self._stop.clicked.connect(state.cancel)
        self._protocol = Chooser(texts_curves.PROTOCOL)
        self._protocol.chosen.connect(state.set_protocol)
        self._words = QLabel()
        self._words.setObjectName("muted")
        self._words.setWordWrap(True)
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setRange(0, 1000)
        self._pages = PageOrSentence(self._result(), self)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, GAP, MARGIN, GAP)
        column.setSpacing(GAP)
        column.addLayout(self._head())
        column.addWidget(self._progress)
        column.addLayout(self._pages, 1)
        state.changed.connect(self._show)
        THEME.changed.connect(self._show)
        state.progressed.connect(self._show_progress)
        state.cursor_changed.connect(self._show_cursor)
        self._show()

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(GAP)
        for part in (self._protocol, self._start, self._stop):
            row.addWidget(part)
        row.addWidget(self._words, 1)
        return row

    def _result(self) -> QWidget:
        page = QSplitter(Qt.Orientation.Horizontal)
        page.setChildrenCollapsible(False)
        plots = QWidget()
        plot_row = QHBoxLayout(plots)
        plot_row.setContentsMargins(0, 0, 0, 0)
        plot_row.setSpacing(GAP)
        for plot in self.plots.values():
            plot.pinned.connect(self._state.set_cursor)
            plot_row.addWidget(plot)
        self.table = QTableWidget(0, len(texts_curves.TABLE_HEADERS) + 1)
        self.table.setAccessibleName(texts.CURVES)
        self.table.verticalHeader().hide()
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setShowGrid(False)
        self.table.setIconSize(SWATCH)
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        offer_copying(self.table, lambda: table_rows(self.table))
        self._notes = QLabel()
        self._notes.setWordWrap(True)
        self._notes.setObjectName("muted")
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(GAP, 0, 0, 0)
        column.setSpacing(GAP)
        column.addWidget(self.table, 1)
        column.addWidget(self._notes)
        page.addWidget(plots)
        page.addWidget(right)
        right.setMinimumWidth(TABLE_WIDTH)
        page.setSizes([600, 400])
        page.setStretchFactor(0, 3)
        page.setStretchFactor(1, 2)
        return page

    @Slot()
    def _show(self) -> None:
        state = self._state
        self._start.setEnabled(state.can_start)
        self._start.setText(
            texts_curves.REDRAW_CURVES if state.curves is not None else texts_curves.DRAW_CURVES
        )
        self._stop.setVisible(state.running)
        self._protocol.show_choices(tuple(texts_curves.PROTOCOLS.items()), state.protocol)
        settings = state.table.settings_words(state.protocol)
        self._words.setText(texts_curves.NEW_MAPS if state.outdated else settings)
        failed = state.phase is Phase.FAILED
        empty_text = state.empty_text if state.curves is None else ""
        self._pages.show_sentence(str(state.error) if failed else empty_text, is_error=failed)
        if state.curves is not None:
            self._show_curves()
        self._show_progress()

    def _show_curves(self) -> None:
        table = self._state.table
        for kind, plot in self.plots.items():
            plot.show_lines(table.lines(kind), table.axis_words)
            plot.setVisible(bool(table.lines(kind)))
        verdict = texts_curves.verdict_header(table.verdict_kind)
        self.table.setHorizontalHeaderLabels((*texts_curves.TABLE_HEADERS, verdict))
        self.table.setRowCount(len(table.rows))
        for at, row in enumerate(table.rows):
            self._show_row(at, row)
        notes = [*table.undefined]
        self._notes.setText("\n".join(notes))
        self._notes.setVisible(bool(notes))

    def _show_row(self, at: int, row: CurveRow) -> None:
        title = QTableWidgetItem(QIcon(swatch(row.number, row.is_control_map)), row.title)
        score_shown = row.sic if self._state.table.verdict_kind == "sic" else row.aic
        verdict = "" if row.method == "random" else texts_curves.verdict_word(score_shown)
        cells = [
            title,
            *(
                QTableWidgetItem(text)
                for text in (texts_curves.score_figure(row.aic), texts_curves.score_figure(row.sic), verdict)
            ),
        ]
        for column, (cell, score) in enumerate(
            zip(cells, (score_shown, row.aic, row.sic, score_shown), strict=True)
        ):
            cell.setToolTip(texts_curves.score_words(row.title, score))
            self.table.setItem(at, column, cell)

    @Slot()
    def _show_progress(self) -> None:
        share, _ = self._state.progress
        self._progress.setVisible(self._state.running)
        self._progress.setValue(round(1000 * share))

    @Slot()
    def _show_cursor(self) -> None:
        for plot in self.plots.values():
            plot.show_pin(self._state.cursor)
