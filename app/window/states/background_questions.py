"""Questions about what is shown, put to the worker in the background while somebody looks at the answers."""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from app.window.jobs import Job
from app.window.links import JobLink
from app.window.states.background import BackgroundScheduler, BackgroundTask, TaskKind
from core.arrays import Array
from core.errors import Cancelled, SaliscopeError
from core.images.slice import Slice
from core.link import Message


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """key: tells questions apart, and by it the answer is known. image: that the request is about."""

    key: Hashable
    request: Message
    image: Slice


class BackgroundQuestions(QObject):
    """Puts the one question that is open now; the job of another one is cancelled, and its answer dropped.

    answered: key, message and arrays. failed: key and error, of a question that is not put again.
    """

    answered = Signal(object, object, object)
    failed = Signal(object, object)
    changed = Signal()

    def __init__(
        self,
        worker: JobLink,
        background: BackgroundScheduler,
        kind: TaskKind,
        open_question: Callable[[], Question | None],
        parent: QObject | None = None,
    ) -> None:
        """open_question: what is to be asked now; None if nothing is."""
        super().__init__(parent)
        self._worker, self._background, self._kind = worker, background, kind
        self._open_question = open_question
        self._asked: tuple[Hashable, Job] | None = None
        background.add_source(self._tasks)

    @property
    def running(self) -> bool:
        return self._asked is not None

    @Slot()
    def review(self) -> None:
        """Withdraw what nobody wants to know any more, and put the open question once nothing else runs."""
        question = self._open_question()
        if self._asked is not None and (question is None or question.key != self._asked[0]):
            _, job = self._asked
            self._asked = None
            job.cancel()
            self.changed.emit()
        if question is not None and self._asked is None:
            self._background.run_next()

    def _tasks(self) -> Iterator[BackgroundTask]:
        question = self._open_question()
        if question is not None and self._asked is None:
            yield BackgroundTask(self._kind, question.key, 0.0, partial(self._submit, question))

    def _submit(self, question: Question) -> Job:
        job = self._worker.submit(question.request, image=question.image, is_background=True)
        self._asked = question.key, job
        job.done.connect(partial(self._on_done, job))
        job.failed.connect(partial(self._on_failed, job))
        self.changed.emit()
        return job

    def _on_done(self, job: Job, message: Message, arrays: list[Array]) -> None:
        if self._asked is not None and job is self._asked[1]:
            key, self._asked = self._asked[0], None
            self.answered.emit(key, message, arrays)
            self.review()

    def _on_failed(self, job: Job, error: SaliscopeError) -> None:
        if self._asked is not None and job is self._asked[1]:
            key, self._asked = self._asked[0], None
            # A cancelled one made way for something else, and is put again.
            if not isinstance(error, Cancelled):
                self.failed.emit(key, error)
            self.changed.emit()
