"""Pictures of what the network looks for: the search for one, and the one that was made last."""

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from app.texts import explain as texts_explain
from app.texts import network_pictures as texts
from app.window.jobs import Job
from app.window.links import JobLink
from app.window.states.pace import Pace
from app.window.states.prediction import PredictionState
from app.window.states.shown import ShownState
from app.window.states.visualisation_choice import VisualisationChoice
from core.arrays import Array, FloatArray
from core.curves.eight_bit import EightBit
from core.errors import Cancelled, SaliscopeError
from core.models.card import Card
from core.network.cost import Cost
from core.results.visualisation import VisualisationRecord
from core.worker.messages import PartialPicture, VisualiseDone


@dataclass(frozen=True, slots=True, eq=False)
class ShownPicture:
    """A picture as it is shown. displayed: (rows, columns, 3) uint8, as the image lies that it began with.

    scores: of the objective so far. record: None while it is still computed. card: of its model.
    """

    displayed: Array
    scores: tuple[float, ...]
    card: Card
    is_of_image: bool
    record: VisualisationRecord | None = None


class NetworkPicturesState(QObject):
    """The picture of the network that was made last, and the search for the next one.

    choice: what is to be made. The picture goes with its model, and with its image where it began with one.
    """

    changed = Signal()
    progressed = Signal()

    def __init__(
        self,
        worker: JobLink,
        shown: ShownState,
        prediction: PredictionState,
        pace: Pace,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._worker, self._shown, self._pace = worker, shown, pace
        self.choice = VisualisationChoice(prediction, self)
        self.picture: ShownPicture | None = None
        self.error: SaliscopeError | None = None
        self.done, self.total = 0, 0
        self._job: Job | None = None
        self._cost: Cost | None = None
        self._is_of_image = False
        """Whether the picture began with the image that is shown."""
        self._image, self._card = shown.current.image, shown.current.card
        shown.changed.connect(self._on_shown_changed)
        self.choice.changed.connect(self.changed)
        pace.changed.connect(self.changed)

    @property
    def running(self) -> bool:
        return self._job is not None

    @property
    def words(self) -> str:
        """What is to be said of the picture, or what would make one."""
        shown = self.picture
        if shown is None:
            return "" if self.running else texts.EMPTY
        if shown.record is None:
            return texts.course(shown.scores[0], shown.scores[-1])
        record = shown.record
        name = max(record.probabilities, key=lambda each: record.probabilities[each])
        answer = texts.answer(shown.card.words_of(name), record.probabilities[name])
        result = texts.result(record.maximised, record.score_start, record.score_end, record.steps)
        return f"{result} {answer}"

    @property
    def hint(self) -> str:
        """Why no picture can be made, or how long it may take."""
        if self.choice.obstacle:
            return self.choice.obstacle
        cost = self.choice.cost
        seconds = self._pace.seconds_of(cost, self.choice.chosen.name) if cost is not None else None
        return texts_explain.expected_time(seconds, False) if seconds is not None else ""

    @property
    def can_start(self) -> bool:
        return not self.running and not self.choice.obstacle

    @property
    def progress(self) -> tuple[str, float | None]:
        """What runs, in words, and the share done."""
        return texts.AT_WORK, self.done / self.total if self.total else None

    def start(self) -> None:
        """Make the picture."""
        card, choice = self.choice.card, self.choice
        if not self.can_start or card is None:
            return
        self.picture, self.error, self.done, self.total = None, None, 0, 0
        self._cost, self._is_of_image = choice.cost, choice.chosen.needs_image
        job = self._job = self._worker.submit(choice.request(card), choice.arrays)
        job.progressed.connect(partial(self._on_progressed, job))
        job.refined.connect(partial(self._on_refined, job, card))
        job.done.connect(partial(self._on_done, job, card))
        job.failed.connect(partial(self._on_failed, job))
        self._tell()

    def cancel(self) -> None:
        """End the search; the picture as it is so far stays."""
        if self._job is not None:
            self._job.cancel()

    def _tell(self) -> None:
        self.changed.emit()
        self.progressed.emit()

    @Slot()
    def _on_shown_changed(self) -> None:
        """The picture of another model, or one that began with another image, leaves the window."""
        now = self._shown.current
        is_other = now.card is not self._card or (now.image is not self._image and self._is_of_image)
        self._image, self._card = now.image, now.card
        if is_other:
            job, self._job = self._job, None
            self.picture, self.error = None, None
            if job is not None:
                job.cancel()
            self._tell()

    def _on_progressed(self, job: Job, done: int, total: int, text: str) -> None:
        if job is self._job:
            self.done, self.total = done, total
            self.progressed.emit()

    def _on_refined(self, job: Job, card: Card, message: PartialPicture, arrays: list[FloatArray]) -> None:
        if job is self._job:
            self.picture = ShownPicture(self._displayed(arrays[0]), message.scores, card, self._is_of_image)
            self.changed.emit()

    def _on_done(self, job: Job, card: Card, message: VisualiseDone, arrays: list[FloatArray]) -> None:
        if job is not self._job:
            return
        self._job, record = None, message.record
        if self._cost is not None:
            self._pace.learn(record.name, self._cost, record.seconds, message.warm_up_s)
        self.picture = ShownPicture(
            self._displayed(arrays[0]), record.scores, card, self._is_of_image, record
        )
        self._tell()

    def _on_failed(self, job: Job, error: SaliscopeError) -> None:
        if job is self._job:
            self._job = None
            self.error = None if isinstance(error, Cancelled) else error
            self._tell()

    def _displayed(self, values: FloatArray) -> Array:
        """(rows, columns, 3) uint8, as what the network saw is shown."""
        picture = EightBit.of(values).to_bytes(values)
        picture = picture.repeat(3, axis=2) if picture.shape[2] == 1 else picture[..., :3]
        grid_map = self._shown.current.grid_map
        if not self._is_of_image or grid_map is None:
            return picture
        turned: Array = grid_map.turn.turned_back(picture)
        return turned
