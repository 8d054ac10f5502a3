"""Names of layers that a person typed, compared with the network before anything is computed."""

from collections.abc import Iterable, Mapping
from typing import Any

from core.errors import NotApplicable
from core.methods.activation.layer_pass import LayerParams, chosen_layer
from core.methods.contract import Method
from core.network.facts import NetworkFacts
from core.network.parameters import checked_parameters


def require_layers(methods: Iterable[tuple[Method, Mapping[str, Any]]], facts: NetworkFacts) -> None:
    """methods: with their parameters by name. Raises BadParameter for a layer that the network lacks."""
    for method, values in methods:
        params = checked_parameters(method, dict(values))
        if isinstance(params, LayerParams):
            try:
                chosen_layer(method.name, facts.layers, params.layer)
            except NotApplicable:
                continue  # no name is wrong in a network without layers: the method itself says so
