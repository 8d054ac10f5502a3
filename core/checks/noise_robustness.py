"""Robustness to noise: how far the map keeps its order when the image gets grainier."""

from typing import ClassVar, Literal, final

import numpy as np
from pydantic import Field

from core.checks.changed_images import finding_of
from core.checks.contract import CheckFamily, CheckInput, Finding
from core.checks.likeness import likeness, require_varied
from core.network.cost import Cost
from core.network.parameters import Parameters
from core.network.run import Run


class NoiseRobustnessParams(Parameters):
    """Parameters of the robustness to noise."""

    noise: float = Field(
        0.05,
        gt=0,
        le=1,
        description="standard deviation of the noise, as a share of the image's range of values",
    )
    samples: int = Field(5, ge=1, le=1000, description="noisy copies of the image")


@final
class NoiseRobustness:
    """Spearman's correlation of the map with the maps of noisy copies of the image, and their SSIM.

    The noise is normal, and the method's own seed stays, so that only the image differs. The idea is that
    of Ghorbani et al. 2019 (doi 10.1609/aaai.v33i01.33013681), with noise that nobody chose.
    """

    name: ClassVar[str] = "noise_robustness"
    title: ClassVar[str] = "Robustness to noise"
    summary: ClassVar[str] = "Is the map the same on a grainier image? Good: near 1."
    family: ClassVar[CheckFamily] = CheckFamily.ROBUSTNESS
    doi: ClassVar[str] = "10.1609/aaai.v33i01.33013681"
    headline: ClassVar[str] = "spearman"
    better: ClassVar[Literal["higher", "lower"]] = "higher"
    Params: ClassVar[type[NoiseRobustnessParams]] = NoiseRobustnessParams

    def applies(self, subject: CheckInput) -> None:
        require_varied(subject.map)

    def cost(self, params: NoiseRobustnessParams, subject: CheckInput) -> Cost:
        return subject.method.cost(subject.params, subject.network.facts).times(params.samples)

    def run(self, subject: CheckInput, params: NoiseRobustnessParams, run: Run) -> Finding:
        self.applies(subject)
        deviation = params.noise * subject.value_range
        rows: list[dict[str, float]] = []
        for done in range(params.samples):
            run.progress(done, params.samples)
            noise = run.generator.normal(0.0, deviation, size=subject.x.shape)
            found = subject.explained(run, x=(subject.x + noise).astype(np.float32))
            rows.append(likeness(subject.map.values, found.values, subject.map.signed))
        run.progress(params.samples, params.samples)
        what = f"With noise of {100 * params.noise:g} % of the image's range"
        return finding_of(self.name, what, rows, [{} for _ in rows], params)
