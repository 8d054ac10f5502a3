"""What the window knows of the worker's network, and what methods say of it: obstacles and costs."""

from app.window.states.prediction import PredictionState
from core.errors import SaliscopeError
from core.methods.contract import Method
from core.network.cost import Cost
from core.network.facts import NetworkFacts
from core.network.parameters import Parameters


def network_facts(prediction: PredictionState) -> NetworkFacts | None:
    """Facts of the network that predicted the shown slice, from the worker; None before it has."""
    return prediction.answer.message.facts if prediction.answer is not None else None


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
