"""Which picture of the network is to be made: the visualisation, its parameters, and what it maximises."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from app.texts import network_pictures as texts
from app.window.states.network_facts import network_facts
from app.window.states.network_objective import ObjectiveChoice
from app.window.states.prediction import PredictionState
from core.arrays import Array
from core.errors import BadParameter, SaliscopeError
from core.models.card import Card
from core.network.cost import Cost
from core.network.parameters import Parameters, checked_parameters
from core.visualisations import VISUALISATIONS, visualisation_named
from core.visualisations.contract import Visualisation
from core.worker.messages import VisualiseRequest


class VisualisationChoice(QObject):
    """What a person chose. seed: of the picture. It follows the model and its layers."""

    changed = Signal()

    def __init__(self, prediction: PredictionState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._prediction = prediction
        self.chosen: Visualisation = VISUALISATIONS[0]
        self.objective = ObjectiveChoice()
        self.seed = 0
        self._values: dict[str, Mapping[str, Any]] = {}
        prediction.changed.connect(self._on_network_changed)
        self._on_network_changed()

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
    def obstacle(self) -> str:
        """Why the picture cannot be made; nothing where it can."""
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

    @property
    def cost(self) -> Cost | None:
        """The model calls; None where the network is not known yet, or the parameters cannot be used."""
        facts = network_facts(self._prediction)
        try:
            return self.chosen.cost(self._params(), facts) if facts is not None else None
        except BadParameter:
            return None  # said as the obstacle

    @property
    def arrays(self) -> list[Array]:
        """What goes with the request: the network's input (rows, columns, channels), where it is needed."""
        x = self._prediction.input if self.chosen.needs_image else None
        return [] if x is None else [x]

    def request(self, card: Card) -> VisualiseRequest:
        """For the worker. card: of the model. Raises BadParameter."""
        return VisualiseRequest(
            model=card.id,
            name=self.chosen.name,
            parameters=self._params().model_dump(mode="json"),
            objective=self.objective.record,
            seed=self.seed,
        )

    def _params(self) -> Parameters:
        """Raises BadParameter."""
        return checked_parameters(self.chosen, dict(self.values))

    @Slot()
    def _on_network_changed(self) -> None:
        card, facts = self.card, network_facts(self._prediction)
        model, classes = (card.id, card.classes) if card is not None else ("", ())
        layers = facts.layers if facts is not None else None
        objective = self.objective.for_network(model, classes, layers)
        self.objective = objective.for_kinds(self.chosen.objectives)
        self.changed.emit()
