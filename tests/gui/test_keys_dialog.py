"""Changing keys in the dialog, and what of the window follows."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.shortcuts import ACTIONS, GESTURES, KEYS, PRESETS
from app.texts import keys as texts
from app.window.actions.key_tips import exchange_key_tips
from app.window.keys_dialog import KeysDialog
from core.images.slice import Slice
from tests.gui.test_window import open_image

RAMP = Slice(np.arange(4096, dtype=np.uint16).reshape(64, 64))
LEFT, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(open_window):
    yield open_window()
    KEYS.changes = {}


@pytest.fixture
def dialog(window) -> KeysDialog:
    window.window_actions.by_name["keys"].trigger()
    (dialog,) = window.findChildren(KeysDialog)
    return dialog


def press(qtbot, dialog: KeysDialog, name: str, words: str, key=None, modifiers=None) -> None:
    dialog.choose(name)
    if key is not None:
        qtbot.keyClick(dialog.editor, key, modifiers or Qt.KeyboardModifier.NoModifier)
    qtbot.mouseClick(dialog.buttons[words], LEFT)


def test_that_the_dialog_lists_every_action_and_every_gesture(dialog) -> None:
    shown = {}
    for at in range(dialog.list.topLevelItemCount()):
        group = dialog.list.topLevelItem(at)
        for row in range(group.childCount()):
            shown[group.child(row).text(0)] = group.child(row).text(1)
    expected = {entry.text: ", ".join(entry.keys) for entry in ACTIONS}
    assert shown == expected | {effect: gesture for gesture, effect in GESTURES}


def test_that_a_new_key_works_at_once_and_the_old_one_no_more(qtbot, window, dialog) -> None:
    press(qtbot, dialog, "overlay", texts.SET, Qt.Key.Key_Y, CONTROL)
    assert (dialog.problem.text(), dialog.items["overlay"].text(1)) == ("", "Ctrl+Y")
    action = window.window_actions.by_name["overlay"]
    assert [keys.toString() for keys in action.shortcuts()] == ["Ctrl+Y"]
    assert action.toolTip() == "Show overlay (Ctrl+Y)"
    dialog.close()
    with qtbot.waitActive(window):
        window.activateWindow()
    before = window.session.image.overlay_on
    qtbot.keyClick(window, Qt.Key.Key_G)
    assert window.session.image.overlay_on == before
    qtbot.keyClick(window, Qt.Key.Key_Y, CONTROL)
    assert window.session.image.overlay_on != before


def test_that_the_held_key_and_the_keys_of_windows_can_be_changed(
    qtbot, window, dialog, reader, worker
) -> None:
    open_image(window, reader, worker, RAMP)
    press(qtbot, dialog, "hide_overlay", texts.SET, Qt.Key.Key_Y, CONTROL)
    press(qtbot, dialog, PRESETS[1], texts.SET, Qt.Key.Key_F6)
    dialog.close()
    with qtbot.waitActive(window):
        window.activateWindow()
    image = window.session.image
    qtbot.keyPress(window, Qt.Key.Key_H)
    assert not image.overlay_hidden
    qtbot.keyRelease(window, Qt.Key.Key_H)
    qtbot.keyPress(window, Qt.Key.Key_Y, CONTROL)
    assert image.overlay_hidden
    qtbot.keyRelease(window, Qt.Key.Key_Control)
    assert image.overlay_hidden
    qtbot.keyRelease(window, Qt.Key.Key_Y)
    assert not image.overlay_hidden
    before = image.display.window
    qtbot.keyClick(window, Qt.Key.Key_2)
    assert image.display.window == before
    qtbot.keyClick(window, Qt.Key.Key_F6)
    assert image.display.window == image.display.presets[1] != before


def test_that_a_conflict_is_told_and_changes_nothing(qtbot, window, dialog) -> None:
    press(qtbot, dialog, "invert", texts.SET, Qt.Key.Key_R)
    assert "Reset window, zoom and position" in dialog.problem.text()
    assert KEYS.changes == {}
    dialog.editor.clear()
    press(qtbot, dialog, "invert", texts.SET)
    assert dialog.problem.text() == texts.NO_KEY
    dialog.choose("reset")
    assert dialog.problem.text() == ""


def test_that_keys_are_cleared_added_and_reset(qtbot, window, dialog) -> None:
    press(qtbot, dialog, "help", texts.ADD, Qt.Key.Key_F2)
    assert KEYS.of("help") == ("F1", "?", "F2")
    press(qtbot, dialog, "invert", texts.CLEAR)
    assert (KEYS.of("invert"), dialog.items["invert"].text(1)) == ((), "")
    press(qtbot, dialog, "invert", texts.RESET)
    assert KEYS.changes == {"help": ("F1", "?", "F2")}
    qtbot.mouseClick(dialog.buttons[texts.RESET_ALL], LEFT)
    assert KEYS.changes == {}


def test_that_a_sign_is_written_without_the_shift_that_types_it(qtbot, dialog) -> None:
    press(qtbot, dialog, "pan_tool", texts.SET, Qt.Key.Key_AsciiTilde, Qt.KeyboardModifier.ShiftModifier)
    assert (dialog.problem.text(), KEYS.of("pan_tool")) == ("", ("~",))
    press(qtbot, dialog, "pan_tool", texts.SET, Qt.Key.Key_P, Qt.KeyboardModifier.ShiftModifier)
    assert KEYS.of("pan_tool") == ("Shift+P",)


def test_that_every_control_can_be_named_and_nothing_is_cut(dialog) -> None:
    for control in (dialog.list, dialog.editor):
        assert control.accessibleName() != ""
    for button in dialog.buttons.values():
        assert button.width() >= button.sizeHint().width()
    column = dialog.list.columnWidth(0)
    for item in dialog.items.values():
        assert dialog.list.fontMetrics().horizontalAdvance(item.text(0)) < column


def test_that_tool_tips_composed_of_keys_follow_and_similar_words_do_not(qtbot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    tips = [
        "Pan",
        "Panels",
        "Opacity: Less ([), More (])",
        "Native cells: a grid (Cells (N))",
        "Less is more",
    ]
    widgets = [QWidget(parent) for _ in tips]
    for widget, tip in zip(widgets, tips, strict=True):
        widget.setToolTip(tip)
    first = {"Pan": "Pan (P)", "Less ([)": "Less", "More (])": "More (])", "Cells (N)": r"Cells (\1)"}
    exchange_key_tips(parent, first)
    assert [widget.toolTip() for widget in widgets] == [
        "Pan (P)",
        "Panels",
        "Opacity: Less, More (])",
        r"Native cells: a grid (Cells (\1))",
        "Less is more",
    ]
    exchange_key_tips(parent, {"Less": "Less (L)"})
    assert widgets[2].toolTip() == "Opacity: Less (L), More (])"
    assert widgets[4].toolTip() == "Less is more"
