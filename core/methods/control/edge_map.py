"""Sobel edges of the input: what the eye would mark without any network."""

from functools import reduce
from typing import final

import numpy as np

from core.arrays import FloatArray
from core.methods.contract import Family, OneByOneMethod
from core.methods.meaning import NO_MEANING, Meaning
from core.network.attribution_map import AttributionMap
from core.network.cost import Cost
from core.network.facts import NetworkFacts
from core.network.method_input import MethodInput
from core.network.network import Network
from core.network.parameters import Parameters
from core.network.run import Run


class EdgeParams(Parameters):
    """The edge map has no parameters."""


@final
class EdgeMap(OneByOneMethod):
    """The Sobel gradient's magnitude of the network's input, mean of its channels; a control map.

    It depends on the image alone, so a method that looks like it may show the picture rather than
    the model (Adebayo et al. 2018, arXiv 1810.03292).
    """

    name = "edge"
    title = "Edges (control)"
    summary = "Edges of the picture itself, whatever the model says. No model call."
    family = Family.CONTROL
    doi = "arXiv:1810.03292"
    Params = EdgeParams
    can_rank_regions = False

    def meaning(self, params: EdgeParams) -> Meaning:
        """None: the values say nothing of the target."""
        return NO_MEANING

    def cost(self, params: EdgeParams, facts: NetworkFacts) -> Cost:
        """No call."""
        return Cost()

    def explain_input(
        self, network: Network, method_input: MethodInput, params: EdgeParams, run: Run
    ) -> AttributionMap:
        """The edges of one input."""
        edges = edge_map(method_input.x)
        run.progress(1, 1)
        return edges


def edge_map(x: FloatArray) -> AttributionMap:
    """The edges of an input x (*grid, channels)."""
    # Imported late: the window lists the methods and never runs one.
    from scipy.ndimage import sobel

    grey = x.mean(axis=-1).astype(np.float64)
    slopes = [sobel(grey, axis=axis, mode="nearest") for axis in range(grey.ndim)]
    magnitude = reduce(np.hypot, slopes)
    return AttributionMap(magnitude.astype(np.float32), signed=False, cells=magnitude.shape)
