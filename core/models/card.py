"""The card (`model.json`): interface of a model, its input, training, licence and performance."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from core.models.preprocessing import Preprocessing
from core.models.shortcuts import Shortcuts
from core.output import write_document
from core.values import FrozenRecord, Interval

# 2: what the report adds (`None` or empty in cards of schema 1, which are still read). 3: the orientation of
# the training images in the preprocessing (empty in earlier ones, whose images are never turned). 4: classes
# in words and caveats by class (empty in earlier ones).
CARD_SCHEMA = 4

__all__ = [
    "CARD_SCHEMA",
    "Calibration",
    "Card",
    "ClassMetrics",
    "ContentCheck",
    "Interval",
    "Mistake",
    "OtherImages",
    "PairMetrics",
    "Performance",
    "ReliabilityBin",
    "SourceMetrics",
    "TrainingRecord",
]


class ClassMetrics(FrozenRecord):
    """One class on the test part; `support` counts its images."""

    precision: float
    recall: float
    f1: float
    support: int
    precision_interval: Interval | None = Field(None, description="None also where it was never predicted")
    recall_interval: Interval | None = None
    f1_interval: Interval | None = None
    auc: Interval | None = Field(None, description="area under the ROC, this class against the rest")


class ReliabilityBin(FrozenRecord):
    """Images of similar confidence: mean probability of the predicted class, and share of correct ones."""

    confidence: float
    accuracy: float
    images: int


class Calibration(FrozenRecord):
    """Reliability before and after the logits are divided by the temperature, which val gave."""

    error_before: float = Field(description="expected calibration error, 15 bins")
    error_after: float
    before: tuple[ReliabilityBin, ...]
    after: tuple[ReliabilityBin, ...]


class SourceMetrics(FrozenRecord):
    """One hospital's or collection's share of the test part.

    macro_f1: the mean F1 of the classes that the source has; None where it has a single one.
    """

    images: int
    groups: int
    classes: dict[str, int]
    accuracy: Interval
    macro_f1: Interval | None = None


class PairMetrics(FrozenRecord):
    """Two classes by themselves: images of other classes left out, the larger of the two logits taken."""

    classes: tuple[str, str]
    images: int
    groups: int
    macro_f1: Interval
    confusion: tuple[tuple[int, ...], ...] = Field(description="rows: true class, columns: predicted")
    sources: dict[str, Interval] = Field({}, description="macro-F1 by source, where it has both")


class Mistake(FrozenRecord):
    """A wrong test image: its class, the predicted class (`said`), and the probability of that."""

    id: str
    truth: str
    said: str
    probability: float


class Performance(FrozenRecord):
    """The performance of the model on the test part, measured once."""

    part: str = "test"
    images: int
    groups: int
    group_column: str
    macro_f1: Interval
    accuracy: Interval
    classes: dict[str, ClassMetrics]
    confusion: tuple[tuple[int, ...], ...] = Field(description="rows: true class, columns: predicted")
    calibration_error: float | None = Field(None, description="expected calibration error, 15 bins")
    calibration: Calibration | None = None
    sources: dict[str, SourceMetrics] = Field({}, description="by hospital or collection, if known")
    pair: PairMetrics | None = Field(None, description="the two classes that can be compared fairly")
    mistakes: tuple[Mistake, ...] = Field((), description="the surest wrong images, one a group")

    @property
    def worst_class(self) -> str:
        """The class of the lowest F1."""
        return min(self.classes, key=lambda name: self.classes[name].f1)


class OtherImages(FrozenRecord):
    """Images of another kind; `unlike` of them are beyond the limit of the check of content."""

    name: str
    images: int
    unlike: int


class ContentCheck(FrozenRecord):
    """How well the check of content separates images of the model's kind from others.

    limit_share: of the `validation_images`, the share within the limit, which was set there.
    test_unlike: of the `test_images`, how many are called unlike the training images.
    """

    limit_share: float
    validation_images: int
    test_images: int
    test_unlike: int
    others: tuple[OtherImages, ...] = ()


class TrainingRecord(FrozenRecord):
    """How the model was trained, so that it can be trained again."""

    command: str
    recipe: dict[str, str | int | float | bool | list[int]]
    data_sha256: str = Field(description="sha256 of the index file that was trained on")
    split: str
    seed: int
    epochs: int
    seconds: float
    device: str
    versions: dict[str, str]


class Card(FrozenRecord):
    """The description of a model."""

    schema_version: int = CARD_SCHEMA
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    version: str
    title: str
    summary: str
    architecture: str
    classes: tuple[str, ...] = Field(min_length=2)
    class_words: dict[str, str] = Field({}, description="how a class is called in sentences, by class")
    caveats: dict[str, str] = Field({}, description="what weakens an answer, by the class that is answered")
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
    commercial_use: bool = Field(True, description="whether the licences of its data allow commercial use")
    attribution: str
    training: TrainingRecord
    performance: Performance
    depth: int | None = Field(None, description="convolutions and dense layers on the longest way")
    weights_bytes: int | None = Field(None, description="size of the weights on disk")
    shortcuts: Shortcuts | None = None
    content_check: ContentCheck | None = Field(None, description="None: the content cannot be checked")
    figures: tuple[str, ...] = Field((), description="files in the bundle's folder figures")

    def words_of(self, class_name: str) -> str:
        """What a person calls a class, such as 'COVID-19' for `covid19`."""
        return self.class_words.get(class_name, class_name.replace("_", " "))

    @classmethod
    def read(cls, path: Path) -> "Card":
        """The card in this file. Raises OSError or ValidationError."""
        return cls.model_validate_json(path.read_text(encoding="utf-8"))

    def write(self, path: Path) -> None:
        """Write the card as a JSON file. Raises DiskFull."""
        write_document(path, self)
