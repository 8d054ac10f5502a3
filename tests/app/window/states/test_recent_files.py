"""Recent files: those of this run always, on disk only where a person has asked for that."""

from pathlib import Path

import pytest

from app.window.settings import SettingsFile
from app.window.states.preferences import Preferences
from app.window.states.recent_files import MOST_FILES, RecentFiles
from app.window.states.session import Session
from core.errors import Truncated, Unreadable
from core.link import CancelledJob
from tests.app.window.states.steps import PICTURE, SAMPLE
from tests.cards import make_card
from tests.gui.recorded import RecordedLink, frame_read, indexed

FOLDER = Path("/disk/Folderson_Gwendolyn")


@pytest.fixture
def recent(session) -> RecentFiles:
    return session.recent_files


def open_file(session: Session, reader: RecordedLink, name: str) -> None:
    session.cases.open_paths([str(FOLDER / name)])
    while reader.last.kind != "index" or reader.running_job is None:
        reader.answer(CancelledJob())
    reader.answer(indexed(name, folder=FOLDER))
    reader.answer(*frame_read(PICTURE))


def stored(tmp_path: Path) -> str:
    path = tmp_path / "settings" / "settings.json"
    return path.read_text("utf-8") if path.exists() else ""


def session_after_restart(tmp_path: Path, worker, reader) -> Session:
    preferences = Preferences(SettingsFile(tmp_path / "settings"))
    return Session(worker, reader, reader, [make_card()], [SAMPLE], preferences)


def test_that_the_newest_stands_first_and_each_once(session, reader, recent) -> None:
    for name in ("a.png", "b.png", "a.png"):
        open_file(session, reader, name)
    assert recent.paths == (FOLDER / "a.png", FOLDER / "b.png")


def test_that_no_more_than_ten_are_known(session, reader, recent) -> None:
    for number in range(12):
        open_file(session, reader, f"{number}.png")
    assert len(recent.paths) == MOST_FILES == 10
    assert (recent.paths[0].name, recent.paths[-1].name) == ("11.png", "2.png")


def test_that_a_sample_and_a_file_that_cannot_be_read_are_none(with_sample, reader) -> None:
    with_sample.open_sample()
    reader.answer(indexed("one.png"))
    with_sample.cases.open_paths(["/disk/text.png"])
    while reader.running_job is not None:
        reader.fail(Truncated("text.png ends early.", "Copy it again."))
    assert with_sample.recent_files.paths == ()


def test_that_nothing_is_written_before_a_person_asks_for_it(session, reader, recent, tmp_path) -> None:
    open_file(session, reader, "a.png")
    recent.set_folder(str(FOLDER))
    session.preferences.change(opacity=0.25)  # the file is written
    assert "0.25" in stored(tmp_path)
    assert not any(word in stored(tmp_path) for word in ("Folderson", "a.png"))


def test_that_those_of_this_run_are_written_once_it_is_switched_on_and_come_back(
    session, reader, worker, recent, tmp_path
) -> None:
    open_file(session, reader, "a.png")
    recent.set_folder(str(FOLDER))
    recent.set_kept(True)
    open_file(session, reader, "b.png")
    again = session_after_restart(tmp_path, worker, reader).recent_files
    assert again.paths == (FOLDER / "b.png", FOLDER / "a.png")
    assert again.folder == str(FOLDER)
    assert again.is_kept


@pytest.mark.parametrize("how", ["menu", "settings"])
def test_that_switching_it_off_forgets_all(session, reader, worker, recent, tmp_path, how) -> None:
    recent.set_kept(True)
    open_file(session, reader, "a.png")
    recent.set_folder(str(FOLDER))
    assert "Folderson" in stored(tmp_path)
    if how == "menu":
        recent.set_kept(False)
    else:
        session.preferences.change(keep_recent_files=False)
    assert (recent.paths, recent.folder) == ((), "")
    assert "Folderson" not in stored(tmp_path)
    assert session_after_restart(tmp_path, worker, reader).recent_files.paths == ()


def test_that_the_list_is_told_to_be_empty_once_and_at_once_when_it_is_switched_off(
    session, reader, recent
) -> None:
    recent.set_kept(True)
    open_file(session, reader, "a.png")
    lists = []
    recent.changed.connect(lambda: lists.append((recent.paths, recent.is_kept)))
    session.preferences.change(keep_recent_files=False)
    assert lists == [((), False)]


def test_that_clearing_empties_the_file_too_and_keeps_the_choice(session, reader, recent, tmp_path) -> None:
    recent.set_kept(True)
    open_file(session, reader, "a.png")
    recent.clear()
    assert (recent.paths, recent.is_kept, "Folderson" in stored(tmp_path)) == ((), True, False)


def test_that_paths_left_in_the_file_without_the_choice_are_removed_at_the_start(
    tmp_path, worker, reader
) -> None:
    SettingsFile(tmp_path / "settings").change(recent_files=(str(FOLDER / "a.png"),), last_folder=str(FOLDER))
    recent = session_after_restart(tmp_path, worker, reader).recent_files
    assert (recent.paths, recent.folder) == ((), "")
    assert "Folderson" not in stored(tmp_path)


def test_that_a_missing_one_is_told_in_one_sentence_and_removed(session, reader, recent) -> None:
    for name in ("a.png", "b.png"):
        open_file(session, reader, name)
    recent.open(FOLDER / "a.png")
    while reader.last.kind != "index":
        reader.answer(CancelledJob())
    assert reader.last.path == FOLDER / "a.png"
    reader.fail(Unreadable("a.png is missing.", "Open another file."))
    assert recent.paths == (FOLDER / "b.png",)
    assert [notice.text for notice in session.notices.notices] == ["a.png is missing."]


def test_that_a_folder_whose_name_is_no_text_is_not_remembered(recent, tmp_path) -> None:
    recent.set_kept(True)
    recent.set_folder("/disk/\udcff")
    assert recent.folder == ""
