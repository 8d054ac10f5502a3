"""The drop-down list of values."""

from enum import StrEnum

import pytest
from PySide6.QtCore import Qt

from app.window.widgets.chooser import Chooser


class Side(StrEnum):
    LEFT = "left"
    RIGHT = "right"


@pytest.fixture
def chooser(qtbot) -> Chooser:
    chooser_of_sides = Chooser("Side")
    qtbot.addWidget(chooser_of_sides)
    chooser_of_sides.show_choices([(Side.LEFT, "Left side"), (Side.RIGHT, "Right side")], Side.RIGHT)
    return chooser_of_sides


def test_that_the_current_value_is_shown_by_its_words(chooser) -> None:
    assert (chooser.accessibleName(), chooser.currentText()) == ("Side", "Right side")


def test_that_a_user_s_choice_is_reported_and_the_program_s_own_is_not(qtbot, chooser) -> None:
    chosen_values = []
    chooser.chosen.connect(chosen_values.append)
    chooser.show_choices([(Side.LEFT, "Left side"), (Side.RIGHT, "Right side"), (7, "Seven")], 7)
    assert (chooser.currentText(), chosen_values) == ("Seven", [])
    qtbot.keyClick(chooser, Qt.Key.Key_Up)
    qtbot.keyClick(chooser, Qt.Key.Key_Up)
    assert chosen_values == [Side.RIGHT, Side.LEFT]
    assert all(type(value) is Side for value in chosen_values)


def test_that_a_value_that_is_not_offered_leaves_nothing_chosen(chooser) -> None:
    chooser.show_choices([(Side.LEFT, "Left side")], Side.RIGHT)
    assert (chooser.count(), chooser.currentIndex()) == (1, -1)


def test_that_other_values_behind_the_same_words_are_taken_over(qtbot, chooser) -> None:
    chooser.show_choices([(1, "Left side"), (2, "Right side")], 1)
    with qtbot.waitSignal(chooser.chosen) as chosen:
        qtbot.keyClick(chooser, Qt.Key.Key_Down)
    assert chosen.args == [2]
