"""Share of the evidence inside the region (Wang et al. 2020, doi 10.1109/CVPRW50498.2020.00020)."""

from typing import ClassVar, Literal, final

import numpy as np

from core.checks.contract import CheckFamily, CheckInput, Finding
from core.checks.localisation import require_region
from core.errors import NotApplicable
from core.network.cost import Cost
from core.network.parameters import Parameters
from core.network.run import Run


class EnergyInsideParams(Parameters):
    """It has no parameters."""


@final
class EnergyInside:
    """Sum of the map's positive values in the region, of their sum in the whole image."""

    name: ClassVar[str] = "energy_inside"
    title: ClassVar[str] = "Evidence inside"
    summary: ClassVar[str] = (
        "How much of the positive evidence lies in the region? Good: far above the region's area."
    )
    family: ClassVar[CheckFamily] = CheckFamily.LOCALISATION
    doi: ClassVar[str] = "10.1109/CVPRW50498.2020.00020"
    headline: ClassVar[str] = "share"
    better: ClassVar[Literal["higher", "lower"]] = "higher"
    Params: ClassVar[type[EnergyInsideParams]] = EnergyInsideParams

    def applies(self, subject: CheckInput) -> None:
        require_region(subject)
        if subject.no_share or not subject.map.has_positive_evidence:
            none = "The map holds no positive value, so that there is no evidence to be shared out."
            raise NotApplicable(subject.no_share or none, "Choose another method or target.")

    def cost(self, params: EnergyInsideParams, subject: CheckInput) -> Cost:
        return Cost()

    def run(self, subject: CheckInput, params: EnergyInsideParams, run: Run) -> Finding:
        self.applies(subject)
        region = require_region(subject)
        evidence = np.maximum(subject.map.values.astype(np.float64), 0)
        share, area = float(evidence[region].sum() / evidence.sum()), float(region.mean())
        return Finding(
            metric=self.name,
            values={"share": share, "area": area, "density": share / area},
            sentence=f"{share:.0%} of the positive evidence lies in the region, which is {area:.1%} of the "
            f"area: {share / area:.1f} times what an even map has there.",
            parameters=params.model_dump(mode="json"),
        )
