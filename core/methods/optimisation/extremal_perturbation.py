"""Extremal perturbation (Fong et al. 2019, doi 10.1109/ICCV.2019.00304)."""

from typing import final

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.methods.contract import Family, Need, OneByOneMethod
from core.methods.meaning import Meaning, Origin, Sign
from core.methods.optimisation.adam import Adam
from core.methods.optimisation.masking import MaskedImage, MaskParams
from core.methods.optimisation.smooth_masks import SmoothMaximum
from core.network.attribution_map import AttributionMap
from core.network.cost import Cost
from core.network.facts import NetworkFacts
from core.network.method_input import MethodInput
from core.network.network import Network
from core.network.run import Run

RATE = 0.05
# The weight of the area constraint grows from the first to the second, in units of the score's difference.
FIRST_WEIGHT, LAST_WEIGHT = 1.0, 300.0
# Every cell of the mask at the start.
START = 0.5
# A mask keeps the score if it keeps so much of the difference between the image and the hidden image.
SUFFICIENT = 0.9
PARTIALS = 8


class ExtremalPerturbationParams(MaskParams):
    """Parameters of extremal perturbation."""

    area: float = Field(
        20.0,
        gt=0,
        le=90,
        description="percent of the image that the largest mask shows",
        json_schema_extra={"unit": "%"},
    )
    areas: int = Field(
        4, ge=1, le=8, description="number of masks, each with half the area of the one before"
    )
    steps: int = Field(200, ge=2, le=10_000, description="steps of the search, one gradient a mask each")
    smoothness: float = Field(
        1.5, gt=0, le=10, description="standard deviation of the masks' kernel, in cells"
    )


@final
class ExtremalPerturbation(OneByOneMethod):
    """For each of several areas, the mask of that area which, hiding all else, keeps the score highest.

    The area is a constraint, not a penalty: the sorted cells are drawn to a step of the wanted size, ever
    more strongly. Masks are smooth by a smooth maximum of neighbouring cells. All are searched for together.
    The map is the mean of the masks: highest where even the smallest shows the image.
    """

    name = "extremal_perturbation"
    title = "Extremal perturbation"
    summary = "The parts of fixed area that keep the score highest by themselves; serial gradients, slow."
    family = Family.OPTIMISATION
    doi = "10.1109/ICCV.2019.00304"
    Params = ExtremalPerturbationParams
    needs = frozenset({Need.GRADIENTS, Need.TWO_AXES})
    two_axes_reason = "searches for a mask of rows and columns, one gradient after another"

    def meaning(self, params: ExtremalPerturbationParams) -> Meaning:
        """In how many masks a place is shown; no change of the score."""
        return Meaning("share of the masks that show it", Sign.SUPPORT, Origin.GRADIENT, in_score=False)

    def cost(self, params: ExtremalPerturbationParams, facts: NetworkFacts) -> Cost:
        """One gradient a mask and step; steps wait for one another."""
        return Cost(forwards=2 + params.areas, gradients=params.steps * params.areas, serial=params.steps)

    def explain_input(
        self, network: Network, method_input: MethodInput, params: ExtremalPerturbationParams, run: Run
    ) -> AttributionMap:
        """The map of one input. Raises BadMap for gradients that are not finite."""
        run.progress(0, params.steps)
        image = MaskedImage(network, method_input, params, run)
        areas = params.area / 100 / 2.0 ** np.arange(params.areas)
        smooth = SmoothMaximum(params.smoothness)
        cells = np.full((params.areas, *image.cells), START)
        adam = Adam(cells.shape, RATE)
        for step in range(params.steps):
            masks, slopes = smooth.smoothed(cells)
            weight = FIRST_WEIGHT * (LAST_WEIGHT / FIRST_WEIGHT) ** (step / params.steps)
            by_masks = weight * area_gradient(masks, areas) - image.gradients(masks)[1]
            cells = np.clip(adam.moved(cells, smooth.gradient(by_masks, slopes)), 0.0, 1.0)
            run.progress(step + 1, params.steps)
            if step + 1 < params.steps and (step + 1) % (params.steps // PARTIALS + 1) == 0:
                run.partial(_map(image, smooth.smoothed(cells)[0], None, areas))
        masks, _ = smooth.smoothed(cells)
        return _map(image, masks, image.scores(masks), areas)


def area_gradient(masks: Array, areas: Array) -> Array:
    """The gradient of the mean of (sorted mask - step)^2 by masks (n, rows, columns).

    areas: (n,) the shares of the cells for which each mask's step is 1.
    """
    flat = masks.reshape(len(masks), -1)
    count = flat.shape[1]
    order = flat.argsort(axis=1, kind="stable")
    # The cell in which the step lies is 1 for the part of it that belongs to the area.
    steps = np.clip(areas[:, None] * count - np.arange(count)[::-1], 0.0, 1.0)
    gradient = np.empty_like(flat)
    differences = np.take_along_axis(flat, order, axis=1) - steps
    np.put_along_axis(gradient, order, 2 * differences / count, axis=1)
    return gradient.reshape(masks.shape)


def _map(image: MaskedImage, masks: Array, scores: Array | None, areas: Array) -> AttributionMap:
    values = np.clip(image.grown(masks).mean(axis=0), 0.0, 1.0).astype(np.float32)
    diagnostics, effect = {"score": image.score}, image.scale
    if scores is not None:
        diagnostics |= {
            f"score_{100 * area:.3g}_percent": float(score) for area, score in zip(areas, scores, strict=True)
        }
        needed = image.hidden_score + SUFFICIENT * (image.score - image.hidden_score)
        sufficient = areas[scores >= needed]
        if len(sufficient) and image.score > image.hidden_score:
            diagnostics["smallest_sufficient_percent"] = 100 * float(sufficient.min())
        effect = max(float(scores.max()) - image.hidden_score, 0.0)
    return AttributionMap(values, signed=False, cells=image.cells, diagnostics=diagnostics, effect=effect)
