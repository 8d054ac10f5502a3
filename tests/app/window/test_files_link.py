"""The window's link to the files process: it is started when it is needed, and its loss costs one job."""

import os
import signal
from pathlib import Path

import pytest

from app.window.files_link import FilesLink
from app.window.jobs import Delivery, Job
from app.window.links import LinkState
from core.errors import Cancelled, SaliscopeError, WorkerLost
from core.exports.messages import (
    HashFiles,
    LocateSources,
    ReadWorkspace,
    SaveWorkspace,
    SourcesLocated,
    WorkspaceRead,
    WorkspaceSaved,
)
from core.link import Cancel, CancelledJob, Message, Received
from core.workspace.file import write_workspace
from tests.core.exports.large_workspace import large_workspace
from tests.core.workspace.example import example_workspace

LONG = 60_000
SEARCH, HASHES = LocateSources(folder=Path("a"), sources=()), HashFiles(paths=())
SAVE = ReadWorkspace(path=Path("a.saliscope"))  # as good as a save, without arrays


@pytest.fixture
def link(qapp):
    link = FilesLink()
    yield link
    link.shut_down()


class Answers:
    """How the jobs of a link ended."""

    def __init__(self, link: FilesLink) -> None:
        self._link = link
        self.ends: list[Message | SaliscopeError] = []

    def submit(self, request: Message, arrays=()) -> Job:
        job = self._link.submit(request, arrays)
        job.done.connect(lambda message, arrays: self.ends.append(message))
        job.failed.connect(self.ends.append)
        return job


def test_that_the_process_is_started_by_the_first_job_and_ends_with_the_link(qtbot, link, tmp_path) -> None:
    assert link.pid is None
    write_workspace(tmp_path / "a.saliscope", example_workspace())
    answers = Answers(link)
    answers.submit(ReadWorkspace(path=tmp_path / "a.saliscope"))
    pid = link.pid
    qtbot.waitUntil(lambda: len(answers.ends) == 1, timeout=LONG)
    assert isinstance(answers.ends[0], WorkspaceRead)
    link.shut_down()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_that_a_killed_process_costs_the_job_that_ran_and_no_other(qtbot, link, tmp_path) -> None:
    """The first job writes to a pipe in place of its file, which takes less than the workspace."""
    path: Path = tmp_path / "a.saliscope"
    write_workspace(path, example_workspace())
    before = path.read_bytes()
    answers = Answers(link)
    link.start()
    pipe = tmp_path / f".a.saliscope.{link.pid}.part"
    os.mkfifo(pipe)
    answers.submit(*SaveWorkspace.of(large_workspace(), path=path))
    answers.submit(ReadWorkspace(path=path))
    reader = os.open(pipe, os.O_RDONLY)
    assert link.pid is not None
    os.kill(link.pid, signal.SIGKILL)
    qtbot.waitUntil(lambda: len(answers.ends) == 2, timeout=LONG)
    os.close(reader)
    lost, read = answers.ends
    assert isinstance(lost, WorkerLost)
    assert lost.message == "The process that writes and reads files was killed by signal 9."
    assert isinstance(read, WorkspaceRead)
    assert path.read_bytes() == before


def test_that_a_job_that_waits_is_cancelled_at_once(qtbot, link, tmp_path) -> None:
    answers = Answers(link)
    answers.submit(ReadWorkspace(path=tmp_path / "a.saliscope"))
    answers.submit(ReadWorkspace(path=tmp_path / "b.saliscope")).cancel()
    assert [type(end) for end in answers.ends] == [Cancelled]


class Recorded(FilesLink):
    """A link without a process, which keeps what would go there."""

    def __init__(self) -> None:
        super().__init__()
        self.delivered: list[Delivery] = []

    def start(self) -> None:
        self._set_state(LinkState.READY, "")

    def _deliver(self, delivery: Delivery) -> None:
        self.delivered.append(delivery)

    def answer(self, message: Message) -> None:
        assert self.running_job is not None
        self._receive(Received(self.running_job.number, message, []))

    @property
    def requests(self) -> list[Message]:
        return [delivery.request for delivery in self.delivered]


def test_that_a_save_interrupts_a_search_which_is_begun_again_afterwards(qapp) -> None:
    link = Recorded()
    answers = Answers(link)
    search = answers.submit(SEARCH)
    first_number = search.number
    answers.submit(SAVE)
    assert link.requests == [SEARCH, Cancel()]
    assert link.delivered[1].job == first_number
    answers.submit(SAVE)
    assert link.requests == [SEARCH, Cancel()], "it was asked once"
    link.answer(CancelledJob())
    assert link.requests[2:] == [SAVE]
    link.answer(WorkspaceSaved())
    link.answer(WorkspaceSaved())
    assert link.requests[2:] == [SAVE, SAVE, SEARCH]
    assert search.number != first_number
    link.answer(SourcesLocated(paths=()))
    assert answers.ends == [WorkspaceSaved(), WorkspaceSaved(), SourcesLocated(paths=())]


def test_that_a_save_goes_before_searches_that_wait_and_after_earlier_saves(qapp) -> None:
    link = Recorded()
    for request in (SAVE, SEARCH, SAVE, HASHES, SAVE):
        link.submit(request)
    while link.running_job is not None:
        link.answer(WorkspaceSaved())
    assert link.requests == [SAVE, SAVE, SAVE, SEARCH, HASHES]


def test_that_a_search_that_ends_before_it_makes_way_is_not_repeated(qapp) -> None:
    link = Recorded()
    answers = Answers(link)
    answers.submit(SEARCH)
    answers.submit(SAVE)
    link.answer(SourcesLocated(paths=()))
    link.answer(WorkspaceSaved())
    assert link.running_job is None
    assert answers.ends == [SourcesLocated(paths=()), WorkspaceSaved()]


def test_that_a_search_that_a_person_ends_while_it_makes_way_has_ended(qapp) -> None:
    link = Recorded()
    answers = Answers(link)
    search = answers.submit(SEARCH)
    answers.submit(SAVE)
    search.cancel()
    link.answer(CancelledJob())
    assert [type(end) for end in answers.ends] == [Cancelled]
    assert link.requests[-1] == SAVE
