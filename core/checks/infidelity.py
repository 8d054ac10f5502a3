"""Infidelity (Yeh et al. 2019, arXiv 1901.09392): what hidden patches do to the score, foretold and true."""

from typing import ClassVar, Literal, final

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.checks.contract import CheckFamily, CheckInput, Finding
from core.checks.likeness import require_varied
from core.errors import NotApplicable
from core.methods.batches import batches_of
from core.methods.meaning import Meaning
from core.network.cost import Cost
from core.network.parameters import Parameters
from core.network.run import Run

Reading = Literal["slope", "share"]


class InfidelityParams(Parameters):
    """Parameters of infidelity."""

    patches: int = Field(100, ge=2, le=10_000, description="hidden patches, each on an otherwise whole image")
    side: float = Field(0.1, gt=0, le=1, description="a patch's side, as a share of the image's shorter one")
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
class Infidelity:
    """E (s - dF)^2 over patches of the image hidden one at a time, each on the whole image again.

    dF: what the score loses. s: what the map foretells, the sum in the patch of its values (shares), or
    of its values times the change of intensity (slopes; the mean change of the channels). `scaled`
    multiplies s by its best factor, not below 0, so that maps in different units can be compared.
    Headline: that error over E dF^2, which an empty map reaches: 0 foretells all, 1 nothing.
    """

    name: ClassVar[str] = "infidelity"
    title: ClassVar[str] = "Infidelity"
    summary: ClassVar[str] = (
        "Does the map foretell what hiding a patch does to the score? Good: near 0; an empty map has 1."
    )
    family: ClassVar[CheckFamily] = CheckFamily.FAITHFULNESS
    doi: ClassVar[str] = "arXiv:1901.09392"
    headline: ClassVar[str] = "relative_infidelity"
    better: ClassVar[Literal["higher", "lower"]] = "lower"
    Params: ClassVar[type[InfidelityParams]] = InfidelityParams

    def applies(self, subject: CheckInput) -> None:
        require_varied(subject.map)

    def cost(self, params: InfidelityParams, subject: CheckInput) -> Cost:
        return Cost(forwards=params.patches + 1)

    def run(self, subject: CheckInput, params: InfidelityParams, run: Run) -> Finding:
        self.applies(subject)
        corners, side = _patches(subject.x, params, run.generator)
        fill = np.float32(subject.x.mean() if params.fill == "mean" else subject.x.min())
        reading = reading_of(params, subject.method.meaning(subject.params))
        foretold = _foretold(subject, corners, side, fill, reading)
        lost = _lost(subject, corners, side, fill, run)
        empty = float((lost**2).mean())
        if empty == 0:
            raise NotApplicable(
                "No hidden patch moves the score, so that there is nothing to foretell.",
                "Choose larger patches or another fill.",
            )
        scale = _best_scale(foretold, lost) if params.scaled else 1.0
        infidelity = float(((scale * foretold - lost) ** 2).mean())
        relative = infidelity / empty
        return Finding(
            metric=self.name,
            values={
                "relative_infidelity": relative,
                "infidelity": infidelity,
                "empty_map": empty,
                "scale": scale,
            },
            sentence="The map's error about what hiding patches does to the score is "
            f"{relative:.2f} of an empty map's (mean square; 0 foretells all).",
            parameters=params.model_dump(mode="json") | {"reading": reading},
        )


def reading_of(params: InfidelityParams, meaning: Meaning) -> Reading:
    """What the values of a map are, by its unit: slopes per intensity, or shares of the score."""
    if params.reading != "auto":
        return params.reading
    return "slope" if meaning.per_intensity else "share"


def _patches(x: Array, params: InfidelityParams, generator: np.random.Generator) -> tuple[Array, int]:
    """Upper left corners (patches, 2) of squares that lie inside the image, and their side in pixels."""
    height, width = x.shape[:2]
    side = max(round(params.side * min(height, width)), 1)
    corners = generator.integers((0, 0), (height - side + 1, width - side + 1), size=(params.patches, 2))
    return corners, side


def _foretold(subject: CheckInput, corners: Array, side: int, fill: np.float32, reading: Reading) -> Array:
    """(patches,) what the score loses by the map."""
    values = subject.map.values.astype(np.float64)
    if reading == "slope":
        values = values * (subject.x.astype(np.float64) - float(fill)).mean(axis=-1)
    sums = np.pad(values.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    top, left = corners.T
    bottom, right = top + side, left + side
    return sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]


def _lost(subject: CheckInput, corners: Array, side: int, fill: np.float32, run: Run) -> Array:
    """(patches,) what the score loses when each patch is hidden alone."""
    network, total = subject.network, len(corners) + 1
    run.progress(0, total)
    whole = float(network.values(subject.x[None], subject.target, run)[0])
    lost: list[Array] = []
    for part in batches_of(network, len(corners)):
        run.progress(1 + part.start, total)
        inputs = np.repeat(subject.x[None], part.stop - part.start, axis=0)
        for one, (top, left) in zip(inputs, corners[part], strict=True):
            one[top : top + side, left : left + side] = fill
        lost.append(whole - network.values(inputs, subject.target, run).astype(np.float64))
    run.progress(total, total)
    return np.concatenate(lost)


def _best_scale(foretold: Array, lost: Array) -> float:
    """The factor with the least square error; a map that is right only upside down gets 0."""
    power = float((foretold**2).mean())
    return max(float((foretold * lost).mean()) / power, 0.0) if power > 0 else 0.0
