"""The worker's main loop: the process that holds TensorFlow.

Jobs are computed one after another in the order they came. A request names its image, which was sent
before it; one that names an image the worker does not have fails with UnknownSubject, so that a new
worker can go on where a lost one stopped. A second thread reads the pipe, so that a cancel reaches a
running job.
"""

import logging
import os
import queue
import threading
import time
from collections.abc import Hashable
from typing import Any, NoReturn

import numpy as np

from core import engine, layer_views
from core.arrays import Array
from core.curves.eight_bit import EightBit
from core.curves.reveal import revealed
from core.errors import Cancelled, OutOfMemory, SaliscopeError
from core.images.slice import Slice
from core.link import Cancel, CancelledJob, Failed, JobProgress, Link, LinkError, Message, Received, own_link
from core.models.bundle import find_bundle
from core.models.embedding import place
from core.models.handle import ModelHandle
from core.models.preprocessing import Subject
from core.models.runtime import computing_device, frameworks
from core.models.speed import measure_speed
from core.network.attribution_map import AttributionMap
from core.network.run import Run
from core.results.records import PredictionRecord
from core.results.result import Explanation
from core.visualise import visualise
from core.worker.messages import (
    REQUESTS,
    CalibrateDone,
    CalibrateRequest,
    CheckDone,
    CheckRequest,
    CurvesDone,
    CurvesRequest,
    ExplainDone,
    ExplainRequest,
    LayersDone,
    LayersRequest,
    ModelRequest,
    OccludeDone,
    OccludeRequest,
    PartialFinding,
    PartialMap,
    PartialPicture,
    PlaceDone,
    PlaceRequest,
    PredictDone,
    PredictRequest,
    Ready,
    RevealDone,
    RevealRequest,
    ScanDone,
    ScanRequest,
    SubjectMessage,
    SubjectRequest,
    UnitsDone,
    UnitsRequest,
    VisualiseDone,
    VisualiseRequest,
)
from core.worker.subjects import SubjectStore

log = logging.getLogger("core.worker")
Reply = tuple[Message, list[Array]]


