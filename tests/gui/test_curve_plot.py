"""The plot of a curve: a click, a key and the pointer give places on its axis."""

import pytest
from PySide6.QtCore import QPoint, Qt

from app.window.states.curve_table import PlotLine
from app.window.theme import THEME
from app.window.widgets.curve_plot import CurvePlot
from tests.gui.pointer import move_pointer

LINE = PlotLine("grad_cam", "Grad-CAM", (0.0, 0.5, 1.0), (0.0, 1.0, 0.0), False, 0)


@pytest.fixture
def plot(qtbot, qapp) -> CurvePlot:
    THEME.apply(qapp, "dark")
    plot = CurvePlot("sic")
    qtbot.addWidget(plot)
    plot.resize(400, 240)
    plot.show_lines((LINE,), "revealed area")
    plot.show()
    return plot


def place_of(plot: CurvePlot, x: float) -> QPoint:
    return QPoint(round(plot.field.left() + x * plot.field.width()), round(plot.field.center().y()))


def test_that_a_click_pins_the_place_under_it(qtbot, plot) -> None:
    with qtbot.waitSignal(plot.pinned) as pinned:
        qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=place_of(plot, 0.25))
    assert pinned.args[0] == pytest.approx(0.25, abs=0.005)


def test_that_a_click_beside_the_axis_pins_nothing(qtbot, plot) -> None:
    with qtbot.assertNotEmitted(plot.pinned):
        qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=QPoint(1, 100))


def test_that_arrow_keys_move_the_pin_within_the_axis(qtbot, plot) -> None:
    places = []
    plot.pinned.connect(places.append)
    plot.show_pin(0.5)
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    plot.show_pin(1.0)
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    assert places == [pytest.approx(0.52), 1.0]


def test_that_the_pointer_reads_the_values_at_its_place(plot) -> None:
    move_pointer(plot, place_of(plot, 0.25))
    assert "Grad-CAM: 0.50" in plot.toolTip()
    assert "25 %" in plot.toolTip()


def test_that_a_line_is_drawn_through_its_points_in_its_colour(plot) -> None:
    picture = plot.grab().toImage()
    scale = picture.devicePixelRatio()
    at = plot.field.left() + 0.5 * plot.field.width(), plot.field.top()
    colours = {
        picture.pixelColor(round(at[0] * scale), round(at[1] * scale) + step).name() for step in (0, 1, 2)
    }
    assert THEME.colours.curves[0] in colours


def test_that_the_highest_and_the_last_label_stand_whole_inside_the_widget(plot) -> None:
    line = plot.fontMetrics().height()
    assert plot.field.top() >= 1.5 * line
    assert plot.field.right() + plot.fontMetrics().horizontalAdvance("1") / 2 <= plot.width()
    assert plot.field.bottom() + 2 * line <= plot.height()


def test_that_the_plotted_lines_are_described_for_assistive_technology(plot) -> None:
    assert plot.accessibleDescription() == "Grad-CAM"
