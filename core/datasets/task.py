"""One image's part of a data-set run, as plain data: the task and its result.

Tasks are independent, so that they can be done in any order, by any process.
"""

import hashlib
import os
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, field_validator

from core.curves.protocol import CurveKind, Direction
from core.curves.settings import CurveSettings
from core.datasets.table_file import bare_name
from core.images.region import RULE
from core.models.fit import Fit
from core.values import FrozenRecord

TargetRule = Literal["predicted", "label"]
# The places on a curve's axis at which the curves of several images are averaged.
AXIS_STEPS = 100


class Choice(FrozenRecord):
    """A method or check by name, with its parameters."""

    name: str
    parameters: dict[str, Any] = Field({})


class Plan(FrozenRecord):
    """What is done to every image of a run.

    curves: the settings of each kind of curve; their seed is replaced by that of the task. target: whose
    logit is explained, the predicted class's or the label's. only_correct: images whose predicted class
    is not the label are left out.
    """

    model: str
    weights_sha256: str
    methods: tuple[Choice, ...]
    metrics: tuple[Choice, ...]
    curves: tuple[CurveSettings, ...]
    target: TargetRule = "predicted"
    only_correct: bool = False


class Task(FrozenRecord):
    """One image under a plan.

    image: the index's id. file: the path in the index; path: the full path. group: the patient's number.
    mask, polygon, box, slice, position_mm: as in `ImageColumns`; empty if there is none. repeat: which of
    several runs with other seeds it is, counted from 0.
    """

    plan: Plan
    image: str
    file: str
    path: Path
    label: str
    group: int
    mask: Path | None
    box: str
    seed: int
    repeat: int = 0
    polygon: str = ""
    slice: str = ""
    position_mm: str = ""

    def fingerprint(self, version: str) -> str:
        """A hash that differs between tasks and between versions of the program."""
        # Empty fields that older versions did not have are left out, so that older results are found.
        absent = {name for name in ("polygon", "slice", "position_mm") if not getattr(self, name)}
        plain = self.model_dump_json(exclude=absent)
        rule = "" if self.mask is None else f"\nmasks by rule {RULE}"
        return hashlib.sha256(f"{version}\n{plain}{rule}".encode()).hexdigest()


class FigureRow(FrozenRecord):
    """One figure of one map, or why there is none.

    method: empty for a figure of no single method. setting: of a curve, protocol/entropy; else empty. figure:
    the check's own name for it. reason: a stable code; sentence: the same for people.
    """

    method: str
    metric: str
    setting: str
    figure: str
    value: float | None = None
    reason: str = ""
    sentence: str = ""


class SampledCurve(FrozenRecord):
    """A curve of one image at AXIS_STEPS + 1 equal places of its axis."""

    method: str
    setting: str
    kind: CurveKind
    direction: Direction
    y: tuple[float, ...]


class TaskResult(FrozenRecord):
    """The result of a task.

    file: its name alone, as the folders that an index names may be called after a patient. file_sha256,
    mask_sha256: of the files' bytes, empty for one that cannot be read; None if no mask is named. slice:
    the one that was measured, counted from 1 through all volumes; None if none was read. fit: whether the
    image fits the model; None without a prediction. input_notes: what was done to the image for the
    network beside scaling and resizing. notes: sentences on the region in which the evidence should lie.
    left_out: the plan leaves this image out, which is no failure.
    """

    fingerprint: str
    image: str
    file: str
    label: str
    group: int
    repeat: int
    file_sha256: str = ""
    mask_sha256: str | None = None
    slice: int | None = None
    fit: Fit | None = None
    input_notes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    predicted: str = ""
    probability: float | None = None
    target: str = ""
    left_out: bool = False
    rows: tuple[FigureRow, ...]
    curves: tuple[SampledCurve, ...] = ()
    forwards: int = 0
    gradients: int = 0
    seconds: float = 0.0

    @field_validator("file")
    @classmethod
    def _without_folders(cls, file: str) -> str:
        return bare_name(file)

    @property
    def failed(self) -> bool:
        """Whether there is no figure at all, although the plan asks for some."""
        return not self.left_out and all(row.value is None for row in self.rows)

    @property
    def does_not_fit(self) -> bool:
        """Whether the image is known not to fit the model."""
        return self.fit is not None and self.fit.answer == "does_not_fit"

    @classmethod
    def of(cls, task: Task, version: str, **fields: Any) -> Self:
        """The result of a task under this version of the program; fields: what was computed."""
        return cls(
            fingerprint=task.fingerprint(version),
            image=task.image,
            # The name of a folder may be that of a patient.
            file="" if os.path.isdir(task.path) else task.file,
            label=task.label,
            group=task.group,
            repeat=task.repeat,
            **fields,
        )


def setting_name(settings: CurveSettings) -> str:
    """Such as cells/area."""
    return f"{settings.protocol}/{settings.entropy}"


def task_seed(seed: int, image: str, repeat: int) -> int:
    """The seed of one image, which depends only on the run's seed, the image and the repeat."""
    digest = hashlib.sha256(f"{seed} {repeat} {image}".encode()).digest()
    return int.from_bytes(digest[:4], "big")
