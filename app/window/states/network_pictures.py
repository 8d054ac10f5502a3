"""Pictures of what the network looks for: what is maximised, the search for it, and its picture."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from app.texts import explain as texts_explain
from app.texts import network_pictures as texts
from app.window.jobs import Job
from app.window.links import JobLink
from app.window.states.network_facts import network_facts
from app.window.states.network_objective import ObjectiveChoice
from app.window.states.pace import Pace
from app.window.states.prediction import PredictionState
from app.window.states.shown import ShownState
from core.arrays import Array, FloatArray
from core.curves.eight_bit import EightBit
from core.errors import BadParameter, Cancelled, SaliscopeError
from core.models.card import Card
from core.network.cost import Cost
from core.network.parameters import Parameters, checked_parameters
from core.results.visualisation import VisualisationRecord
from core.visualisations import VISUALISATIONS, visualisation_named
from core.visualisations.contract import Visualisation
from core.worker.messages import PartialPicture, VisualiseDone, VisualiseRequest


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
    """The chosen visualisation with its parameters, and the picture that was made last.

    The picture goes with its model, and with its image where it began with one.
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
        self._worker, self._shown, self._prediction, self._pace = worker, shown, prediction, pace
        self.chosen: Visualisation = VISUALISATIONS[0]
        self.objective = ObjectiveChoice()
        self.seed = 0
        self.picture: ShownPicture | None = None
        self.error: SaliscopeError | None = None
        self.done, self.total = 0, 0
        self._values: dict[str, Mapping[str, Any]] = {}
        self._job: Job | None = None
        self._cost: Cost | None = None
        self._is_of_image = False
        """Whether the picture began with the image that is shown."""
        self._image, self._card = shown.current.image, shown.current.card
        shown.changed.connect(self._on_shown_changed)
        prediction.changed.connect(self._on_facts_changed)
        pace.changed.connect(self.changed)
        self._on_facts_changed()

    # Choices

    @property
    def card(self) -> Card | None:
        """Of the chosen model."""
        return self._prediction.card

    @property
    def offered(self) -> list[tuple[str, str]]:
        """Name and title of each visualisation."""
        return [(each.name, each.title) for each in VISUALISATIONS]

    def choose(self, name: str) -> None:
        """Take another visualisation."""
        self.chosen = visualisation_named(name)
        self.objective = self.objective.for_kinds(self.chosen.objectives)
        self.changed.emit()

    def set_objective(self, **changes: Any) -> None:
        """Change what is maximised: kind, class_name, layer, channel, row or column."""
        self.objective = self.objective.changed(**changes)
        self.changed.emit()

    def set_seed(self, seed: int) -> None:
        if seed != self.seed:
            self.seed = seed
            self.changed.emit()

    @property
    def values(self) -> Mapping[str, Any]:
        """The parameters a person changed of the chosen visualisation."""
        return self._values.get(self.chosen.name, {})

    def set_value(self, field: str, value: Any) -> None:
        """Change a parameter; None: its default."""
        changed = {**self.values, field: value}
        self._values[self.chosen.name] = {key: each for key, each in changed.items() if each is not None}
        self.changed.emit()

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

    # Work

    @property
    def running(self) -> bool:
        return self._job is not None

    @property
    def hint(self) -> str:
        """Why no picture can be made, or how long it may take."""
        needed = self._needed
        if needed:
            return needed
        cost = self._expected_cost()
        seconds = self._pace.seconds_of(cost, self.chosen.name) if cost is not None else None
        return texts_explain.expected_time(seconds, False) if seconds is not None else ""

    @property
    def can_start(self) -> bool:
        return not self.running and not self._needed

    @property
    def progress(self) -> tuple[str, float | None]:
        """What runs, in words, and the share done."""
        return texts.AT_WORK, self.done / self.total if self.total else None

    def start(self) -> None:
        """Make the picture."""
        card = self.card
        if not self.can_start or card is None:
            return
        x = self._prediction.input if self.chosen.needs_image else None
        request = VisualiseRequest(
            model=card.id,
            name=self.chosen.name,
            parameters=self._params().model_dump(mode="json"),
            objective=self.objective.record,
            seed=self.seed,
        )
        self.picture, self.error, self.done, self.total = None, None, 0, 0
        self._cost = self._expected_cost()
        job = self._job = self._worker.submit(request, [] if x is None else [x])
        is_of_image = self._is_of_image = self.chosen.needs_image
        job.progressed.connect(partial(self._on_progressed, job))
        job.refined.connect(partial(self._on_refined, job, card, is_of_image))
        job.done.connect(partial(self._on_done, job, card, is_of_image))
        job.failed.connect(partial(self._on_failed, job))
        self.changed.emit()
        self.progressed.emit()

    def cancel(self) -> None:
        """End the search; the picture as it is so far stays."""
        if self._job is not None:
            self._job.cancel()

    @property
    def _needed(self) -> str:
        if self.card is None:
            return texts.NEEDS_MODEL
        if self.chosen.needs_image and self._prediction.input is None:
            return texts.NEEDS_IMAGE
        if self.objective.kind != "class" and not self.objective.layers:
            return texts.NEEDS_LAYERS
        facts = network_facts(self._prediction)
        try:
            self._params()
            if facts is not None:
                self.chosen.applies(facts)
        except SaliscopeError as error:
            return error.message
        return ""

    def _params(self) -> Parameters:
        """Raises BadParameter."""
        return checked_parameters(self.chosen, dict(self.values))

    def _expected_cost(self) -> Cost | None:
        facts = network_facts(self._prediction)
        try:
            return self.chosen.cost(self._params(), facts) if facts is not None else None
        except BadParameter:
            return None

    def _forget(self) -> None:
        job, self._job = self._job, None
        self.picture, self.error = None, None
        if job is not None:
            job.cancel()

    @Slot()
    def _on_shown_changed(self) -> None:
        """The picture of another model, or one that began with another image, leaves the window."""
        now = self._shown.current
        is_other = now.card is not self._card or (now.image is not self._image and self._is_of_image)
        self._image, self._card = now.image, now.card
        if is_other:
            self._forget()
            self.changed.emit()
            self.progressed.emit()

    @Slot()
    def _on_facts_changed(self) -> None:
        card, facts = self.card, network_facts(self._prediction)
        model, classes = (card.id, card.classes) if card is not None else ("", ())
        layers = facts.layers if facts is not None else None
        objective = self.objective.for_network(model, classes, layers)
        self.objective = objective.for_kinds(self.chosen.objectives)
        self.changed.emit()

    def _on_progressed(self, job: Job, done: int, total: int, text: str) -> None:
        if job is self._job:
            self.done, self.total = done, total
            self.progressed.emit()

    def _on_refined(
        self, job: Job, card: Card, is_of_image: bool, message: PartialPicture, arrays: list[FloatArray]
    ) -> None:
        if job is self._job:
            self.picture = ShownPicture(
                self._displayed(arrays[0], is_of_image), message.scores, card, is_of_image
            )
            self.changed.emit()

    def _on_done(
        self, job: Job, card: Card, is_of_image: bool, message: VisualiseDone, arrays: list[FloatArray]
    ) -> None:
        if job is not self._job:
            return
        self._job, record = None, message.record
        if self._cost is not None:
            self._pace.learn(record.name, self._cost, record.seconds, message.warm_up_s)
        displayed = self._displayed(arrays[0], is_of_image)
        self.picture = ShownPicture(displayed, record.scores, card, is_of_image, record)
        self.changed.emit()
        self.progressed.emit()

    def _on_failed(self, job: Job, error: SaliscopeError) -> None:
        if job is self._job:
            self._job = None
            self.error = None if isinstance(error, Cancelled) else error
            self.changed.emit()
            self.progressed.emit()

    def _displayed(self, values: FloatArray, is_of_image: bool) -> Array:
        """(rows, columns, 3) uint8, as what the network saw is shown."""
        picture = EightBit.of(values).to_bytes(values)
        picture = picture.repeat(3, axis=2) if picture.shape[2] == 1 else picture[..., :3]
        grid_map = self._shown.current.grid_map
        turned: Array = grid_map.turn.turned_back(picture) if is_of_image and grid_map is not None else picture
        return turned
