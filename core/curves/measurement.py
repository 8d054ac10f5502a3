"""What the network says to the pictures that maps reveal, in as few calls as possible."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from core.arrays import Array
from core.curves.protocol import CurveKind, CurveProtocol, Frame
from core.errors import CurveUndefined
from core.network.network import Network
from core.network.run import Run

Predicted = tuple[Frame, Array]


@dataclass(frozen=True, slots=True)
class Judged:
    """A method and the rounds in which it is judged: a map (height, width) and the pass's number."""

    method: str
    rounds: tuple[tuple[Array, int], ...]


@dataclass(frozen=True, slots=True)
class Measurement:
    """What was found of a method.

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


def predictions(network: Network, frames: Iterable[Frame], total: int, run: Run) -> Iterator[Predicted]:
    """Each frame with its class probabilities (classes,); frames are made and shown batch by batch.

    Raises CurveUndefined if a probability is not a number, Cancelled.
    """
    waiting = _checked(frames, run)
    done = 0
    while batch := list(islice(waiting, max(1, network.best_batch))):
        answers = network.probabilities(np.stack([frame.input for frame in batch]), run)
        bad = int((~np.isfinite(answers)).any(axis=1).sum())
        if bad:
            raise CurveUndefined(
                f"The model's prediction is not a number on {bad} of {len(batch)} revealed images.",
                "The model overflows on blurred images; judge the map with another model or protocol.",
            )
        done += len(batch)
        run.progress(done, total)
        yield from zip(batch, answers, strict=True)


def measured(
    rules: CurveProtocol, judged: Judged, stream: Iterator[Predicted], thresholds: int
) -> Measurement:
    """Takes the method's frames off the stream."""
    shape = (len(judged.rounds), len(rules.directions), thresholds)
    found = list(islice(stream, int(np.prod(shape))))
    return Measurement(
        method=judged.method,
        values=judged.rounds[0][0],
        passes=tuple(number for _, number in judged.rounds),
        x=np.array([frame.x for frame, _ in found]).reshape(shape),
        pixels=tuple(frame.pixels for frame, _ in found[:thresholds]),
        probabilities=np.stack([answer for _, answer in found]).reshape(*shape, -1),
    )


def scores(probabilities: Array, kind: CurveKind, target_class: int) -> Array:
    """Of probabilities (..., classes): the class's own (sic), or 1 where it is the highest, else 0 (aic)."""
    if kind == "sic":
        return probabilities[..., target_class].astype(np.float64)
    return (probabilities.argmax(axis=-1) == target_class).astype(np.float64)


def _checked(frames: Iterable[Frame], run: Run) -> Iterator[Frame]:
    """Making a frame can take longer than showing it, so cancelling is heard before each."""
    for frame in frames:
        run.check()
        yield frame
