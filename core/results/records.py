"""Frozen records that are the same in JSON documents and in messages between processes."""

from collections.abc import Callable, Sequence
from typing import Any, Literal

from pydantic import ConfigDict, Field

from core.errors import BadParameter, nearest_hint
from core.methods.signal import Signal
from core.models.prediction import Prediction
from core.network.cost import Cost
from core.network.target import Target, class_target
from core.values import FrozenRecord


class PredictionRecord(FrozenRecord):
    """Class, its probability, and every class's probability and logit."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    class_name: str = Field(alias="class")
    probability: float
    probabilities: dict[str, float]
    logits: dict[str, float]
    calibrated: bool

    @classmethod
    def of(cls, prediction: Prediction) -> "PredictionRecord":
        """The record of a prediction."""
        return cls(
            class_name=prediction.name,
            probability=prediction.probability,
            probabilities=dict(zip(prediction.classes, prediction.probabilities, strict=True)),
            logits=dict(zip(prediction.classes, prediction.logits, strict=True)),
            calibrated=prediction.calibrated,
        )


class TargetRecord(FrozenRecord):
    """The number that is explained, with class names."""

    kind: Literal["logit", "probability", "difference"] = "logit"
    class_name: str
    against: str | None = None

    @classmethod
    def of(cls, target: Target, classes: tuple[str, ...]) -> "TargetRecord":
        """The record of a target. classes: the names of the model's classes."""
        class_name, *others = (classes[index] for index in target.classes)
        return cls(kind=target.kind, class_name=class_name, against=others[0] if others else None)

    def target(self, classes: Sequence[str]) -> Target:
        """The target for a model of these classes. Raises BadParameter for an unknown class."""
        for name in (self.class_name, self.against):
            if name is not None and name not in classes:
                raise BadParameter(f"target: the model has no class {name!r}.", nearest_hint(name, classes))
        against = None if self.against is None else classes.index(self.against)
        return class_target(self.kind, classes.index(self.class_name), against)

    def score_of(self, prediction: PredictionRecord) -> float:
        """This number of a prediction of the classes that it names."""
        values = prediction.probabilities if self.kind == "probability" else prediction.logits
        return values[self.class_name] - (0.0 if self.against is None else values[self.against])

    @property
    def words(self) -> str:
        """Such as 'logit of glioma' or 'logit of glioma minus logit of pituitary', with class identifiers."""
        return self.words_by(str)

    def words_by(self, words_of: Callable[[str], str]) -> str:
        """The same with the words of a card for its classes, given by `Card.words_of`."""
        if self.kind == "difference":
            return f"logit of {words_of(self.class_name)} minus logit of {words_of(self.against or '')}"
        return f"{self.kind} of {words_of(self.class_name)}"


class PartialRecord(FrozenRecord):
    """How much of a map was computed when a person ended it: a mean of the first draws."""

    done: int
    total: int
    draws: str = Field(description="what the map is a mean of, such as masks")

    @property
    def words(self) -> str:
        """Such as 'partial: 120 of 500 masks'."""
        return f"partial: {self.done:,} of {self.total:,} {self.draws}"


class MethodRecord(FrozenRecord):
    """How a map was made and what it holds, so that it can be made again.

    minimum, maximum: of the map's values, in `unit`. cells: the grid (rows, columns) it was computed on.
    forwards, gradients: model evaluations used. signal: whether the map holds evidence; None if not computed.
    partial: None for a whole map, as the command line and the API always give it.
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
    unit: str = ""
    signal: Signal | None = None
    partial: PartialRecord | None = None

    @property
    def no_share(self) -> str:
        """Why shares of the map's positive evidence have no meaning; empty if they have one."""
        if self.signal is not None:
            return "" if self.signal.has_share else self.signal.sentence
        return "" if self.maximum > 0 else f"No positive evidence for the {self.target.words}."

    @property
    def no_order(self) -> str:
        """Why not even the order of the map's values has a meaning; empty if it has one."""
        return self.signal.sentence if self.signal is not None and self.signal.is_noise else ""

    @property
    def caution(self) -> str:
        """Why a map that holds evidence must be read with care; empty if nothing says so."""
        return self.signal.sentence if self.signal is not None and self.signal.has_share else ""

    @property
    def evaluations(self) -> Cost:
        """The model evaluations that the map took."""
        return Cost(forwards=self.forwards, gradients=self.gradients)


class ErrorRecord(FrozenRecord):
    """An error as documents carry it."""

    code: str
    message: str
    hint: str
