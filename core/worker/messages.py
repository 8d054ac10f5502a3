"""The messages between the window and the worker; arrays travel beside them as raw buffers."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import Field, TypeAdapter

from core.arrays import Array
from core.checks.contract import Finding
from core.curves.curve_set import CurveSet
from core.curves.protocol import Direction
from core.curves.settings import CurveSettings
from core.images.slice import Slice
from core.images.slice_message import SliceMessage
from core.link import BUILT_WHEN_USED, Cancel, CancelledJob, Failed, JobProgress, Message
from core.methods.activation.unit_ranking import FIRST_UNITS
from core.methods.perturbation.occlusion import Fill
from core.models.device import ComputingDevice
from core.models.fit import Fit
from core.network.facts import NetworkFacts
from core.network.layer import Layer
from core.network.speed import Speed
from core.results.records import MethodRecord, PredictionRecord, TargetRecord
from core.results.scan import ScannedSlice
from core.results.visualisation import ObjectiveRecord, VisualisationRecord


class SubjectMessage(Message):
    """An image that later requests name by its digest. Arrays: those of the slice. Has no answer."""

    kind: Literal["subject"] = "subject"
    digest: str
    image: SliceMessage


class ModelRequest(Message):
    """Base of the requests about one model."""

    model: str


class SubjectRequest(ModelRequest):
    """Base of the requests about one image with one model.

    subject: the image's digest, which `core.worker.subjects.SubjectSender` fills in.
    """

    subject: str = ""


class PredictRequest(SubjectRequest):
    """Load the model if needed, predict, and say whether the image fits the model."""

    kind: Literal["predict"] = "predict"


class ExplainRequest(SubjectRequest):
    """Compute one map."""

    kind: Literal["explain"] = "explain"
    method: str
    parameters: dict[str, Any]
    target: TargetRecord
    seed: int


class CurvesRequest(SubjectRequest):
    """Draw the curves of maps. Arrays: one map, of the grid's shape, for each of `maps`.

    names: what the curves are to call each of the maps.
    """

    kind: Literal["curves"] = "curves"
    names: tuple[str, ...]
    maps: tuple[MethodRecord, ...]
    class_name: str
    settings: CurveSettings


class RevealRequest(SubjectRequest):
    """Make the pictures that a map reveals. Arrays: the map, of the grid's shape."""

    kind: Literal["reveal"] = "reveal"
    settings: CurveSettings
    direction: Direction


class CheckRequest(SubjectRequest):
    """Run one check of one map; `map` says how it was made, `parameters` are the check's.

    Arrays: the map, of the grid's shape, and, where there is one, the region (rows, columns) bool on the
    slice's own pixels.
    """

    kind: Literal["check"] = "check"
    check: str
    parameters: dict[str, Any]
    map: MethodRecord
    seed: int


class OccludeRequest(SubjectRequest):
    """Predict with one box of the network's input filled.

    box: (top, left, bottom, right) in input pixels, the last row and column excluded.
    """

    kind: Literal["occlude"] = "occlude"
    box: tuple[int, int, int, int]
    fill: Fill


class PlaceRequest(SubjectRequest):
    """Say where the image lies among those of the model's report."""

    kind: Literal["place"] = "place"


class LayersRequest(SubjectRequest):
    """Compute the Grad-CAM of some layers; none named: of the last layer of each size of grid."""

    kind: Literal["layers"] = "layers"
    target: TargetRecord
    layers: tuple[str, ...] = ()


class UnitsRequest(SubjectRequest):
    """Compute what the units of a layer contribute, and the activations of some of them.

    units: their numbers; none: the `count` that contribute most.
    """

    kind: Literal["units"] = "units"
    target: TargetRecord
    layer: str
    count: int = FIRST_UNITS
    units: tuple[int, ...] = ()


class CalibrateRequest(SubjectRequest):
    """Measure what the model's calls take on this machine."""

    kind: Literal["calibrate"] = "calibrate"


class ScanRequest(ModelRequest):
    """Predict many slices of a volume. Arrays: those of each slice in turn, in the order of `images`.

    The slices are sent with the request and not kept, so that they displace no image that is shown.
    """

    kind: Literal["scan"] = "scan"
    images: tuple[SliceMessage, ...]

    def slices(self, arrays: Sequence[Array]) -> list[Slice]:
        """The slices of arrays (rows, columns). Raises ValueError if the arrays are not theirs."""
        remaining, slices = list(arrays), []
        for image in self.images:
            slices.append(image.slice_of(remaining[: image.array_count]))
            del remaining[: image.array_count]
        return slices

    @classmethod
    def of(cls, model: str, slices: Sequence[Slice]) -> tuple[Self, list[Array]]:
        """The request and the arrays that go with it: (rows, columns) and what else each slice has."""
        parts = [SliceMessage.of(image) for image in slices]
        arrays = [array for _, arrays in parts for array in arrays]
        return cls(model=model, images=tuple(message for message, _ in parts)), arrays


class VisualiseRequest(ModelRequest):
    """Make a picture of the network, by the visualisation of this name.

    Arrays: the network's input (rows, columns, channels), where it begins with one.
    """

    kind: Literal["visualise"] = "visualise"
    name: str
    parameters: dict[str, Any]
    objective: ObjectiveRecord
    seed: int


