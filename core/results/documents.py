"""The JSON documents: each model here is the definition of one, `saliscope/<command>/1`."""

from typing import Any, Literal

from pydantic import ConfigDict, Field

from core.curves.curve_set import CurveScore, CurveSet, UndefinedCurve
from core.datasets.summary import LeftOut, Score, Stability
from core.datasets.tables import NotedImage
from core.datasets.task import Plan
from core.methods.contract import Method
from core.models.card import Card
from core.models.fit import Fit
from core.results.records import ErrorRecord, MethodRecord, PredictionRecord, Record, TargetRecord
from core.samples import Sample
from core.version import program_version


class Document(Record):
    """Base of all documents: which one it is, and which program wrote it."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)

    schema_id: str = Field(alias="schema")
    version: str = Field(default_factory=program_version)


class ErrorDocument(Document):
    """What stands on standard output instead of a command's document when all of it failed."""

    schema_id: Literal["saliscope/error/1"] = Field("saliscope/error/1", alias="schema")
    error: ErrorRecord


class ImageRecord(Record):
    """One image as it was read, without anything that says whose it is.

    sha256: of the file. rows, columns: of the slice. slice: counted from 1, of `slices`.
    spacing_mm: between rows, between columns, where the file tells it. notes: what the reader had to
    decide, such as which of two contradicting statements of the file it took.
    """

    file: str
    sha256: str
    modality: str
    rows: int
    columns: int
    slice: int
    slices: int
    spacing_mm: tuple[float, float] | None
    spacing_source: str
    notes: tuple[str, ...] = ()


class ModelRecord(Record):
    """Which model it was, to the byte."""

    id: str
    version: str
    weights_sha256: str

    @classmethod
    def of(cls, card: Card) -> "ModelRecord":
        return cls(id=card.id, version=card.version, weights_sha256=card.weights_sha256)


class FailedImage(Record):
    """Stands in the place of an image that failed; `file` is empty for a folder, whose name is not told."""

    file: str
    error: ErrorRecord


class FailedMethod(Record):
    """A method that has no map of an image, and why."""

    name: str
    title: str
    error: ErrorRecord


class PredictedImage(Record):
    """What a model says about one image.

    fit: whether the image fits the model; `warnings` are its reasons where it does not. input_notes: what
    was done to the image for the network beside scaling and resizing, such as reversing a negative.
    """

    file: str
    sample: str | None = None
    image: ImageRecord
    model: ModelRecord
    fit: Fit | None = None
    prediction: PredictionRecord
    warnings: tuple[str, ...]
    input_notes: tuple[str, ...] = ()


class ExplainedImage(PredictedImage):
    """A prediction with its maps; the folder of this name, where the results go, holds `files`.

    failed: the methods that gave no map.
    """

    target: TargetRecord
    methods: tuple[MethodRecord, ...]
    failed: tuple[FailedMethod, ...] = ()
    folder: str
    files: tuple[str, ...]


class PredictDocument(Document):
    """`saliscope predict --json`."""

    schema_id: Literal["saliscope/predict/1"] = Field("saliscope/predict/1", alias="schema")
    images: tuple[PredictedImage | FailedImage, ...]


class ExplainDocument(Document):
    """`saliscope explain --json`."""

    schema_id: Literal["saliscope/explain/1"] = Field("saliscope/explain/1", alias="schema")
    images: tuple[ExplainedImage | FailedImage, ...]


class ExplanationDocument(Document):
    """`explanation.json`: with it and the file a run can be repeated.

    failed: methods that were asked for and have no map.
    input_file: what the network saw; its 8-bit values 0 to 255 stand for `input_range`.
    """

    schema_id: Literal["saliscope/explanation/1"] = Field("saliscope/explanation/1", alias="schema")
    image: ImageRecord
    model: ModelRecord
    fit: Fit | None = None
    prediction: PredictionRecord
    warnings: tuple[str, ...]
    input_notes: tuple[str, ...] = ()
    target: TargetRecord
    methods: tuple[MethodRecord, ...]
    failed: tuple[FailedMethod, ...] = ()
    input_file: str
    input_range: tuple[float, float]


