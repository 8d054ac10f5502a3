"""The messages between the window and the worker; arrays travel beside them as raw buffers."""

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from core.evaluation.curve_set import CurveSet
from core.evaluation.metric import Finding
from core.evaluation.protocol import Direction
from core.evaluation.settings import CurveSettings
from core.link import Cancel, CancelledJob, Failed, Message, Progress
from core.methods.protocol import LayerInfo
from core.records import MethodRecord, PredictionRecord, TargetRecord


class Predict(Message):
    """Load the model if needed and predict. Arrays: the slice's values."""

    kind: Literal["predict"] = "predict"
    job: int
    model: str


class Explain(Message):
    """Compute one map. Arrays: the slice's values."""

    kind: Literal["explain"] = "explain"
    job: int
    model: str
    method: str
    parameters: dict[str, Any]
    target: TargetRecord
    seed: int


class Curves(Message):
    """Judge maps. Arrays: the slice's values, then one map (height, width) for each of `maps`.

    names: what the curves are to call each of the maps.
    """

    kind: Literal["curves"] = "curves"
    job: int
    model: str
    names: tuple[str, ...]
    maps: tuple[MethodRecord, ...]
    class_name: str
    settings: CurveSettings


class Reveal(Message):
    """Make the pictures that a map reveals. Arrays: the slice's values, then the map (height, width)."""

    kind: Literal["reveal"] = "reveal"
    job: int
    model: str
    settings: CurveSettings
    direction: Direction


class Judge(Message):
    """Judge one map by one metric; `map` says how it was made, `parameters` are the metric's.

    Arrays: the slice's values, the map (height, width), and, where one is known, the region (rows,
    columns) bool on the slice's own pixels.
    """

    kind: Literal["judge"] = "judge"
    job: int
    model: str
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
    """Answer to Predict. Arrays: the network's input (height, width, channels)."""

    kind: Literal["predicted"] = "predicted"
    job: int
    model: str
    prediction: PredictionRecord
    layers: tuple[LayerInfo, ...]
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
