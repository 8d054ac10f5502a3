"""Sobel edges of the input: what the eye would mark without any network."""

from typing import ClassVar, final

import numpy as np

from core.arrays import Array
from core.methods.contract import Family
from core.methods.meaning import NO_MEANING, Meaning
from core.network.attribution_map import AttributionMap
from core.network.cost import Cost
from core.network.network import Network
from core.network.parameters import Parameters
from core.network.run import Run
from core.network.target import Target


class EdgeParams(Parameters):
    """The edge baseline has no parameters."""


@final
class EdgeMap:
    """The Sobel gradient's magnitude of the network's input, mean of its channels.

    It depends on the image alone, so a method that looks like it may show the picture rather than
    the model (Adebayo et al. 2018, arXiv 1810.03292).
    """

    name: ClassVar[str] = "edge"
    title: ClassVar[str] = "Edges (control)"
    summary: ClassVar[str] = "Edges of the picture itself, whatever the model says. No model call."
    family: ClassVar[Family] = Family.BASELINE
    doi: ClassVar[str] = "arXiv:1810.03292"
    Params: ClassVar[type[EdgeParams]] = EdgeParams

    def meaning(self, params: EdgeParams) -> Meaning:
        return NO_MEANING

    def applies(self, network: Network) -> None:
        """It asks nothing of the network."""

    def cost(self, params: EdgeParams, network: Network) -> Cost:
        return Cost()

    def run(self, network: Network, x: Array, target: Target, params: EdgeParams, run: Run) -> AttributionMap:
        # Imported late: the window lists the methods and never runs one.
        from scipy.ndimage import sobel

        grey = x.mean(axis=-1).astype(np.float64)
        magnitude = np.hypot(sobel(grey, axis=0, mode="nearest"), sobel(grey, axis=1, mode="nearest"))
        run.progress(1, 1)
        return AttributionMap(magnitude.astype(np.float32), signed=False, cells=magnitude.shape)
