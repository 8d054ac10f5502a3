"""Replaying from the window: it is saved first, results appear one by one, and the work goes on beside it."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox

from app.texts import replay as texts
from app.window.main_window import MainWindow
from app.window.panels.replay import ReplayDialog
from app.window.replaying import save_question
from core.errors import DiskFull
from core.exports.messages import WorkspaceSaved
from tests.gui.recorded import RecordedLink
from tests.gui.test_window import settle
from tests.gui.test_workspace import work

PLACE = Path("/disk/case 1.saliscope")


@pytest.fixture
def window(open_window, reader, monkeypatch) -> MainWindow:
    """With what is started in place of a process in `started`: the file and the number of results."""
    opened = open_window()
    settle(reader)
    opened.session.files = RecordedLink()
    opened.workspace.ask_place = lambda path, options, parent: (PLACE, options)
    opened.replaying.ask = lambda parent: True
    opened.started = []
    monkeypatch.setattr(opened.replaying.state, "start", lambda *args: opened.started.append(args))
    return opened


def dialogs(window: MainWindow) -> list[ReplayDialog]:
    return [dialog for dialog in window.findChildren(ReplayDialog) if dialog.isVisible()]


def test_that_there_is_nothing_to_replay_without_results(window, reader, worker) -> None:
    action = window.window_actions.by_name["replay"]
    assert not action.isEnabled()
    work(window, reader, worker)
    assert action.isEnabled()


def test_that_what_is_not_saved_is_saved_and_then_replayed(window, reader, worker) -> None:
    work(window, reader, worker)
    window.window_actions.trigger("replay")
    assert window.started == []
    window.session.files.answer(WorkspaceSaved())
    assert window.started == [(PLACE, 1)]  # the prediction
    assert len(dialogs(window)) == 1
    assert not dialogs(window)[0].isModal()
    dialogs(window)[0].close()
    window.window_actions.trigger("replay")  # nothing has changed: at once
    assert window.started == 2 * [(PLACE, 1)]


def test_that_nothing_is_replayed_that_could_not_be_saved_or_must_not_be(window, reader, worker) -> None:
    work(window, reader, worker)
    window.window_actions.trigger("replay")
    window.session.files.fail(DiskFull("The disk is full."))
    window.workspace.save()
    window.session.files.answer(WorkspaceSaved())  # a later save, for its own sake
    window.session.region.clear()
    window.replaying.ask = lambda parent: False
    window.window_actions.trigger("replay")
    assert (window.started, dialogs(window)) == ([], [])


def test_that_the_dialog_shows_each_result_and_cancels(window) -> None:
    state = window.replaying.state
    cancelled = []
    dialog = ReplayDialog(state, window)
    dialog.show()
    state.lines, state.total, state.sentence = ["case-1", "  Prediction: identical"], 5, texts.compared(1, 5)
    state.changed.emit()
    assert dialog.lines.toPlainText().splitlines() == state.lines
    assert (dialog.sentence.text(), dialog.button.text()) == ("1 of 5 results compared.", texts.CLOSE)
    state.cancel = lambda: cancelled.append(True)
    dialog.close()
    assert cancelled == [True]


def test_that_escape_saves_nothing(window) -> None:
    box = save_question(window)
    assert box.buttonRole(box.escapeButton()) is QMessageBox.ButtonRole.RejectRole
    assert box.defaultButton().text() == texts.SAVE
