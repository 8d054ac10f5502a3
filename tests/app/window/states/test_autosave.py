"""Work that is not saved: kept while the program runs, offered after it ended unexpectedly."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.window.states import autosave
from app.window.states.autosave import Autosave, prepare_folder
from core.errors import DiskFull, Unreadable
from core.exports.messages import ReadWorkspace, SaveWorkspace, SourcesLocated, WorkspaceRead, WorkspaceSaved
from core.workspace.making import SavedPrivacy
from tests.app.window.states.steps import open_and_predict
from tests.app.window.states.test_workspace import Desk, new_session
from tests.core.workspace.example import example_workspace


@pytest.fixture
def folder(tmp_path) -> Path:
    folder = tmp_path / "unsaved"
    assert prepare_folder(folder)
    return folder


@pytest.fixture
def ended_process() -> int:
    """The number of a process that runs no longer."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


class Run:
    """A window with unsaved work."""

    def __init__(self, preferences, folder: Path) -> None:
        self.desk = Desk(*new_session(preferences))
        self.files = self.desk.files
        self.autosave = Autosave(self.desk.session, self.desk.state, preferences, folder)

    def pause(self) -> None:
        """The pause after the last change is over."""
        self.autosave._clock.timeout.emit()

    def draw(self) -> None:
        open_and_predict(self.desk.session, self.desk.reader, self.desk.worker)
        self.desk.session.region.draw_rectangle((1, 1), (3, 4))

    @property
    def notices(self) -> list[tuple[str, str, str]]:
        notices = self.desk.session.notices.notices
        return [(notice.topic, notice.action, notice.alternative) for notice in notices]


@pytest.fixture
def run(qapp, preferences, folder) -> Run:
    return Run(preferences, folder)


OFFER = (autosave.TOPIC, "Restore", "Discard")


def test_that_a_change_is_written_after_a_pause_under_the_number_of_the_process(run, folder) -> None:
    run.draw()
    assert run.files.sent == []
    assert run.autosave._clock.isActive()
    run.pause()
    request = run.files.last
    assert isinstance(request, SaveWorkspace)
    assert request.path.parent == folder
    assert request.path.name.startswith(f"{os.getpid()}-")
    assert len(request.document.cases) == 1
    assert run.files.running_job.is_background
    assert not run.desk.session.busy
    run.files.answer(WorkspaceSaved())
    assert run.desk.state.is_changed
    assert run.desk.state.path is None


def test_that_further_changes_do_not_put_off_the_saving(run, monkeypatch) -> None:
    starts = []
    monkeypatch.setattr(run.autosave._clock, "start", lambda: starts.append("start"))
    monkeypatch.setattr(run.autosave._clock, "isActive", lambda: bool(starts))
    run.draw()
    run.desk.session.region.clear()
    assert starts == ["start"]


def test_that_the_identity_stays_out_of_it_even_where_the_workspace_has_it(run) -> None:
    run.draw()
    run.desk.state.privacy = SavedPrivacy(has_identity=True)
    run.pause()
    (case,) = run.files.last.document.cases
    assert case.identity == {}


def test_that_it_is_removed_when_the_work_is_saved_and_when_the_window_ends(run, tmp_path) -> None:
    run.draw()
    run.pause()
    run.files.answer(WorkspaceSaved())
    run.autosave.path.write_bytes(b"")
    run.desk.save(tmp_path / "a.saliscope")
    assert not run.autosave.path.exists()
    run.autosave.path.write_bytes(b"")
    run.autosave.end()
    assert not run.autosave.path.exists()


def test_that_nothing_is_written_while_it_is_switched_off(run, preferences) -> None:
    preferences.change(autosave=False)
    run.draw()
    assert not run.autosave._clock.isActive()
    run.pause()
    assert run.files.sent == []


def test_that_switching_it_off_removes_what_was_written(run, preferences) -> None:
    run.draw()
    run.autosave.path.write_bytes(b"")
    preferences.change(autosave=False)
    assert not run.autosave.path.exists()


def test_that_a_full_disk_is_no_news_and_it_is_tried_again_at_the_next_change(run) -> None:
    run.draw()
    run.pause()
    run.files.fail(DiskFull("Full."))
    assert run.notices == []
    run.desk.session.region.clear()
    run.pause()
    assert len(run.files.sent) == 2


def test_that_work_of_an_ended_process_is_offered_and_not_opened(
    qapp, preferences, folder, ended_process
) -> None:
    (folder / f"{ended_process}.saliscope").write_bytes(b"")
    run = Run(preferences, folder)
    assert run.notices == [OFFER]
    assert run.files.sent == []


def test_that_the_work_of_a_running_process_and_other_files_are_not_offered(
    qapp, preferences, folder
) -> None:
    for name in (f"{os.getpid()}.saliscope", f"{os.getppid()}.saliscope", "notes.saliscope"):
        (folder / name).write_bytes(b"")
    run = Run(preferences, folder)
    assert run.notices == []
    assert len(list(folder.iterdir())) == 3


def test_that_a_number_that_was_given_to_another_process_counts_as_ended(qapp, preferences, folder) -> None:
    left = folder / f"{os.getppid()}.saliscope"
    left.write_bytes(b"")
    os.utime(left, (1e9, 1e9))  # before that process began
    assert Run(preferences, folder).notices == [OFFER]


def test_that_work_of_a_process_with_the_number_of_this_one_is_offered_and_stays(
    qapp, preferences, folder
) -> None:
    left = folder / Run(preferences, folder).autosave.path.name
    left.write_bytes(b"")
    os.utime(left, (1e9, 1e9))  # before this process began
    run = Run(preferences, folder)
    assert run.notices == [OFFER]
    open_and_predict(run.desk.session, run.desk.reader, run.desk.worker)
    run.autosave.end()
    assert left.exists()


