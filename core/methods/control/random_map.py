"""Uniform noise: the map of a method that does not look at the network."""

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


class RandomParams(Parameters):
    """The random map has no parameters; it follows the seed."""


@final
class RandomMap(OneByOneMethod):
    """Uniform noise in [0, 1), from the seed; a control map. A method must score better than it."""

    name = "random"
    title = "Random (control)"
    summary = "Noise, independent of the model; every method must be better. No model call."
    family = Family.CONTROL
    doi = ""
    Params = RandomParams
    can_rank_regions = False

    def meaning(self, params: RandomParams) -> Meaning:
        """None: the values say nothing of the target."""
        return NO_MEANING

    def cost(self, params: RandomParams, facts: NetworkFacts) -> Cost:
        """No call."""
        return Cost()

    def explain_input(
        self, network: Network, method_input: MethodInput, params: RandomParams, run: Run
    ) -> AttributionMap:
        """Noise on the grid of one input."""
        run.progress(1, 1)
        return random_map(method_input.x, method_input.generator)


def random_map(x: FloatArray, generator: np.random.Generator) -> AttributionMap:
    """Noise on the grid of an input x (*grid, channels)."""
    values = generator.random(x.shape[:-1], dtype=np.float32)
    return AttributionMap(values, signed=False, cells=values.shape)
