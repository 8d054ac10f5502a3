"""Infidelity (Yeh et al. 2019, arXiv 1901.09392): what hidden patches do to the score, predicted and true."""

from itertools import product
from typing import ClassVar, Literal, final

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.checks.contract import Check, CheckFacts, CheckFamily, CheckInput, Finding
from core.checks.figures import SQUARED_SCORE, CheckFigure
from core.checks.likeness import require_varied
from core.checks.verdict import Thresholds
from core.errors import NotApplicable
from core.methods.batches import batches_of
from core.methods.meaning import Meaning
from core.network.cost import Cost
from core.network.parameters import Parameters
from core.network.run import Run
from core.number_text import fixed

Reading = Literal["slope", "share"]


class InfidelityParams(Parameters):
    """Parameters of infidelity."""

    patches: int = Field(100, ge=2, le=10_000, description="hidden patches, each on an otherwise whole image")
    side: float = Field(0.1, gt=0, le=1, description="a patch's side, as a share of the image's shortest one")
    fill: Literal["mean", "black"] = Field(
        "mean", description="what hides a patch: the image's mean, or its lowest value"
    )
    reading: Literal["auto", "slope", "share"] = Field(
        "auto",
        description="what the map's values are: slopes, which count times the change of intensity, or shares "
        "of the score; auto goes by the method",
    )
    scaled: bool = Field(
        True, description="the map is first multiplied by the one number that serves it best"
    )


@final
class Infidelity(Check):
    """E (s - dF)^2 over patches of the image hidden one at a time, each on the whole image again.

    dF: what the score loses. s: what the map predicts, the sum in the patch of its values (shares), or
    of its values times the change of intensity (slopes; the mean change of the channels). `scaled`
    multiplies s by its best factor, not below 0, so that maps in different units can be compared.
    Headline: that error divided by E dF^2, which an empty map reaches: at 0 the map predicts all, at 1
    nothing. The answer is yes where it predicts at least half of the mean square, no below a tenth.
    """

    name = "infidelity"
    title = "Infidelity"
    summary = "Does the map predict what hiding a patch does to the score? Good: near 0; an empty map has 1."
    family = CheckFamily.FAITHFULNESS
    doi = "arXiv:1901.09392"
    headline = "relative_infidelity"
    figures = (
        CheckFigure("relative_infidelity", "error relative to an empty map's"),
        CheckFigure("infidelity", "infidelity", SQUARED_SCORE),
        CheckFigure("empty_map", "infidelity of an empty map", SQUARED_SCORE),
        CheckFigure("scale", "factor of the map"),
    )
    better = "lower"
    question = "Does the map predict what hiding patches does to the score?"
    thresholds = Thresholds("mean square error relative to an empty map's", yes=0.5, no=0.9)
    Params: ClassVar[type[InfidelityParams]] = InfidelityParams

    def applies(self, facts: CheckFacts) -> None:
        require_varied(facts.map)

    def cost(self, params: InfidelityParams, facts: CheckFacts) -> Cost:
        return Cost(forwards=params.patches + 1)

    def run(self, subject: CheckInput, params: InfidelityParams, run: Run) -> Finding:
        facts = subject.facts
        self.applies(facts)
        corners, side = _patches(subject.x, params, run.generator)
        fill = np.float32(subject.x.mean() if params.fill == "mean" else subject.x.min())
        reading = reading_of(params, facts.method.meaning(facts.params))
        predicted = _predicted_losses(subject, corners, side, fill, reading)
        losses = _losses(subject, corners, side, fill, run)
        empty = float((losses**2).mean())
        if empty == 0:
            raise NotApplicable(
                "No hidden patch changes the score, so that there is nothing to predict.",
                "Choose larger patches or another fill.",
            )
        scale = _best_scale(predicted, losses) if params.scaled else 1.0
        infidelity = float(((scale * predicted - losses) ** 2).mean())
        relative = infidelity / empty
        finding = self.finding(
            values={
                "relative_infidelity": relative,
                "infidelity": infidelity,
                "empty_map": empty,
                "scale": scale,
            },
            answer=self.thresholds.answer(relative),
            sentence="The map's error in predicting what hidden patches do to the score is "
            f"{fixed(relative)} of an empty map's (mean square; 0 is a perfect prediction).",
            params=params,
        )
        return finding.model_copy(update={"parameters": finding.parameters | {"reading": reading}})


def reading_of(params: InfidelityParams, meaning: Meaning) -> Reading:
    """What the values of a map are, by its unit: slopes per intensity, or shares of the score."""
    if params.reading != "auto":
        return params.reading
    return "slope" if meaning.per_intensity else "share"


def _patches(x: Array, params: InfidelityParams, generator: np.random.Generator) -> tuple[Array, int]:
    """First corners (patches, axes) of squares or cubes inside the image, and their side in pixels."""
    grid = np.array(x.shape[:-1])
    side = max(round(params.side * int(grid.min())), 1)
    corners = generator.integers(0, grid - side + 1, size=(params.patches, len(grid)))
    return corners, side


def _predicted_losses(
    subject: CheckInput, corners: Array, side: int, fill: np.float32, reading: Reading
) -> Array:
    """(patches,) what the score loses according to the map."""
    values = subject.values.astype(np.float64)
    if reading == "slope":
        values = values * (subject.x.astype(np.float64) - float(fill)).mean(axis=-1)
    for axis in range(values.ndim):
        values = values.cumsum(axis=axis)
    sums = np.pad(values, ((1, 0),) * values.ndim)
    predicted = np.zeros(len(corners))
    # A box is the sum up to its far corner without what lies before it: each of its corners, with a sign.
    for before in product((0, 1), repeat=values.ndim):
        is_before = np.array(before[::-1])
        predicted += (-1) ** sum(before) * sums[tuple((corners + side * (1 - is_before)).T)]
    return predicted


def _losses(subject: CheckInput, corners: Array, side: int, fill: np.float32, run: Run) -> Array:
    """(patches,) what the score loses when each patch is hidden alone."""
    network, total = subject.network, len(corners) + 1
    run.progress(0, total)
    whole = float(network.values(subject.x[None], subject.facts.target, run)[0])
    losses: list[Array] = []
    for part in batches_of(network, len(corners)):
        run.progress(1 + part.start, total)
        inputs = np.repeat(subject.x[None], part.stop - part.start, axis=0)
        for image, corner in zip(inputs, corners[part], strict=True):
            image[tuple(slice(start, start + side) for start in corner)] = fill
        losses.append(whole - network.values(inputs, subject.facts.target, run).astype(np.float64))
    run.progress(total, total)
    return np.concatenate(losses)


def _best_scale(predicted: Array, losses: Array) -> float:
    """The factor with the least square error; a map whose predictions have the wrong sign gets 0."""
    power = float((predicted**2).mean())
    return max(float((predicted * losses).mean()) / power, 0.0) if power > 0 else 0.0
