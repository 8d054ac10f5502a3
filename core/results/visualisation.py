"""How a picture of the network was made, so that it can be made again, and the document of it."""

from collections.abc import Callable
from typing import Any, Self

from pydantic import Field, model_validator

from core.models.device import ComputingDevice
from core.network.cost import Cost
from core.network.objective import LayerObjective, Objective, ObjectiveKind
from core.results.document import Document
from core.results.explanation import PredictedImage
from core.results.image import ModelRecord
from core.results.records import TargetRecord
from core.values import FrozenRecord

STATEMENT = "Picture of the network, not of the patient."


class ObjectiveRecord(FrozenRecord):
    """What is maximised: the score of a class, or a part of a layer. row, column: of a unit."""

    target: TargetRecord | None = None
    layer: str = ""
    channel: int | None = Field(None, ge=0)
    row: int | None = Field(None, ge=0)
    column: int | None = Field(None, ge=0)

    @model_validator(mode="after")
    def _is_one_of_them(self) -> Self:
        if (self.target is None) == (not self.layer):
            raise ValueError("either a class or a layer is maximised")
        if (self.row is None) != (self.column is None) or (self.row is not None and self.channel is None):
            raise ValueError("a unit has a channel, a row and a column")
        return self

    @classmethod
    def of(cls, objective: Objective, classes: tuple[str, ...]) -> "ObjectiveRecord":
        """The record of an objective. classes: the names of the model's classes."""
        if not isinstance(objective, LayerObjective):
            return cls(target=TargetRecord.of(objective, classes))
        row, column = objective.position or (None, None)
        return cls(layer=objective.layer, channel=objective.channel, row=row, column=column)

    def objective(self, classes: tuple[str, ...]) -> Objective:
        """The objective in a model of these classes. Raises BadParameter for an unknown class."""
        if self.target is not None:
            return self.target.target(classes)
        position = None if self.row is None or self.column is None else (self.row, self.column)
        return LayerObjective(self.layer, self.channel, position)

    @property
    def kind(self) -> ObjectiveKind:
        """Whether it is the score of a class or a part of a layer."""
        if self.target is not None:
            return "class"
        if self.channel is None:
            return "layer"
        return "channel" if self.row is None else "unit"

    def words_by(self, words_of: Callable[[str], str]) -> str:
        """Such as 'logit of glioma' or 'channel 5 of layer relu (mean)', with the words of a card."""
        if self.target is not None:
            return self.target.words_by(words_of)
        match self.kind:
            case "layer":
                return f"layer {self.layer} (half the sum of squares)"
            case "channel":
                return f"channel {self.channel} of layer {self.layer} (mean)"
            case _:
                place = f"row {self.row}, column {self.column}"
                return f"unit of channel {self.channel} of layer {self.layer} ({place})"


class VisualisationRecord(FrozenRecord):
    """How a picture of the network was made, and what the network answers to it.

    statement: what the picture is not. maximised: the objective in words. scores: of the objective, at the
    start, before each further step, and at the end; those between are of shifted or smaller pictures.
    probabilities: of each class, that the network gives the picture. input_range: the lowest and highest
    value that inputs can have; None where that is not limited.
    """

    statement: str = STATEMENT
    name: str
    title: str
    parameters: dict[str, Any]
    objective: ObjectiveRecord
    maximised: str
    seed: int
    steps: int
    score_start: float
    score_end: float
    scores: tuple[float, ...]
    probabilities: dict[str, float]
    input_range: tuple[float, float] | None
    choices: dict[str, str]
    forwards: int
    gradients: int
    seconds: float

    @property
    def evaluations(self) -> Cost:
        """The model evaluations that the picture took."""
        return Cost(forwards=self.forwards, gradients=self.gradients)


class VisualiseDocument(Document, name="visualise"):
    """`saliscope visualise --json`, and `picture.json` beside the picture.

    image: the one that the picture began with; None where it needs none. picture_range: the 8-bit values 0
    to 255 of `picture.png` stand for it; `picture.npy` has the values themselves, float32, on the network's
    grid (rows, columns, channels). device: that computed it.
    """

    model: ModelRecord
    picture: VisualisationRecord
    image: PredictedImage | None = None
    picture_range: tuple[float, float]
    device: ComputingDevice | None = None
    folder: str
    files: tuple[str, ...]
