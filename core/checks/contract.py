"""What a metric is: one map of one image in, a finding out; the network is seen only through the handle."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, Protocol

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from core.arrays import Array, FloatArray
from core.errors import NotApplicable
from core.methods.contract import Method
from core.network.attribution_map import AttributionMap
from core.network.cost import Cost
from core.network.method_input import MethodInput
from core.network.network import Network
from core.network.parameters import Parameters, checked_parameters
from core.network.run import Run
from core.network.target import Target

Answer = Literal["yes", "partly", "no", "undecided"]


class CheckFamily(StrEnum):
    """The questions that metrics answer."""

    FAITHFULNESS = "faithfulness"
    SANITY = "sanity"
    ROBUSTNESS = "robustness"
    LOCALISATION = "localisation"


@dataclass(frozen=True, slots=True)
class CheckInput:
    """A map to be judged, with all that is needed to make it again.

    x: the network's input (height, width, channels). region: (height, width) bool on the same grid,
    where the evidence should lie; None where nobody said. no_share, no_order: why shares of
    the map's positive evidence, and even the order of its values, mean nothing; empty where they do.
    """

    network: Network
    x: FloatArray
    map: AttributionMap
    method: Method
    params: Parameters
    target: Target
    seed: int = 0
    region: Array | None = None
    no_share: str = ""
    no_order: str = ""

    @property
    def value_range(self) -> float:
        """Highest less lowest value of the input. Raises NotApplicable if that is 0: a constant image."""
        found = float(np.ptp(self.x))
        if found == 0:
            raise NotApplicable(
                "The image is constant, so that no change has a size.", "Choose another image."
            )
        return found

    def explained(
        self, run: Run, x: FloatArray | None = None, network: Network | None = None, seed: int | None = None
    ) -> AttributionMap:
        """The map that the same method makes of another input, network or seed; cancels with `run`.

        It shares nothing with `run`: what was computed for this image and network holds for no other.
        """
        generator = np.random.default_rng(self.seed if seed is None else seed)
        method_input = MethodInput(self.x if x is None else x, self.target, generator)
        own = Run(cancelled=run.cancelled)
        return self.method.run(network or self.network, [method_input], self.params, own)[0]


class Finding(BaseModel):
    """What a metric says of one map.

    values: figures by name; the metric's `headline` is among them, unless the finding still fills. steps:
    a series behind them, such as one row for each randomised layer. sentence: the finding in plain words,
    with its number.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    metric: str
    values: dict[str, float]
    answer: Answer | None = Field(None, description="to the metric's question, where it asks one")
    sentence: str
    parameters: dict[str, Any] = Field(description="the metric's own, so that it can be repeated")
    steps: tuple[dict[str, float | str], ...] = ()


class Check(Protocol):
    """A figure about one map; one file each, listed in CHECKS."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def summary(self) -> str:
        """One line: what it asks, and what a good value is."""

    @property
    def family(self) -> CheckFamily: ...
    @property
    def doi(self) -> str: ...
    @property
    def headline(self) -> str:
        """The name of the figure by which maps are compared."""

    @property
    def better(self) -> Literal["higher", "lower"]: ...
    @property
    def Params(self) -> type[Parameters]: ...  # noqa: N802 - as methods have it
    def applies(self, subject: CheckInput) -> None:
        """Raises NotApplicable with the reason, for instance where a region is needed and none is known."""

    def cost(self, params: Any, subject: CheckInput) -> Cost: ...
    def run(self, subject: CheckInput, params: Any, run: Run) -> Finding:
        """Raises NotApplicable or CurveUndefined where the figure does not exist; never a 0 in its place."""


def require_judgeable(metric: Check, subject: CheckInput) -> None:
    """Raises NotApplicable with the reason for a map without signal, or one that the metric cannot judge."""
    if subject.no_order:
        raise NotApplicable(subject.no_order, "Explain another target, or choose another method.")
    metric.applies(subject)


def checked_check_parameters(metric: Check, values: dict[str, Any]) -> Parameters:
    """`values` as the metric's parameters. Raises BadParameter that names the first bad one."""
    return checked_parameters(metric, values, f"Its parameters: {', '.join(metric.Params.model_fields)}.")
