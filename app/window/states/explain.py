"""What is to be explained, by which methods with which parameters, and how far the work has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from app.texts import explain as texts_explain
from app.texts import window as texts
from app.window.links import JobLink
from app.window.states.maps import ImageKey, MapsState, MapState
from core.errors import BadParameter, Cancelled, SaliscopeError
from core.images.slice import Slice
from core.methods import METHODS
from core.methods.contract import Family, Method
from core.models.bundle import find_bundle
from core.models.card import Card
from core.network.cost import Cost
from core.network.facts import NetworkFacts
from core.network.layer import Layer
from core.network.parameters import Parameters, checked_parameters
from core.results.records import PredictionRecord, TargetRecord
from core.worker.messages import ExplainDone, ExplainRequest, PartialMap

CHECKED_AT_FIRST = ("integrated_gradients", "grad_cam")


@dataclass(frozen=True, slots=True)
class TargetChoice:
    """A number that can be explained, in words."""

    text: str
    record: TargetRecord


@dataclass(frozen=True, slots=True)
class MethodRow:
    """A method as it is offered. `obstacle` says why it cannot be used with this model."""

    name: str
    title: str
    summary: str
    cost: str
    checked: bool
    obstacle: str = ""


def facts_of(card: Card, layers: tuple[Layer, ...]) -> NetworkFacts:
    """What the window knows of the worker's network."""
    *grid, channels = card.preprocessing.shape
    count, problem = background_of(card.id)
    return NetworkFacts(card.id, tuple(grid), channels, len(card.classes), layers, count, problem)


@cache
def background_of(model: str) -> tuple[int, str]:
    """The number of background inputs of an installed bundle, and why there are none; read once."""
    try:
        inputs = find_bundle(model).background()
    except SaliscopeError as error:
        return 0, error.message
    return (0, texts_explain.no_background(model)) if inputs is None else (len(inputs), "")


