"""Links: every job ends exactly once, however its process behaves."""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from app.window.jobs import Job
from app.window.links import JobLink, LinkState, WorkerLink
from app.window.reader_link import ReaderLink
from core.errors import (
    Cancelled,
    NotApplicable,
    SaliscopeError,
    TimedOut,
    UnknownSubject,
    Unreadable,
    UnsupportedComputer,
    WorkerLost,
)
from core.images.slice import Slice
from core.link import Child, Failed, JobProgress, Message, Received
from core.readers.messages import ANSWERS as READER_ANSWERS
from core.worker.messages import ANSWERS
from tests.gui.recorded import RecordedLink, explained

FOLDER = Path(__file__).parent


class Ask(Message):
    """What the scripted process does: see link_script.py."""

    kind: Literal["ask"] = "ask"
    what: Literal["done", "fail", "wait", "die", "garbage", "refined", "slow_cancel"] = "done"


@pytest.fixture
def spawn() -> Callable[[str], Callable[[], Child]]:
    """A spawner of the scripted process, which answers as a worker or as a reader."""

    def spawner_of(role: str) -> Callable[[], Child]:
        answers = READER_ANSWERS if role == "reader" else ANSWERS
        path = os.pathsep.join((str(FOLDER), *filter(None, [os.environ.get("PYTHONPATH")])))
        env = {"PYTHONPATH": path, "LINK_ROLE": role}
        return lambda: Child.start([sys.executable, "-P", "-m", "link_script"], answers, env=env)

    return spawner_of


class Ends:
    """Submits to a link, and keeps how the jobs ended, by their number."""

    def __init__(self, link: JobLink) -> None:
        self._link = link
        self.done: list[int] = []
        self.failed: list[tuple[int, SaliscopeError]] = []

    def submit(self, ask: Ask, arrays: Sequence[np.ndarray] = (), image: Slice | None = None) -> Job:
        job = self._link.submit(ask, arrays, image)
        job.done.connect(lambda message, arrays: self.done.append(job.number))
        job.failed.connect(lambda error: self.failed.append((job.number, error)))
        return job

    @property
    def kinds(self) -> list[tuple[int, type[SaliscopeError]]]:
        return [(job, type(error)) for job, error in self.failed]

    @property
    def count(self) -> int:
        return len(self.done) + len(self.failed)


def test_that_jobs_go_out_one_at_a_time_and_end_once(qapp) -> None:
    link = RecordedLink()
    ends = Ends(link)
    first, second = ends.submit(Ask()), ends.submit(Ask())
    assert (link.open_jobs, len(link.sent)) == ([first, second], 1)
    link.answer(explained(np.zeros((2, 2))), [np.zeros((2, 2))])
    assert (ends.done, link.open_jobs, len(link.sent)) == ([first.number], [second], 2)
    link.fail(NotApplicable("No."))
    assert ends.kinds == [(second.number, NotApplicable)]
    assert link.open_jobs == []


def test_that_the_late_messages_of_an_ended_job_are_ignored(qapp) -> None:
    link = RecordedLink()
    ends = Ends(link)
    first = ends.submit(Ask())
    steps: list[int] = []
    first.progressed.connect(lambda done, total, text: steps.append(done))
    link.answer(explained(np.zeros((2, 2))))
    link._receive(Received(first.number, Failed.of(NotApplicable("Too late.")), []))
    link._receive(Received(first.number, JobProgress(done=1, total=2), []))
    assert (ends.done, ends.failed, steps) == ([first.number], [], [])


def test_that_a_request_about_an_image_that_the_worker_lost_is_sent_again_once(qapp) -> None:
    link, image = RecordedLink(), Slice(np.zeros((4, 4)))
    ends = Ends(link)
    job = ends.submit(Ask(), image=image)
    link.fail(UnknownSubject())
    assert (ends.count, len(link.sent), link.running_job) == (0, 2, job)
    delivery = link.last_delivery
    assert (delivery.is_repeat, delivery.image, delivery.job) == (True, image, job.number)
    link.fail(UnknownSubject())
    assert (ends.kinds, len(link.sent)) == ([(job.number, UnknownSubject)], 2)


def test_that_a_job_ends_once_whatever_its_link_reports(qapp) -> None:
    link = RecordedLink()
    ends = Ends(link)
    job = ends.submit(Ask())
    link.answer(explained(np.zeros((2, 2))))
    job.fail(NotApplicable("Too late."))
    job.finish(explained(np.zeros((2, 2))), [])
    job.cancel()
    assert (ends.done, ends.failed, len(link.sent)) == ([job.number], [], 1)


def test_that_progress_and_results_go_to_their_own_job_alone(qapp) -> None:
    link = RecordedLink()
    jobs = [link.submit(Ask()), link.submit(Ask())]
    reported: list[tuple[int, int]] = []
    for job in jobs:
        job.progressed.connect(lambda done, total, text, job=job: reported.append((job.number, done)))
    link.answer(JobProgress(done=1, total=2))
    link.answer(explained(np.zeros((2, 2))))
    link.answer(JobProgress(done=2, total=2))
    assert reported == [(jobs[0].number, 1), (jobs[1].number, 2)]


def test_that_a_waiting_job_is_cancelled_at_once_and_a_running_one_by_its_process(qapp) -> None:
    link = RecordedLink()
    ends = Ends(link)
    running, waiting = ends.submit(Ask()), ends.submit(Ask())
    waiting.cancel()
    assert ends.kinds == [(waiting.number, Cancelled)]
    running.cancel()
    assert link.last.kind == "cancel"
    assert link.open_jobs == [running]
    running.cancel()
    assert len(link.sent) == 2  # one request was sent


