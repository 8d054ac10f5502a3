"""What the window knows of the worker's network, and what methods say of it: obstacles and costs."""

from functools import cache

from app.texts import explain as texts
from app.window.states.prediction import PredictionState
from core.errors import SaliscopeError
from core.methods.contract import Method
from core.models.bundle import find_bundle
from core.network.cost import Cost
from core.network.facts import NetworkFacts
from core.network.parameters import Parameters


@cache
def background_of(model: str) -> tuple[int, str]:
    """The number of background inputs of an installed bundle, and why there are none; read once."""
    try:
        inputs = find_bundle(model).background()
    except SaliscopeError as error:
        return 0, error.message
    return (0, texts.no_background(model)) if inputs is None else (len(inputs), "")


def network_facts(prediction: PredictionState) -> NetworkFacts | None:
    """Facts of the network that predicted the shown slice; None before it has."""
    card, answer = prediction.card, prediction.answer
    if card is None or answer is None:
        return None
    *grid, channels = card.preprocessing.shape
    count, problem = background_of(card.id)
    layers = answer.message.layers
    return NetworkFacts(card.id, tuple(grid), channels, len(card.classes), layers, count, problem)


def obstacle_of(method: Method, facts: NetworkFacts | None) -> str:
    """Why the method cannot be used with this network; nothing where it can, or is not known yet."""
    if facts is None:
        return ""
    try:
        method.applies(facts)
    except SaliscopeError as error:
        return error.message
    return ""


def cost_of(method: Method, params: Parameters, facts: NetworkFacts | None) -> Cost | None:
    """The network calls of a method; None where it cannot be used, or the network is not known yet."""
    if facts is None:
        return None
    try:
        return method.cost(params, facts)
    except SaliscopeError:
        return None  # said as the method's obstacle
