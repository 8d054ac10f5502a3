"""Intersection over union at the region's own area (Saporta et al. 2022, doi 10.1038/s42256-022-00536-x)."""

from typing import final

import numpy as np

from core.arrays import Array
from core.checks.contract import CheckInput, Finding
from core.checks.figures import PIXELS, REGION_AREA, CheckFigure
from core.checks.localisation import (
    RegionCheckParams,
    RegionRankingCheck,
    answer_beyond_chance,
    require_region,
)
from core.network.run import Run
from core.number_text import fixed, percent


@final
class Iou(RegionRankingCheck):
    """Overlap of the region with as many of the map's highest pixels as the region has.

    No threshold of the map has to be chosen. Of pixels tied at the border of those taken, every choice is
    equally likely, and the figure is the mean over all of them. The answer compares the share of
    the marked pixels that lie in the region with the region's share of the area, which a random map reaches.
    """

    name = "iou"
    title = "Overlap (IoU)"
    summary = "How far do the highest pixels, as many as the region has, overlap with it? Good: near 1."
    doi = "10.1038/s42256-022-00536-x"
    headline = "iou"
    figures = (
        CheckFigure("iou", "intersection over union"),
        CheckFigure("overlap", "share of the highest pixels in the region"),
        REGION_AREA,
        CheckFigure("left_to_chance", "tied pixels, chosen at random", PIXELS),
    )
    question = "Do the highest pixels lie in the region far more often than by chance?"

    def run(self, subject: CheckInput, params: RegionCheckParams, run: Run) -> Finding:
        self.applies(subject.facts)
        values, region = subject.values, require_region(subject.facts)
        area = int(region.sum())
        border = np.partition(values.ravel(), -area)[-area]
        above, tied = values > border, values == border
        drawn = area - int(above.sum())
        hits, chances = hit_chances(int((tied & region).sum()), int(tied.sum()), drawn)
        shared = int((above & region).sum()) + hits
        iou = float((chances * shared / (2 * area - shared)).sum())
        overlap = float((chances * shared).sum() / area)
        share = area / values.size
        return self.finding(
            values={
                "iou": iou,
                "overlap": overlap,
                "area": share,
                "left_to_chance": float(drawn if tied.sum() > drawn else 0),
            },
            answer=answer_beyond_chance(overlap, share),
            sentence=f"Of the highest {percent(share)} of the pixels, as many as the region has, "
            f"{percent(overlap, 0)} lie in it: an IoU of {fixed(iou)}.",
            params=params,
        )


def hit_chances(inside: int, total: int, drawn: int) -> tuple[Array, Array]:
    """Of `drawn` things out of `total`: how many can be among `inside` of them (n,), and each chance (n,)."""
    hits = np.arange(max(0, drawn - (total - inside)), min(inside, drawn) + 1)

    # Imported late: the window lists checks and never computes them.
    from scipy.special import gammaln

    def log_ways(count: int, chosen: Array) -> Array:
        logarithm: Array = gammaln(count + 1) - gammaln(chosen + 1) - gammaln(count - chosen + 1)
        return logarithm

    chances = np.exp(
        log_ways(inside, hits) + log_ways(total - inside, drawn - hits) - log_ways(total, np.array(drawn))
    )
    return hits, chances / chances.sum()