class Ready(Message):
    """The worker has brought up the framework. Sent once, without a job."""

    kind: Literal["ready"] = "ready"
    device: ComputingDevice
    versions: dict[str, str]


class PredictDone(Message):
    """Answer to PredictRequest. Arrays: the network's input (*grid, channels).

    fit: whether the image fits the model. facts: of the network, for the window's obstacles and costs.
    input_notes: as `core.models.preprocessing.Subject.notes`. device: that computed it.
    """

    kind: Literal["predicted"] = "predicted"
    model: str
    prediction: PredictionRecord
    fit: Fit
    input_notes: tuple[str, ...] = ()
    device: ComputingDevice | None = None
    facts: NetworkFacts
    seconds: float


class PartialMap(Message):
    """A map that is still being refined. Arrays: its values, of the grid's shape."""

    kind: Literal["partial"] = "partial"
    signed: bool


class ExplainDone(Message):
    """Answer to ExplainRequest. Arrays: the map's values, of the grid's shape.

    It also answers one that was cancelled, if its beginning means something: see `record.partial`.
    warm_up_s: the part of the record's seconds in which graphs were traced.
    """

    kind: Literal["explained"] = "explained"
    record: MethodRecord
    warm_up_s: float = 0.0


class CurvesDone(Message):
    """Answer to CurvesRequest. warm_up_s: the part of `seconds` in which graphs were traced."""

    kind: Literal["curves_done"] = "curves_done"
    curves: CurveSet
    seconds: float
    warm_up_s: float = 0.0


class RevealDone(Message):
    """Answer to RevealRequest, from share 0 to share 1. Arrays: 8-bit pictures (n, *grid, channels)."""

    kind: Literal["revealed"] = "revealed"
    x: tuple[float, ...]


class PartialFinding(Message):
    """A finding that is not complete, such as a series one step longer; CheckDone has the whole."""

    kind: Literal["partial_finding"] = "partial_finding"
    finding: Finding


class CheckDone(Message):
    """Answer to CheckRequest."""

    kind: Literal["checked"] = "checked"
    finding: Finding


class OccludeDone(Message):
    """Answer to OccludeRequest."""

    kind: Literal["occluded"] = "occluded"
    prediction: PredictionRecord


class PlaceDone(Message):
    """Answer to PlaceRequest: x and y by the scatter's name, in units of `core.models.metrics.Scatter`."""

    kind: Literal["placed"] = "placed"
    places: dict[str, tuple[float, float]]


class LayersDone(Message):
    """Answer to LayersRequest, in its order. Arrays: (rows, columns) float32 of each layer's grid."""

    kind: Literal["layers_done"] = "layers_done"
    layers: tuple[Layer, ...]


class UnitsDone(Message):
    """Answer to UnitsRequest.

    units: the numbers of those that were computed. Arrays: the contributions of all (channels,) float64, and
    the activations of those (units, rows, columns) float32 on the layer's own grid.
    """

    kind: Literal["units_done"] = "units_done"
    layer: Layer
    units: tuple[int, ...]


class CalibrateDone(Message):
    """Answer to CalibrateRequest."""

    kind: Literal["calibrated"] = "calibrated"
    speed: Speed


class PartialPicture(Message):
    """A picture of the network that still sharpens. Arrays: its values (rows, columns, channels).

    scores: of the objective so far.
    """

    kind: Literal["partial_picture"] = "partial_picture"
    scores: tuple[float, ...]


class VisualiseDone(Message):
    """Answer to VisualiseRequest. Arrays: the picture's values (rows, columns, channels).

    warm_up_s: the part of the record's seconds in which graphs were traced.
    """

    kind: Literal["visualised"] = "visualised"
    record: VisualisationRecord
    warm_up_s: float = 0.0


class ScanDone(Message):
    """Answer to ScanRequest, in its order."""

    kind: Literal["scanned"] = "scanned"
    slices: tuple[ScannedSlice, ...]


WorkerRequest = Annotated[
    SubjectMessage
    | PredictRequest
    | ExplainRequest
    | CurvesRequest
    | RevealRequest
    | CheckRequest
    | OccludeRequest
    | PlaceRequest
    | LayersRequest
    | UnitsRequest
    | CalibrateRequest
    | ScanRequest
    | VisualiseRequest
    | Cancel,
    Field(discriminator="kind"),
]
WorkerAnswer = Annotated[
    Ready
    | PredictDone
    | PartialMap
    | ExplainDone
    | CurvesDone
    | RevealDone
    | PartialFinding
    | CheckDone
    | OccludeDone
    | PlaceDone
    | LayersDone
    | UnitsDone
    | CalibrateDone
    | ScanDone
    | PartialPicture
    | VisualiseDone
    | JobProgress
    | Failed
    | CancelledJob,
    Field(discriminator="kind"),
]
REQUESTS: TypeAdapter[WorkerRequest] = TypeAdapter(WorkerRequest, config=BUILT_WHEN_USED)
ANSWERS: TypeAdapter[WorkerAnswer] = TypeAdapter(WorkerAnswer, config=BUILT_WHEN_USED)