class ExplainState(QObject):
    """The choice of methods, and the jobs that were made of it."""

    changed = Signal()
    focus_changed = Signal()
    progressed = Signal()

    def __init__(self, worker: JobLink, maps: MapsState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker, self._maps = worker, maps
        self._checked = set(CHECKED_AT_FIRST)
        self._values: dict[str, dict[str, Any]] = {}
        self.focused: Method = next(m for m in METHODS if m.name == CHECKED_AT_FIRST[0])
        self.seed = 0
        self.targets: tuple[TargetChoice, ...] = ()
        self.target_at = 0
        self._image: Slice | None = None
        self._key: ImageKey | None = None
        self._network: NetworkFacts | None = None
        self._jobs: dict[int, tuple[ImageKey, int]] = {}
        self._asked = 0
        self._seconds_per_call: float | None = None
        worker.progressed.connect(self._on_progressed)
        worker.refined.connect(self._on_refined)
        worker.finished.connect(self._on_finished)
        worker.failed.connect(self._on_failed)

    # What is explained

    def set_image(self, image: Slice | None, key: ImageKey | None) -> None:
        """Another slice: what still runs for the old one is withdrawn, and there is no target yet."""
        self.cancel()
        self._image, self._key, self._network, self.targets = image, key, None, ()
        self.changed.emit()

    def set_prediction(self, card: Card, record: PredictionRecord, layers: tuple[Layer, ...]) -> None:
        """Offer the targets of this prediction, its class's logit first."""
        self.targets, self.target_at = target_choices(record), 0
        self._network = facts_of(card, layers)
        self.changed.emit()

    @property
    def network(self) -> NetworkFacts | None:
        """What is known of the model that predicts the shown slice; None before it has."""
        return self._network

    def seconds_of(self, cost: Cost) -> float | None:
        """What so many model calls take, by the speed of the last map; None before there was one."""
        calls = cost.forwards + cost.gradients
        if calls == 0:
            return 0.0
        return None if self._seconds_per_call is None else calls * self._seconds_per_call

    @property
    def target(self) -> TargetChoice | None:
        return self.targets[self.target_at] if self.targets else None

    def choose_target(self, index: int) -> None:
        if 0 <= index < len(self.targets) and index != self.target_at:
            self.target_at = index
            self.changed.emit()

    # Methods and their parameters

    @property
    def families(self) -> tuple[tuple[Family, tuple[MethodRow, ...]], ...]:
        """The methods in their families, both in the order of METHODS."""
        grouped: dict[Family, list[MethodRow]] = {}
        for method in METHODS:
            grouped.setdefault(method.family, []).append(self._row(method))
        return tuple((family, tuple(rows)) for family, rows in grouped.items())

    def set_checked(self, name: str, checked: bool) -> None:
        if checked != (name in self._checked):
            self._checked ^= {name}
            self.changed.emit()

    def focus(self, name: str) -> None:
        """Show the parameters of this method."""
        if name != self.focused.name:
            self.focused = next(method for method in METHODS if method.name == name)
            self.focus_changed.emit()

    def values(self, name: str) -> Mapping[str, Any]:
        """The parameters a person changed; the others have their defaults."""
        return self._values.get(name, {})

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The convolutional layers of the model, from the first to the last; none before it has predicted."""
        return self._network.layers if self._network is not None else ()

    def set_value(self, name: str, field: str, value: Any) -> None:
        """Set one parameter of a method, or take its default again with None."""
        values = {key: kept for key, kept in self.values(name).items() if key != field}
        if value is not None:
            values[field] = value
        if values != self.values(name):
            self._values[name] = values
            self.changed.emit()

    def params(self, method: Method) -> Parameters:
        """The parameters as the method gets them. Raises BadParameter."""
        return checked_parameters(method, dict(self.values(method.name)))

    @property
    def conflict(self) -> str:
        """Why the focused method cannot run with its parameters, and what to do; empty where it can."""
        try:
            self.params(self.focused)
        except BadParameter as error:
            return str(error)
        return ""

    def set_seed(self, seed: int) -> None:
        self.seed = seed

    # Work

    @property
    def running(self) -> bool:
        return bool(self._jobs)

    @property
    def can_explain(self) -> bool:
        return self.target is not None and bool(self._chosen()) and not self.running

    @property
    def hint(self) -> str:
        """Why Explain cannot be pressed, or how long it may take."""
        if self._image is None:
            return texts_explain.EXPLAIN_NEEDS_IMAGE
        if self.target is None:
            return texts_explain.EXPLAIN_NEEDS_PREDICTION
        if not self._chosen():
            return texts_explain.EXPLAIN_NEEDS_METHOD
        return self._expected_time()

    @property
    def progress(self) -> tuple[float, str]:
        """Share done of all that was asked for, and what runs, in words."""
        if not self._jobs:
            return 1.0, ""
        entries = [
            entry for entry in (self._maps.entry(number) for _, number in self._jobs.values()) if entry
        ]
        finished = self._asked - len(self._jobs)
        share = (finished + sum(entry.share_done for entry in entries)) / max(self._asked, 1)
        running = next((entry for entry in entries if entry.state is MapState.RUNNING), None)
        text = (
            texts_explain.explaining(running.title, running.done, running.total) if running else texts.WAITING
        )
        return share, text

    def explain(self) -> None:
        """Start the checked methods, in the order of METHODS."""
        if self.can_explain:
            self.start([method.name for method in self._chosen()])

    def start(self, names: list[str]) -> None:
        """Start these methods for the chosen target; a map that cannot be asked for says why."""
        if self._image is None or self._key is None or self.target is None:
            return
        if not self._jobs:
            self._asked = 0
        for method in (method for method in METHODS if method.name in names):
            self._start(method, self._image, self._key, self.target.record)
        self.changed.emit()
        self.progressed.emit()

    def cancel(self) -> None:
        """End all that runs; maps that have sharpened so far are dropped, finished ones stay."""
        for job in list(self._jobs)[::-1]:
            self._worker.cancel(job)

    def cancel_map(self, number: int) -> None:
        """End the job that computes this map, if there is one."""
        for job in [job for job, (_, asked) in self._jobs.items() if asked == number]:
            self._worker.cancel(job)

    def _start(self, method: Method, image: Slice, key: ImageKey, target: TargetRecord) -> None:
        number = self._maps.add(key, method.name, method.title, target)
        shown = self._maps.selected
        if shown is None or not (shown.open or shown.record):
            self._maps.select(number)
        try:
            params = self.params(method)
        except BadParameter as error:
            self._maps.update(key, number, state=MapState.FAILED, error=error)
            return
        request = ExplainRequest(
            model=key.model,
            method=method.name,
            parameters=params.model_dump(mode="json"),
            target=target,
            seed=self.seed,
        )
        self._asked += 1
        self._jobs[self._worker.submit(request, image=image)] = (key, number)

    def _chosen(self) -> list[Method]:
        return [m for m in METHODS if m.name in self._checked and not self._obstacle(m)]

    def _row(self, method: Method) -> MethodRow:
        cost = self._cost(method)
        words = texts_explain.cost(cost) if cost is not None else ""
        checked = method.name in self._checked
        return MethodRow(method.name, method.title, method.summary, words, checked, self._obstacle(method))

    def _obstacle(self, method: Method) -> str:
        if self._network is None:
            return ""
        try:
            method.applies(self._network)
        except SaliscopeError as error:
            return error.message
        return ""

    def _cost(self, method: Method) -> Cost | None:
        if self._network is None:
            return None
        try:
            return method.cost(self.params(method), self._network)
        except SaliscopeError:
            return None  # said elsewhere: in the form, or as the method's obstacle

    def _expected_time(self) -> str:
        if self._seconds_per_call is None:
            return ""
        costs = [cost for cost in map(self._cost, self._chosen()) if cost is not None]
        calls = sum(cost.forwards + cost.gradients for cost in costs)
        return texts_explain.expected_time(calls * self._seconds_per_call)

    # What comes back

    @Slot(int, int, int, str)
    def _on_progressed(self, job: int, done: int, total: int, text: str) -> None:
        if job in self._jobs:
            key, number = self._jobs[job]
            self._maps.update(key, number, state=MapState.RUNNING, done=done, total=total)
            self.progressed.emit()

    @Slot(int, object, object)
    def _on_refined(self, job: int, message: PartialMap, arrays: list[Any]) -> None:
        if job in self._jobs:
            key, number = self._jobs[job]
            self._maps.update(key, number, values=arrays[0], signed=message.signed)

    @Slot(int, object, object)
    def _on_finished(self, job: int, message: object, arrays: list[Any]) -> None:
        if job in self._jobs and isinstance(message, ExplainDone):
            key, number = self._jobs.pop(job)
            record = message.record
            self._measure(record.seconds, record.forwards + record.gradients)
            self._maps.update(
                key, number, state=MapState.DONE, values=arrays[0], signed=record.signed, record=record
            )
            self._ended()

    @Slot(int, object)
    def _on_failed(self, job: int, error: SaliscopeError) -> None:
        if job in self._jobs:
            key, number = self._jobs.pop(job)
            if isinstance(error, Cancelled):
                self._maps.update(key, number, state=MapState.CANCELLED, values=None)
            else:
                self._maps.update(key, number, state=MapState.FAILED, error=error, values=None)
            self._ended()

    def _ended(self) -> None:
        self.progressed.emit()
        self.changed.emit()

    def _measure(self, seconds: float, calls: int) -> None:
        # A run of few calls is mostly the tracing of the graph and would mislead.
        if calls >= 8:
            self._seconds_per_call = seconds / calls


def target_choices(record: PredictionRecord) -> tuple[TargetChoice, ...]:
    """Logits by falling probability, then probabilities, then the predicted class against each other one."""
    names = sorted(record.probabilities, key=lambda name: -record.probabilities[name])
    records = [TargetRecord(kind="logit", class_name=name) for name in names]
    records += [TargetRecord(kind="probability", class_name=name) for name in names]
    records += [TargetRecord(kind="difference", class_name=names[0], against=other) for other in names[1:]]
    return tuple(TargetChoice(texts_explain.target(one, one.class_name == names[0]), one) for one in records)
