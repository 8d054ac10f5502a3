"""RISE (Petsiuk et al. 2018, arXiv 1806.07421)."""

import math
from dataclasses import replace
from typing import Literal, Self, final

import numpy as np
from pydantic import Field, model_validator

from core.arrays import Array
from core.errors import BadParameter
from core.images.resample import axis_weights, separable
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
# Weights of the linear growth sum to 1 up to this.
WEIGHT_TOLERANCE = 1e-9


class RiseParams(Parameters):
    """Parameters of RISE."""

    masks: int = Field(1000, ge=8, le=100_000, description="random masks; one forward pass each")
    grid: int = Field(7, ge=2, le=64, description="cells of a mask along each side of the image or volume")
    keep: float = Field(0.5, gt=0, lt=1, description="probability that a cell of a mask shows the image")
    normalise: Literal["coverage", "paper"] = Field(
        "coverage",
        description="divide each pixel by how often it was shown and subtract the mean score; or the "
        "paper's estimate, divided by the expected number",
    )

    @model_validator(mode="after")
    def _require_both_states(self) -> Self:
        """A cell must be expected to be shown by some mask and hidden by another."""
        if self.masks * min(self.keep, 1 - self.keep) < 1:
            state = "shown" if self.keep < 0.5 else "hidden"
            raise ParameterConflict(
                "keep",
                f"cannot be {self.keep:g} with {self.masks} masks: most pixels would never be {state}, so "
                "that nothing would be known of them.",
                "Choose a value nearer to 0.5, or more masks.",
            )
        return self


@final
class Rise(OneByOneMethod):
    """The mean score of randomly masked images, counted for each pixel by how far it was shown.

    A mask is a grid of cells shown with probability `keep`, brought up linearly to one cell more
    than the image on each side and cut out at a random shift. It multiplies the input, so that
    hidden is 0. With masks M and scores F the map is, by

    - coverage: sum((F - mean F) M) / sum(M): how far the score rises where a pixel is shown, zero
      for a pixel that does not matter;
    - paper: sum(F M) / (masks * keep), which adds the mean score everywhere, uneven by chance.
    """

    name = "rise"
    title = "RISE"
    summary = "How much the score rises when a spot is shown among random masks; slow."
    family = Family.PERTURBATION
    doi = "arXiv:1806.07421"
    Params = RiseParams
    draws = "masks"

    def meaning(self, params: RiseParams) -> Meaning:
        """Change of the score, or the mean score by the paper."""
        if params.normalise == "paper":
            return replace(SCORE_CHANGE, unit="mean score where shown")
        return SCORE_CHANGE

    def cost(self, params: RiseParams, facts: NetworkFacts) -> Cost:
        """One forward pass a mask."""
        return Cost(forwards=params.masks)

    def explain_input(
        self, network: Network, method_input: MethodInput, params: RiseParams, run: Run
    ) -> AttributionMap:
        """The map of one input. Raises BadParameter if a pixel was shown by every mask, or by none."""
        x, target = method_input.x, method_input.target
        source = MaskSource.drawn(x.shape[:-1], params, method_input.generator)
        weighted = np.zeros(x.shape[:-1])
        visibility = np.zeros(x.shape[:-1])
        score_sum = 0.0
        step = params.masks / PARTIALS
        run.progress(0, params.masks)
        for part in batches_of(network, params.masks):
            masks = source.masks(part.start, part.stop)
            scores = network.values(x * masks[..., None].astype(np.float32), target, run).astype(np.float64)
            weighted += np.tensordot(scores, masks, axes=1)
            visibility += masks.sum(axis=0)
            score_sum += float(scores.sum())
            count = part.stop
            run.progress(count, params.masks)
            if count < params.masks and count // step > part.start // step:
                partial = _map(weighted, visibility, score_sum / count, count, params)
                if _untested_pixels(visibility, count):
                    run.partial(partial)
                else:
                    run.estimate(partial, count, params.masks)
        _require_tested(visibility, params.masks)
        return _map(weighted, visibility, score_sum / params.masks, params.masks, params)


def _require_tested(visibility: Array, masks: int) -> None:
    """Raises BadParameter if a pixel was never shown, or never hidden: nothing is known of it.

    visibility: (*grid,) how often each pixel was shown by so many masks.
    """
    untested = _untested_pixels(visibility, masks)
    if untested:
        raise BadParameter(
            f"rise.masks cannot be {masks} with this grid and keep: {untested} of {visibility.size} pixels "
            "were shown by every mask or by none, so that nothing is known of them.",
            "Choose more masks, or a keep nearer to 0.5.",
        )


def _untested_pixels(visibility: Array, masks: int) -> int:
    """How many pixels were shown by every mask, or by none; visibility: (*grid,)."""
    return int(((visibility <= 0) | (visibility >= masks * (1 - WEIGHT_TOLERANCE))).sum())


class MaskSource:
    """All masks of a run, stored as coarse cells and shifts and grown to the image's size on demand."""

    def __init__(self, shape: tuple[int, ...], cells: Array, shifts: Array) -> None:
        """cells: (masks, grid, grid, ...) of 0 and 1, an axis for each of `shape`.

        shifts: (masks, axes) pixels, below a cell's size.
        """
        self._shape, self._cells, self._shifts = shape, cells, shifts
        grid = cells.shape[1]
        self._growth = [axis_weights(grid, (grid + 1) * math.ceil(side / grid)) for side in shape]

    @classmethod
    def drawn(
        cls, shape: tuple[int, ...], params: RiseParams, generator: np.random.Generator
    ) -> "MaskSource":
        """Random masks for images of `shape`, by the parameters."""
        axes = len(shape)
        cells = generator.random((params.masks, *[params.grid] * axes), dtype=np.float32) < params.keep
        sizes = [math.ceil(side / params.grid) for side in shape]
        return cls(shape, cells, generator.integers(0, sizes, size=(params.masks, axes)))

    def masks(self, first: int, end: int) -> Array:
        """(end - first, *shape) in [0, 1]; fewer at the end."""
        masks = zip(self._cells[first:end], self._shifts[first:end], strict=True)
        return np.stack([self._grown(cells.astype(np.float64), shift) for cells, shift in masks])

    def _grown(self, cells: Array, shift: Array) -> Array:
        growth = [
            weights[start : start + side]
            for weights, start, side in zip(self._growth, shift, self._shape, strict=True)
        ]
        return separable(cells, growth)


def _map(
    weighted: Array, visibility: Array, mean_score: float, count: int, params: RiseParams
) -> AttributionMap:
    changes = (weighted - mean_score * visibility) / np.where(visibility > 0, visibility, 1.0)
    values = weighted / (count * params.keep) if params.normalise == "paper" else changes
    return AttributionMap(
        values.astype(np.float32),
        signed=True,
        cells=(params.grid,) * weighted.ndim,
        # The paper's values hold the mean score, which no pixel makes.
        effect=float(np.abs(changes).max()),
    )
