"""Saving, closing and opening in the window: title, questions, dialogs; the reader and the files are real."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton

from app.texts import workspace as texts
from app.window.main_window import MainWindow
from app.window.save_dialog import SaveDialog
from app.window.saving import UnsavedAnswer, unsaved_question
from app.window.states import source_search
from core.arrays import Array
from core.errors import Cancelled, DiskFull, Unreadable
from core.exports.messages import ReadWorkspace, SaveWorkspace, WorkspaceRead, WorkspaceSaved
from core.images.slice import Slice
from core.readers.messages import IndexPath
from core.results.records import TargetRecord
from core.workspace.making import SavedPrivacy, workspace_of
from tests.gui.recorded import RecordedLink, explained, frame_read, indexed, predicted
from tests.gui.test_window import BRIGHT, settle

LONG = 60_000


def work(window: MainWindow, reader: RecordedLink, worker: RecordedLink) -> None:
    """Open a picture and draw on it, so that there is something to be saved."""
    window.session.cases.open_paths(["/disk/scan.png"])
    reader.answer(indexed("scan.png", folder=Path("/disk")))
    reader.answer(*frame_read(BRIGHT))
    settle(reader)
    worker.answer(predicted())
    window.session.region.draw_rectangle((1, 1), (3, 3))


@pytest.fixture
def window(open_window, reader) -> MainWindow:
    opened = open_window()
    settle(reader)
    opened.session.files = RecordedLink()
    return opened


def test_that_the_title_names_the_workspace_and_marks_what_is_not_saved(window, reader, worker) -> None:
    assert (window.windowTitle(), window.isWindowModified()) == ("Saliscope", False)
    work(window, reader, worker)
    assert (window.windowTitle(), window.isWindowModified()) == ("Untitled workspace[*] - Saliscope", True)
    window.workspace.ask_place = lambda path, options, parent: (Path("/disk/case 1.saliscope"), options)
    window.window_actions.trigger("save")
    request = window.session.files.last
    assert isinstance(request, SaveWorkspace)
    assert request.path == Path("/disk/case 1.saliscope")
    window.session.files.answer(WorkspaceSaved())
    assert (window.windowTitle(), window.isWindowModified()) == ("case 1[*] - Saliscope", False)
    window.session.region.clear()
    assert window.isWindowModified()
    window.window_actions.trigger("save")  # without another question
    assert len(window.session.files.sent) == 2


@pytest.mark.parametrize("answer", list(UnsavedAnswer))
def test_that_closing_asks_about_unsaved_results(window, reader, worker, answer) -> None:
    asked = []
    window.workspace.ask = lambda parent: asked.append(parent) or answer
    window.workspace.ask_place = lambda path, options, parent: (Path("/disk/a.saliscope"), options)
    work(window, reader, worker)
    is_closed = window.close()
    assert asked == [window]
    assert is_closed is (answer is UnsavedAnswer.DISCARD)
    if answer is UnsavedAnswer.SAVE:
        assert window.isVisible()
        window.session.files.answer(WorkspaceSaved())
        assert not window.isVisible()
        assert asked == [window]
    elif answer is UnsavedAnswer.CANCEL:
        assert window.isVisible()
        assert window.session.files.sent == []
    window.workspace.ask = None


def test_that_a_window_stays_open_when_its_results_cannot_be_saved(window, reader, worker) -> None:
    window.workspace.ask = lambda parent: UnsavedAnswer.SAVE
    window.workspace.ask_place = lambda path, options, parent: (Path("/disk/a.saliscope"), options)
    work(window, reader, worker)
    window.close()
    window.session.files.fail(DiskFull("a.saliscope cannot be written."))
    assert window.isVisible()
    assert window.isWindowModified()
    window.workspace.ask = None


def test_that_a_cancelled_saving_does_not_close_the_window_at_the_next_one(window, reader, worker) -> None:
    window.workspace.ask = lambda parent: UnsavedAnswer.SAVE
    window.workspace.ask_place = lambda path, options, parent: (Path("/disk/a.saliscope"), options)
    work(window, reader, worker)
    window.close()
    window.session.files._lose_all(Cancelled())
    window.window_actions.trigger("save")
    window.session.files.answer(WorkspaceSaved())
    assert window.isVisible()


def test_that_work_saved_before_closing_is_not_replaced_by_a_workspace_that_is_being_read(
    window, reader, worker
) -> None:
    window.workspace.ask_place = lambda path, options, parent: (Path("/disk/a.saliscope"), options)
    work(window, reader, worker)
    window.workspace.ask = lambda parent: UnsavedAnswer.DISCARD
    window.workspace.open(Path("/disk/b.saliscope"))
    window.workspace.ask = lambda parent: UnsavedAnswer.SAVE
    window.close()
    files = window.session.files
    files.answer(*WorkspaceRead.of(workspace_of([])))
    request = files.last
    assert isinstance(request, SaveWorkspace)
    assert len(request.document.cases) == 1
    assert window.isVisible()
    files.answer(WorkspaceSaved())
    assert not window.isVisible()


@pytest.mark.parametrize("answer", list(UnsavedAnswer))
def test_that_results_of_the_time_of_reading_are_asked_about(window, reader, worker, answer) -> None:
    window.workspace.ask_place = lambda path, options, parent: (Path("/disk/a.saliscope"), options)
    work(window, reader, worker)
    window.workspace.ask = lambda parent: UnsavedAnswer.DISCARD
    window.workspace.open(Path("/disk/b.saliscope"))
    window.session.region.draw_rectangle((1, 1), (2, 2))
    asked = []
    window.workspace.ask = lambda parent: asked.append(parent) or answer
    files, state = window.session.files, window.workspace.state
    files.answer(*WorkspaceRead.of(workspace_of([])))
    assert asked == [window]
    assert state.is_changed is (answer is not UnsavedAnswer.DISCARD)
    if answer is UnsavedAnswer.SAVE:
        assert isinstance(files.last, SaveWorkspace)
        files.answer(WorkspaceSaved())
    is_opened = answer is not UnsavedAnswer.CANCEL
    assert state.path == (Path("/disk/b.saliscope") if is_opened else None)
    assert (window.session.region.mask is None) is is_opened
    window.workspace.ask = None


def test_that_what_changes_while_the_results_are_saved_is_asked_about_before_closing(
    window, reader, worker
) -> None:
    window.workspace.ask_place = lambda path, options, parent: (Path("/disk/a.saliscope"), options)
    window.workspace.ask = lambda parent: UnsavedAnswer.SAVE
    work(window, reader, worker)
    window.close()
    window.session.region.draw_rectangle((1, 1), (2, 2))
    window.session.files.answer(WorkspaceSaved())
    assert window.isVisible()
    assert len(window.session.files.sent) == 2
    window.session.files.answer(WorkspaceSaved())
    assert not window.isVisible()


def test_that_nothing_is_asked_without_unsaved_results(window) -> None:
    window.workspace.ask = lambda parent: pytest.fail("nobody is to be asked")
    assert window.close()


def test_that_escape_keeps_the_window_open_and_return_saves(window) -> None:
    box, answers = unsaved_question(window)
    assert answers[box.escapeButton()] is UnsavedAnswer.CANCEL
    assert answers[box.defaultButton()] is UnsavedAnswer.SAVE
    assert {button.text() for button in box.buttons()} == {texts.SAVE, texts.DISCARD, texts.CANCEL}


def test_that_the_dialog_says_what_the_file_will_contain_and_shares_no_identity_by_itself(window) -> None:
    dialog = SaveDialog(Path("/disk/name"), SavedPrivacy(), window)
    assert dialog.privacy == SavedPrivacy(has_paths=True, has_identity=False)
    assert dialog.path == Path("/disk/name.saliscope")
    words = {label.text() for label in dialog.findChildren(QLabel)}
    assert {texts.CONTENTS, texts.LEAVE_OUT_PATHS_NOTE, texts.WITH_IDENTITY_NOTE} <= words
    dialog.with_identity.click()
    dialog.without_paths.click()
    assert dialog.privacy == SavedPrivacy(has_paths=False, has_identity=True)
    dialog.line.setText("  ")
    assert not dialog.save.isEnabled()


def test_that_the_dialog_says_which_name_replaces_a_file(window, tmp_path) -> None:
    (tmp_path / "taken.saliscope").write_bytes(b"")
    dialog = SaveDialog(tmp_path / "free", SavedPrivacy(), window)
    assert (dialog.file_note.text(), dialog.save.text()) == ("", texts.SAVE)
    for name in ("taken", "taken.saliscope"):
        dialog.line.setText(str(tmp_path / name))
        assert (dialog.file_note.text(), dialog.save.text()) == (texts.REPLACES, "Replace")
        assert dialog.save.isEnabled()
    dialog.line.setText(str(tmp_path / "taken 2"))
    assert (dialog.file_note.text(), dialog.save.text()) == ("", texts.SAVE)


@pytest.mark.parametrize("text", ["", "  ", "/", "~nobody-of-this-name/a", "a\0b"])
def test_that_nothing_is_saved_under_a_name_that_no_file_can_have(window, text) -> None:
    dialog = SaveDialog(Path("/disk/name"), SavedPrivacy(), window)
    dialog.line.setText(text)
    assert dialog.path is None
    assert not dialog.save.isEnabled()


def test_that_a_name_that_is_too_long_for_the_disk_is_no_failure_of_the_dialog(window) -> None:
    dialog = SaveDialog(Path("/disk/name"), SavedPrivacy(), window)
    dialog.line.setText("/" + 300 * "x")
    assert dialog.file_note.text() == ""


def test_that_the_proposed_name_replaces_no_file(window, reader, worker, tmp_path) -> None:
    for name in ("workspace.saliscope", "workspace 2.saliscope"):
        (tmp_path / name).write_bytes(b"")
    proposed = []
    window.workspace.ask_place = lambda path, options, parent: proposed.append(path)
    work(window, reader, worker)
    window.session.recent_files.set_folder(str(tmp_path))
    window.workspace.save()
    assert proposed == [tmp_path / "workspace 3.saliscope"]


def test_that_a_missing_image_is_located_by_a_dialog(window, monkeypatch) -> None:
    located = []
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("/disk/scan.png", ""))
    monkeypatch.setattr(window.workspace.state.reopened, "locate", located.append)
    window.session.notices.report(source_search.MISSING, Unreadable("Gone."), texts.LOCATE)
    (button,) = [
        each for each in window.image_panel.notices.findChildren(QPushButton) if each.text() == texts.LOCATE
    ]
    button.click()
    assert located == [Path("/disk/scan.png")]


def drop(window: MainWindow, *paths: str) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(path) for path in paths])
    window.dropEvent(
        QDropEvent(
            QPointF(5, 5),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )


def test_that_workspaces_are_opened_from_the_dialog_a_drop_and_the_recent_files(window) -> None:
    wanted = ReadWorkspace(path=Path("/disk/a.saliscope"))
    files = window.session.files
    for open_it in (
        lambda: drop(window, "/disk/a.saliscope"),
        lambda: window.session.recent_files.open(Path("/disk/a.saliscope")),
        lambda: window.workspace.open_paths(["/disk/a.saliscope"]),
    ):
        open_it()
        assert files.last == wanted
        files.running_job.cancel()
        files._lose_all(Cancelled())
    assert [type(message) for message, _ in files.sent].count(ReadWorkspace) == 3


@pytest.mark.parametrize("paths", [("/a.saliscope", "/b.png"), ("/b.png", "/a.saliscope")])
def test_that_an_image_dropped_together_with_a_workspace_stays_open_beside_it(window, reader, paths) -> None:
    drop(window, *paths)
    files = window.session.files
    assert files.last == ReadWorkspace(path=Path("/a.saliscope"))
    assert reader.last == IndexPath(path=Path("/b.png"))
    reader.answer(indexed("b.png", folder=Path("/")))
    files.answer(*WorkspaceRead.of(workspace_of([])))
    assert [case.path.name for case in window.session.cases.list.opened] == ["b.png"]


def test_that_nothing_of_a_drop_is_opened_if_the_question_is_cancelled(window, reader, worker) -> None:
    work(window, reader, worker)
    window.workspace.ask = lambda parent: UnsavedAnswer.CANCEL
    sent = len(reader.sent)
    drop(window, "/a.saliscope", "/b.png")
    assert window.session.files.sent == []
    assert IndexPath(path=Path("/b.png")) not in [message for message, _ in reader.sent[sent:]]
    window.workspace.ask = None


NOISE = Slice(np.random.default_rng(0).integers(0, 255, (64, 48), np.uint8), modality="MR")


def read_noise(reader: RecordedLink) -> None:
    while reader.running_job is not None:
        reader.answer(*frame_read(NOISE))


def explain_noise(window: MainWindow, reader: RecordedLink, worker: RecordedLink) -> dict[str, Array]:
    """Read the picture that is listed, and explain it. Returns the maps by their methods."""
    read_noise(reader)
    session, generator = window.session, np.random.default_rng(1)
    card, grid = session.prediction.card, session.shown.current.grid_map.grid
    shares = dict.fromkeys(card.classes, 1 / len(card.classes))
    changes = {"class_name": card.classes[0], "probabilities": shares, "logits": shares}
    record = predicted().prediction.model_copy(update=changes)
    network_input = generator.random((*grid, card.preprocessing.channels)).astype(np.float32)
    worker.answer(predicted().model_copy(update={"prediction": record}), [network_input])
    maps = {name: generator.normal(size=grid).astype(np.float32) for name in ("gradient", "grad_cam")}
    session.explain.start(list(maps))
    target = TargetRecord(class_name=card.classes[0])
    for _ in maps:
        name = worker.last.method
        worker.answer(explained(maps[name], name, signed=True, target=target), [maps[name]])
    return maps


def test_that_what_is_saved_is_the_same_to_the_bit_in_the_next_run(
    qtbot, open_window, reader, worker, tmp_path
) -> None:
    """The files process is the real one."""
    scan, place = tmp_path / "scan.png", tmp_path / "out" / "work.saliscope"
    scan.write_bytes(b"read by the recorded reader")
    window = open_window()
    settle(reader)
    window.session.cases.open_paths([str(scan)])
    reader.answer(indexed("scan.png", folder=tmp_path))
    maps = explain_noise(window, reader, worker)
    window.session.region.draw_rectangle((10, 5), (30, 25))
    picture = window.session.image.display.grey(window.session.image.image)
    window.workspace.ask = lambda parent: UnsavedAnswer.SAVE
    window.workspace.ask_place = lambda path, options, parent: (place, options)
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=LONG)

    reader.start()
    window = open_window()
    settle(reader)
    window.workspace.open_paths([str(place)])
    qtbot.waitUntil(lambda: reader.running_job is not None, timeout=LONG)
    reader.answer(indexed("scan.png", folder=tmp_path))
    settle(reader)
    qtbot.waitUntil(lambda: reader.running_job is not None, timeout=LONG)
    read_noise(reader)
    session = window.session
    assert {entry.method: entry.values.tobytes() for entry in session.maps.finished} == {
        method: values.tobytes() for method, values in maps.items()
    }
    for entry in session.maps.finished:
        assert "from the workspace" in window.maps_panel.gallery.cards[entry.number].accessibleName()
    assert session.region.mask.sum() == 21 * 21
    np.testing.assert_array_equal(session.image.display.grey(session.image.image), picture)
    assert (window.windowTitle(), window.isWindowModified()) == ("work[*] - Saliscope", False)


def test_that_work_of_a_killed_run_is_offered_above_the_image(qtbot, open_window, reader, tmp_path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    folder = tmp_path / "unsaved"
    folder.mkdir()
    (folder / f"{ended.pid}.saliscope").write_bytes(b"no workspace")
    window = open_window()
    settle(reader)
    window.workspace.keep_unsaved(folder)
    buttons = {button.text(): button for button in window.image_panel.notices.findChildren(QPushButton)}
    assert {texts.RESTORE, texts.DISCARD_WORK} <= set(buttons)
    buttons[texts.DISCARD_WORK].click()
    assert list(folder.iterdir()) == []
    assert not window.image_panel.notices.isVisible()


def test_that_work_that_is_written_while_the_window_closes_is_removed(
    window, reader, worker, monkeypatch, tmp_path
) -> None:
    folder, files = tmp_path / "unsaved", window.session.files
    window.workspace.keep_unsaved(folder)
    work(window, reader, worker)
    path = window.workspace.autosave.path
    part = folder / f".{path.name}.7.part"

    def write_before_the_end() -> None:
        path.write_bytes(b"pictures")
        part.write_bytes(b"pictures")

    monkeypatch.setattr(files, "shut_down", write_before_the_end)
    window.workspace.ask = lambda parent: UnsavedAnswer.DISCARD
    assert window.close()
    assert list(folder.iterdir()) == []
