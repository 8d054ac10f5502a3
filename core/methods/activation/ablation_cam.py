"""Ablation-CAM (Desai and Ramaswamy 2020, doi 10.1109/WACV45572.2020.9093360)."""

from typing import Literal, final

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.errors import NotApplicable
from core.methods.activation.layer_activations import grown
from core.methods.activation.layer_pass import LayerParams, chosen_layer, require_finite
from core.methods.batches import batches_of
from core.methods.contract import Family, Need, OneByOneMethod
from core.methods.meaning import Meaning, Origin, Sign
from core.network.attribution_map import AttributionMap
from core.network.cost import Cost
from core.network.facts import NetworkFacts
from core.network.method_input import MethodInput
from core.network.network import LayerHead, Network
from core.network.run import Run
from core.network.target import Target


class AblationCamParams(LayerParams):
    """Parameters of Ablation-CAM."""

    weights: Literal["drop", "paper"] = Field(
        "drop",
        description="a channel's weight: how far the score falls without it; or that drop divided by the "
        "score, as in the paper, which turns the sign of the map where the score is negative",
    )


@final
class AblationCam(OneByOneMethod):
    """ReLU of the layer's channels, each weighted by the drop of the score when the channel is set to 0.

    Only what is behind the layer is computed again, with everything that passes by it (skip connections,
    concatenations) as the image gives it. No gradient is used.
    """

    name = "ablation_cam"
    title = "Ablation-CAM"
    summary = "Coarse regions by how far the score falls without each channel; no gradient."
    family = Family.ACTIVATION
    doi = "10.1109/WACV45572.2020.9093360"
    Params = AblationCamParams
    needs = frozenset({Need.LAYERS})

    def meaning(self, params: AblationCamParams) -> Meaning:
        """Weighted activation; a change of the score times an activation does not tell the change alone."""
        return Meaning("weighted activation", Sign.SUPPORT, Origin.SCORES, in_score=False)

    def cost(self, params: AblationCamParams, facts: NetworkFacts) -> Cost:
        """The part behind the layer once a channel, in whole passes. Raises BadParameter: unknown layer."""
        layer = chosen_layer(self.name, facts.layers, params.layer)
        return Cost(forwards=1 + int(np.ceil((layer.channels + 1) * layer.work_behind)))

    def explain_input(
        self, network: Network, method_input: MethodInput, params: AblationCamParams, run: Run
    ) -> AttributionMap:
        """The map of one input. Raises BadMap where the layer is not finite."""
        layer = chosen_layer(self.name, network.facts.layers, params.layer)
        run.progress(0, layer.channels)
        head = network.layer_head(method_input.x, layer.name, run)
        require_finite(layer, head.activations)
        score, drops = channel_drops(network, head, method_input.target, run)
        weights = drops / _divisor(score, params)
        coarse = np.maximum(head.activations.astype(np.float64) @ weights, 0.0)
        return AttributionMap(
            grown(coarse, method_input),
            signed=False,
            cells=coarse.shape,
            choices={"layer": layer.name},
            effect=float(np.abs(drops).max()),
        )


def channel_drops(network: Network, head: LayerHead, target: Target, run: Run) -> tuple[float, Array]:
    """The target, and how far it falls without each channel of the layer, (channels,) float64."""
    channels = head.activations.shape[-1]
    score = float(head.values(np.ones((1, channels), np.float32), target, run)[0])
    drops = np.zeros(channels)
    for part in batches_of(network, channels):
        factors = np.ones((part.stop - part.start, channels), np.float32)
        factors[np.arange(len(factors)), np.arange(part.start, part.stop)] = 0.0
        drops[part] = score - head.values(factors, target, run).astype(np.float64)
        run.progress(part.stop, channels)
    return score, drops


def _divisor(score: float, params: AblationCamParams) -> float:
    if params.weights == "drop":
        return 1.0
    if score == 0:
        raise NotApplicable(
            "Ablation-CAM of the paper divides by the score, which is 0 for this image.",
            "Choose the weights 'drop'.",
        )
    return score
