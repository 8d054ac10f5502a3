"""Robustness to noise: how far the map keeps its order when noise is added to the image."""

from typing import ClassVar, final

import numpy as np
from pydantic import Field

from core.checks.changed_images import SAME_MAP, finding_of
from core.checks.contract import Check, CheckFacts, CheckFamily, CheckInput, Finding
from core.checks.figures import EMPTY_MAPS, LIKENESS, LOWEST
from core.checks.likeness import likeness, require_varied
from core.network.cost import Cost
from core.network.parameters import Parameters
from core.network.run import Run
from core.number_text import exact_percent


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
class NoiseRobustness(Check):
    """Spearman's correlation of the map with the maps of noisy copies of the image, and their SSIM.

    The noise is normal, and the method's own seed stays, so that only the image differs. The idea is that
    of Ghorbani et al. 2019 (doi 10.1609/aaai.v33i01.33013681), with random instead of adversarial noise.
    """

    name = "noise_robustness"
    title = "Robustness to noise"
    short_title = "Noise"
    summary = "Is the map the same on a noisier image? Good: near 1."
    family = CheckFamily.ROBUSTNESS
    doi = "10.1609/aaai.v33i01.33013681"
    headline = "spearman"
    figures = (*LIKENESS, LOWEST, EMPTY_MAPS)
    better = "higher"
    question = "Is the map the same on a noisier image?"
    thresholds = SAME_MAP
    Params: ClassVar[type[NoiseRobustnessParams]] = NoiseRobustnessParams

    def applies(self, facts: CheckFacts) -> None:
        require_varied(facts.map)

    def cost(self, params: NoiseRobustnessParams, facts: CheckFacts) -> Cost:
        return facts.method_cost.times(params.samples)

    def run(self, subject: CheckInput, params: NoiseRobustnessParams, run: Run) -> Finding:
        self.applies(subject.facts)
        deviation = params.noise * subject.value_range
        rows: list[dict[str, float]] = []
        for done in range(params.samples):
            run.progress(done, params.samples)
            noise = run.generator.normal(0.0, deviation, size=subject.x.shape)
            noisy_map = subject.explained(run, x=(subject.x + noise).astype(np.float32))
            rows.append(likeness(subject.values, noisy_map.values, subject.facts.map.signed))
        run.progress(params.samples, params.samples)
        circumstance = f"With noise of {exact_percent(params.noise)} of the image's range"
        return finding_of(self, circumstance, rows, [{} for _ in rows], params)
