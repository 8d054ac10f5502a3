"""Robustness to shifts: whether the map moves with the image when that moves by a pixel."""

from typing import ClassVar, Literal, final

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.checks.changed_images import finding_of
from core.checks.contract import CheckFamily, CheckInput, Finding
from core.checks.likeness import is_constant, likeness, require_varied
from core.errors import NotApplicable
from core.network.cost import Cost
from core.network.parameters import Parameters
from core.network.run import Run

DIRECTIONS = {"up": (-1, 0), "down": (1, 0), "left": (0, -1), "right": (0, 1)}


class ShiftRobustnessParams(Parameters):
    """Parameters of the robustness to shifts."""

    distance: int = Field(
        1, ge=1, le=16, description="how far the image is moved, pixels of the network's input"
    )


@final
class ShiftRobustness:
    """The image moved up, down, left and right, each map moved back and compared with the map.

    The pixels that come in repeat the border; the rim that a shift has touched is left out. A network
    that halves its grid does not treat both halves alike, which shows here (Azulay and Weiss 2019, JMLR
    20(184), arXiv 1805.12177).
    """

    name: ClassVar[str] = "shift_robustness"
    title: ClassVar[str] = "Robustness to shifts"
    summary: ClassVar[str] = "Does the map move with the image when that moves by one pixel? Good: near 1."
    family: ClassVar[CheckFamily] = CheckFamily.ROBUSTNESS
    doi: ClassVar[str] = "arXiv:1805.12177"
    headline: ClassVar[str] = "spearman"
    better: ClassVar[Literal["higher", "lower"]] = "higher"
    Params: ClassVar[type[ShiftRobustnessParams]] = ShiftRobustnessParams

    def applies(self, subject: CheckInput) -> None:
        require_varied(subject.map)

    def cost(self, params: ShiftRobustnessParams, subject: CheckInput) -> Cost:
        return subject.method.cost(subject.params, subject.network.facts).times(len(DIRECTIONS))

    def run(self, subject: CheckInput, params: ShiftRobustnessParams, run: Run) -> Finding:
        self.applies(subject)
        rim = params.distance
        if min(subject.map.values.shape) <= 2 * rim + 1 or is_constant(_inner(subject.map.values, rim)):
            raise NotApplicable(
                f"Without a rim of {rim} pixels nothing of the map is left to compare.",
                "Choose a smaller distance.",
            )
        rows: list[dict[str, float]] = []
        for done, (down, right) in enumerate(DIRECTIONS.values()):
            run.progress(done, len(DIRECTIONS))
            moved = subject.explained(run, x=shifted(subject.x, down * rim, right * rim)).values
            back = shifted(moved, -down * rim, -right * rim)
            alike = likeness(_inner(subject.map.values, rim), _inner(back, rim), subject.map.signed)
            rows.append(alike)
        run.progress(len(DIRECTIONS), len(DIRECTIONS))
        what = f"With the image moved by {rim} pixel{'s' if rim > 1 else ''} and the map moved back"
        return finding_of(self.name, what, rows, [{"direction": name} for name in DIRECTIONS], params)


def shifted(values: Array, down: int, right: int) -> Array:
    """`values` (height, width, ...) moved down and right by whole pixels; the border is repeated."""
    rows = np.clip(np.arange(values.shape[0]) - down, 0, values.shape[0] - 1)
    columns = np.clip(np.arange(values.shape[1]) - right, 0, values.shape[1] - 1)
    return values[np.ix_(rows, columns)]


def _inner(values: Array, rim: int) -> Array:
    return values[rim:-rim, rim:-rim]
