"""DeepDream (Mordvintsev, Olah, Tyka 2015): an image changed until a layer answers it more strongly."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import final

import numpy as np
from pydantic import Field

from core.arrays import Array, FloatArray
from core.errors import IncompatibleInput
from core.images.resample import resampled
from core.network.cost import Cost
from core.network.facts import NetworkFacts
from core.network.network import Network
from core.network.network_picture import NetworkPicture
from core.network.objective import Objective
from core.network.parameters import Parameters
from core.network.run import Run
from core.visualisations.ascent import (
    InputRange,
    drawn_shift,
    is_partial,
    score_and_slope,
    shifted,
    shifted_back,
)
from core.visualisations.contract import Visualisation

# Fewer pixels on a side than this hold nothing that a layer could answer.
SMALLEST_SIDE = 16


class DeepDreamParams(Parameters):
    """Parameters of DeepDream."""

    steps: int = Field(10, ge=0, le=512, description="steps on each octave, one gradient each")
    rate: float = Field(
        0.01,
        gt=0,
        le=1,
        description="mean change of a pixel in one step, as a share of the range of inputs",
    )
    octaves: int = Field(
        4,
        ge=1,
        le=8,
        description="sizes of the image, from the smallest to its own; one adds fine detail only",
    )
    octave_scale: float = Field(
        1.4, gt=1, le=4, description="by which each size is larger than the one before"
    )
    jitter: int = Field(
        8,
        ge=0,
        le=64,
        description="the picture is shifted at random by at most so much at each step",
        json_schema_extra={"unit": "px"},
    )


@final
class DeepDream(Visualisation):
    """The open image, changed so that the squares of a layer's activations sum to more.

    Steps follow the gradient over the mean of its magnitude, at a random shift. They begin on a reduced
    image, in which what the layer answers to is large compared with the image; what was added there is
    enlarged and carried on to the next size. The network's input has one size, so a reduced image lies in
    the middle of it and is continued beyond its edges by its mirror image.
    """

    name = "deep_dream"
    title = "DeepDream"
    summary = "The open image with more of what a layer answers to; serial gradients."
    doi = "https://research.google/blog/inceptionism-going-deeper-into-neural-networks/"
    Params = DeepDreamParams
    needs_image = True
    objectives = ("layer", "channel")

    def cost(self, params: DeepDreamParams, facts: NetworkFacts) -> Cost:
        """One gradient a step, and two for the scores at start and end; steps wait for one another."""
        gradients = params.steps * len(octave_sizes(facts.grid[:2], params)) + 2
        return Cost(forwards=1, gradients=gradients, serial=gradients)

    def run(
        self, network: Network, objective: Objective, x: FloatArray | None, params: DeepDreamParams, run: Run
    ) -> NetworkPicture:
        """The changed image. Raises IncompatibleInput without an image."""
        if x is None:
            raise IncompatibleInput(f"{self.title} begins with an image.", "Open an image.")
        dream = Dream(network, objective, InputRange.of(network.facts), params, run)
        image = x.astype(np.float64)
        is_grey = bool((x == x[..., :1]).all())
        scores = [dream.score(image)[0]]
        sizes = octave_sizes(network.facts.grid[:2], params)
        total, done, picture = params.steps * len(sizes), 0, image
        run.progress(0, total or 1)
        added = np.zeros((*sizes[0], image.shape[-1]))
        for size in sizes:
            base = resampled(image, size)
            picture = dream.limits.kept(base + resampled(added, size))
            for score, changed in dream.climb(picture, is_grey):
                picture = changed
                scores.append(score)
                done += 1
                run.progress(done, total)
                if is_partial(done - 1, total):
                    shown = image + resampled(picture - base, image.shape[:2])
                    values = dream.limits.kept(shown).astype(np.float32)
                    run.on_picture(NetworkPicture(values, objective, tuple(scores), steps=done))
            added = picture - base
        run.progress(total or 1, total or 1)
        # Of the scores before each step the first is that of a smaller image, not of the start.
        scores.append(dream.score(picture)[0])
        probabilities = network.probabilities(picture.astype(np.float32)[None], run)[0]
        octaves = ", ".join(f"{columns} x {rows}" for rows, columns in sizes)
        return NetworkPicture(
            picture.astype(np.float32),
            objective,
            tuple(scores),
            tuple(float(share) for share in probabilities),
            done,
            {"octaves": octaves},
        )


@dataclass(frozen=True, slots=True)
class Dream:
    """The ascent on one size after another."""

    network: Network
    objective: Objective
    limits: InputRange
    params: DeepDreamParams
    run: Run

    def score(self, picture: Array) -> tuple[float, Array]:
        """The score of a picture (rows, columns, channels) of any size up to the input's, and its slope."""
        rows, columns = (
            mirrored(size, whole)
            for size, whole in zip(picture.shape[:2], self.network.input_shape[:2], strict=True)
        )
        placed = picture[rows[:, None], columns]
        score, slope = score_and_slope(self.network, self.objective, placed, self.run)
        folded = np.zeros_like(picture)
        np.add.at(folded, (rows[:, None], columns), slope)
        return score, folded

    def climb(self, picture: Array, is_grey: bool) -> Iterator[tuple[float, Array]]:
        """The score before each step, and the picture (rows, columns, channels) after it.

        is_grey: its channels stay the same.
        """
        for _ in range(self.params.steps):
            shift = drawn_shift(self.run.generator, self.params.jitter)
            score, slope = self.score(shifted(picture, shift))
            slope = shifted_back(slope, shift)
            if is_grey:
                slope = np.broadcast_to(slope.mean(axis=-1, keepdims=True), slope.shape)
            size = float(np.abs(slope).mean())
            if size > 0:
                step = self.params.rate * self.limits.width / size
                picture = self.limits.kept(picture + step * slope)
            yield score, picture


def octave_sizes(grid: tuple[int, ...], params: DeepDreamParams) -> tuple[tuple[int, int], ...]:
    """(rows, columns) of each octave, the smallest first and the grid last; those too small are left out."""
    rows, columns = grid
    sizes = []
    for octave in range(params.octaves):
        factor = params.octave_scale**octave
        size = round(rows / factor), round(columns / factor)
        if octave and min(size) < SMALLEST_SIDE:
            break
        sizes.append(size)
    return tuple(sizes[::-1])


def mirrored(size: int, whole: int) -> Array:
    """(whole,) which of `size` positions stands at each of `whole`: in the middle itself, then mirrored."""
    before = (whole - size) // 2
    return np.pad(np.arange(size), (before, whole - size - before), mode="symmetric")