class ExplainedCurves(ExplainedImage):
    """Maps with their judgement; the points of the curves stand in `curves.json` and `curves.csv`."""

    scores: tuple[CurveScore, ...]
    undefined: tuple[UndefinedCurve, ...]


class CurvesDocument(Document):
    """`saliscope curves --json`."""

    schema_id: Literal["saliscope/curves/1"] = Field("saliscope/curves/1", alias="schema")
    images: tuple[ExplainedCurves | FailedImage, ...]


class CurveSetDocument(Document):
    """`curves.json`: every point of every curve of one image, and how they were made."""

    schema_id: Literal["saliscope/curve-set/1"] = Field("saliscope/curve-set/1", alias="schema")
    image: ImageRecord
    model: ModelRecord
    class_name: str = Field(alias="class")
    curves: CurveSet


class DataRecord(Record):
    """Which images a data-set run was made of; `index` is the name of a file, `sha256` that of its bytes."""

    index: str
    sha256: str
    part: str
    patients_by: str = Field(description="the column by which images belong together; empty: each by itself")
    images: int
    patients: int
    repeats: int
    failed: int = Field(description="images without a single figure")
    left_out: int = Field(description="images that the plan leaves out, such as wrong predictions")
    misfits: int = Field(0, description="images that do not fit the model")
    fit_unknown: int = Field(0, description="images of which it cannot be checked whether they fit")


class EvaluateDocument(Document):
    """`saliscope evaluate --json` and `results.json`: the whole run but its rows and curves.

    misfits: the images that do not fit the model, with the reasons. notes: what is to be known of the regions
    in which the evidence should lie, by image. seconds: that all its images took, also before an
    interruption. folder: the name of the one in which `files` stand.
    """

    schema_id: Literal["saliscope/evaluate/1"] = Field("saliscope/evaluate/1", alias="schema")
    model: ModelRecord
    data: DataRecord
    plan: Plan
    seed: int
    scores: tuple[Score, ...]
    stability: tuple[Stability, ...]
    left_out: tuple[LeftOut, ...]
    misfits: tuple[NotedImage, ...] = ()
    notes: tuple[NotedImage, ...] = ()
    forwards: int
    gradients: int
    seconds: float
    software: dict[str, str]
    folder: str
    files: tuple[str, ...]


class WindowRecord(Record):
    """A window that the file proposes.

    function: linear, linear_exact or sigmoid (DICOM's VOI LUT functions), or table; for that, centre and
    width are those of the values over which the table changes.
    """

    name: str
    centre: float
    width: float
    function: Literal["linear", "linear_exact", "sigmoid", "table"]


class SliceRecord(Record):
    """One slice as read: modality values, never display values.

    minimum, maximum: of the finite values that are no padding. padding: pixels that hold no image.
    stated_aspect: height of a pixel by its width, where the file gives it without a spacing.
    """

    slice: int
    modality: str
    unit: str
    dtype: str
    colour: bool
    minimum: float | None
    maximum: float | None
    not_finite: int
    padding: int
    inverted: bool
    windows: tuple[WindowRecord, ...]
    spacing_mm: tuple[float, float] | None
    spacing_source: str
    stated_aspect: float | None
    affine_lps_mm: tuple[tuple[float, ...], ...] | None
    notes: tuple[str, ...]


class EntryRecord(Record):
    """What a file holds, from its headers; `shown` is the slice that was read, `identity` if asked for."""

    file: str
    reader: str
    title: str
    modality: str
    slices: int
    volumes: int
    rows: int
    columns: int
    shown: SliceRecord | None = None
    identity: dict[str, str] | None = None


class SkippedRecord(Record):
    """A file of a folder that may have been taken for an image; `kind` says what it is."""

    file: str
    kind: str


