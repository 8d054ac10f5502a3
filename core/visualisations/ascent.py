"""What searches by gradient ascent have in common: score and slope, the range of inputs, shifts."""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.errors import BadMap
from core.network.facts import NetworkFacts
from core.network.network import Network
from core.network.objective import LayerObjective, Objective
from core.network.run import Run

# A picture is handed out so often during a search.
PARTIALS = 16


@dataclass(frozen=True, slots=True)
class InputRange:
    """The values that a network's input can have; not limited where the preprocessing gives z-scores."""

    low: float
    high: float

    @classmethod
    def of(cls, facts: NetworkFacts) -> "InputRange":
        """That of a network."""
        return cls(*(facts.input_range or (-np.inf, np.inf)))

    @property
    def is_limited(self) -> bool:
        """Whether there is a lowest and a highest value."""
        return bool(np.isfinite(self.high))

    @property
    def width(self) -> float:
        """Of the range; of z-scores their standard deviation, which is 1."""
        return self.high - self.low if self.is_limited else 1.0

    @property
    def middle(self) -> float:
        """Between the ends; the mean, 0, of z-scores."""
        return 0.5 * (self.low + self.high) if self.is_limited else 0.0

    def kept(self, values: Array) -> Array:
        """Values of any shape with those beyond the range set to its ends."""
        return np.clip(values, self.low, self.high)


def score_and_slope(network: Network, objective: Objective, x: Array, run: Run) -> tuple[float, Array]:
    """The objective at one input x (rows, columns, channels), and its gradient there, float64.

    Raises BadMap if either is not finite.
    """
    inputs = x.astype(np.float32)[None]
    if isinstance(objective, LayerObjective):
        values, gradients = network.layer_gradients(inputs, objective, run)
    else:
        values, gradients = network.gradients(inputs, objective, run)
    if not (np.isfinite(values).all() and np.isfinite(gradients).all()):
        raise BadMap(
            "The network answers with a score or a gradient that is not a finite number.",
            "Choose a smaller step, or maximise something else.",
        )
    return float(values[0]), gradients[0].astype(np.float64)


def drawn_shift(generator: np.random.Generator, most: int) -> tuple[int, int]:
    """Rows and columns of a random shift by at most `most` pixels each way."""
    rows, columns = generator.integers(-most, most + 1, size=2)
    return int(rows), int(columns)


def shifted(values: Array, shift: tuple[int, int]) -> Array:
    """(rows, columns, channels) moved by so many rows and columns; what leaves comes in on the other side."""
    return np.roll(values, shift, axis=(0, 1))


def shifted_back(values: Array, shift: tuple[int, int]) -> Array:
    """(rows, columns, channels), the opposite of `shifted`."""
    return np.roll(values, (-shift[0], -shift[1]), axis=(0, 1))


def is_partial(step: int, steps: int) -> bool:
    """Whether a picture is handed out after step number `step`, counted from 0, of `steps`."""
    return step + 1 < steps and (step + 1) % (steps // PARTIALS + 1) == 0


def root_mean_square(slope: Array) -> float:
    """Of the values of a slope, of any shape, that are not 0; 0 if all are.

    So a unit that sees a small part of the picture moves it as far as one that sees all of it.
    """
    moving = slope[slope != 0]
    return float(np.sqrt(np.mean(np.square(moving)))) if moving.size else 0.0