class Worker:
    """Answers the requests of one link until it closes."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._received: queue.SimpleQueue[Received] = queue.SimpleQueue()
        self._cancelled: set[int] = set()
        self._handles: dict[str, ModelHandle] = {}
        self._subjects = SubjectStore()
        # What the methods of the last image share; `core.engine` clears it for another image.
        self._memo: dict[tuple[Hashable, ...], Any] = {}

    def serve(self) -> None:
        """Bring up the framework, say so, and work until the other side closes the pipe."""
        threading.Thread(target=self._listen, name="worker-listener", daemon=True).start()
        try:
            keras, tf = frameworks()
        except SaliscopeError as error:
            self._refuse(error)
        versions = {"keras": keras.__version__, "tensorflow": tf.__version__, "numpy": np.__version__}
        self._link.send(Ready(device=computing_device(), versions=versions))
        while True:
            self.handle(self._received.get())

    def _refuse(self, error: SaliscopeError) -> NoReturn:
        """Say what keeps the framework from coming up, and answer every job with it."""
        self._link.send(Failed.of(error))
        while True:
            received = self._received.get()
            if isinstance(received.message, ModelRequest):
                self._link.send(Failed.of(error), job=received.job)

    def _listen(self) -> None:
        try:
            while (received := self._link.receive()) is not None:
                if isinstance(received.message, Cancel):
                    self._cancelled.add(received.job)
                else:
                    self._received.put(received)
        except LinkError:
            log.exception("invalid data on the pipe")
        finally:
            # Nobody is left to answer: a running job must not keep the process.
            os._exit(0)

    def handle(self, received: Received) -> None:
        """Keep an image, or answer a request."""
        job, message, arrays = received
        if isinstance(message, SubjectMessage):
            self._keep(message, arrays)
            return
        try:
            reply, reply_arrays = self._reply(message, arrays, self._run(job))
            self._link.send(reply, reply_arrays, job)
        except Cancelled:
            self._link.send(CancelledJob(), job=job)
        except SaliscopeError as error:
            log.info("job failed: %s", error.code)
            self._link.send(Failed.of(error), job=job)
        except MemoryError:
            shortage = OutOfMemory("The computer has no memory left for this step.", "Close other programs.")
            self._link.send(Failed.of(shortage), job=job)
        except Exception as error:
            log.exception("job %d", job)
            fault = SaliscopeError(
                f"An internal error ended this step: {type(error).__name__}.", "See the log."
            )
            self._link.send(Failed.of(fault), job=job)
        self._cancelled.discard(job)

    def _run(self, job: int) -> Run:
        """The run of a job: what it reports goes to the pipe."""
        return Run(
            on_progress=lambda done, total: self._link.send(JobProgress(done=done, total=total), job=job),
            on_partial=lambda partial: self._link.send(
                PartialMap(signed=partial.signed), [partial.values], job
            ),
            cancelled=lambda: job in self._cancelled,
            memo=self._memo,
            on_finding=lambda finding: self._link.send(PartialFinding(finding=finding), job=job),
            on_picture=lambda picture: self._link.send(
                PartialPicture(scores=picture.scores), [picture.values], job
            ),
        )

    def _reply(
        self, request: SubjectRequest | ScanRequest | VisualiseRequest, arrays: list[Array], run: Run
    ) -> Reply:
        run.check()
        started = time.monotonic()
        handle = self._handle(request.model)
        if isinstance(request, ScanRequest):
            return ScanDone(slices=tuple(engine.scan(handle, request.slices(arrays), run))), []
        if isinstance(request, VisualiseRequest):
            return _visualised(request, handle, arrays, run)
        return self._subject_reply(request, handle, arrays, run, started)

    def _subject_reply(
        self, request: SubjectRequest, handle: ModelHandle, arrays: list[Array], run: Run, started: float
    ) -> Reply:
        image, subject = self._subjects.prepared(request.subject, handle.card.preprocessing)
        reply: Reply
        match request:
            case PredictRequest():
                reply = _predicted(request, handle, image, subject, started)
            case ExplainRequest():
                reply = _explained(request, handle, subject, run)
            case CurvesRequest():
                reply = _curves(request, handle, subject, arrays, run)
            case RevealRequest():
                reply = _revealed(request, subject, arrays[0])
            case CheckRequest():
                reply = _checked(request, handle, subject, arrays, run)
            case OccludeRequest():
                prediction = engine.predict_covered(handle, subject, request.box, request.fill)
                reply = OccludeDone(prediction=PredictionRecord.of(prediction)), []
            case PlaceRequest():
                places = place(handle, find_bundle(request.model).folder, subject.x)
                reply = PlaceDone(places=places), []
            case LayersRequest() | UnitsRequest():
                reply = _of_layers(request, handle, subject, run)
            case CalibrateRequest():
                reply = CalibrateDone(speed=measure_speed(handle, subject.x, run)), []
            case _:
                raise TypeError(type(request).__name__)
        return reply

    def _keep(self, message: SubjectMessage, arrays: list[Array]) -> None:
        try:
            self._subjects.add(message, arrays)
        except ValueError:  # requests about it fail with UnknownSubject
            log.exception("invalid image")

    def _handle(self, name: str) -> ModelHandle:
        if name not in self._handles:
            self._handles[name] = ModelHandle.load(name)
        return self._handles[name]


def _predicted(
    request: PredictRequest, handle: ModelHandle, image: Slice, subject: Subject, started: float
) -> Reply:
    prediction = engine.predict(handle, subject)
    answer = PredictDone(
        model=request.model,
        prediction=PredictionRecord.of(prediction),
        fit=engine.check_fit(handle, image, subject),
        input_notes=subject.notes,
        device=handle.calls.device,
        facts=handle.facts,
        seconds=time.monotonic() - started,
    )
    return answer, [subject.x]


def _explained(request: ExplainRequest, handle: ModelHandle, subject: Subject, run: Run) -> Reply:
    target, warm_up_s = request.target.target(handle.card.classes), handle.warm_up_s
    explanation = engine.explain(
        handle, subject, request.method, request.parameters, target, request.seed, run, keeps_estimate=True
    )
    warm_up_s = handle.warm_up_s - warm_up_s
    return ExplainDone(record=explanation.record, warm_up_s=warm_up_s), [explanation.map.values]


def _curves(
    request: CurvesRequest, handle: ModelHandle, subject: Subject, arrays: list[Array], run: Run
) -> Reply:
    started, warm_up_s = time.monotonic(), handle.warm_up_s
    maps: dict[str, AttributionMap] = {
        name: engine.map_of(values, record)
        for name, record, values in zip(request.names, request.maps, arrays, strict=True)
    }
    index = handle.card.classes.index(request.class_name)
    curves = engine.curves(handle, subject, maps, index, request.settings, run)
    warm_up_s = handle.warm_up_s - warm_up_s
    return CurvesDone(curves=curves, seconds=time.monotonic() - started, warm_up_s=warm_up_s), []


def _revealed(request: RevealRequest, subject: Subject, values: Array) -> Reply:
    frames = revealed(subject.x, values, request.settings, request.direction)
    mapping = EightBit.of(subject.x)
    pictures = np.stack([mapping.to_bytes(frame.input) for frame in frames])
    return RevealDone(x=tuple(frame.x for frame in frames)), [pictures]


def _checked(
    request: CheckRequest, handle: ModelHandle, subject: Subject, arrays: list[Array], run: Run
) -> Reply:
    values, *regions = arrays
    finding = engine.run_check(
        handle,
        subject,
        Explanation(engine.map_of(values, request.map), request.map),
        request.check,
        request.parameters,
        regions[0] if regions else None,
        request.seed,
        run,
    )
    return CheckDone(finding=finding), []


def _of_layers(
    request: LayersRequest | UnitsRequest, handle: ModelHandle, subject: Subject, run: Run
) -> Reply:
    target = request.target.target(handle.card.classes)
    if isinstance(request, LayersRequest):
        strip = layer_views.layers(handle, subject, target, request.layers, run)
        answer = LayersDone(layers=tuple(each.layer for each in strip))
        return answer, [each.values.astype(np.float32) for each in strip]
    found = layer_views.units(handle, subject, request.layer, target, request.count, request.units, run)
    return UnitsDone(layer=found.ranking.layer, units=found.units), [found.ranking.contributions, found.maps]


def _visualised(request: VisualiseRequest, handle: ModelHandle, arrays: list[Array], run: Run) -> Reply:
    warm_up_s, objective = handle.warm_up_s, request.objective.objective(handle.card.classes)
    x = arrays[0] if arrays else None
    made = visualise(handle, request.name, objective, x, request.parameters, request.seed, run)
    return VisualiseDone(record=made.record, warm_up_s=handle.warm_up_s - warm_up_s), [made.picture.values]


def main() -> None:
    """Serve until the link closes."""
    Worker(own_link(REQUESTS)).serve()
