"""What a method is: typed parameters in, an attribution map out."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

import numpy as np

from core.arrays import Array
from core.methods.meaning import Meaning
from core.network.attribution_map import AttributionMap
from core.network.cost import Cost
from core.network.network import Network
from core.network.parameters import Parameters
from core.network.run import Run
from core.network.target import Target


class Family(StrEnum):
    """The groups in which methods are offered."""

    GRADIENT = "gradient"
    PATH = "path"
    REGION = "region"
    ACTIVATION = "activation"
    PERTURBATION = "perturbation"
    BASELINE = "baseline"


class Method(Protocol):
    """An explanation algorithm; one file each, listed in METHODS."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def summary(self) -> str:
        """One line: what it shows and what it costs."""

    @property
    def family(self) -> Family: ...
    @property
    def doi(self) -> str: ...
    @property
    def Params(self) -> type[Parameters]: ...  # noqa: N802 - the architecture's name
    def meaning(self, params: Any) -> Meaning:
        """Unit and sign of the map's values with these parameters, for captions and documents."""

    def applies(self, network: Network) -> None:
        """Raises NotApplicable with the reason if the method is undefined for this network."""

    def cost(self, params: Any, network: Network) -> Cost: ...
    def run(self, network: Network, x: Array, target: Target, params: Any, run: Run) -> AttributionMap:
        """The map of one input x (height, width, channels)."""


@runtime_checkable
class Together(Protocol):
    """A method whose steps wait for one another, so that several maps share each call of the network."""

    def run_together(
        self,
        network: Network,
        inputs: Array,
        targets: Sequence[Target],
        generators: Sequence[np.random.Generator],
        params: Any,
        run: Run,
    ) -> list[AttributionMap]:
        """The maps of inputs (n, height, width, channels), each as it is alone.

        Each has its own target, all of the same kind of score, and draws from its own generator.
        """
