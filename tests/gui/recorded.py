"""Links without a process: tests read the requests and give the answers themselves."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from app.window.jobs import Delivery
from app.window.links import JobLink, LinkState
from core.arrays import Array
from core.errors import SaliscopeError, WorkerLost
from core.images.mask import Mask
from core.images.slice import Identity, Slice
from core.link import Failed, Message, Received
from core.models.device import ComputingDevice
from core.models.fit import Fit
from core.network.facts import NetworkFacts
from core.network.layer import Layer
from core.readers.messages import FrameRead, Indexed, MaskRead
from core.readers.protocol import SeriesEntry
from core.results.records import MethodRecord, PredictionRecord, TargetRecord
from core.worker.messages import ExplainDone, PredictDone

CLASSES = ("glioma", "meningioma", "pituitary")
LAYERS = (Layer("first", (16, 16), 4), Layer("last", (4, 4), 8))
FACTS = NetworkFacts(
    name="small",
    grid=(32, 32),
    channels=1,
    class_count=3,
    layers=LAYERS,
    background_problem="small has no background images.",
    nonlinearities=frozenset({"relu"}),
    input_range=(0.0, 1.0),
)


class RecordedLink(JobLink):
    """Everything of a link but the process."""

    def __init__(self, ready: bool = True) -> None:
        super().__init__()
        self.sent: list[tuple[Message, Sequence[Array]]] = []
        self.last_delivery: Delivery | None = None
        self.restarts = 0
        if ready:
            self.start()

    def start(self) -> None:
        self._set_state(LinkState.READY, "Ready: recorded")
        self._advance()

    def restart(self) -> None:
        self.restarts += 1
        self._set_state(LinkState.STARTING, "Starting")

    def shut_down(self) -> None:
        self._set_state(LinkState.OFF, "")

    def _deliver(self, delivery: Delivery) -> None:
        self.sent.append((delivery.request, delivery.arrays))
        self.last_delivery = delivery

    @property
    def last(self) -> Message:
        """The last message that was sent."""
        return self.sent[-1][0]

    def answer(self, message: Message, arrays: Sequence[Array] = ()) -> None:
        """The answer of the process to the running job."""
        assert self.running_job is not None
        self._receive(Received(self.running_job.number, message, list(arrays)))

    def start_on(self, device: ComputingDevice) -> None:
        """The process is there, and computes on this device."""
        self.device = device
        self._set_state(LinkState.STARTING, "Starting")
        self.start()

    def refuse(self, error: SaliscopeError) -> None:
        """The process is there, without what it needs."""
        self.refusal = error
        self._set_state(LinkState.REFUSED, "The model engine cannot run on this computer.")
        self._advance()

    def fail(self, error: SaliscopeError) -> None:
        self.answer(Failed.of(error))

    def die(self) -> None:
        """The process is gone, and its jobs with it."""
        self._set_state(LinkState.LOST, "The model engine was killed by signal 9.")
        self._lose_all(WorkerLost("The model engine was killed by signal 9.", "Start it again."))


def predicted(*probabilities: float, calibrated: bool = True, misfits: tuple[str, ...] = ()) -> PredictDone:
    """An answer with these probabilities of CLASSES; misfits: why the image does not fit the model."""
    shares = dict(zip(CLASSES, probabilities or (0.2, 0.7, 0.1), strict=True))
    record = PredictionRecord(
        class_name=max(shares, key=lambda name: shares[name]),
        probability=max(shares.values()),
        probabilities=shares,
        logits={name: float(np.log(share)) for name, share in shares.items()},
        calibrated=calibrated,
    )
    fit = Fit(answer="does_not_fit", reasons=misfits) if misfits else Fit(answer="fits", distance=0.5)
    return PredictDone(model="small", prediction=record, fit=fit, facts=FACTS, seconds=0.1)


def explained(values: Array, name: str = "grad_cam", signed: bool = False, **changes: object) -> ExplainDone:
    """An answer whose record fits the map `values`."""
    record = MethodRecord(
        name=name,
        title=name,
        parameters={},
        target=TargetRecord(class_name="meningioma"),
        seed=0,
        signed=signed,
        minimum=float(values.min()),
        maximum=float(values.max()),
        cells=values.shape,
        diagnostics={},
        choices={},
        forwards=0,
        gradients=1,
        seconds=0.5,
    )
    return ExplainDone(record=record.model_copy(update=changes))


def indexed(*names: str, frames: int = 1, volumes: int = 1, folder: Path = Path("folder")) -> Indexed:
    """An answer with one entry a name, titled as the reader of pictures does it."""
    shape = {"frames": frames, "volumes": volumes, "rows": 8, "columns": 8}
    entries = tuple(SeriesEntry(path=folder / name, reader="picture", title="PNG", **shape) for name in names)
    return Indexed(entries=entries)


def mask_read(
    region: Array, affine: Array | None = None, notes: tuple[str, ...] = ()
) -> tuple[MaskRead, list[Array]]:
    """An answer with a mask of this region, (rows, columns) above 0."""
    return MaskRead.of(Mask(region > 0, affine, notes=notes))


def frame_read(image: Slice) -> tuple[FrameRead, list[Array]]:
    """An answer with this slice."""
    return FrameRead.of(image, Identity(patient_name="Nobody^Real"))