def test_that_the_end_of_the_window_leaves_no_part_of_its_file(run, folder) -> None:
    own, other = (folder / f".{name}.7.part" for name in (run.autosave.path.name, "5-ab.saliscope"))
    for path in (own, other):
        path.write_bytes(b"")
    run.autosave.end()
    assert (own.exists(), other.exists()) == (False, True)


def test_that_restored_work_is_unsaved_and_deleted_only_once_it_is_kept_again(
    qapp, preferences, folder, ended_process
) -> None:
    left = folder / f"{ended_process}.saliscope"
    left.write_bytes(b"")
    run = Run(preferences, folder)
    run.autosave.restore()
    assert run.files.last == ReadWorkspace(path=left)
    run.files.answer(*WorkspaceRead.of(example_workspace()))
    state = run.desk.state
    assert (state.is_changed, state.path, state.name) == (True, None, "Restored workspace")
    assert len(state.contents(SavedPrivacy()).workspace.document.cases) == 1
    assert run.notices[0] != OFFER
    assert left.exists()
    run.files.running_job.cancel()
    run.files._lose_all(Unreadable("Gone."))
    run.pause()
    request = run.files.last
    assert (type(request), request.path) == (SaveWorkspace, run.autosave.path)
    assert left.exists()
    run.files.answer(WorkspaceSaved())
    assert not left.exists()


def test_that_work_that_cannot_be_read_stays_where_it_is(qapp, preferences, folder, ended_process) -> None:
    left = folder / f"{ended_process}.saliscope"
    left.write_bytes(b"")
    run = Run(preferences, folder)
    run.autosave.restore()
    run.files.fail(Unreadable("It is damaged."))
    assert left.exists()
    assert not run.desk.state.is_changed
    assert OFFER in run.notices
    run.draw()
    run.pause()
    run.files.answer(WorkspaceSaved())
    assert left.exists()


def test_that_a_writing_that_began_before_does_not_delete_what_is_restored(
    qapp, preferences, folder, ended_process
) -> None:
    left = folder / f"{ended_process}.saliscope"
    left.write_bytes(b"")
    run = Run(preferences, folder)
    run.draw()
    run.pause()
    run.autosave.restore()
    run.files.answer(WorkspaceSaved())
    assert run.files.last == ReadWorkspace(path=left)
    assert left.exists()
    assert OFFER in run.notices
    run.files.answer(*WorkspaceRead.of(example_workspace()))
    assert left.exists()
    assert OFFER not in run.notices


def test_that_what_is_restored_while_something_is_saved_is_opened_after_that(
    qapp, preferences, folder, ended_process, tmp_path
) -> None:
    left = folder / f"{ended_process}.saliscope"
    left.write_bytes(b"")
    run = Run(preferences, folder)
    run.draw()
    run.desk.state.save(tmp_path / "a.saliscope", SavedPrivacy())
    run.autosave.restore()
    run.files.answer(WorkspaceSaved())
    assert left.exists()
    run.files.answer(*WorkspaceRead.of(example_workspace()))
    assert run.desk.state.name == "Restored workspace"
    assert left.exists()


def test_that_another_workspace_opened_in_place_of_the_restored_one_deletes_nothing(
    qapp, preferences, folder, ended_process
) -> None:
    left = folder / f"{ended_process}.saliscope"
    left.write_bytes(b"")
    run = Run(preferences, folder)
    run.autosave.restore()
    run.desk.state.open(Path("/place/b.saliscope"))
    while run.files.running_job is not None:
        is_read = isinstance(run.files.last, ReadWorkspace)
        run.files.answer(
            *(WorkspaceRead.of(example_workspace()) if is_read else (SourcesLocated(paths=(None,)),))
        )
    run.draw()
    run.pause()
    run.files.answer(WorkspaceSaved())
    assert left.exists()
    assert OFFER in run.notices


def test_that_restored_work_that_a_person_saves_is_not_offered_again(
    qapp, preferences, folder, ended_process, tmp_path
) -> None:
    left = folder / f"{ended_process}.saliscope"
    left.write_bytes(b"")
    run = Run(preferences, folder)
    run.autosave.restore()
    run.files.answer(*WorkspaceRead.of(example_workspace()))
    run.files.answer(SourcesLocated(paths=(None,)))
    assert left.exists()
    run.desk.save(tmp_path / "a.saliscope")
    assert not left.exists()


def test_that_discarded_work_is_deleted_and_the_next_is_offered(
    qapp, preferences, folder, ended_process
) -> None:
    newest, older = folder / f"{ended_process}.saliscope", folder / f"{os.getppid()}.saliscope"
    for path, time_s in ((newest, 2e9), (older, 1e9)):
        path.write_bytes(b"")
        os.utime(path, (time_s, time_s))
    run = Run(preferences, folder)
    run.autosave.discard()
    assert (newest.exists(), older.exists()) == (False, True)
    assert run.notices == [OFFER]
    run.autosave.discard()
    assert run.notices == []


def test_that_the_folder_is_private_and_cleaned_of_what_killed_processes_left(
    tmp_path, ended_process
) -> None:
    folder = tmp_path / "unsaved"
    assert prepare_folder(folder)
    assert folder.stat().st_mode & 0o077 == 0
    part, own_part = (folder / f".7.saliscope.{pid}.part" for pid in (ended_process, os.getpid()))
    for path in (part, own_part):
        path.write_bytes(b"")
    assert prepare_folder(folder)
    assert (part.exists(), own_part.exists()) == (False, True)
