"""What a method is: typed parameters in, a map out; the network is seen only through the handle."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, Protocol, TypeVar, runtime_checkable

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from core.arrays import Array, FloatArray
from core.errors import BadMap, BadParameter, Cancelled
from core.methods.meaning import Meaning

Shared = TypeVar("Shared")


class Family(StrEnum):
    """The groups in which methods are offered."""

    GRADIENT = "gradient"
    PATH = "path"
    REGION = "region"
    ACTIVATION = "activation"
    PERTURBATION = "perturbation"
    BASELINE = "baseline"


@dataclass(frozen=True, slots=True)
class Target:
    """The number that is explained: a class's `logit` or `probability`, or the `difference` of two logits.

    index: the class; against: the other class of a difference.
    """

    index: int
    kind: Literal["logit", "probability", "difference"] = "logit"
    against: int | None = None

    def __post_init__(self) -> None:
        if (self.kind == "difference") != (self.against is not None):
            raise ValueError("a difference, and only a difference, names a second class")


class MethodParams(BaseModel):
    """Base of all parameter sets: frozen, bounded, described; forms and options are made from it."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Conflict(ValueError):
    """Two parameters that exclude each other, found by a validator of a parameter set.

    parameter: the one to change. message: goes on after its name, such as "cannot be 32 with a window of 15".
    hint: what to do.
    """

    def __init__(self, parameter: str, message: str, hint: str) -> None:
        super().__init__(f"{parameter} {message}")
        self.parameter, self.message, self.hint = parameter, message, hint


class Parametrised(Protocol):
    """What has a name and typed parameters: a method or a metric."""

    @property
    def name(self) -> str: ...
    @property
    def Params(self) -> type[MethodParams]: ...  # noqa: N802 - the architecture's name


def checked_params(owner: Parametrised, values: dict[str, Any], hint: str = "") -> MethodParams:
    """`values` as the owner's parameters. Raises BadParameter that names the first bad one.

    hint: where bounds and defaults are listed; for a method by default.
    """
    try:
        return owner.Params.model_validate(values)
    except ValidationError as error:
        problem = error.errors()[0]
        cause = problem.get("ctx", {}).get("error")
        if isinstance(cause, Conflict):
            raise BadParameter(f"{owner.name}.{cause.parameter} {cause.message}", cause.hint) from None
        name = str(problem["loc"][0]) if problem["loc"] else "parameters"
        known = ", ".join(owner.Params.model_fields) or "none"
        if problem["type"] == "extra_forbidden":
            raise BadParameter(
                f"{owner.name} has no parameter {name!r}.", f"Its parameters: {known}."
            ) from None
        raise BadParameter(
            f"{owner.name}.{name} cannot be {problem['input']!r}: {problem['msg'].lower()}.",
            hint or f"`saliscope methods {owner.name}` lists bounds and defaults.",
        ) from None


@dataclass(frozen=True, slots=True)
class Cost:
    """Model calls that a run will take: forward passes, gradients, and how many are serial.

    at_most: the run may stop earlier.
    """

    forwards: int = 0
    gradients: int = 0
    serial: int = 0
    at_most: bool = False

    def plus(self, other: "Cost") -> "Cost":
        return Cost(
            self.forwards + other.forwards,
            self.gradients + other.gradients,
            self.serial + other.serial,
            self.at_most or other.at_most,
        )

    def times(self, count: int) -> "Cost":
        return Cost(self.forwards * count, self.gradients * count, self.serial * count, self.at_most)

    def since(self, earlier: "Cost") -> "Cost":
        return self.plus(earlier.times(-1))


@dataclass(frozen=True, slots=True)
class Map:
    """The result of a method: float32 (height, width) on the network's input grid.

    signed: positive values support the target, negative ones speak against it. Without a sign, values
    support it or are magnitudes, by the method; those of a baseline say nothing of it.
    cells: the grid (rows, columns) on which the method really computed.
    diagnostics: figures that tell the map's worth, such as the completeness error.
    choices: what the method decided by itself, such as the layer, so that it can be repeated.
    effect: the largest change of the score that the map is made from, where its values do not tell that,
    because negative ones were cut off or they are weighted; see `core.methods.meaning`.
    Raises BadMap if a value is not finite.
    """

    values: FloatArray
    signed: bool
    cells: tuple[int, int]
    diagnostics: dict[str, float] = field(default_factory=dict)
    choices: dict[str, str] = field(default_factory=dict)
    effect: float | None = None

    def __post_init__(self) -> None:
        bad = int(self.values.size - np.isfinite(self.values).sum())
        if bad:
            raise BadMap(
                f"The map holds {bad} values that are not finite numbers.",
                "The model's gradients overflow or vanish on this image; try another method or target.",
            )

    @property
    def has_positive_evidence(self) -> bool:
        return bool((self.values > 0).any())


