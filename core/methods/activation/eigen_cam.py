"""Eigen-CAM (Muhammad and Yeasin 2020, doi 10.1109/IJCNN48605.2020.9206626)."""

from dataclasses import replace
from typing import final

import numpy as np

from core.arrays import Array
from core.methods.activation.layer_activations import activation_map, layer_activations
from core.methods.activation.layer_pass import LayerParams
from core.methods.contract import Family, Need, OneByOneMethod
from core.methods.meaning import UNIT, Meaning
from core.network.attribution_map import AttributionMap
from core.network.cost import Cost
from core.network.facts import NetworkFacts
from core.network.method_input import MethodInput
from core.network.network import Network
from core.network.run import Run


class EigenCamParams(LayerParams):
    """Parameters of Eigen-CAM."""


@final
class EigenCam(OneByOneMethod):
    """The layer's activations, projected on their first right singular vector (the main pattern).

    Activations are a matrix of positions by channels, which is not centred. A singular vector has no sign of
    its own; it is taken so that the map's sum is not negative. No class enters: the map is the same for
    every target.
    """

    name = "eigen_cam"
    title = "Eigen-CAM"
    summary = "Where the layer's main pattern is, whatever the class; one model call, no gradient."
    family = Family.ACTIVATION
    doi = "10.1109/IJCNN48605.2020.9206626"
    Params = EigenCamParams
    needs = frozenset({Need.LAYERS})
    # Its values say nothing of the target.
    can_rank_regions = False

    def meaning(self, params: EigenCamParams) -> Meaning:
        """Projected activation, the same for every target."""
        return replace(UNIT, unit="activation along its main pattern")

    def cost(self, params: EigenCamParams, facts: NetworkFacts) -> Cost:
        """One forward pass."""
        return Cost(forwards=1)

    def explain_input(
        self, network: Network, method_input: MethodInput, params: EigenCamParams, run: Run
    ) -> AttributionMap:
        """The map of one input. Raises what `layer_activations` raises."""
        run.progress(0, 1)
        layer, activations = layer_activations(self.name, network, method_input, params.layer, run)
        coarse, share = main_pattern(activations)
        run.progress(1, 1)
        return activation_map(coarse, method_input, {"layer": layer.name}, {"pattern_share": share})


def main_pattern(activations: Array) -> tuple[Array, float]:
    """(*grid,) projection of activations (*grid, channels) on their first singular vector.

    And the share of the squared activations that it holds. The sum of the projection is not negative.
    """
    *grid, channels = activations.shape
    matrix = activations.reshape(-1, channels)
    # The smaller of the two products of the matrix with itself has the same singular values.
    if channels <= len(matrix):
        squares, vectors = np.linalg.eigh(matrix.T @ matrix)
        projection = matrix @ vectors[:, -1]
    else:
        squares, vectors = np.linalg.eigh(matrix @ matrix.T)
        projection = vectors[:, -1] * np.sqrt(max(squares[-1], 0.0))
    total = float((matrix**2).sum())
    sign = -1.0 if projection.sum() < 0 else 1.0
    share = float((projection**2).sum() / total) if total else 0.0
    return sign * projection.reshape(grid), share
