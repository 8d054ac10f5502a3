"""Occlusion (Zeiler and Fergus 2014, doi 10.1007/978-3-319-10590-1_53)."""

import math
from dataclasses import replace
from typing import Literal, Self, final

import numpy as np
from pydantic import Field, model_validator

from core.arrays import Array
from core.errors import BadParameter
from core.methods.batches import batches_of
from core.methods.contract import Family, OneByOneMethod
from core.methods.meaning import SCORE_CHANGE, Meaning
from core.network.attribution_map import AttributionMap
from core.network.cost import Cost
from core.network.facts import NetworkFacts
from core.network.method_input import MethodInput
from core.network.network import Network
from core.network.parameters import ParameterConflict, Parameters
from core.network.run import Run

# How many partial maps a run shows.
PARTIALS = 16
Fill = Literal["black", "mean", "white", "zero"]


class OcclusionParams(Parameters):
    """Parameters of occlusion."""

    window: int = Field(
        15,
        ge=1,
        le=1024,
        description="side of the square or cube that is covered, in input pixels",
        json_schema_extra={"unit": "px"},
    )
    stride: int = Field(
        8,
        ge=1,
        le=1024,
        description="input pixels from one square to the next; at most the window",
        json_schema_extra={"unit": "px"},
    )
    fill: Fill = Field(
        "black",
        description="what the square is filled with: the image's lowest, mean or highest value, or 0 as the "
        "network's input",
    )
    combine: Literal["mean", "sum"] = Field(
        "mean",
        description="a pixel gets the mean drop of the squares that cover it; the plain sum, as of PAIR, "
        "favours the middle",
    )

    @model_validator(mode="after")
    def _require_every_pixel(self) -> Self:
        if self.stride > self.window:
            raise ParameterConflict(
                "stride",
                f"cannot be {self.stride} with a window of {self.window}: pixels between the squares would "
                "never be tested.",
                f"Choose a stride of at most {self.window}, or a larger window.",
            )
        return self


@final
class Occlusion(OneByOneMethod):
    """How far the target falls when a square is covered, for all squares that cover a pixel.

    In a volume the squares are cubes.
    Squares lie on a grid of `stride`, with a last one flush with the far edge, so every pixel is
    covered. Each pixel is divided by how often it was: a uniform effect gives a uniform map.
    """

    name = "occlusion"
    title = "Occlusion"
    summary = "How much the score falls when a patch is covered; one forward pass a patch."
    family = Family.PERTURBATION
    doi = "10.1007/978-3-319-10590-1_53"
    Params = OcclusionParams

    def meaning(self, params: OcclusionParams) -> Meaning:
        """Change of the score."""
        if params.combine == "sum":
            return replace(SCORE_CHANGE, unit="sum of changes of the score")
        return SCORE_CHANGE

    def cost(self, params: OcclusionParams, facts: NetworkFacts) -> Cost:
        """One forward pass a square, and one for the image."""
        return Cost(forwards=1 + math.prod(len(_starts(side, params)) for side in facts.grid))

    def explain_input(
        self, network: Network, method_input: MethodInput, params: OcclusionParams, run: Run
    ) -> AttributionMap:
        """The map of one input. Raises BadParameter for a square that does not fit into it."""
        x, target = method_input.x, method_input.target
        corners, cells = _corners(x, params)
        # In random order every beginning is spread over the image, and a partial map means something.
        corners = method_input.generator.permutation(corners)
        fill = fill_value(x, params.fill)
        run.progress(0, len(corners))
        original_score = float(network.values(x[None], target, run)[0])
        drops = np.zeros(x.shape[:-1])
        coverage = np.zeros(x.shape[:-1])
        step = len(corners) / PARTIALS
        for part in batches_of(network, len(corners)):
            squares = [
                tuple(slice(start, start + params.window) for start in corner) for corner in corners[part]
            ]
            inputs = np.repeat(x[None], len(squares), axis=0)
            for number, square in enumerate(squares):
                inputs[number][square] = fill
            scores = network.values(inputs, target, run)
            for square, score in zip(squares, scores, strict=True):
                drops[square] += original_score - float(score)
                coverage[square] += 1
            run.progress(part.stop, len(corners))
            if part.stop < len(corners) and part.stop // step > part.start // step:
                run.partial(_map(drops, coverage, params, cells))
        return _map(drops, coverage, params, cells)


def fill_value(x: Array, fill: Fill) -> float:
    """What fills a square: the lowest, mean or highest value of an input (*grid, channels), or 0."""
    return float({"black": x.min(), "mean": x.mean(), "white": x.max(), "zero": 0.0}[fill])


def covered(x: Array, box: tuple[int, int, int, int], fill: Fill) -> Array:
    """A copy of an input (rows, columns, channels) with one box of it filled.

    box: (top, left, bottom, right) in input pixels, the last row and column excluded. Raises BadParameter
    for a box that is empty or reaches beyond the input.
    """
    (top, left, bottom, right), (rows, columns) = box, x.shape[:2]
    if not (0 <= top < bottom <= rows and 0 <= left < right <= columns):
        raise BadParameter(
            f"The box from {top}, {left} to {bottom}, {right} is no part of the input of {rows} x {columns}.",
            "Name a box within the input.",
        )
    result = x.copy()
    result[top:bottom, left:right] = fill_value(x, fill)
    return result


def _corners(x: Array, params: OcclusionParams) -> tuple[Array, tuple[int, ...]]:
    """(n, axes) the first position of every square, and how many squares there are along each axis."""
    grid = x.shape[:-1]
    if params.window > min(grid):
        shape = "square" if len(grid) == 2 else "cube"
        raise BadParameter(
            f"occlusion.window: a {shape} of {params.window} does not fit into the input of "
            f"{' x '.join(map(str, grid))}.",
            "Choose a smaller window.",
        )
    starts = [_starts(side, params) for side in grid]
    corners = np.stack(np.meshgrid(*starts, indexing="ij"), -1).reshape(-1, len(grid))
    return corners, tuple(map(len, starts))


def _map(drops: Array, coverage: Array, params: OcclusionParams, cells: tuple[int, ...]) -> AttributionMap:
    values = drops / np.maximum(coverage, 1) if params.combine == "mean" else drops
    return AttributionMap(values.astype(np.float32), signed=True, cells=cells)


def _starts(side: int, params: OcclusionParams) -> list[int]:
    """The first pixels of the squares on a side; the last square ends with the side."""
    last = max(side - params.window, 0)
    return sorted({*range(0, last + 1, params.stride), last})