@dataclass(slots=True)
class Run:
    """What a method gets from its job: the seeded generator, progress, partial maps, cancellation, memo.

    memo: what the methods of one network and one image share; see `once`.
    on_finding: hears a metric's `core.evaluation.metric.Finding` that still fills.
    """

    generator: np.random.Generator = field(default_factory=lambda: np.random.default_rng(0))
    on_progress: Callable[[int, int], None] = lambda done, total: None
    on_partial: Callable[[Map], None] = lambda partial: None
    cancelled: Callable[[], bool] = lambda: False
    memo: dict[tuple[Hashable, ...], Any] = field(default_factory=dict)
    on_finding: Callable[[Any], None] = lambda partial: None

    def progress(self, done: int, total: int) -> None:
        self.check()
        self.on_progress(done, total)

    def partial(self, partial: Map) -> None:
        self.on_partial(partial)

    def check(self) -> None:
        """Raises Cancelled if the person ended the job."""
        if self.cancelled():
            raise Cancelled

    def once(self, key: tuple[Hashable, ...], make: Callable[[], Shared]) -> Shared:
        """`make()`, or what it gave when it was last asked for under `key` for this network and image.

        The key names all else that the value depends on, such as target and parameters. Nothing that
        draws from the generator may be shared: its map would depend on which methods came before.
        """
        if key not in self.memo:
            self.memo[key] = make()
        found: Shared = self.memo[key]
        return found

    def part(self, start: int, total: int, same_image: bool = True) -> "Run":
        """The run for a step of a longer one.

        Its progress counts on from `start` of `total`, its partial maps are held back, and
        `same_image=False`, for a changed input, shares nothing with this run.
        """
        return Run(
            generator=self.generator,
            on_progress=lambda done, _: self.progress(start + done, total),
            cancelled=self.cancelled,
            memo=self.memo if same_image else {},
        )


@dataclass(frozen=True, slots=True)
class LayerInfo:
    """A convolutional layer: its name, its output grid (rows, columns) and number of channels."""

    name: str
    grid: tuple[int, int]
    channels: int


class Network(Protocol):
    """The part of a model handle that methods and evaluation may call; arrays are float32.

    inputs: (n, height, width, channels). Every call is split into batches and compiled once per kind.
    """

    @property
    def input_shape(self) -> tuple[int, int, int]: ...
    @property
    def class_count(self) -> int: ...
    @property
    def best_batch(self) -> int: ...
    def logits(self, inputs: Array, run: Run | None = None) -> Array:
        """(n, classes)."""

    def probabilities(self, inputs: Array, run: Run | None = None) -> Array:
        """(n, classes), calibrated if the card has a temperature."""

    def values(self, inputs: Array, target: Target, run: Run | None = None) -> Array:
        """(n,) the target at each input."""

    def gradients(
        self, inputs: Array, target: Target | Sequence[Target], run: Run | None = None
    ) -> tuple[Array, Array]:
        """(n,) values and (n, height, width, channels) gradients at each input.

        target: one for all inputs, or one for each of them, all of the same kind of score.
        """

    def background(self) -> Array:
        """(n, height, width, channels) a few inputs that the model was made with; NotApplicable if none."""

    def activations(self, inputs: Array, layer: str, run: Run | None = None) -> Array:
        """(n, rows, columns, channels) of the layer's output."""

    def activation_gradients(
        self, inputs: Array, layer: str, target: Target, run: Run | None = None
    ) -> tuple[Array, Array, Array]:
        """(n,) values; the layer's output and the target's gradient by it (n, rows, columns, channels)."""

    def layers(self) -> list[LayerInfo]:
        """Layers with a 4-D output, in the order of the graph; the last is the one before pooling."""

    def weighted_layers(self) -> tuple[str, ...]:
        """Names of the layers with learned weights, from the logits down."""

    def randomised(self, layers: Sequence[str], seed: int) -> "Network":
        """This network with the weights of `layers` drawn anew; what it holds is changed by the next call."""


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
    def Params(self) -> type[MethodParams]: ...  # noqa: N802 - the architecture's name
    def meaning(self, params: Any) -> Meaning:
        """Unit and sign of the map's values with these parameters, for captions and documents."""

    def applies(self, network: Network) -> None:
        """Raises NotApplicable with the reason if the method is undefined for this network."""

    def cost(self, params: Any, network: Network) -> Cost: ...
    def run(self, network: Network, x: Array, target: Target, params: Any, run: Run) -> Map:
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
    ) -> list[Map]:
        """The maps of inputs (n, height, width, channels), each as it is alone.

        Each has its own target, all of the same kind of score, and draws from its own generator.
        """
