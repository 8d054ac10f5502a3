"""The network's predictions for the pictures that maps reveal, in as few calls as possible."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from core.arrays import Array
from core.curves.protocol import CurveKind, CurveProtocol, Frame
from core.errors import CurveUndefined
from core.network.network import ProbabilityNetwork
from core.network.run import Run

Predicted = tuple[Frame, Array]


@dataclass(frozen=True, slots=True)
class MapRounds:
    """A method and its rounds: in each a map (*grid,) and the number of the pass."""

    method: str
    rounds: tuple[tuple[Array, int], ...]


@dataclass(frozen=True, slots=True)
class Measurement:
    """The predictions for all pictures of one method.

    passes: the number of each round. x: (rounds, directions, thresholds) places on the axis.
    pixels: (thresholds,) revealed in the first round from the top.
    probabilities: (rounds, directions, thresholds, classes).
    """

    method: str
    values: Array
    passes: tuple[int, ...]
    x: Array
    pixels: tuple[int, ...]
    probabilities: Array


def predictions(
    network: ProbabilityNetwork, frames: Iterable[Frame], total: int, run: Run
) -> Iterator[Predicted]:
    """Each frame with its class probabilities (classes,); frames are made and shown batch by batch.

    Raises CurveUndefined if a probability is not a number, Cancelled.
    """
    pending = _cancellable(frames, run)
    done = 0
    while batch := list(islice(pending, max(1, network.best_batch))):
        answers = network.probabilities(np.stack([frame.input for frame in batch]), run)
        invalid = int((~np.isfinite(answers)).any(axis=1).sum())
        if invalid:
            raise CurveUndefined(
                f"The model's prediction is not a number on {invalid} of {len(batch)} revealed images.",
                "The model overflows on blurred images; measure the map with another model or protocol.",
            )
        done += len(batch)
        run.progress(done, total)
        yield from zip(batch, answers, strict=True)


def measured(
    rules: CurveProtocol, map_rounds: MapRounds, stream: Iterator[Predicted], thresholds: int
) -> Measurement:
    """The measurement of one method, whose frames are taken from the stream."""
    shape = (len(map_rounds.rounds), len(rules.directions), thresholds)
    frames = list(islice(stream, int(np.prod(shape))))
    return Measurement(
        method=map_rounds.method,
        values=map_rounds.rounds[0][0],
        passes=tuple(number for _, number in map_rounds.rounds),
        x=np.array([frame.x for frame, _ in frames]).reshape(shape),
        pixels=tuple(frame.pixels for frame, _ in frames[:thresholds]),
        probabilities=np.stack([answer for _, answer in frames]).reshape(*shape, -1),
    )


def scores(probabilities: Array, kind: CurveKind, target_class: int) -> Array:
    """Of probabilities (..., classes): the class's own (sic), or 1 where it is the highest, else 0 (aic)."""
    if kind == "sic":
        return probabilities[..., target_class].astype(np.float64)
    return (probabilities.argmax(axis=-1) == target_class).astype(np.float64)


def _cancellable(frames: Iterable[Frame], run: Run) -> Iterator[Frame]:
    """Making a frame can take longer than its prediction, so cancellation is checked before each."""
    for frame in frames:
        run.check()
        yield frame
