"""Chips in a row that goes on in the next line, as words or as a grid."""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from app.window.widgets.flow_row import FlowRow


class Chip(QWidget):
    """Of a given width."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self._width = width

    def sizeHint(self) -> QSize:
        return QSize(self._width, 10)


def places(qtbot, widths: list[int], width: int, is_grid: bool) -> list[tuple[int, int, int]]:
    """(x, y, width) of each chip in a field of this width."""
    field = QWidget()
    qtbot.addWidget(field)
    row = FlowRow(4, field, is_grid)
    chips = [Chip(each) for each in widths]
    for at, chip in enumerate(chips):
        row.insert_widget(at, chip)
    field.resize(width, row.heightForWidth(width))
    row.setGeometry(field.rect())
    return [(chip.x(), chip.y(), chip.width()) for chip in chips]


def test_that_five_chips_that_need_two_lines_stand_in_three_columns(qtbot) -> None:
    assert places(qtbot, [60, 80, 70, 60, 50], 308, is_grid=True) == [
        (0, 0, 100),
        (104, 0, 100),
        (208, 0, 100),
        (0, 14, 100),
        (104, 14, 100),
    ]


def test_that_chips_that_fit_stay_in_one_line_as_wide_as_their_words(qtbot) -> None:
    assert places(qtbot, [60, 80], 308, is_grid=True) == [(0, 0, 60), (64, 0, 80)]


@pytest.mark.parametrize("is_grid", [False, True])
def test_that_words_flow_where_no_two_columns_fit(qtbot, is_grid) -> None:
    assert places(qtbot, [20, 90, 20], 100, is_grid) == [(0, 0, 20), (0, 14, 90), (0, 28, 20)]
