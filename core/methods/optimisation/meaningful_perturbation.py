"""Meaningful perturbation (Fong and Vedaldi 2017, doi 10.1109/ICCV.2017.371)."""

from typing import final

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.methods.contract import Family, Need, OneByOneMethod
from core.methods.meaning import Meaning, Origin, Sign
from core.methods.optimisation.adam import Adam
from core.methods.optimisation.masking import MaskedImage, MaskParams
from core.network.attribution_map import AttributionMap
from core.network.cost import Cost
from core.network.facts import NetworkFacts
from core.network.method_input import MethodInput
from core.network.network import Network
from core.network.run import Run

RATE = 0.1
# The power of differences between neighbouring cells in the penalty of roughness, as in the paper.
POWER = 3
# How many partial maps a run shows.
PARTIALS = 8


class MeaningfulPerturbationParams(MaskParams):
    """Parameters of meaningful perturbation."""

    steps: int = Field(300, ge=2, le=10_000, description="steps of the search, one gradient each")
    sparsity: float = Field(
        1.0, ge=0, le=1000, description="cost of hiding all of the image, as share of the score's difference"
    )
    smoothness: float = Field(
        0.2, ge=0, le=1000, description="cost of differences between neighbouring cells"
    )
    jitter: int = Field(
        4,
        ge=0,
        le=64,
        description="pixels by which the image is moved at random in each step, against artefacts",
        json_schema_extra={"unit": "px"},
    )


@final
class MeaningfulPerturbation(OneByOneMethod):
    """The smallest smooth mask that, hiding its part of the image, lowers the score most.

    Found by Adam from a mask that hides nothing. The map is how far each place is hidden, 0 to 1. The score
    is divided by its difference to the hidden image, so that the penalties weigh the same for every network.
    """

    name = "meaningful_perturbation"
    title = "Meaningful perturbation"
    summary = "The smallest smooth mask whose blurring lowers the score most; serial gradients, slow."
    family = Family.OPTIMISATION
    doi = "10.1109/ICCV.2017.371"
    Params = MeaningfulPerturbationParams
    needs = frozenset({Need.GRADIENTS, Need.TWO_AXES})
    two_axes_reason = "searches for a mask of rows and columns, one gradient after another"

    def meaning(self, params: MeaningfulPerturbationParams) -> Meaning:
        """How far a place is hidden; no change of the score."""
        return Meaning("share hidden by the mask", Sign.SUPPORT, Origin.GRADIENT, in_score=False)

    def cost(self, params: MeaningfulPerturbationParams, facts: NetworkFacts) -> Cost:
        """One gradient a step, one after another."""
        return Cost(forwards=3, gradients=params.steps, serial=params.steps)

    def explain_input(
        self, network: Network, method_input: MethodInput, params: MeaningfulPerturbationParams, run: Run
    ) -> AttributionMap:
        """The map of one input. Raises BadMap for gradients that are not finite."""
        run.progress(0, params.steps)
        image = MaskedImage(network, method_input, params, run)
        shown = np.ones((1, *image.cells))
        adam, generator = Adam(shown.shape, RATE), method_input.generator
        for step in range(params.steps):
            row, column = generator.integers(-params.jitter, params.jitter + 1, 2)
            _, gradient = image.gradients(shown, (int(row), int(column)))
            gradient -= params.sparsity / shown[0].size
            gradient += params.smoothness * roughness_gradient(shown)
            shown = np.clip(adam.moved(shown, gradient), 0.0, 1.0)
            run.progress(step + 1, params.steps)
            if step + 1 < params.steps and (step + 1) % (params.steps // PARTIALS + 1) == 0:
                run.partial(_map(image, shown, image.score))
        return _map(image, shown, float(image.scores(shown)[0]))


def roughness_gradient(masks: Array) -> Array:
    """The gradient by masks (1, rows, columns) of n cells: of sum |difference of neighbours|^3 / n."""
    gradient = np.zeros_like(masks)
    for axis in (1, 2):
        steps = np.diff(masks, axis=axis)
        slopes = POWER * np.abs(steps) ** (POWER - 1) * np.sign(steps) / masks[0].size
        first, second = [slice(None)] * 3, [slice(None)] * 3
        first[axis], second[axis] = slice(None, -1), slice(1, None)
        gradient[tuple(first)] -= slopes
        gradient[tuple(second)] += slopes
    return gradient


def _map(image: MaskedImage, shown: Array, score: float) -> AttributionMap:
    values = 1.0 - image.grown(shown)[0]
    return AttributionMap(
        np.clip(values, 0.0, 1.0).astype(np.float32),
        signed=False,
        cells=image.cells,
        diagnostics={
            "score": image.score,
            "score_hidden_part": score,
            "hidden_percent": 100 * float(values.mean()),
        },
        effect=max(image.score - score, 0.0),
    )
