"""One pass to a layer and back, which all class activation maps of an image share."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.errors import BadMap, BadParameter, NotApplicable, nearest_hint
from core.images.resample import resampled
from core.methods.contract import Family, Need, OneByOneMethod
from core.network.attribution_map import AttributionMap
from core.network.cost import Cost
from core.network.facts import NetworkFacts
from core.network.layer import Layer
from core.network.method_input import MethodInput
from core.network.network import Network
from core.network.parameters import Parameters, value_named
from core.network.run import Run


class LayerParams(Parameters):
    """Parameters of a map made from one layer."""

    layer: str = Field(
        "",
        description="the convolutional layer; empty: the last one before pooling",
        json_schema_extra=value_named("", "automatic"),
    )


@dataclass(frozen=True, slots=True)
class LayerPass:
    """A layer's output and the target's gradient by it, each (*grid, channels) float64."""

    layer: Layer
    activations: Array
    gradients: Array

    def map(
        self, coarse: Array, grid: tuple[int, ...], signed: bool = False, effect: float | None = None
    ) -> AttributionMap:
        """`coarse` (*grid,) of the layer brought to the input's `grid` linearly; pixel edges stay edges.

        It is not normalised, so that maps of one image can be compared. effect: that of the map, where it
        is not made from the layer's gradient.
        """
        return AttributionMap(
            resampled(coarse, grid).astype(np.float32),
            signed=signed,
            cells=coarse.shape,
            choices={"layer": self.layer.name},
            effect=self.effect if effect is None else effect,
        )

    @property
    def effect(self) -> float:
        """The largest change of the score, to first order, that the layer has at one position.

        Every class activation map is made from these products; by it, a map that is 0 because they speak
        against the target differs from one that is 0 because there is no gradient.
        """
        return float(np.abs(self.gradients * self.activations).sum(axis=-1).max())


class LayerMethod(OneByOneMethod):
    """A class activation map: the channels of one layer, combined by the target's gradient at that layer."""

    family = Family.ACTIVATION
    needs = frozenset({Need.GRADIENTS, Need.LAYERS})
    # Whether the map keeps negative values.
    signed: bool = False

    @abstractmethod
    def coarse_map(self, layer_pass: LayerPass, params: Any) -> Array:
        """(*grid,) the map on the layer's grid. Raises NotApplicable where it is not defined."""

    @final
    def cost(self, params: Any, facts: NetworkFacts) -> Cost:
        """One gradient."""
        return Cost(gradients=1)

    @final
    def explain_input(
        self, network: Network, method_input: MethodInput, params: Any, run: Run
    ) -> AttributionMap:
        """The map of one input. Raises what `layer_pass_of` and `coarse_map` raise."""
        layer = params.layer if isinstance(params, LayerParams) else ""
        run.progress(0, 1)
        layer_pass = layer_pass_of(self.name, network, method_input, layer, run)
        run.progress(1, 1)
        coarse = self.coarse_map(layer_pass, params)
        return layer_pass.map(coarse, method_input.x.shape[:-1], self.signed)


def layer_pass_of(method: str, network: Network, method_input: MethodInput, name: str, run: Run) -> LayerPass:
    """The pass of one input at the layer called `name`, made once in a run.

    Raises BadParameter for an unknown layer, NotApplicable if the network has none, BadMap for a
    layer whose output is not finite: channels that are nowhere above 0 would give a map of zeros.
    """
    layer = chosen_layer(method, network.facts.layers, name)
    x, target = method_input.x, method_input.target

    def compute() -> LayerPass:
        _, activations, gradients = network.activation_gradients(x[None], layer.name, target, run)
        require_finite(layer, activations)
        return LayerPass(layer, activations[0].astype(np.float64), gradients[0].astype(np.float64))

    return run.once(("layer_pass", layer.name, target), compute)


def chosen_layer(method: str, layers: Sequence[Layer], name: str) -> Layer:
    """The layer called `name`, or the last one before pooling.

    Raises BadParameter for an unknown one, NotApplicable if there are none.
    """
    if not layers:
        raise NotApplicable(f"{method} needs a convolutional layer.", "Choose another method.")
    by_name = {layer.name: layer for layer in layers}
    if not name:
        return layers[-1]
    if name not in by_name:
        raise BadParameter(
            f"{method}.layer: the model has no convolutional layer {name!r}.", nearest_hint(name, by_name)
        )
    return by_name[name]


def channel_sums(values: Array) -> Array:
    """(channels,) sums of `values` (*grid, channels) over all positions."""
    sums: Array = values.sum(axis=tuple(range(values.ndim - 1)))
    return sums


def channel_means(values: Array) -> Array:
    """(channels,) means of `values` (*grid, channels) over all positions."""
    means: Array = values.mean(axis=tuple(range(values.ndim - 1)))
    return means


def require_finite(layer: Layer, activations: Array) -> None:
    """Raises BadMap for a layer whose output, of any shape, is not finite."""
    if not np.isfinite(activations).all():
        raise BadMap(
            f"The layer {layer.name!r} answers this image with values that are not finite numbers.",
            "The image or the model is damaged; choose another.",
        )
