"""Area under precision and recall of the region's pixels (doi 10.1145/1143844.1143874)."""

from typing import ClassVar, Literal, final

import numpy as np

from core.arrays import Array
from core.checks.contract import CheckFamily, CheckInput, Finding
from core.checks.likeness import require_varied
from core.checks.localisation import require_region
from core.network.cost import Cost
from core.network.parameters import Parameters
from core.network.run import Run


class AuprcParams(Parameters):
    """It has no parameters."""


@final
class Auprc:
    """Average precision of the region's pixels along the map's ranking; tied pixels count as one step."""

    name: ClassVar[str] = "auprc"
    title: ClassVar[str] = "Ranking of the region (AUPRC)"
    summary: ClassVar[str] = (
        "Do the region's pixels stand at the top of the map's ranking? Good: near 1, chance: its area."
    )
    family: ClassVar[CheckFamily] = CheckFamily.LOCALISATION
    doi: ClassVar[str] = "10.1145/1143844.1143874"
    headline: ClassVar[str] = "auprc"
    better: ClassVar[Literal["higher", "lower"]] = "higher"
    Params: ClassVar[type[AuprcParams]] = AuprcParams

    def applies(self, subject: CheckInput) -> None:
        require_region(subject)
        require_varied(subject.map)

    def cost(self, params: AuprcParams, subject: CheckInput) -> Cost:
        return Cost()

    def run(self, subject: CheckInput, params: AuprcParams, run: Run) -> Finding:
        self.applies(subject)
        region = require_region(subject)
        found, area = average_precision(subject.map.values, region), float(region.mean())
        return Finding(
            metric=self.name,
            values={"auprc": found, "chance": area},
            sentence=f"From the highest pixel down, the share of the region among the pixels is {found:.2f} "
            f"on average; the chance level is {area:.2f}.",
            parameters=params.model_dump(mode="json"),
        )


def average_precision(values: Array, region: Array) -> float:
    """Sum of precision times gain in recall over the distinct values (height, width), highest first.

    It does not depend on the order in which equal values are stored.
    """
    distinct, step = np.unique(-values.ravel(), return_inverse=True)
    taken = np.bincount(step, minlength=distinct.size)
    hits = np.bincount(step, region.ravel(), minlength=distinct.size)
    precision = np.cumsum(hits) / np.cumsum(taken)
    return float((precision * hits).sum() / hits.sum())