class InfoDocument(Document):
    """`saliscope info --json`."""

    schema_id: Literal["saliscope/info/1"] = Field("saliscope/info/1", alias="schema")
    images: tuple[EntryRecord | FailedImage, ...]
    skipped: tuple[SkippedRecord, ...] = ()


class ModelEntry(Record):
    """A model in the list; `card` is all of model.json if one model was asked for."""

    id: str
    version: str
    title: str
    summary: str
    modality: tuple[str, ...]
    classes: tuple[str, ...]
    macro_f1: tuple[float, float, float] = Field(description="on the test part: value, low, high")
    card: Card | None = None

    @classmethod
    def of(cls, card: Card, whole: bool) -> "ModelEntry":
        figure = card.performance.macro_f1
        return cls(
            id=card.id,
            version=card.version,
            title=card.title,
            summary=card.summary,
            modality=card.modality,
            classes=card.classes,
            macro_f1=(figure.value, figure.low, figure.high),
            card=card if whole else None,
        )


class DamagedModel(Record):
    """Stands in the place of a bundle that cannot be read."""

    id: str
    error: ErrorRecord


class ModelsDocument(Document):
    """`saliscope models --json`."""

    schema_id: Literal["saliscope/models/1"] = Field("saliscope/models/1", alias="schema")
    models: tuple[ModelEntry | DamagedModel, ...]


class ParameterRecord(Record):
    """One parameter of a method, from its Params."""

    name: str
    kind: str
    default: Any
    minimum: float | None = None
    minimum_excluded: bool = False
    maximum: float | None = None
    maximum_excluded: bool = False
    choices: tuple[Any, ...] | None = None
    unit: str = ""
    description: str = ""


class MethodEntry(Record):
    """A method in the list, with its parameters.

    help: its page in Markdown, and picture: the file name of the one in it, if one method was asked for.
    """

    name: str
    title: str
    family: str
    summary: str
    doi: str
    parameters: tuple[ParameterRecord, ...]
    help: str | None = None
    picture: str | None = None

    @classmethod
    def of(cls, method: Method) -> "MethodEntry":
        fields = method.Params.model_json_schema().get("properties", {})
        return cls(
            name=method.name,
            title=method.title,
            family=method.family,
            summary=method.summary,
            doi=method.doi,
            parameters=tuple(_parameter(name, schema) for name, schema in fields.items()),
        )


class TrainDocument(Document):
    """`saliscope train --json`. folder: the name of the one in which the bundle was written."""

    schema_id: Literal["saliscope/train/1"] = Field("saliscope/train/1", alias="schema")
    model: ModelEntry
    folder: str


class ReportDocument(Document):
    """`saliscope report --json`. folder: the name of the bundle's, with card, metrics and figures."""

    schema_id: Literal["saliscope/report/1"] = Field("saliscope/report/1", alias="schema")
    model: ModelEntry
    folder: str


class MethodsDocument(Document):
    """`saliscope methods --json`."""

    schema_id: Literal["saliscope/methods/1"] = Field("saliscope/methods/1", alias="schema")
    methods: tuple[MethodEntry, ...]


class SamplesDocument(Document):
    """`saliscope samples --json`."""

    schema_id: Literal["saliscope/samples/1"] = Field("saliscope/samples/1", alias="schema")
    samples: tuple[Sample, ...]


def _parameter(name: str, schema: dict[str, Any]) -> ParameterRecord:
    """From the JSON schema of one field of a method's Params."""
    choices = schema.get("enum")
    return ParameterRecord(
        name=name,
        kind="choice" if choices else schema.get("type", "any"),
        default=schema.get("default"),
        minimum=schema.get("minimum", schema.get("exclusiveMinimum")),
        minimum_excluded="exclusiveMinimum" in schema,
        maximum=schema.get("maximum", schema.get("exclusiveMaximum")),
        maximum_excluded="exclusiveMaximum" in schema,
        choices=tuple(choices) if choices else None,
        unit=schema.get("unit", ""),
        description=schema.get("description", ""),
    )
