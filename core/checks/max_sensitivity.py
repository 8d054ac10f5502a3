"""Max-sensitivity (Yeh et al. 2019, arXiv 1901.09392): how far a tiny change of the image moves the map."""

from typing import ClassVar, final

import numpy as np
from pydantic import Field

from core.checks.contract import Check, CheckFacts, CheckFamily, CheckInput, Finding
from core.checks.figures import CheckFigure
from core.checks.likeness import require_varied
from core.checks.verdict import Thresholds
from core.network.cost import Cost
from core.network.parameters import Parameters
from core.network.run import Run
from core.number_text import exact_percent, fixed


class MaxSensitivityParams(Parameters):
    """Parameters of max-sensitivity."""

    radius: float = Field(
        0.02, gt=0, le=1, description="largest change of a pixel, as a share of the image's range of values"
    )
    samples: int = Field(10, ge=1, le=1000, description="changed images that are tried")


@final
class MaxSensitivity(Check):
    """max ||a(x + d) - a(x)|| / ||a(x)|| over changes d drawn evenly from within the radius.

    a is the map by the same method with the same seed, so that the method's own draws do not count. The
    largest of a few tries is a lower bound of the true maximum. At 1 the map changes by its own norm, as
    much as if it were replaced by an empty map: the answer is no above that, yes up to half of it.
    """

    name = "max_sensitivity"
    title = "Max-sensitivity"
    short_title = "Small changes (max-sensitivity)"
    summary = "How far can a change that nobody sees move the map? Good: well below 1."
    family = CheckFamily.ROBUSTNESS
    doi = "arXiv:1901.09392"
    headline = "max_sensitivity"
    figures = (
        CheckFigure("max_sensitivity", "largest relative change"),
        CheckFigure("mean_sensitivity", "mean relative change"),
        CheckFigure("sensitivity", "relative change", over_steps=True),
    )
    better = "lower"
    question = "Does the map stay nearly the same under changes of the image that nobody sees?"
    thresholds = Thresholds("largest change of the map relative to its norm", yes=0.5, no=1.0)
    Params: ClassVar[type[MaxSensitivityParams]] = MaxSensitivityParams

    def applies(self, facts: CheckFacts) -> None:
        require_varied(facts.map)

    def cost(self, params: MaxSensitivityParams, facts: CheckFacts) -> Cost:
        return facts.method_cost.times(params.samples)

    def run(self, subject: CheckInput, params: MaxSensitivityParams, run: Run) -> Finding:
        self.applies(subject.facts)
        radius = params.radius * subject.value_range
        original = subject.values.astype(np.float64)
        norm = float(np.linalg.norm(original))
        changes: list[float] = []
        for done in range(params.samples):
            run.progress(done, params.samples)
            noise = run.generator.uniform(-radius, radius, size=subject.x.shape)
            changed = subject.explained(run, x=(subject.x + noise).astype(np.float32)).values
            changes.append(float(np.linalg.norm(changed - original)) / norm)
        run.progress(params.samples, params.samples)
        largest = max(changes)
        return self.finding(
            values={"max_sensitivity": largest, "mean_sensitivity": float(np.mean(changes))},
            answer=self.thresholds.answer(largest),
            sentence=f"Changes of at most {exact_percent(params.radius)} of the image's range change the map "
            f"by up to {fixed(largest)} of its norm (largest of {params.samples} tries).",
            params=params,
            steps=tuple({"sensitivity": change} for change in changes),
        )
