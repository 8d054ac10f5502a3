"""Robustness to shifts: whether the map moves with the image when that moves by a pixel."""

from collections.abc import Mapping
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
# In a volume by a slice as well.
VOLUME_DIRECTIONS = {"to the slice before": (-1, 0, 0), "to the next slice": (1, 0, 0)} | {
    name: (0, *steps) for name, steps in DIRECTIONS.items()
}


class ShiftRobustnessParams(Parameters):
    """Parameters of the robustness to shifts."""

    distance: int = Field(
        1, ge=1, le=16, description="how far the image is moved, pixels of the network's input"
    )


@final
class ShiftRobustness(Check):
    """The image moved up, down, left and right, each map moved back and compared with the map.

    A volume is moved by a slice as well, to both sides.
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
        return facts.method_cost.times(len(_directions(facts.map.values)))

    def run(self, subject: CheckInput, params: ShiftRobustnessParams, run: Run) -> Finding:
        self.applies(subject.facts)
        distance, values = params.distance, subject.values
        if min(values.shape) <= 2 * distance + 1 or is_constant(_inner(values, distance)):
            raise NotApplicable(
                f"Without a border of {counted(distance, 'pixel')} nothing of the map is left to compare.",
                "Choose a smaller distance.",
            )
        directions = _directions(values)
        rows: list[dict[str, float]] = []
        for done, steps in enumerate(directions.values()):
            run.progress(done, len(directions))
            moved = subject.explained(run, x=shifted(subject.x, *(step * distance for step in steps))).values
            back = shifted(moved, *(-step * distance for step in steps))
            rows.append(likeness(_inner(values, distance), _inner(back, distance), subject.facts.map.signed))
        run.progress(len(directions), len(directions))
        circumstance = f"With the image moved by {counted(distance, 'pixel')} and the map moved back"
        return finding_of(self, circumstance, rows, [{"direction": name} for name in directions], params)


def shifted(values: Array, *steps: int) -> Array:
    """`values` (*grid, ...) moved by whole pixels, a step for each axis; the border is repeated."""
    places = [
        np.clip(np.arange(side) - step, 0, side - 1)
        for side, step in zip(values.shape, steps, strict=False)  # of an input the channels stay
    ]
    return values[np.ix_(*places)]


def _directions(values: Array) -> Mapping[str, tuple[int, ...]]:
    return DIRECTIONS if values.ndim == 2 else VOLUME_DIRECTIONS


def _inner(values: Array, border: int) -> Array:
    return values[(slice(border, -border),) * values.ndim]
