"""The window's link to the reader process: a file that costs the process costs its folder one file."""

from pathlib import Path

import pytest
from PIL import Image

from app.window.jobs import Job
from app.window.reader_link import ReaderLink
from core.errors import NoImages, OutOfMemory, SaliscopeError, TimedOut, Unreadable
from core.link import Message
from core.readers.messages import Indexed, IndexPath, ReadFrame
from core.readers.process import start_reader
from core.readers.protocol import SeriesEntry
from tests.core.readers.dicom_files import dicom_file
from tests.core.readers.failing_reader import COMMAND
from tests.core.readers.test_losses import file_that_fails

LONG = 60_000


@pytest.fixture
def link(qapp, monkeypatch: pytest.MonkeyPatch):
    """A link to a process that also takes files that say how it is to fail."""
    monkeypatch.setattr("core.readers.process.command_of", lambda name: COMMAND)
    link = ReaderLink(spawn=start_reader)
    yield link
    link.shut_down()


class Answers:
    """How the jobs of a link ended."""

    def __init__(self, link: ReaderLink) -> None:
        self._link = link
        self.done: list[Indexed] = []
        self.failed: list[SaliscopeError] = []
        self.pids: set[int | None] = set()

    def submit(self, request: Message) -> Job:
        job = self._link.submit(request)
        job.done.connect(lambda message, arrays: self.done.append(message))
        job.failed.connect(self.failed.append)
        job.progressed.connect(lambda *_: self.pids.add(self._link.pid))
        return job

    @property
    def count(self) -> int:
        return len(self.done) + len(self.failed)


def test_that_a_folder_is_listed_past_the_files_that_end_the_process(qtbot, link, tmp_path) -> None:
    for name in ("a.dcm", "c.dcm", "e.dcm"):
        dicom_file(tmp_path / name)
    file_that_fails(tmp_path / "b", "index", "abort")
    file_that_fails(tmp_path / "d", "index", "killed")
    answers = Answers(link)
    answers.submit(IndexPath(path=tmp_path))
    qtbot.waitUntil(lambda: answers.count == 1, timeout=LONG)
    assert answers.failed == []
    (message,) = answers.done
    assert [entry.path.name for entry in message.entries] == ["a.dcm", "c.dcm", "e.dcm"]
    assert [failure.message for failure in message.failures] == [
        "The decoder ended unexpectedly while it read b; nothing was read from it.",
        "The system ended the decoder while it read d, most likely because memory ran out.",
    ]
    assert isinstance(message.failures[1].error(), OutOfMemory)
    assert len(answers.pids) == 3
    assert link.open_jobs == []


def refined_counts(qtbot, link: ReaderLink, folder: Path) -> list[int]:
    """How many series each answer on the way to the last one had."""
    answers, counts = Answers(link), []
    job = answers.submit(IndexPath(path=folder))
    job.refined.connect(lambda message, arrays: counts.append(len(message.entries)))
    qtbot.waitUntil(lambda: answers.count == 1, timeout=LONG)
    assert len(answers.done[0].entries) == 4
    return counts


@pytest.mark.parametrize(("interval_s", "counts"), [(0.0, [1, 2, 3]), (3600.0, [1])])
def test_that_what_is_listed_so_far_is_told_on_the_way_but_not_too_often(
    qtbot, link, tmp_path, monkeypatch: pytest.MonkeyPatch, interval_s: float, counts: list[int]
) -> None:
    monkeypatch.setattr("app.window.reader_link.SNAPSHOT_INTERVAL_S", interval_s)
    monkeypatch.setattr("app.window.reader_link.PAUSE_FACTOR", 0.0)
    for name in ("ä b", "c", "d", "頭"):
        Image.new("L", (4, 4)).save(tmp_path / f"{name}.png")
    assert refined_counts(qtbot, link, tmp_path) == counts
    assert refined_counts(qtbot, link, tmp_path) == counts  # a new listing starts from zero


def test_that_a_file_that_hangs_is_named_among_the_failures_of_its_folder(qtbot, link, tmp_path) -> None:
    dicom_file(tmp_path / "a.dcm")
    file_that_fails(tmp_path / "b", "index", "hang")
    dicom_file(tmp_path / "c.dcm")
    answers = Answers(link)
    job = answers.submit(IndexPath(path=tmp_path))
    # As soon as the file that hangs is begun, the time for it is short.
    job.progressed.connect(lambda done, total, text: link._clock.start(10 if done == 1 else 60_000))
    qtbot.waitUntil(lambda: answers.count == 1, timeout=LONG)
    (message,) = answers.done
    assert [entry.path.name for entry in message.entries] == ["a.dcm", "c.dcm"]
    (failure,) = message.failures
    assert failure.message == "Reading b took longer than 30 seconds and was stopped."
    assert isinstance(failure.error(), TimedOut)


def test_that_a_folder_of_nothing_else_fails_as_one_without_images(qtbot, link, tmp_path) -> None:
    folder = tmp_path / "set"
    folder.mkdir()
    for name in "ab":
        file_that_fails(folder / name, "index", "abort")
    answers = Answers(link)
    answers.submit(IndexPath(path=folder))
    qtbot.waitUntil(lambda: answers.count == 1, timeout=LONG)
    (error,) = answers.failed
    assert isinstance(error, NoImages)
    assert error.message.startswith(
        "The folder holds no image that can be read; the first of 2 that failed: "
    )


def test_that_a_single_file_that_ends_the_process_fails_by_name_and_the_waiting_jobs_continue(
    qtbot, link, tmp_path
) -> None:
    crashing = file_that_fails(tmp_path / "x", "index", "fault")
    file_that_fails(tmp_path / "y", "read", "leave")
    entry = SeriesEntry(path=tmp_path / "y", reader="failing", title="", frames=1, rows=2, columns=2)
    answers = Answers(link)
    answers.submit(IndexPath(path=crashing))
    answers.submit(ReadFrame(entry=entry, frame=0))
    answers.submit(IndexPath(path=dicom_file(tmp_path / "a.dcm")))
    qtbot.waitUntil(lambda: answers.count == 3, timeout=LONG)
    assert [type(error) for error in answers.failed] == [Unreadable, Unreadable]
    assert [error.message for error in answers.failed] == [
        f"The decoder ended unexpectedly while it read {name}; nothing was read from it." for name in "xy"
    ]
    (message,) = answers.done
    assert [entry.path.name for entry in message.entries] == ["a.dcm"]


def test_that_a_process_that_ends_without_a_request_costs_nothing(qtbot, link, tmp_path) -> None:
    path = dicom_file(Path(tmp_path / "a.dcm"))
    answers = Answers(link)
    answers.submit(IndexPath(path=path))
    qtbot.waitUntil(lambda: answers.count == 1, timeout=LONG)
    assert link._child is not None
    with qtbot.waitSignal(link.state_changed, timeout=LONG):
        link._child.stop()
    assert (answers.failed, link.pid) == ([], None)
    answers.submit(IndexPath(path=path))
    qtbot.waitUntil(lambda: answers.count == 2, timeout=LONG)
    assert len(answers.done) == 2
