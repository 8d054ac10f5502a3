"""A method that is one modified backward pass: what such methods share."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, final

import numpy as np

from core.methods.contract import Family, Method, Need
from core.network.attribution_map import AttributionMap
from core.network.channels import ChannelValues
from core.network.composite import Composite
from core.network.cost import Cost
from core.network.facts import NetworkFacts
from core.network.method_input import MethodInput
from core.network.network import Network
from core.network.run import Run


class RelevanceMethod(Method):
    """One pass forward and one back, in which each kind of layer follows the rule of a composite."""

    family = Family.RELEVANCE
    needs = frozenset({Need.GRADIENTS, Need.RELEVANCE})

    @abstractmethod
    def composite(self, params: Any, facts: NetworkFacts) -> Composite:
        """The rules for these parameters and this network."""

    def diagnostics(self, values: float, relevance: float) -> dict[str, float]:
        """Figures of a map from what the pass started with and the sum of the map; none by default."""
        return {}

    @final
    def cost(self, params: Any, facts: NetworkFacts) -> Cost:
        """One pass, which takes as long as one gradient or two."""
        return Cost(gradients=self.composite(params, facts).gradients)

    @final
    def run(
        self, network: Network, inputs: Sequence[MethodInput], params: Any, run: Run
    ) -> list[AttributionMap]:
        """The maps of all inputs from one call of the network."""
        run.progress(0, len(inputs))
        composite = self.composite(params, network.facts)
        targets = [each.target for each in inputs]
        values, relevance = network.relevance(np.stack([each.x for each in inputs]), targets, composite, run)
        run.progress(len(inputs), len(inputs))
        maps = []
        for method_input, value, part in zip(inputs, values, relevance, strict=True):
            by_channel = ChannelValues(part)
            reduced = by_channel.reduced()
            figures = self.diagnostics(float(value), float(part.sum(dtype=np.float64)))
            maps.append(
                AttributionMap(
                    reduced,
                    signed=True,
                    cells=reduced.shape,
                    diagnostics={} if method_input.is_noisy_copy else figures,
                    by_channel=by_channel,
                )
            )
        return maps
