"""What the window knows of the worker's network, and what methods say of it: obstacles and costs."""

from dataclasses import dataclass
from functools import cache
from typing import cast

from app.texts import explain as texts
from app.window.states.prediction import PredictionState
from core.arrays import Array
from core.errors import NotApplicable, SaliscopeError
from core.methods.contract import Method
from core.models.bundle import find_bundle
from core.network.cost import Cost
from core.network.network import Layer, Network
from core.network.parameters import Parameters


@dataclass(frozen=True, slots=True)
class NetworkFacts:
    """What the window knows of the worker's network, enough for cost and applicability."""

    model: str
    input_shape: tuple[int, int, int]
    class_count: int
    known_layers: tuple[Layer, ...]
    # As on a CPU: it decides only how many calls are serial, which no cost in words tells.
    best_batch: int = 8

    def layers(self) -> list[Layer]:
        return list(self.known_layers)

    def background(self) -> Array:
        """The bundle's background inputs. Raises NotApplicable without any, or why they cannot be read."""
        inputs = background_of(self.model)
        if inputs is None:
            raise NotApplicable(texts.no_background(self.model))
        return inputs


@cache
def background_of(model: str) -> Array | None:
    """The background inputs of an installed bundle, read once. Raises ModelError."""
    return find_bundle(model).background()


def network_facts(prediction: PredictionState) -> NetworkFacts | None:
    """Facts of the network that predicted the shown slice; None before it has."""
    card, answer = prediction.card, prediction.answer
    if card is None or answer is None:
        return None
    return NetworkFacts(card.id, card.preprocessing.shape, len(card.classes), answer.message.layers)


def obstacle_of(method: Method, facts: NetworkFacts | None) -> str:
    """Why the method cannot be used with this network; nothing where it can, or is not known yet."""
    if facts is None:
        return ""
    try:
        method.applies(cast(Network, facts))
    except SaliscopeError as error:
        return error.message
    return ""


def cost_of(method: Method, params: Parameters, facts: NetworkFacts | None) -> Cost | None:
    """The network calls of a method; None where it cannot be used, or the network is not known yet."""
    if facts is None:
        return None
    try:
        return method.cost(params, cast(Network, facts))
    except SaliscopeError:
        return None  # said as the method's obstacle
