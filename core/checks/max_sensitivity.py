"""Max-sensitivity (Yeh et al. 2019, arXiv 1901.09392): how far a tiny change of the image moves the map."""

from typing import ClassVar, Literal, final

import numpy as np
from pydantic import Field

from core.checks.contract import CheckFamily, CheckInput, Finding
from core.checks.likeness import require_varied
from core.network.cost import Cost
from core.network.parameters import Parameters
from core.network.run import Run


class MaxSensitivityParams(Parameters):
    """Parameters of max-sensitivity."""

    radius: float = Field(
        0.02, gt=0, le=1, description="largest change of a pixel, as a share of the image's range of values"
    )
    samples: int = Field(10, ge=1, le=1000, description="changed images that are tried")


@final
class MaxSensitivity:
    """max ||a(x + d) - a(x)|| / ||a(x)|| over changes d drawn evenly from within the radius.

    A is the map by the same method with the same seed, so that the method's own draws do not count. The
    largest of a few tries is a lower bound of the true maximum.
    """

    name: ClassVar[str] = "max_sensitivity"
    title: ClassVar[str] = "Max-sensitivity"
    summary: ClassVar[str] = "How far can a change that nobody sees move the map? Good: well below 1."
    family: ClassVar[CheckFamily] = CheckFamily.ROBUSTNESS
    doi: ClassVar[str] = "arXiv:1901.09392"
    headline: ClassVar[str] = "max_sensitivity"
    better: ClassVar[Literal["higher", "lower"]] = "lower"
    Params: ClassVar[type[MaxSensitivityParams]] = MaxSensitivityParams

    def applies(self, subject: CheckInput) -> None:
        require_varied(subject.map)

    def cost(self, params: MaxSensitivityParams, subject: CheckInput) -> Cost:
        return subject.method.cost(subject.params, subject.network.facts).times(params.samples)

    def run(self, subject: CheckInput, params: MaxSensitivityParams, run: Run) -> Finding:
        self.applies(subject)
        radius = params.radius * subject.value_range
        original = subject.map.values.astype(np.float64)
        length = float(np.linalg.norm(original))
        found: list[float] = []
        for done in range(params.samples):
            run.progress(done, params.samples)
            change = run.generator.uniform(-radius, radius, size=subject.x.shape)
            moved = subject.explained(run, x=(subject.x + change).astype(np.float32)).values
            found.append(float(np.linalg.norm(moved - original)) / length)
        run.progress(params.samples, params.samples)
        largest = max(found)
        return Finding(
            metric=self.name,
            values={"max_sensitivity": largest, "mean_sensitivity": float(np.mean(found))},
            sentence=f"Changes of at most {100 * params.radius:g} % of the image's range move the map by "
            f"up to {largest:.2f} of its own size (largest of {params.samples} tries).",
            parameters=params.model_dump(mode="json"),
            steps=tuple({"sensitivity": value} for value in found),
        )
