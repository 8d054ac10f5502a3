"""Background work of an idle process: one task at a time, the cheapest first; it yields to requests."""

from typing import Literal

import pytest

from app.window.jobs import Job
from app.window.states.background import BackgroundScheduler, BackgroundTask, TaskKind
from core.link import CancelledJob, Message
from tests.gui.recorded import RecordedLink, predicted


class Named(Message):
    """A request that only has a name."""

    kind: Literal["named"] = "named"
    name: str


class Tasks:
    """A scheduler on a recorded link, and tasks for it; one that has been done is offered no more."""

    def __init__(self) -> None:
        self.link = RecordedLink()
        self.scheduler = BackgroundScheduler(self.link)
        self.offered: dict[str, tuple[TaskKind, float]] = {}
        self.jobs: list[Job] = []
        self.scheduler.add_source(self._tasks)

    def _tasks(self) -> list[BackgroundTask]:
        return [
            BackgroundTask(kind, name, seconds, lambda name=name: self._submit(name))
            for name, (kind, seconds) in self.offered.items()
        ]

    def _submit(self, name: str) -> Job:
        job = self.link.submit(Named(name=name), is_background=True)
        job.done.connect(lambda message, arrays: self.offered.pop(name))
        self.jobs.append(job)
        return job

    @property
    def begun(self) -> list[str]:
        """The tasks in the order in which they were begun, without what cancels them."""
        return [name for name in self.sent if name != "cancel"]

    @property
    def sent(self) -> list[str]:
        return [getattr(message, "name", message.kind) for message, _ in self.link.sent]


@pytest.fixture
def tasks(qapp) -> Tasks:
    return Tasks()


def test_that_kinds_come_in_their_order_and_within_a_kind_the_cheapest_first(tasks) -> None:
    tasks.offered = {
        "curves": (TaskKind.CURVES, 1.0),
        "dear": (TaskKind.CHECK, 9.0),
        "cheap": (TaskKind.CHECK, 3.0),
        "place": (TaskKind.PLACING, 5.0),
    }
    for _ in range(4):
        tasks.scheduler.run_next()
        tasks.link.answer(predicted())
    tasks.scheduler.run_next()
    assert tasks.sent == ["place", "cheap", "dear", "curves"]


def test_that_there_is_one_background_task_at_a_time(tasks) -> None:
    tasks.offered = {"a": (TaskKind.CHECK, 1.0), "b": (TaskKind.CHECK, 2.0)}
    tasks.scheduler.run_next()
    tasks.scheduler.run_next()
    assert tasks.sent == ["a"]


def test_that_it_yields_to_a_request_and_is_done_after_it(tasks) -> None:
    tasks.offered = {"a": (TaskKind.CHECK, 1.0)}
    tasks.scheduler.run_next()
    tasks.link.submit(Named(name="asked"))
    assert (tasks.sent, tasks.jobs[0].is_yielding) == (["a", "cancel"], True)
    tasks.link.answer(CancelledJob())
    tasks.scheduler.run_next()  # not idle yet
    tasks.link.answer(predicted())
    tasks.scheduler.run_next()
    assert tasks.sent == ["a", "cancel", "asked", "a"]


def test_that_it_yields_while_it_is_held_and_goes_on_afterwards(tasks) -> None:
    tasks.offered = {"a": (TaskKind.CHECK, 1.0)}
    tasks.scheduler.run_next()
    tasks.scheduler.set_held(True)
    tasks.link.answer(CancelledJob())
    tasks.scheduler.run_next()
    assert tasks.sent == ["a", "cancel"]
    tasks.scheduler.set_held(False)
    tasks.scheduler.run_next()
    assert tasks.sent == ["a", "cancel", "a"]


def test_that_a_job_that_a_user_requests_meanwhile_does_not_yield(tasks) -> None:
    tasks.offered = {"a": (TaskKind.CHECK, 1.0)}
    tasks.scheduler.run_next()
    tasks.jobs[0].is_background = False
    tasks.link.submit(Named(name="asked"))
    assert tasks.sent == ["a"]


@pytest.mark.parametrize("how", ["declined", "killed"])
def test_that_a_task_that_was_declined_or_killed_the_process_is_not_restarted(tasks, how) -> None:
    tasks.offered = {"a": (TaskKind.CHECK, 1.0), "b": (TaskKind.CHECK, 2.0)}
    if how == "declined":
        tasks.scheduler.decline("a")
    else:
        tasks.scheduler.run_next()
        tasks.link.die()
        tasks.link.start()
    tasks.scheduler.run_next()
    tasks.link.answer(predicted())
    tasks.scheduler.run_next()
    assert tasks.sent == (["b"] if how == "declined" else ["a", "b"])


def test_that_nothing_is_begun_on_a_process_that_is_not_ready(tasks) -> None:
    tasks.offered = {"a": (TaskKind.CHECK, 1.0)}
    tasks.link.die()
    tasks.scheduler.run_next()
    assert tasks.sent == []


def test_that_only_what_is_waited_for_is_begun_where_the_rest_is_switched_off(tasks: Tasks) -> None:
    tasks.offered = {"check": (TaskKind.CHECK, 1.0), "curves": (TaskKind.CURVES, 1.0)}
    tasks.scheduler.run_next()
    assert tasks.begun == ["check"]
    tasks.scheduler.set_answers_allowed(False)
    tasks.link.answer(CancelledJob())
    tasks.scheduler.run_next()
    assert tasks.begun == ["check"]
    tasks.offered["place"] = (TaskKind.PLACING, 9.0)
    tasks.scheduler.run_next()
    assert tasks.begun == ["check", "place"]
    tasks.link.answer(predicted())
    tasks.scheduler.set_answers_allowed(True)
    tasks.scheduler.run_next()
    assert tasks.begun == ["check", "place", "check"]


def test_that_switching_answers_off_ends_them_and_not_what_is_waited_for(tasks: Tasks) -> None:
    tasks.offered = {"place": (TaskKind.PLACING, 1.0)}
    tasks.scheduler.run_next()
    tasks.scheduler.set_answers_allowed(False)
    assert not tasks.link.running_job.is_ending
    tasks.link.answer(predicted())
    tasks.scheduler.set_answers_allowed(True)
    tasks.offered = {"check": (TaskKind.CHECK, 1.0)}
    tasks.scheduler.run_next()
    tasks.scheduler.set_answers_allowed(False)
    assert tasks.link.running_job.is_ending


def test_that_an_answer_nobody_waits_for_makes_way_for_what_is_opened(tasks) -> None:
    tasks.offered = {"check": (TaskKind.CHECK, 1.0)}
    tasks.scheduler.run_next()
    tasks.offered["place"] = (TaskKind.PLACING, 1.0)
    tasks.scheduler.run_next()
    assert tasks.sent == ["check"]
    tasks.offered["layers"] = (TaskKind.LAYERS, 1.0)
    tasks.scheduler.run_next()
    tasks.scheduler.run_next()
    assert tasks.sent == ["check", "cancel"]
    tasks.link.answer(CancelledJob())
    del tasks.offered["place"]
    tasks.scheduler.run_next()
    assert tasks.sent == ["check", "cancel", "layers"]
    tasks.offered["units"] = (TaskKind.UNITS, 1.0)
    tasks.scheduler.run_next()
    assert tasks.sent == ["check", "cancel", "layers"]
