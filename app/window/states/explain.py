"""What is to be explained, by which methods with which parameters, and how far the work has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.texts import explain as texts
from app.window.links import JobLink
from app.window.states.control_maps import CONTROL_MAPS, in_order, with_control_maps
from app.window.states.costs import MethodCosts
from app.window.states.map_jobs import MapJobs
from app.window.states.maps import MapsState, MapState, whole_map
from app.window.states.network_facts import cost_of, network_facts, obstacle_of
from app.window.states.pace import Pace
from app.window.states.prediction import PredictionState
from app.window.states.shown import Shown, ShownState
from app.window.states.targets import TargetChoice, target_choices
from core.errors import BadParameter
from core.methods import METHODS, method_named
from core.methods.contract import Family, Method
from core.models.card import Card
from core.network.facts import NetworkFacts
from core.network.layer import Layer
from core.network.parameters import Parameters, checked_parameters
from core.results.records import PredictionRecord, TargetRecord
from core.worker.messages import ExplainRequest

CHECKED_AT_FIRST = ("integrated_gradients", "grad_cam")


@dataclass(frozen=True, slots=True)
class MethodRow:
    """A method as it is offered. `obstacle` says why it cannot be used with this network.

    cost: the expected time, short. cost_details: with the model calls behind it, for a tool tip.
    """

    name: str
    title: str
    summary: str
    cost: str
    cost_details: str
    checked: bool
    obstacle: str = ""


class ExplainState(QObject):
    """The choice of target, methods and parameters, and the start of the jobs that are made of it."""

    changed = Signal()
    focus_changed = Signal()
    progressed = Signal()

    def __init__(
        self,
        worker: JobLink,
        shown: ShownState,
        prediction: PredictionState,
        maps: MapsState,
        pace: Pace,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._shown, self._prediction, self._maps = shown, prediction, maps
        self.checked = set(CHECKED_AT_FIRST)
        self._values: dict[str, dict[str, Any]] = {}
        self._chosen_target: tuple[PredictionRecord | None, int] = (None, 0)
        self._targets_of: tuple[PredictionRecord | None, Card | None] = (None, None)
        self._targets: tuple[TargetChoice, ...] = ()
        self.focused: Method = method_named(CHECKED_AT_FIRST[0])
        self.seed = 0
        self.pace = pace
        self.jobs = MapJobs(worker, maps, self.pace, self)
        self.jobs.progressed.connect(self.progressed)
        self.jobs.ended.connect(self.progressed)
        self.jobs.ended.connect(self.changed)
        # What still runs for another slice or network is withdrawn.
        shown.changed.connect(self.jobs.cancel)
        shown.changed.connect(self.changed)
        prediction.predicted.connect(self.changed)
        pace.changed.connect(self.changed)

    # What is explained

    @property
    def facts(self) -> NetworkFacts | None:
        """Of the network that predicted the shown slice; None before it has."""
        return network_facts(self._prediction)

    @property
    def targets(self) -> tuple[TargetChoice, ...]:
        """Those of the prediction, its class's logit first; none before there is one."""
        record, card = self._prediction.record, self._prediction.card
        if record is None or card is None:
            return ()
        # They are asked for dozens of times after each prediction.
        if self._targets_of[0] is not record or self._targets_of[1] is not card:
            self._targets_of, self._targets = (record, card), target_choices(record, card.words_of)
        return self._targets

    @property
    def target_at(self) -> int:
        """The place of the chosen target among `targets`; the first one for a new prediction."""
        record, at = self._chosen_target
        return at if record is self._prediction.record else 0

    @property
    def target(self) -> TargetChoice | None:
        return self.targets[self.target_at] if self.targets else None

    def choose_target(self, index: int) -> None:
        if 0 <= index < len(self.targets) and index != self.target_at:
            self._chosen_target = self._prediction.record, index
            self.changed.emit()

    # Methods and their parameters

    @property
    def costs(self) -> MethodCosts:
        """What methods take with this network."""
        return MethodCosts(self.pace, self.facts, self.params)

    @property
    def families(self) -> tuple[tuple[Family, tuple[MethodRow, ...]], ...]:
        """The methods in their families, both in the order of METHODS."""
        grouped: dict[Family, list[MethodRow]] = {}
        facts, costs = self.facts, self.costs
        for method in METHODS:
            row = MethodRow(
                name=method.name,
                title=method.title,
                summary=method.summary,
                cost=costs.short(method),
                cost_details=costs.details(method),
                checked=method.name in self.checked,
                obstacle=obstacle_of(method, facts),
            )
            grouped.setdefault(method.family, []).append(row)
        return tuple((family, tuple(rows)) for family, rows in grouped.items())

    def set_checked(self, name: str, checked: bool) -> None:
        if checked != (name in self.checked):
            self.checked ^= {name}
            self.changed.emit()

    def focus(self, name: str) -> None:
        """Show the parameters of this method."""
        if name != self.focused.name:
            self.focused = method_named(name)
            self.focus_changed.emit()

    def values(self, name: str) -> Mapping[str, Any]:
        """The parameters a person changed; the others have their defaults."""
        return self._values.get(name, {})

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The network's convolutional layers, from the first to the last; none before it has predicted."""
        return self._prediction.answer.message.facts.layers if self._prediction.answer is not None else ()

    def set_values(self, name: str, changes: Mapping[str, Any]) -> None:
        """Set some parameters of a method by field; those with None take their default again."""
        values = {
            field: value for field, value in {**self.values(name), **changes}.items() if value is not None
        }
        if values != self.values(name):
            self._values[name] = values
            self.changed.emit()

    def params(self, method: Method) -> Parameters:
        """The parameters as the method gets them. Raises BadParameter."""
        return checked_parameters(method, dict(self.values(method.name)))

    @property
    def conflict(self) -> BadParameter | None:
        """Why the focused method cannot run with its parameters; None where it can."""
        try:
            self.params(self.focused)
        except BadParameter as error:
            return error
        return None

    def set_seed(self, seed: int) -> None:
        if seed != self.seed:
            self.seed = seed
            self.changed.emit()

    # Work

    @property
    def running(self) -> bool:
        return self.jobs.running

    @property
    def can_explain(self) -> bool:
        return self.target is not None and bool(self._chosen()) and not self.running

    @property
    def hint(self) -> str:
        """Why Explain cannot be pressed, or how long it may take."""
        if self._shown.current.image is None:
            return texts.EXPLAIN_NEEDS_IMAGE
        if self.target is None:
            return texts.EXPLAIN_NEEDS_PREDICTION
        if not self._chosen():
            return texts.EXPLAIN_NEEDS_METHOD
        return self.costs.total(self._chosen())

    @property
    def progress(self) -> tuple[float, str]:
        """Share done of all that was asked for, and what runs, in words."""
        return self.jobs.progress

    def explain(self) -> None:
        """Start the checked methods, in the order of METHODS, with control maps for the first of an image."""
        if self.can_explain:
            self.start([method.name for method in self._chosen()], has_controls=True)

    def start(
        self,
        names: list[str],
        has_controls: bool = False,
        values: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> dict[str, int]:
        """Start these methods for the chosen target; a map that cannot be asked for says why.

        has_controls: if they are the first of the image, after the control maps. values: by method, the
        parameters to take in place of those that a person changed. Returns the number of each map.
        """
        shown = self._shown.current
        if shown.image is None or self.target is None:
            return {}
        methods = in_order(
            with_control_maps(names, self._maps.entries, self.facts) if has_controls else names
        )
        target, chosen = self.target.record, values or {}
        numbers = {
            method.name: self._start(method, shown, target, chosen.get(method.name, self.values(method.name)))
            for method in methods
        }
        selected = self._maps.selected
        runs = any(entry.open for entry in map(self._maps.entry, numbers.values()) if entry is not None)
        if methods and (not runs or selected is None or not (selected.open or selected.record)):
            first = next((name for name in numbers if name not in CONTROL_MAPS), methods[0].name)
            self._maps.select(numbers[first])
        self.changed.emit()
        self.progressed.emit()
        return numbers

    def cancel(self) -> None:
        """End all that takes time; finished maps stay, and control maps cost nothing."""
        self.jobs.cancel(only_costly=True)

    def _start(self, method: Method, shown: Shown, target: TargetRecord, changed: Mapping[str, Any]) -> int:
        """Ask for a map, unless it is there; returns its number. changed: parameters beside the defaults."""
        assert shown.key is not None
        assert shown.image is not None
        try:
            params = checked_parameters(method, dict(changed))
            parameters = params.model_dump(mode="json")
        except BadParameter as error:
            number = self._maps.add(shown.key, method.name, method.title, target, changed, self.seed)
            self._maps.update(shown.key, number, state=MapState.FAILED, error=error)
            return number
        same = whole_map(self._maps.finished, method.name, parameters, target, self.seed)
        if same is not None:
            return same.number
        number = self._maps.add(shown.key, method.name, method.title, target, changed, self.seed)
        request = ExplainRequest(
            model=shown.key.model, method=method.name, parameters=parameters, target=target, seed=self.seed
        )
        cost = cost_of(method, params, self.facts)
        self.jobs.submit(shown.key, number, shown.image, request, cost)
        return number

    def _chosen(self) -> list[Method]:
        facts = self.facts
        return [m for m in METHODS if m.name in self.checked and not obstacle_of(m, facts)]
