"""Area under precision and recall of the region's pixels (doi 10.1145/1143844.1143874)."""

from typing import final

import numpy as np

from core.arrays import Array
from core.checks.contract import CheckInput, Finding
from core.checks.figures import CheckFigure
from core.checks.localisation import (
    RegionCheckParams,
    RegionRankingCheck,
    answer_beyond_chance,
    require_region,
)
from core.network.run import Run
from core.number_text import fixed


@final
class Auprc(RegionRankingCheck):
    """Average precision of the region's pixels along the map's ranking; tied pixels count as one step.

    The answer compares it with the region's share of the area, which a random map reaches.
    """

    name = "auprc"
    title = "Ranking of the region (AUPRC)"
    summary = "Do the region's pixels stand at the top of the map's ranking? Good: near 1, chance: its area."
    doi = "10.1145/1143844.1143874"
    headline = "auprc"
    figures = (
        CheckFigure("auprc", "average precision"),
        CheckFigure("chance", "average precision of a random map"),
    )
    question = "Does the map rank the region's pixels far higher than by chance?"

    def run(self, subject: CheckInput, params: RegionCheckParams, run: Run) -> Finding:
        self.applies(subject.facts)
        region = require_region(subject.facts)
        precision, area = average_precision(subject.values, region), float(region.mean())
        return self.finding(
            values={"auprc": precision, "chance": area},
            answer=answer_beyond_chance(precision, area),
            sentence="From the highest pixel down, the share of the region among the pixels is "
            f"{fixed(precision)} on average; a random map reaches {fixed(area)}.",
            params=params,
        )


def average_precision(values: Array, region: Array) -> float:
    """Sum of precision times gain in recall over the distinct values (*grid,), highest first.

    region: (*grid,) bool. It does not depend on the order in which equal values are stored.
    """
    distinct, step = np.unique(-values.ravel(), return_inverse=True)
    taken = np.bincount(step, minlength=distinct.size)
    hits = np.bincount(step, region.ravel(), minlength=distinct.size)
    precision = np.cumsum(hits) / np.cumsum(taken)
    return float((precision * hits).sum() / hits.sum())
