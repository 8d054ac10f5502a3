"""Frozen records that go into JSON documents and over the pipe, the same in both."""

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from core.errors import BadParameter, nearest_hint
from core.methods.protocol import Cost, Target
from core.models.prediction import Prediction


class Record(BaseModel):
    """Base of all records."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class TargetRecord(Record):
    """The number that is explained, with class names."""

    kind: Literal["logit", "probability", "difference"] = "logit"
    class_name: str
    against: str | None = None

    @classmethod
    def of(cls, target: Target, classes: tuple[str, ...]) -> "TargetRecord":
        against = None if target.against is None else classes[target.against]
        return cls(kind=target.kind, class_name=classes[target.index], against=against)

    def target(self, classes: Sequence[str]) -> Target:
        """The target among these classes. Raises BadParameter for a class that is not among them."""
        for name in (self.class_name, self.against):
            if name is not None and name not in classes:
                raise BadParameter(f"target: the model knows no class {name!r}.", nearest_hint(name, classes))
        against = None if self.against is None else classes.index(self.against)
        return Target(classes.index(self.class_name), self.kind, against)


class PredictionRecord(Record):
    """Class, its probability, and every class's probability and logit."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)

    class_name: str = Field(alias="class")
    probability: float
    probabilities: dict[str, float]
    logits: dict[str, float]
    calibrated: bool

    @classmethod
    def of(cls, prediction: Prediction) -> "PredictionRecord":
        return cls(
            class_name=prediction.name,
            probability=prediction.probability,
            probabilities=dict(zip(prediction.classes, prediction.probabilities, strict=True)),
            logits=dict(zip(prediction.classes, prediction.logits, strict=True)),
            calibrated=prediction.calibrated,
        )


class MethodRecord(Record):
    """How a map was made and what it holds, so that it can be made again.

    minimum, maximum: of the map's values. cells: the grid (rows, columns) it was computed on.
    forwards, gradients: model evaluations used.
    """

    name: str
    title: str
    parameters: dict[str, Any]
    target: TargetRecord
    seed: int
    signed: bool
    minimum: float
    maximum: float
    cells: tuple[int, int]
    diagnostics: dict[str, float]
    choices: dict[str, str]
    forwards: int
    gradients: int
    seconds: float
    map_file: str | None = None

    @property
    def evaluations(self) -> Cost:
        return Cost(forwards=self.forwards, gradients=self.gradients)


class ErrorRecord(Record):
    """An error as documents carry it."""

    code: str
    message: str
    hint: str
