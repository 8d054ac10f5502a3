"""What a method is: network, inputs and typed parameters in, one attribution map for each input out."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, final

from core.errors import NotApplicable
from core.methods.meaning import Meaning
from core.network.attribution_map import AttributionMap
from core.network.cost import Cost
from core.network.facts import NetworkFacts
from core.network.method_input import MethodInput
from core.network.network import Network
from core.network.parameters import Parameters
from core.network.run import Run


class Family(StrEnum):
    """The groups in which methods are offered, in their order."""

    GRADIENT = "gradient"
    PATH = "path"
    RELEVANCE = "relevance"
    REGION = "region"
    ACTIVATION = "activation"
    PERTURBATION = "perturbation"
    SURROGATE = "surrogate"
    OPTIMISATION = "optimisation"
    # Control maps; documents have this value.
    CONTROL = "baseline"


class Need(StrEnum):
    """What a method may need of a network."""

    GRADIENTS = "gradients"
    LAYERS = "layers"
    BACKGROUND = "background"
    RELEVANCE = "relevance"
    """A backward pass with rules of its own for each kind of layer."""
    RELU = "relu"
    """ReLU as the only nonlinearity between layers."""
    TWO_AXES = "two_axes"
    """An input of rows and columns alone; the method says why in `two_axes_reason`."""


class Method(ABC):
    """An explanation algorithm; one file each, listed in METHODS. What it declares is all that others use.

    title: for people. summary: one line, what it shows and what it costs. doi: or 'arXiv:...'.
    Params: its parameters. needs: what a network must have for it. can_rank_regions: whether the means
    of its map over regions say something, so that a region method can be built on it. shares_calls: its
    steps wait for one another, so that it pays to explain several inputs in one run. draws: what the map
    is a mean of, such as 'masks', if the mean of the first few estimates that of all (`Run.estimate`); empty
    where the beginning of a run means nothing. two_axes_reason: after the title, why the method takes
    pictures only.
    """

    name: str
    title: str
    summary: str
    family: Family
    doi: str
    Params: type[Parameters]
    needs: frozenset[Need] = frozenset()
    can_rank_regions: bool = True
    shares_calls: bool = False
    draws: str = ""
    two_axes_reason: str = ""

    @abstractmethod
    def meaning(self, params: Any) -> Meaning:
        """Unit and sign of the map's values with these parameters, for captions and documents."""

    @abstractmethod
    def cost(self, params: Any, facts: NetworkFacts) -> Cost:
        """The network calls for one input."""

    @abstractmethod
    def run(
        self, network: Network, inputs: Sequence[MethodInput], params: Any, run: Run
    ) -> list[AttributionMap]:
        """The map of each input, as it is alone. All targets are of the same scale.

        Raises BadMap if gradients or scores are not finite, NotApplicable or BadParameter where the map
        does not exist for this input, and Cancelled.
        """

    @final
    def applies(self, facts: NetworkFacts) -> None:
        """Raises NotApplicable with the reason if the network lacks what the method needs."""
        if Need.GRADIENTS in self.needs and not facts.has_gradients:
            raise NotApplicable(
                f"{self.title} needs gradients, and {facts.name} gives scores only.",
                "Choose occlusion, RISE, LIME or KernelSHAP.",
            )
        if Need.RELEVANCE in self.needs and facts.relevance_problem:
            raise NotApplicable(facts.relevance_problem, "Choose a method that needs gradients only.")
        if Need.RELU in self.needs and facts.nonlinearities != {"relu"}:
            others = ", ".join(sorted(facts.nonlinearities - {"relu"})) or "none"
            raise NotApplicable(
                f"{self.title} is defined for networks whose only nonlinearity is ReLU; {facts.name}"
                f" has {others}.",
                "Choose another method.",
            )
        if Need.LAYERS in self.needs and not facts.layers:
            raise NotApplicable(f"{self.title} needs a convolutional layer.", "Choose another method.")
        if Need.BACKGROUND in self.needs and not facts.has_background:
            raise NotApplicable(
                facts.background_problem or f"{facts.name} has no background images.",
                "Give a folder of typical images, or choose another method.",
            )
        if Need.TWO_AXES in self.needs and facts.is_volume:
            raise NotApplicable(
                f"{self.title} {self.two_axes_reason}, and {facts.name} takes volumes.",
                "Choose another method.",
            )


class OneByOneMethod(Method):
    """A method that explains its inputs one after another."""

    @abstractmethod
    def explain_input(
        self, network: Network, method_input: MethodInput, params: Any, run: Run
    ) -> AttributionMap:
        """The map of one input. Raises what `run` raises."""

    @final
    def run(
        self, network: Network, inputs: Sequence[MethodInput], params: Any, run: Run
    ) -> list[AttributionMap]:
        """The maps, one after another; several share `run`'s memo if they are of the same array."""
        if len(inputs) == 1:
            return [self.explain_input(network, inputs[0], params, run)]
        same_image = all(each.x is inputs[0].x for each in inputs)
        total = len(inputs) * _STEPS_OF_AN_INPUT
        maps = []
        for number, method_input in enumerate(inputs):
            part = run.part(number * _STEPS_OF_AN_INPUT, total, _STEPS_OF_AN_INPUT, same_image)
            maps.append(self.explain_input(network, method_input, params, part))
        return maps


# Progress through several inputs is counted in thousandths of each.
_STEPS_OF_AN_INPUT = 1000
