"""The worker's main loop: the process that holds TensorFlow. Run as `python -m core.worker`.

Jobs are computed one after another in the order they came; a job's request carries everything it
needs, so that a new worker can go on where a lost one stopped. A second thread reads the pipe, so
that a cancel reaches a running job.
"""

import logging
import os
import queue
import threading
import time
from collections.abc import Hashable
from typing import Any

import numpy as np

from core import api
from core.arrays import Array
from core.curves.eight_bit import EightBit
from core.curves.reveal import revealed
from core.errors import Cancelled, OutOfMemory, SaliscopeError
from core.images.slice import Slice
from core.link import Cancel, CancelledJob, Failed, Link, LinkError, Progress, own_link
from core.models.bundle import find_bundle
from core.models.embedding import place
from core.models.handle import ModelHandle
from core.models.preprocessing import Subject
from core.models.runtime import device_name, frameworks
from core.network.attribution_map import AttributionMap
from core.network.run import Run
from core.results.records import PredictionRecord
from core.results.result import Explanation
from core.worker.messages import (
    REQUESTS,
    Curves,
    CurvesDone,
    Explain,
    Explained,
    Judge,
    Judged,
    Partial,
    PartialFinding,
    Place,
    Placed,
    Predict,
    Predicted,
    Ready,
    Reveal,
    Revealed,
    SliceRequest,
)

log = logging.getLogger("core.worker")
Task = Predict | Explain | Curves | Reveal | Judge | Place
Job = tuple[Task, list[Array]]


class Worker:
    """Answers the requests of one link until it closes."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._cancelled: set[int] = set()
        self._handles: dict[str, ModelHandle] = {}
        # What the methods of the last image share; `api.explain` clears it for another image.
        self._memo: dict[tuple[Hashable, ...], Any] = {}

    def serve(self) -> None:
        """Bring up the framework, say so, and work until the other side closes the pipe."""
        threading.Thread(target=self._listen, name="worker-listener", daemon=True).start()
        try:
            keras, tf = frameworks()
        except SaliscopeError as error:
            self._refuse(error)
            return
        versions = {"keras": keras.__version__, "tensorflow": tf.__version__, "numpy": np.__version__}
        self._link.send(Ready(device=device_name(), versions=versions))
        while (job := self._jobs.get()) is not None:
            self._answer(*job)

    def _refuse(self, error: SaliscopeError) -> None:
        """Answer every job with the error that keeps the framework from coming up."""
        while (job := self._jobs.get()) is not None:
            self._link.send(Failed.of(job[0].job, error))

    def _listen(self) -> None:
        try:
            while (received := self._link.receive()) is not None:
                message, arrays = received
                if isinstance(message, Cancel):
                    self._cancelled.add(message.job)
                else:
                    self._jobs.put((message, arrays))
        except LinkError:
            log.exception("what came is no message")
        finally:
            # Nobody is left to answer: a running job must not keep the process.
            os._exit(0)

    def _answer(self, request: Task, arrays: list[Array]) -> None:
        job = request.job
        run = Run(
            on_progress=lambda done, total: self._link.send(Progress(job=job, done=done, total=total)),
            on_partial=lambda partial: self._link.send(
                Partial(job=job, signed=partial.signed), [partial.values]
            ),
            cancelled=lambda: job in self._cancelled,
            memo=self._memo,
            on_finding=lambda finding: self._link.send(PartialFinding(job=job, finding=finding)),
        )
        try:
            run.check()
            match request:
                case Predict():
                    self._predict(request, arrays)
                case Explain():
                    self._explain(request, arrays, run)
                case Curves():
                    self._curves(request, arrays, run)
                case Reveal():
                    self._reveal(request, arrays)
                case Judge():
                    self._judge(request, arrays, run)
                case Place():
                    self._place(request, arrays)
        except Cancelled:
            self._link.send(CancelledJob(job=job))
        except SaliscopeError as error:
            self._link.send(Failed.of(job, error))
        except MemoryError:
            shortage = OutOfMemory("The computer has no memory left for this step.", "Close other programs.")
            self._link.send(Failed.of(job, shortage))
        except Exception as error:
            log.exception("job %d", job)
            fault = SaliscopeError(
                f"An internal error ended this step: {type(error).__name__}.", "See the log."
            )
            self._link.send(Failed.of(job, fault))
        self._cancelled.discard(job)

    def _handle(self, name: str) -> ModelHandle:
        if name not in self._handles:
            self._handles[name] = api.load_model(name)
        return self._handles[name]

    def _prepared(
        self, request: SliceRequest, arrays: list[Array]
    ) -> tuple[ModelHandle, Slice, Subject, list[Array]]:
        """The handle, the slice, what the network sees of it, and the arrays that follow the slice's."""
        handle = self._handle(request.model)
        image, rest = request.image.taken_from(arrays)
        return handle, image, api.prepare(handle, image), rest

    def _predict(self, request: Predict, arrays: list[Array]) -> None:
        started = time.monotonic()
        handle, image, prepared, _ = self._prepared(request, arrays)
        prediction = api.predict(handle, prepared)
        answer = Predicted(
            job=request.job,
            model=request.model,
            prediction=PredictionRecord.of(prediction),
            fit=api.check_fit(handle, image, prepared),
            input_notes=prepared.notes,
            layers=tuple(handle.layers()),
            seconds=time.monotonic() - started,
        )
        self._link.send(answer, [prepared.x])

    def _explain(self, request: Explain, arrays: list[Array], run: Run) -> None:
        handle, _, prepared, _ = self._prepared(request, arrays)
        explanation = api.explain(
            handle,
            prepared,
            request.method,
            request.parameters,
            request.target.target(handle.card.classes),
            request.seed,
            run,
        )
        self._link.send(Explained(job=request.job, record=explanation.record), [explanation.map.values])

    def _curves(self, request: Curves, arrays: list[Array], run: Run) -> None:
        started = time.monotonic()
        handle, _, prepared, rest = self._prepared(request, arrays)
        maps: dict[str, AttributionMap] = {
            name: api.map_of(values, record)
            for name, record, values in zip(request.names, request.maps, rest, strict=True)
        }
        index = handle.card.classes.index(request.class_name)
        curves = api.curves(handle, prepared, maps, index, request.settings, run)
        seconds = time.monotonic() - started
        self._link.send(CurvesDone(job=request.job, curves=curves, seconds=seconds))

    def _reveal(self, request: Reveal, arrays: list[Array]) -> None:
        _, _, prepared, rest = self._prepared(request, arrays)
        x = prepared.x
        frames = revealed(x, rest[0], request.settings, request.direction)
        mapping = EightBit.of(x)
        pictures = np.stack([mapping.to_bytes(frame.input) for frame in frames])
        self._link.send(Revealed(job=request.job, x=tuple(frame.x for frame in frames)), [pictures])

    def _judge(self, request: Judge, arrays: list[Array], run: Run) -> None:
        handle, _, prepared, (values, *regions) = self._prepared(request, arrays)
        finding = api.judge(
            handle,
            prepared,
            Explanation(api.map_of(values, request.map), request.map),
            request.metric,
            request.parameters,
            regions[0] if regions else None,
            request.seed,
            run,
        )
        self._link.send(Judged(job=request.job, finding=finding))

    def _place(self, request: Place, arrays: list[Array]) -> None:
        places = place(self._handle(request.model), find_bundle(request.model).folder, arrays[0])
        self._link.send(Placed(job=request.job, places=places))


def main() -> None:
    """Serve until the link closes."""
    logging.basicConfig(level=logging.WARNING)
    Worker(own_link(REQUESTS)).serve()
