"""HiPe, hierarchical perturbation (Cooper et al. 2021, arXiv 2103.05108)."""

import math
from itertools import product
from typing import Literal, final

import numpy as np
from pydantic import Field

from core.arrays import Array, FloatArray
from core.errors import BadMap
from core.methods.batches import batches_of
from core.methods.contract import Family, OneByOneMethod
from core.methods.meaning import Meaning, Origin, Sign
from core.network.attribution_map import AttributionMap
from core.network.cost import Cost
from core.network.facts import NetworkFacts
from core.network.method_input import MethodInput
from core.network.network import Network
from core.network.parameters import Parameters, value_named
from core.network.run import Run
from core.network.target import Target

# A window is two cells wide, and cells of the last depth are about this many pixels.
SMALLEST_CELL = 4


class HipeParams(Parameters):
    """Parameters of HiPe."""

    depths: int = Field(
        0,
        ge=0,
        le=10,
        description="how often cells are halved at most; 0: down to 4 pixels",
        json_schema_extra=value_named(0, "automatic"),
    )
    fill: Literal["mean", "black"] = Field(
        "mean", description="what a window shows when covered: its mean, or the image's lowest value"
    )


Window = tuple[slice, ...]


@final
class Hipe(OneByOneMethod):
    """The drop of the score when a window is covered, for ever smaller windows where it matters.

    Windows of two cells along each axis overlap by half. At the first depth all are covered; then cells are
    halved, and only windows that reach into the upper half of the map's range are covered. A pixel's value is
    the sum of the drops of the windows that held it; rises of the score count as 0.
    """

    name = "hipe"
    title = "HiPe"
    summary = "Occlusion that looks closer only where it matters; fewer forward passes than occlusion."
    family = Family.PERTURBATION
    doi = "arXiv:2103.05108"
    Params = HipeParams

    def meaning(self, params: HipeParams) -> Meaning:
        """A sum of drops of the score."""
        return Meaning("sum of drops of the score", Sign.SUPPORT, Origin.SCORES, in_score=False)

    def cost(self, params: HipeParams, facts: NetworkFacts) -> Cost:
        """At most every window of every depth, and one forward pass for the image."""
        counts = cells_by_depth(min(facts.grid), params.depths)
        return Cost(forwards=1 + sum((count + 1) ** len(facts.grid) for count in counts), at_most=True)

    def explain_input(
        self, network: Network, method_input: MethodInput, params: HipeParams, run: Run
    ) -> AttributionMap:
        """The map of one input. Raises BadMap for scores that are not finite."""
        x, target = method_input.x, method_input.target
        counts = cells_by_depth(min(x.shape[:-1]), params.depths)
        total = sum((count + 1) ** (x.ndim - 1) for count in counts)
        run.progress(0, total)
        score = float(network.values(x[None], target, run)[0])
        values, done, largest = np.zeros(x.shape[:-1]), 0, 0.0
        for depth, count in enumerate(counts):
            threshold = (values.max() + values.min()) / 2
            windows = windows_of(x.shape[:-1], count)
            chosen = [each for each in windows if depth == 0 or values[each].max() >= threshold]
            depth_run = run.part(done, total, len(windows))
            drops = score - _scores(network, x, chosen, target, params, depth_run)
            if not np.isfinite(drops).all():
                raise BadMap(
                    "The network answers the covered image with a score that is not a finite number.",
                    "Choose another fill.",
                )
            for window, drop in zip(chosen, np.maximum(drops, 0.0), strict=True):
                values[window] += drop
            largest = max(largest, float(np.abs(drops).max()))
            done += len(windows)
            run.progress(done, total)
            if depth + 1 < len(counts):
                run.partial(_map(values, count, largest))
        return _map(values, counts[-1], largest)


def cells_by_depth(side: int, depths: int) -> list[int]:
    """Cells along each side of the image at each depth; the first number is that of the authors.

    side: the shortest side of the image, in pixels. depths: at most so many; 0: down to the smallest cell.
    """
    counts = [max(math.ceil(math.log2(max(side, 2))) // 2, 1)]
    while 2 * counts[-1] <= side / SMALLEST_CELL and len(counts) != depths:
        counts.append(2 * counts[-1])
    return counts


def windows_of(shape: tuple[int, ...], count: int) -> list[Window]:
    """The windows of two cells along each axis at every cell, those that begin before the image among them.

    The cells' edges are rounded, so that together they hold every pixel of the grid `shape`.
    """
    by_axis = []
    for side in shape:
        edges = [round(number * side / count) for number in range(count + 1)]
        starts = range(-1, count)
        by_axis.append([slice(edges[max(start, 0)], edges[min(start + 2, count)]) for start in starts])
    return list(product(*by_axis))


def _scores(
    network: Network, x: FloatArray, windows: list[Window], target: Target, params: HipeParams, run: Run
) -> Array:
    """(n,) float64 the target with each window covered."""
    scores, axes = np.zeros(len(windows)), tuple(range(x.ndim - 1))
    for part in batches_of(network, len(windows)):
        covered = np.repeat(x[None], part.stop - part.start, axis=0)
        for image, window in zip(covered, windows[part], strict=True):
            image[window] = image[window].mean(axis=axes) if params.fill == "mean" else x.min()
        scores[part] = network.values(covered, target, run)
        run.progress(part.stop, len(windows))
    return scores


def _map(values: Array, count: int, largest: float) -> AttributionMap:
    return AttributionMap(
        values.astype(np.float32), signed=False, cells=(count + 1,) * values.ndim, effect=largest
    )
