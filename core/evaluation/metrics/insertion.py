"""Insertion (Petsiuk et al. 2018, arXiv 1806.07421)."""

from typing import ClassVar, Literal, final

import numpy as np
from pydantic import Field

from core.evaluation.metric import Finding, MetricFamily, Subject
from core.evaluation.removal import (
    FILL_WORDS,
    Fill,
    class_probabilities,
    counts_of,
    filled,
    mean_height,
    pixel_places,
    replaced,
    require_removable,
    rows_of,
    tied_pixels,
)
from core.methods.protocol import Cost, MethodParams, Run


class InsertionParams(MethodParams):
    """Parameters of insertion."""

    steps: int = Field(32, ge=1, le=1000, description="equal steps from nothing to the whole image")
    fill: Fill = Field("blur", description=FILL_WORDS)


@final
class Insertion:
    """Area under the probability of the class while the pixels come back, the map's highest first."""

    name: ClassVar[str] = "insertion"
    title: ClassVar[str] = "Insertion"
    summary: ClassVar[str] = (
        "How soon does the class come when the highest pixels are shown first? Good: near the whole image's."
    )
    family: ClassVar[MetricFamily] = MetricFamily.FAITHFULNESS
    doi: ClassVar[str] = "arXiv:1806.07421"
    headline: ClassVar[str] = "area"
    better: ClassVar[Literal["higher", "lower"]] = "higher"
    Params: ClassVar[type[InsertionParams]] = InsertionParams

    def applies(self, subject: Subject) -> None:
        require_removable(subject)

    def cost(self, params: InsertionParams, subject: Subject) -> Cost:
        return Cost(forwards=params.steps + 1)

    def run(self, subject: Subject, params: InsertionParams, run: Run) -> Finding:
        self.applies(subject)
        values, x = subject.map.values, subject.x
        places = pixel_places(values, run.generator)
        counts = counts_of(params.steps, 1.0, values.size)
        frames = replaced(filled(x, params.fill, run.generator), x, places, counts)
        scores = class_probabilities(subject.network, frames, len(counts), subject.target.index, run)
        shares = np.array(counts) / values.size
        area = mean_height(shares, scores)
        return Finding(
            metric=self.name,
            values={
                "area": area,
                "nothing": float(scores[0]),
                "whole": float(scores[-1]),
                "tied_pixels": float(tied_pixels(values)),
            },
            sentence=f"While the highest pixels come back first, the class has a probability of {area:.2f} "
            f"on average (nothing shown: {scores[0]:.2f}, the whole image: {scores[-1]:.2f}).",
            parameters=params.model_dump(mode="json"),
            steps=rows_of(share=shares, probability=scores),
        )
