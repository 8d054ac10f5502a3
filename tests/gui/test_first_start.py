"""The window of a first start on a small screen: everything usable is inside it, and nothing is squeezed."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QMargins, QObject, QPoint, QRect
from PySide6.QtWidgets import QApplication, QHeaderView, QTableWidget, QWidget

from app.texts import window as texts
from app.window.actions.menus import Menus
from app.window.geometry import first_geometry
from app.window.main_window import MainWindow
from app.window.widgets.curve_plot import TICKS
from app.window.widgets.probability_bars import ProbabilityBars
from core.worker.messages import CurvesDone
from tests.app.window.states.test_curves import curve_set
from tests.gui.recorded import RecordedLink, explained
from tests.gui.test_window import open_image

# Logical sizes of screens, and the frame of a usual window manager.
SCREENS = {"1280 x 720": (1280, 720), "1600 x 900 at 200 %": (1600, 900)}
FRAME = QMargins(1, 37, 1, 1)
LOWEST_PLOT = 160


@pytest.fixture(params=SCREENS.values(), ids=SCREENS.keys())
def window(request, open_window, reader, worker) -> MainWindow:
    """After the first map and the curves, in the room that a first start has on this screen."""
    inner = first_geometry(QRect(0, 0, *request.param), FRAME)
    opened = open_window(size=(inner.width(), inner.height()))
    open_image(opened, reader, worker)
    opened.session.explain.start(["grad_cam"])
    values = np.ones((225, 225), np.float32)
    worker.answer(explained(values), [values])
    opened.draw_curves()
    worker.answer(CurvesDone(curves=curve_set(), seconds=1.0))
    opened.session.explain.start(["gradient"])  # something runs
    settle_layout()
    return opened


def settle_layout() -> None:
    for _ in range(3):
        QApplication.processEvents()


def is_inside(window: QWidget, widget: QWidget) -> bool:
    """Whether all of a widget is visible: inside the window, and cut by nothing around it."""
    place = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
    return (
        widget.isVisible()
        and window.rect().contains(place)
        and widget.visibleRegion().boundingRect() == widget.rect()
    )


def test_that_the_status_bar_with_progress_and_cancel_is_inside(window: MainWindow) -> None:
    bar = window.statusBar()
    assert is_inside(window, bar)
    assert is_inside(window, bar.cancel)
    assert is_inside(window, bar.progress)
    assert bar.cancel.text() == texts.CANCEL


def test_that_the_contents_need_no_more_room_than_there_is(window: MainWindow) -> None:
    needed = window.layout().minimumSize()
    assert (needed.width() <= window.width(), needed.height() <= window.height()) == (True, True), needed


def test_that_three_probability_bars_are_whole(window: MainWindow) -> None:
    bars = window.prediction_panel.findChild(ProbabilityBars)
    assert is_inside(window, bars)
    assert bars.height() >= bars.sizeHint().height()


def test_that_plots_are_high_enough_and_their_labels_apart(window: MainWindow) -> None:
    for plot in window.curves_panel.plots.values():
        assert is_inside(window, plot)
        assert plot.height() >= LOWEST_PLOT
        each = plot.field.height() / (len(TICKS) - 1)
        assert each >= plot.fontMetrics().height() - 2


def test_that_no_cell_of_the_table_of_curves_is_cut(window: MainWindow) -> None:
    assert cut_cells(window.curves_panel.table) == []


def cut_cells(table: QTableWidget) -> list[str]:
    """Texts that are wider than their column, or stand in a column beyond the view."""
    header = table.horizontalHeader()
    assert isinstance(header, QHeaderView)
    cut = []
    for row in range(table.rowCount()):
        for column in range(table.columnCount()):
            item = table.item(row, column)
            if item is None:
                continue
            hint = table.sizeHintForIndex(table.indexFromItem(item))
            right = header.sectionViewportPosition(column) + header.sectionSize(column)
            if hint.width() > header.sectionSize(column) or right > table.viewport().width():
                cut.append(item.text())
    return cut


def test_that_the_menu_bar_has_all_menus_and_the_statement_uncut(window: MainWindow) -> None:
    bar = window.menuBar()
    statement = window.findChild(Menus).statement
    assert is_inside(window, statement)
    assert statement.width() >= statement.sizeHint().width()
    last = bar.actionGeometry(bar.actions()[-1])
    assert last.right() < statement.mapTo(window, QPoint(0, 0)).x()
    assert {action.isVisible() for action in bar.actions()} == {True}


class StartingLink(RecordedLink):
    """A link that says when its process would start."""

    def __init__(self, order: list[str]) -> None:
        self._order = order
        super().__init__(ready=False)

    def start(self) -> None:
        self._order.append("process")
        super().start()


class PaintWatch(QObject):
    """Says when a widget has been painted."""

    def __init__(self, order: list[str]) -> None:
        super().__init__()
        self._order = order

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self._order.append("paint")
        return False


def test_that_the_processes_start_after_the_first_paint(qtbot, settings) -> None:
    order: list[str] = []
    links = {name: StartingLink(order) for name in ("worker", "reader", "lister")}
    window = MainWindow(settings, **links)
    qtbot.addWidget(window)
    watch = PaintWatch(order)
    window.statusBar().installEventFilter(watch)
    with qtbot.waitSignal(window.shown_first):
        window.show()
    qtbot.waitUntil(lambda: "process" in order)
    assert order[0] == "paint"
    window.hide()
    window.show()
    QApplication.processEvents()
    assert order.count("process") == 2  # of worker and reader, once
    window.close()
