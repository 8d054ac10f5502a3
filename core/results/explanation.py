"""The documents of predictions and explanations."""

from core.models.device import ComputingDevice
from core.models.fit import Fit
from core.results.document import Document
from core.results.image import FailedImage, FailedMethod, ImageRecord, ModelRecord
from core.results.records import MethodRecord, PredictionRecord, TargetRecord
from core.values import FrozenRecord


class PredictedImage(FrozenRecord):
    """The prediction of a model for one image.

    fit: whether the image fits the model; `warnings` are its reasons where it does not. input_notes:
    preprocessing of the image beside scaling and resizing, such as reversing a negative. device: that
    computed the prediction and the maps; None in results from before it was recorded.
    """

    file: str
    sample: str | None = None
    image: ImageRecord
    model: ModelRecord
    fit: Fit | None = None
    prediction: PredictionRecord
    warnings: tuple[str, ...]
    input_notes: tuple[str, ...] = ()
    device: ComputingDevice | None = None


class ExplainedImage(PredictedImage):
    """A prediction with its maps; the folder of this name, where the results go, holds `files`.

    failed: the methods that gave no map.
    """

    target: TargetRecord
    methods: tuple[MethodRecord, ...]
    failed: tuple[FailedMethod, ...] = ()
    folder: str
    files: tuple[str, ...]


class PredictDocument(Document, name="predict", revision=2):
    """`saliscope predict --json`."""

    images: tuple[PredictedImage | FailedImage, ...]


class ExplainDocument(Document, name="explain", revision=2):
    """`saliscope explain --json`."""

    images: tuple[ExplainedImage | FailedImage, ...]


class ExplanationDocument(Document, name="explanation", revision=2):
    """`explanation.json`: with it and the file a run can be repeated.

    failed: requested methods that gave no map.
    input_file: the network's input; its 8-bit values 0 to 255 stand for `input_range`.
    """

    image: ImageRecord
    model: ModelRecord
    fit: Fit | None = None
    prediction: PredictionRecord
    warnings: tuple[str, ...]
    input_notes: tuple[str, ...] = ()
    device: ComputingDevice | None = None
    target: TargetRecord
    methods: tuple[MethodRecord, ...]
    failed: tuple[FailedMethod, ...] = ()
    input_file: str
    input_range: tuple[float, float]