def test_that_nothing_is_sent_before_the_process_is_ready(qapp) -> None:
    link = RecordedLink(ready=False)
    link.submit(Ask())
    assert link.sent == []
    link.start()
    assert len(link.sent) == 1


def test_that_a_worker_reports_when_it_is_ready_and_does_its_jobs(qtbot, spawn) -> None:
    link = WorkerLink(spawn=spawn("worker"))
    ends, refined = Ends(link), []
    try:
        link.start()
        assert link.state is LinkState.STARTING
        job = ends.submit(Ask(what="refined"), [np.ones((3, 4), np.float32)])
        job.refined.connect(lambda message, arrays: refined.append(float(arrays[0].sum())))
        ends.submit(Ask(what="fail"))
        qtbot.waitUntil(lambda: ends.count == 2, timeout=30_000)
        assert (link.state, link.state_text) == (LinkState.READY, "Ready: scripted device")
        assert refined == [12.0]
        assert ends.done == [1]
        assert [(error.code, str(error)) for _, error in ends.failed] == [
            ("not_applicable", "Scripted. Go on.")
        ]
    finally:
        link.shut_down()


@pytest.mark.parametrize(
    ("behaviour", "words"), [("die", "ended with code 3"), ("garbage", "could not be understood")]
)
def test_that_a_dead_worker_loses_its_jobs_and_the_next_one_works(qtbot, spawn, behaviour, words) -> None:
    link = WorkerLink(spawn=spawn("worker"))
    ends = Ends(link)
    try:
        link.start()
        ends.submit(Ask(what=behaviour))
        ends.submit(Ask())
        qtbot.waitUntil(lambda: ends.count == 2, timeout=30_000)
        assert ends.kinds == [(1, WorkerLost), (2, WorkerLost)]
        assert link.state is LinkState.LOST
        assert words in link.state_text
        link.restart()
        ends.submit(Ask())
        qtbot.waitUntil(lambda: ends.count == 3, timeout=30_000)
        assert ends.done == [3]
    finally:
        link.shut_down()


def test_that_a_worker_that_cannot_run_answers_every_job_and_says_why(qtbot, spawn) -> None:
    link = WorkerLink(spawn=spawn("refusing worker"))
    ends = Ends(link)
    try:
        link.start()
        ends.submit(Ask(what="fail"))
        ends.submit(Ask(what="fail"))
        qtbot.waitUntil(lambda: ends.count == 2, timeout=30_000)
        assert (link.state, link.device) == (LinkState.REFUSED, None)
        assert link.state_text == "The model engine cannot run on this computer."
        assert isinstance(link.refusal, UnsupportedComputer)
        assert link.refusal.message == "Scripted."
        assert [number for number, _ in ends.failed] == [1, 2]
    finally:
        link.shut_down()


def test_that_a_running_job_ends_as_cancelled_when_its_process_reports_it(qtbot, spawn) -> None:
    link = WorkerLink(spawn=spawn("worker"))
    ends = Ends(link)
    try:
        link.start()
        job = ends.submit(Ask(what="slow_cancel"))
        with qtbot.waitSignal(job.progressed, timeout=30_000):
            pass
        job.cancel()
        qtbot.waitUntil(lambda: ends.count == 1, timeout=30_000)
        assert ends.kinds == [(job.number, Cancelled)]
    finally:
        link.shut_down()


def test_that_shutting_down_ends_process_and_open_jobs(qtbot, spawn) -> None:
    link = WorkerLink(spawn=spawn("worker"))
    ends = Ends(link)
    link.start()
    ends.submit(Ask(what="wait"))
    with qtbot.waitSignal(link.state_changed, timeout=30_000):
        pass
    link.shut_down()
    assert ends.kinds == [(1, Cancelled)]
    assert (link.pid, link.state) == (None, LinkState.OFF)
    link.submit(Ask())
    assert link.pid is None


def test_that_a_file_that_holds_up_the_reader_costs_its_own_job_alone(qtbot, spawn) -> None:
    link = ReaderLink(spawn=spawn("reader"), limit_s=0.5, start_limit_s=0)
    ends = Ends(link)
    try:
        first = ends.submit(Ask(what="wait"))
        # Only the first job is to run out of time, however slow the machine.
        first.failed.connect(lambda error: setattr(link, "limit_s", 60.0))
        ends.submit(Ask(what="die"))
        ends.submit(Ask())
        qtbot.waitUntil(lambda: ends.count == 3, timeout=30_000)
        assert ends.kinds == [(1, TimedOut), (2, Unreadable)]
        assert ends.done == [3]
        assert "ended unexpectedly" in str(ends.failed[1][1])
    finally:
        link.shut_down()


def test_that_a_reader_is_not_started_before_it_is_needed(qapp) -> None:
    link = ReaderLink()
    assert (link.pid, link.state) == (None, LinkState.OFF)


def test_that_a_new_reader_has_time_to_start_and_each_of_its_messages_restarts_the_count(
    qtbot, spawn
) -> None:
    link = ReaderLink(spawn=spawn("reader"), limit_s=60.0, start_limit_s=30.0)
    try:
        job = link.submit(Ask(what="slow_cancel"))
        assert link._clock.interval() == 90_000
        link.limit_s = 50.0
        with qtbot.waitSignal(job.progressed, timeout=30_000):
            pass
        assert (link._clock.interval(), link._clock.isActive()) == (50_000, True)
    finally:
        link.shut_down()
