"""Score-CAM (Wang et al. 2020, doi 10.1109/CVPRW50498.2020.00020)."""

from collections.abc import Sequence
from typing import Literal, final

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.images.resample import axis_weights, separable
from core.methods.activation.layer_pass import LayerParams, LayerPass, chosen_layer, layer_pass_of
from core.methods.batches import batches_of
from core.methods.contract import Family, Need, OneByOneMethod
from core.methods.meaning import Meaning, Origin, Sign
from core.network.attribution_map import AttributionMap
from core.network.cost import Cost
from core.network.facts import NetworkFacts
from core.network.method_input import MethodInput
from core.network.network import Network
from core.network.parameters import value_named
from core.network.run import Run
from core.network.target import Target


class ScoreCamParams(LayerParams):
    """Parameters of Score-CAM."""

    weights: Literal["increase", "probability"] = Field(
        "increase",
        description="a channel's weight: the target's rise over a black input, as in the paper; or the "
        "calibrated class probability without subtraction, as in tf-keras-vis",
    )
    channels: int = Field(
        0,
        ge=0,
        le=65536,
        description="only so many channels, those that vary most over the image; 0: all of them",
        json_schema_extra=value_named(0, "all"),
    )


@final
class ScoreCam(OneByOneMethod):
    """ReLU of the layer's channels, each weighted by the score of the image seen through it.

    A channel, brought to the input's grid linearly and stretched to 0 to 1, multiplies the input;
    its weight is the target there minus the target at the black input. A channel that is constant
    over the image points at nothing and gets no weight. Channels stream through in batches, so
    memory does not grow with their number.
    """

    name = "score_cam"
    title = "Score-CAM"
    summary = "Coarse regions by what the model says of the image through each channel; slow."
    family = Family.ACTIVATION
    doi = "10.1109/CVPRW50498.2020.00020"
    Params = ScoreCamParams
    needs = frozenset({Need.GRADIENTS, Need.LAYERS})

    def meaning(self, params: ScoreCamParams) -> Meaning:
        """Weighted activation; a change of the score times an activation does not tell the change alone."""
        return Meaning("weighted activation", Sign.SUPPORT, Origin.SCORES, in_score=False)

    def cost(self, params: ScoreCamParams, facts: NetworkFacts) -> Cost:
        """One forward pass a channel. Raises BadParameter for an unknown layer."""
        available = chosen_layer(self.name, facts.layers, params.layer).channels
        count = min(params.channels or available, available)
        return Cost(forwards=count + (params.weights == "increase"), gradients=1)

    def explain_input(
        self, network: Network, method_input: MethodInput, params: ScoreCamParams, run: Run
    ) -> AttributionMap:
        """The map of one input. Raises what `layer_pass_of` raises."""
        x, target = method_input.x, method_input.target
        run.progress(0, 1)
        layer_pass = layer_pass_of(self.name, network, method_input, params.layer, run)
        black_score = 0.0
        if params.weights == "increase":
            black_score = float(network.values(np.zeros_like(x)[None], target, run)[0])
        channels = most_varied(layer_pass.activations, params.channels)
        coarse_grid = layer_pass.activations.shape[:-1]
        total, largest = np.zeros(coarse_grid), 0.0
        growth = [
            axis_weights(source, side).astype(np.float32)
            for source, side in zip(coarse_grid, x.shape[:-1], strict=True)
        ]
        for part in batches_of(network, len(channels)):
            activations = layer_pass.activations[..., channels[part]]
            masked = x * stretched(activations, growth)[..., None]
            rises = _scores(network, masked, target, params, run) - black_score
            total += activations @ rises
            largest = max(largest, float(np.abs(rises).max()))
            run.progress(part.stop, len(channels))
            if part.stop < len(channels):
                run.partial(_map(layer_pass, total, x, largest))
        count = max(len(channels), 1)
        run.progress(count, count)
        return _map(layer_pass, total, x, largest)


def most_varied(activations: Array, count: int) -> Array:
    """(k,) indices of the channels of (*grid, k) that vary; only the `count` most varied unless 0."""
    axes = tuple(range(activations.ndim - 1))
    deviations = activations.std(axis=axes)
    order = np.argsort(-deviations, kind="stable")
    varied = order[np.ptp(activations, axis=axes)[order] > 0]
    return np.sort(varied[: count or None])


def stretched(channels: Array, growth: Sequence[Array]) -> Array:
    """(channels, *input grid) float32: each of (*grid, channels) grown and scaled to fill 0 to 1.

    growth: for each axis the weights (input side, side), float32; no channel is constant.
    """
    planes = np.ascontiguousarray(np.moveaxis(channels, -1, 0), np.float32)
    # Contiguous, so that what follows changes the masks themselves.
    masks = np.ascontiguousarray(separable(planes, growth))
    flat = masks.reshape(len(masks), -1)
    flat -= flat.min(axis=1, keepdims=True)
    # A channel that varies less than its rounding may have become constant here; it then shows nothing.
    flat /= np.maximum(flat.max(axis=1, keepdims=True), np.finfo(np.float32).tiny)
    return masks


def _scores(network: Network, masked: Array, target: Target, params: ScoreCamParams, run: Run) -> Array:
    """(n,) float64, the number by which each channel is weighted."""
    if params.weights == "increase":
        return network.values(masked, target, run).astype(np.float64)
    return target.score(network.probabilities(masked, run).astype(np.float64))


def _map(layer_pass: LayerPass, total: Array, x: Array, largest: float) -> AttributionMap:
    return layer_pass.map(np.maximum(total, 0.0), x.shape[:-1], effect=largest)
