"""The names below the pictures of a strip of steps: whole where two lines have room for them."""

import pytest
from PySide6.QtGui import QFont, QFontMetrics

from app.window.widgets.step_strip import label_lines, wrapped_name


@pytest.fixture
def metrics(qapp) -> QFontMetrics:
    return QFontMetrics(QFont())


def test_that_a_name_that_fits_stays_in_one_line(metrics) -> None:
    assert wrapped_name("conv1", metrics, metrics.horizontalAdvance("conv1")) == ["conv1"]


def test_that_a_layer_s_name_goes_on_behind_an_underscore(metrics) -> None:
    width = max(map(metrics.horizontalAdvance, ("conv5_block16_", "2_conv")))
    assert wrapped_name("conv5_block16_2_conv", metrics, width) in (
        ["conv5_block16_", "2_conv"],
        ["conv5_", "block16_2_conv"],
    )
    assert label_lines(["this map", "conv5_block16_2_conv"], metrics, width) == 2
    assert label_lines(["this map"], metrics, metrics.horizontalAdvance("this map")) == 1


def test_that_no_line_is_wider_than_its_column_and_both_ends_of_a_part_stay(metrics) -> None:
    width = metrics.horizontalAdvance("conv5_blo")
    lines = wrapped_name("averyverylongnamewithoutanyunderscoreatall", metrics, width)
    assert len(lines) == 2
    assert all(metrics.horizontalAdvance(line) <= width for line in lines)
    assert (lines[0][0], lines[1][-1]) == ("a", "l")
