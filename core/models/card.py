"""The card (`model.json`): what a model is, knows, was trained on, expects, and how good it is."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from core.models.preprocessing import Frozen, Preprocessing

CARD_SCHEMA = 1


class Interval(Frozen):
    """A figure with its bootstrap interval."""

    value: float
    low: float
    high: float


class ClassMetrics(Frozen):
    """One class on the test part; `support` counts its images."""

    precision: float
    recall: float
    f1: float
    support: int


class Performance(Frozen):
    """How good the model was, once, on the test part."""

    part: str = "test"
    images: int
    groups: int
    group_column: str
    macro_f1: Interval
    accuracy: Interval
    classes: dict[str, ClassMetrics]
    confusion: tuple[tuple[int, ...], ...] = Field(description="rows: true class, columns: predicted")
    calibration_error: float | None = Field(None, description="expected calibration error, 15 bins")


class TrainingRecord(Frozen):
    """How the model was made, so that it can be made again."""

    command: str
    recipe: dict[str, str | int | float | bool | list[int]]
    data_sha256: str = Field(description="sha256 of the index file that was trained on")
    split: str
    seed: int
    epochs: int
    seconds: float
    device: str
    versions: dict[str, str]


class Card(Frozen):
    """A model as a person and the program need to know it."""

    schema_version: int = CARD_SCHEMA
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    version: str
    title: str
    summary: str
    architecture: str
    classes: tuple[str, ...] = Field(min_length=2)
    modality: tuple[str, ...] = Field(description="DICOM modalities it was made for, such as MR")
    preprocessing: Preprocessing
    temperature: float | None = Field(None, gt=0, description="logits are divided by it; None: uncalibrated")
    weights_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    weights_dtype: Literal["float16", "float32"] = "float32"
    parameters: int
    purpose: str
    not_for: str
    limits: tuple[str, ...]
    data: str
    licence: str
    attribution: str
    training: TrainingRecord
    performance: Performance

    @classmethod
    def read(cls, path: Path) -> "Card":
        return cls.model_validate_json(path.read_text(encoding="utf-8"))

    def write(self, path: Path) -> None:
        path.write_text(self.model_dump_json(indent=2) + "\n", encoding="utf-8")
