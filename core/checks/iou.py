"""Intersection over union at the region's own area (Saporta et al. 2022, doi 10.1038/s42256-022-00536-x)."""

from typing import ClassVar, Literal, final

import numpy as np

from core.arrays import Array
from core.checks.contract import CheckFamily, CheckInput, Finding
from core.checks.likeness import require_varied
from core.checks.localisation import require_region
from core.network.cost import Cost
from core.network.parameters import Parameters
from core.network.run import Run


class IouParams(Parameters):
    """It has no parameters."""


@final
class Iou:
    """Overlap of the region with as many of the map's highest pixels as the region has.

    No threshold has to be chosen. Of pixels tied at the border of those taken, every choice is
    equally likely, and the figure is the mean over all of them.
    """

    name: ClassVar[str] = "iou"
    title: ClassVar[str] = "Overlap (IoU)"
    summary: ClassVar[str] = (
        "How far do the highest pixels, as many as the region has, overlap with it? Good: near 1."
    )
    family: ClassVar[CheckFamily] = CheckFamily.LOCALISATION
    doi: ClassVar[str] = "10.1038/s42256-022-00536-x"
    headline: ClassVar[str] = "iou"
    better: ClassVar[Literal["higher", "lower"]] = "higher"
    Params: ClassVar[type[IouParams]] = IouParams

    def applies(self, subject: CheckInput) -> None:
        require_region(subject)
        require_varied(subject.map)

    def cost(self, params: IouParams, subject: CheckInput) -> Cost:
        return Cost()

    def run(self, subject: CheckInput, params: IouParams, run: Run) -> Finding:
        self.applies(subject)
        values, region = subject.map.values, require_region(subject)
        area = int(region.sum())
        border = np.partition(values.ravel(), -area)[-area]
        above, tied = values > border, values == border
        drawn = area - int(above.sum())
        inside, chances = drawn_inside(int((tied & region).sum()), int(tied.sum()), drawn)
        shared = int((above & region).sum()) + inside
        iou = float((chances * shared / (2 * area - shared)).sum())
        overlap = float((chances * shared).sum() / area)
        share = area / values.size
        return Finding(
            metric=self.name,
            values={
                "iou": iou,
                "overlap": overlap,
                "area": share,
                "left_to_chance": float(drawn if tied.sum() > drawn else 0),
            },
            sentence=f"Of the highest {share:.1%} of the pixels, as many as the region has, {overlap:.0%} "
            f"lie in it: an IoU of {iou:.2f}.",
            parameters=params.model_dump(mode="json"),
        )


def drawn_inside(inside: int, all_: int, drawn: int) -> tuple[Array, Array]:
    """How many of `inside` among `all_` things can be among `drawn` of them (n,), and the chance of each."""
    hits = np.arange(max(0, drawn - (all_ - inside)), min(inside, drawn) + 1)

    # Imported late: the window lists metrics and never computes them.
    from scipy.special import gammaln

    def ways(of: int, chosen: Array) -> Array:
        found: Array = gammaln(of + 1) - gammaln(chosen + 1) - gammaln(of - chosen + 1)
        return found

    chances = np.exp(ways(inside, hits) + ways(all_ - inside, drawn - hits) - ways(all_, np.array(drawn)))
    return hits, chances / chances.sum()
