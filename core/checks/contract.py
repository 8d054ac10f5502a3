"""What a check is: one map of one image in, a finding with a verdict out."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Literal, final

import numpy as np
from pydantic import Field

from core.arrays import Array, FloatArray
from core.checks.figures import CheckFigure
from core.checks.verdict import Answer, ChipWords, Thresholds
from core.errors import NotApplicable
from core.methods.contract import Method
from core.network.attribution_map import AttributionMap
from core.network.cost import Cost
from core.network.facts import NetworkFacts
from core.network.method_input import MethodInput
from core.network.network import Network
from core.network.parameters import Parameters, checked_parameters
from core.network.run import Run
from core.network.target import Target
from core.values import FrozenRecord

Steps = tuple[dict[str, float | str], ...]


class CheckFamily(StrEnum):
    """The groups in which checks are offered."""

    FAITHFULNESS = "faithfulness"
    SANITY = "sanity"
    ROBUSTNESS = "robustness"
    LOCALISATION = "localisation"


@dataclass(frozen=True, slots=True)
class CheckFacts:
    """A map to be checked and how it was made: all that `applies` and `cost` need, without the network.

    network: the facts of the network that methods ask for their cost. region: (*grid,) bool on the
    network's grid, where the evidence should lie; None where no region was given. is_image_constant:
    the input has a single value in each channel. no_share, no_order: why shares of the map's
    positive evidence, and even the order of its values, have no meaning; empty where they have one. partial:
    how much of the map was computed; empty for a whole one.
    """

    network: NetworkFacts
    map: AttributionMap
    method: Method
    params: Parameters
    target: Target
    region: Array | None = None
    is_image_constant: bool = False
    no_share: str = ""
    no_order: str = ""
    partial: str = ""

    @property
    def method_cost(self) -> Cost:
        """The model calls of one more map by the same method."""
        return self.method.cost(self.params, self.network)


@dataclass(frozen=True, slots=True)
class CheckInput:
    """A map to be checked, with the network and the input x (*grid, channels) to make it again.

    seed: the one from which the map's own random generator was made.
    """

    facts: CheckFacts
    network: Network
    x: FloatArray
    seed: int = 0

    @property
    def values(self) -> FloatArray:
        """(*grid,) the map's values."""
        return self.facts.map.values

    @property
    def value_range(self) -> float:
        """Highest minus lowest value of the input. Raises NotApplicable if that is 0: a constant image."""
        extent = float(np.ptp(self.x))
        if extent == 0:
            raise NotApplicable(
                "The image is constant, so that no change has a size.", "Choose another image."
            )
        return extent

    def explained(
        self, run: Run, x: FloatArray | None = None, network: Network | None = None, seed: int | None = None
    ) -> AttributionMap:
        """The map that the same method makes of another input x (*grid, channels), network or seed.

        It is cancelled with `run` and shares nothing with it: what was computed for this image and network
        holds for no other.
        """
        generator = np.random.default_rng(self.seed if seed is None else seed)
        return self.explained_with(generator, run, x, network)

    def explained_with(
        self,
        generator: np.random.Generator,
        run: Run,
        x: FloatArray | None = None,
        network: Network | None = None,
    ) -> AttributionMap:
        """The same, of x (*grid, channels), with the method's draws taken from `generator`."""
        method_input = MethodInput(self.x if x is None else x, self.facts.target, generator)
        method_run = Run(cancelled=run.cancelled)
        (map_of_input,) = self.facts.method.run(
            network or self.network, [method_input], self.facts.params, method_run
        )
        return map_of_input


def is_constant_image(x: Array) -> bool:
    """Whether each channel of an input x (*grid, channels) has a single value."""
    return not np.ptp(x, axis=tuple(range(x.ndim - 1))).any()


class Finding(FrozenRecord):
    """The result of a check of one map.

    values: figures by name; the check's `headline` is among them, unless the finding still fills. steps:
    a series behind them, such as one row for each randomised layer. sentence: the finding in words,
    with its number.
    """

    metric: str = Field(description="name of the check")
    values: dict[str, float]
    answer: Answer | None = Field(
        None, description="to the check's question; null only while the finding still fills"
    )
    sentence: str
    parameters: dict[str, Any] = Field(description="the check's own, so that it can be repeated")
    steps: Steps = ()


class Check(ABC):
    """A measurement of one map; one file each, listed in CHECKS. A subclass is final.

    title: as in help and documents. short_title: for a row of a table, where it differs from the title.
    summary: one line with what it measures and what a good value is. doi: of the source. headline: the
    name of the figure by which maps are compared. figures: all of its findings and steps, with their titles
    and units. better: which values of the headline are.
    question: what the finding's `answer` answers. thresholds: where that answer changes.
    chip: how the answer is written beside a map; a check that has it is also made while the worker is idle.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    short_title: ClassVar[str] = ""
    summary: ClassVar[str]
    family: ClassVar[CheckFamily]
    doi: ClassVar[str]
    headline: ClassVar[str]
    figures: ClassVar[tuple[CheckFigure, ...]]
    better: ClassVar[Literal["higher", "lower"]]
    question: ClassVar[str]
    thresholds: ClassVar[Thresholds]
    chip: ClassVar[ChipWords | None] = None
    Params: ClassVar[type[Parameters]]

    @abstractmethod
    def applies(self, facts: CheckFacts) -> None:
        """Raises NotApplicable with the reason, such as a missing region, or CurveUndefined."""

    @abstractmethod
    def cost(self, params: Any, facts: CheckFacts) -> Cost:
        """The model calls of a run."""

    @abstractmethod
    def run(self, subject: CheckInput, params: Any, run: Run) -> Finding:
        """The finding, with its answer.

        Raises NotApplicable or CurveUndefined where the figure does not exist; never a 0 in its place.
        """

    @final
    def figure(self, name: str) -> CheckFigure:
        """The figure of this name; one that only another version of the check has is called by its name."""
        declared = (figure for figure in self.figures if figure.name == name)
        return next(declared, CheckFigure(name, name.replace("_", " ")))

    @final
    def finding(
        self,
        values: Mapping[str, float],
        answer: Answer | None,
        sentence: str,
        params: Parameters,
        steps: Steps = (),
    ) -> Finding:
        """A finding of this check. answer: None only while the finding still fills."""
        return Finding(
            metric=self.name,
            values=dict(values),
            answer=answer,
            sentence=sentence,
            parameters=params.model_dump(mode="json"),
            steps=steps,
        )


def require_checkable(check: Check, facts: CheckFacts) -> None:
    """Raises NotApplicable or CurveUndefined with the reason why the check has no finding for this map.

    Maps of volumes have none so far.
    """
    if facts.network.is_volume:
        raise NotApplicable(
            f"Checks are defined for maps of 2-D inputs, and {facts.network.name} takes volumes.",
            "Choose a model for single slices.",
        )
    if facts.no_order:
        raise NotApplicable(facts.no_order, "Explain another target, or choose another method.")
    if facts.partial and check.family in (CheckFamily.SANITY, CheckFamily.ROBUSTNESS):
        raise NotApplicable(
            f"This check compares the map with other whole ones, and it is {facts.partial}.",
            "Explain again and let it finish.",
        )
    check.applies(facts)


def checked_check_parameters(check: Check, values: dict[str, Any]) -> Parameters:
    """`values` as the check's parameters. Raises BadParameter that names the first bad one."""
    return checked_parameters(check, values, f"Its parameters: {', '.join(check.Params.model_fields)}.")
