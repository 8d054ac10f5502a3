"""Uniform noise: a control map without any information."""

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


class RandomParams(Parameters):
    """The random baseline has no parameters; it follows the seed."""


@final
class RandomMap:
    """Uniform noise in [0, 1), from the run's seed. A method that scores no better has found nothing."""

    name: ClassVar[str] = "random"
    title: ClassVar[str] = "Random (control)"
    summary: ClassVar[str] = "Noise, independent of the model; every method must be better. No model call."
    family: ClassVar[Family] = Family.BASELINE
    doi: ClassVar[str] = ""
    Params: ClassVar[type[RandomParams]] = RandomParams

    def meaning(self, params: RandomParams) -> Meaning:
        return NO_MEANING

    def applies(self, network: Network) -> None:
        """It asks nothing of the network."""

    def cost(self, params: RandomParams, network: Network) -> Cost:
        return Cost()

    def run(
        self, network: Network, x: Array, target: Target, params: RandomParams, run: Run
    ) -> AttributionMap:
        run.progress(1, 1)
        values = run.generator.random(x.shape[:2], dtype=np.float32)
        return AttributionMap(values, signed=False, cells=values.shape)
