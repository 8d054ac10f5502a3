"""What a visualisation is: a network and what it is to answer strongly in, a picture of the network out."""

from abc import ABC, abstractmethod
from typing import Any, final

from core.arrays import FloatArray
from core.errors import BadParameter, NotApplicable
from core.network.cost import Cost
from core.network.facts import NetworkFacts
from core.network.network import Network
from core.network.network_picture import NetworkPicture
from core.network.objective import Objective, ObjectiveKind, kind_of
from core.network.parameters import Parameters
from core.network.run import Run


class Visualisation(ABC):
    """A way to make pictures of what a network looks for; one file each, listed in VISUALISATIONS.

    title: for people. summary: one line, what it makes and what it costs. doi: or 'arXiv:...'. Params: its
    parameters. needs_image: whether it begins with an image. objectives: what it can maximise, the first
    being what it is for. It needs gradients, and inputs of rows and columns.
    """

    name: str
    title: str
    summary: str
    doi: str
    Params: type[Parameters]
    needs_image: bool
    objectives: tuple[ObjectiveKind, ...]

    @abstractmethod
    def cost(self, params: Any, facts: NetworkFacts) -> Cost:
        """The network calls for one picture."""

    @abstractmethod
    def run(
        self, network: Network, objective: Objective, x: FloatArray | None, params: Any, run: Run
    ) -> NetworkPicture:
        """The picture that begins with x (rows, columns, channels); None where no image is needed.

        Calls `run.progress` once a step, which is also where a cancel takes effect, and `run.on_picture`
        every few steps; draws from `run.generator` alone. Raises BadMap for gradients that are not finite,
        BadParameter for an objective that the network does not have, Cancelled.
        """

    @final
    def applies(self, facts: NetworkFacts) -> None:
        """Raises NotApplicable with the reason if the network lacks what the visualisation needs."""
        if not facts.has_gradients:
            raise NotApplicable(
                f"{self.title} needs gradients, and {facts.name} gives scores only.", "Choose another model."
            )
        if facts.is_volume:
            raise NotApplicable(
                f"{self.title} is defined for 2-D inputs, and {facts.name} takes volumes.",
                "Choose another model.",
            )
        if "class" not in self.objectives and not facts.layers:
            raise NotApplicable(f"{self.title} needs a convolutional layer.", "Choose another model.")

    @final
    def require_objective(self, objective: Objective) -> None:
        """Raises BadParameter for an objective that it cannot maximise."""
        if kind_of(objective) not in self.objectives:
            raise BadParameter(
                f"{self.title} cannot maximise a {kind_of(objective)}.",
                f"It maximises: {', '.join(self.objectives)}.",
            )
