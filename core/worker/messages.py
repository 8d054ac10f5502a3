"""The messages between the window and the worker; arrays travel beside them as raw buffers."""

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from core.checks.contract import Finding
from core.curves.curve_set import CurveSet
from core.curves.protocol import Direction
from core.curves.settings import CurveSettings
from core.images.slice_message import SliceMessage
from core.link import Cancel, CancelledJob, Failed, Message, Progress
from core.models.fit import Fit
from core.network.layer import Layer
from core.results.records import MethodRecord, PredictionRecord, TargetRecord


class SliceRequest(Message):
    """Base of the requests about one slice with one model: the slice's arrays come first."""

    job: int
    model: str
    image: SliceMessage


class Predict(SliceRequest):
    """Load the model if needed, predict, and say whether the image fits the model."""

    kind: Literal["predict"] = "predict"


class Explain(SliceRequest):
    """Compute one map."""

    kind: Literal["explain"] = "explain"
    method: str
    parameters: dict[str, Any]
    target: TargetRecord
    seed: int


class Curves(SliceRequest):
    """Judge maps. Arrays: those of the slice, then one map (height, width) for each of `maps`.

    names: what the curves are to call each of the maps.
    """

    kind: Literal["curves"] = "curves"
    names: tuple[str, ...]
    maps: tuple[MethodRecord, ...]
    class_name: str
    settings: CurveSettings


class Reveal(SliceRequest):
    """Make the pictures that a map reveals. Arrays: those of the slice, then the map (height, width)."""

    kind: Literal["reveal"] = "reveal"
    settings: CurveSettings
    direction: Direction


class Judge(SliceRequest):
    """Judge one map by one metric; `map` says how it was made, `parameters` are the metric's.

    Arrays: those of the slice, the map (height, width), and, where one is known, the region (rows,
    columns) bool on the slice's own pixels.
    """

    kind: Literal["judge"] = "judge"
    metric: str
    parameters: dict[str, Any]
    map: MethodRecord
    seed: int


class Place(Message):
    """Say where an image lies among those of the model's report. Arrays: the network's input."""

    kind: Literal["place"] = "place"
    job: int
    model: str


class Ready(Message):
    """The worker has brought up the framework. Sent once, without a job."""

    kind: Literal["ready"] = "ready"
    device: str
    versions: dict[str, str]


class Predicted(Message):
    """Answer to Predict. Arrays: the network's input (height, width, channels).

    fit: whether the image fits the model. input_notes: as `core.models.preprocessing.Prepared.notes`.
    """

    kind: Literal["predicted"] = "predicted"
    job: int
    model: str
    prediction: PredictionRecord
    fit: Fit
    input_notes: tuple[str, ...] = ()
    layers: tuple[Layer, ...]
    seconds: float


class Partial(Message):
    """A map that still sharpens. Arrays: its values (height, width)."""

    kind: Literal["partial"] = "partial"
    job: int
    signed: bool


class Explained(Message):
    """Answer to Explain. Arrays: the map's values (height, width)."""

    kind: Literal["explained"] = "explained"
    job: int
    record: MethodRecord


class CurvesDone(Message):
    """Answer to Curves."""

    kind: Literal["curves_done"] = "curves_done"
    job: int
    curves: CurveSet
    seconds: float


class Revealed(Message):
    """Answer to Reveal, from share 0 to share 1. Arrays: 8-bit pictures (n, height, width, channels)."""

    kind: Literal["revealed"] = "revealed"
    job: int
    x: tuple[float, ...]


class PartialFinding(Message):
    """A finding that still fills, such as a series one step longer than before. The last one is in Judged."""

    kind: Literal["partial_finding"] = "partial_finding"
    job: int
    finding: Finding


class Judged(Message):
    """Answer to Judge."""

    kind: Literal["judged"] = "judged"
    job: int
    finding: Finding


class Placed(Message):
    """Answer to Place: x and y by the scatter's name, in units of `core.models.metrics.Scatter`."""

    kind: Literal["placed"] = "placed"
    job: int
    places: dict[str, tuple[float, float]]


Request = Annotated[Predict | Explain | Curves | Reveal | Judge | Place | Cancel, Field(discriminator="kind")]
Answer = Annotated[
    Ready
    | Predicted
    | Partial
    | Explained
    | CurvesDone
    | Revealed
    | PartialFinding
    | Judged
    | Placed
    | Progress
    | Failed
    | CancelledJob,
    Field(discriminator="kind"),
]
REQUESTS: TypeAdapter[Request] = TypeAdapter(Request)
ANSWERS: TypeAdapter[Answer] = TypeAdapter(Answer)
