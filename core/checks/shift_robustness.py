"""Robustness to shifts: whether the map moves with the image when that moves by a pixel."""

from typing import ClassVar, final

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.checks.changed_images import SAME_MAP, finding_of
from core.checks.contract import Check, CheckFacts, CheckFamily, CheckInput, Finding
from core.checks.figures import EMPTY_MAPS, LIKENESS, LOWEST
from core.checks.likeness import is_constant, likeness, require_varied
from core.errors import NotApplicable
from core.network.cost import Cost
from core.network.parameters import Parameters
from core.network.run import Run
from core.number_text import counted

DIRECTIONS = {"up": (-1, 0), "down": (1, 0), "left": (0, -1), "right": (0, 1)}


class ShiftRobustnessParams(Parameters):
    """Parameters of the robustness to shifts."""

    distance: int = Field(
        1, ge=1, le=16, description="how far the image is moved, pixels of the network's input"
    )


@final
class ShiftRobustness(Check):
    """The image moved up, down, left and right, each map moved back and compared with the map.

    The pixels that come in repeat the border; the border that a shift has touched is left out. A network
    that halves its grid does not treat both halves alike, which shows here (Azulay and Weiss 2019, JMLR
    20(184), arXiv 1805.12177).
    """

    name = "shift_robustness"
    title = "Robustness to shifts"
    short_title = "Shift by a pixel"
    summary = "Does the map move with the image when that moves by one pixel? Good: near 1."
    family = CheckFamily.ROBUSTNESS
    doi = "arXiv:1805.12177"
    headline = "spearman"
    figures = (*LIKENESS, LOWEST, EMPTY_MAPS)
    better = "higher"
    question = "Does the map move with the image?"
    thresholds = SAME_MAP
    Params: ClassVar[type[ShiftRobustnessParams]] = ShiftRobustnessParams

    def applies(self, facts: CheckFacts) -> None:
        require_varied(facts.map)

    def cost(self, params: ShiftRobustnessParams, facts: CheckFacts) -> Cost:
        return facts.method_cost.times(len(DIRECTIONS))

    def run(self, subject: CheckInput, params: ShiftRobustnessParams, run: Run) -> Finding:
        self.applies(subject.facts)
        distance, values = params.distance, subject.values
        if min(values.shape) <= 2 * distance + 1 or is_constant(_inner(values, distance)):
            raise NotApplicable(
                f"Without a border of {counted(distance, 'pixel')} nothing of the map is left to compare.",
                "Choose a smaller distance.",
            )
        rows: list[dict[str, float]] = []
        for done, (down, right) in enumerate(DIRECTIONS.values()):
            run.progress(done, len(DIRECTIONS))
            moved = subject.explained(run, x=shifted(subject.x, down * distance, right * distance)).values
            back = shifted(moved, -down * distance, -right * distance)
            rows.append(likeness(_inner(values, distance), _inner(back, distance), subject.facts.map.signed))
        run.progress(len(DIRECTIONS), len(DIRECTIONS))
        circumstance = f"With the image moved by {counted(distance, 'pixel')} and the map moved back"
        return finding_of(self, circumstance, rows, [{"direction": name} for name in DIRECTIONS], params)


def shifted(values: Array, down: int, right: int) -> Array:
    """`values` (height, width, ...) moved down and right by whole pixels; the border is repeated."""
    rows = np.clip(np.arange(values.shape[0]) - down, 0, values.shape[0] - 1)
    columns = np.clip(np.arange(values.shape[1]) - right, 0, values.shape[1] - 1)
    return values[np.ix_(rows, columns)]


def _inner(values: Array, border: int) -> Array:
    return values[border:-border, border:-border]
