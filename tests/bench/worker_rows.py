"""Rows of the worker's own process: from a click to a map, and the memory it takes."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import psutil
from PIL import Image

from core.images.slice import Slice
from core.link import Child, Failed, JobProgress
from core.methods import METHODS
from core.models.runtime import frameworks
from core.results.records import TargetRecord
from core.samples import samples
from core.worker.messages import ExplainDone, ExplainRequest, PartialMap, PredictRequest
from core.worker.process import start_worker
from core.worker.subjects import SubjectSender
from tests.bench.setting import MODEL, Setting
from tests.bench.table import Figure, at_most, ratio_figure
from tests.bench.timing import compare

GIGABYTE = 1e9
WATCH_EVERY_S = 0.02
LARGE = 512
# Few points of each for a quick run; none of a method's arrays grows with their number.
FEW: dict[str, dict[str, Any]] = {
    "smooth_ig": {"samples": 2, "steps": 8},
    "smooth_guided_ig": {"samples": 8, "steps": 2},
    "smooth_blur_ig": {"samples": 2, "steps": 8},
    "guided_ig": {"steps": 3},
    "integrated_gradients": {"steps": 17},
    "blur_ig": {"steps": 16},
    "expected_gradients": {"samples": 16},
    "xrai": {"steps": 8},
    "fast_xrai_30": {"steps": 8},
    "smooth_grad": {"samples": 8},
    "var_grad": {"samples": 8},
    "score_cam": {"channels": 16},
    "occlusion": {"window": 48, "stride": 48},
    "rise": {"masks": 16},
}


@contextmanager
def fresh_worker() -> Iterator["WorkerConnection"]:
    """A worker process that is ready."""
    child = start_worker()
    try:
        child.link.receive()  # Ready
        yield WorkerConnection(child)
    finally:
        child.kill()


class WorkerConnection:
    """A worker process, and the answers it gives to one request after another."""

    def __init__(self, child: Child) -> None:
        self.child = child
        self._sender = SubjectSender(child.link)

    def answer(self, request: PredictRequest | ExplainRequest, image: Slice) -> Any:
        """The worker's last message about a request about this slice."""
        self._sender.send(request, image=image)
        while (received := self.child.link.receive()) is not None:
            message = received.message
            if isinstance(message, Failed):
                raise RuntimeError(message.message)
            if not isinstance(message, JobProgress | PartialMap):
                return message
        raise RuntimeError("The worker ended.")


def request_of(name: str, class_name: str, params: dict[str, Any] | None = None) -> ExplainRequest:
    """A request as the window makes it."""
    target = TargetRecord(class_name=class_name)
    return ExplainRequest(model=MODEL, method=name, parameters=params or {}, target=target, seed=0)


def click(setting: Setting) -> Iterator[Figure]:
    """Grad-CAM from the request to the map in the other process, against one gradient at batch 1."""
    # Two images in turn: of the image that it saw last, the worker still has the pass.
    slices = [Slice(np.asarray(Image.open(sample.path))) for sample in samples()[:2]]
    click_count = 0
    bare = setting.bare("gradients", 1)
    with fresh_worker() as worker:
        worker.answer(PredictRequest(model=MODEL), slices[0])

        def clicked() -> object:
            nonlocal click_count
            click_count += 1
            explained = worker.answer(request_of("grad_cam", "glioma"), slices[click_count % 2])
            assert isinstance(explained, ExplainDone)
            assert explained.record.gradients == 1
            return explained

        timing = compare({"click": clicked, "bare": bare}, setting.rounds(31), warm_up=2)
    description = "warm click to Grad-CAM / one forward and backward at batch 1"
    note = f"slice of {slices[0].shape[0]} x {slices[0].shape[1]}, through the worker's pipe"
    yield ratio_figure("click", description, timing, ("click", "bare"), at_most(1.5), note)


def memory(setting: Setting) -> Iterator[Figure]:
    """The most that a fresh worker holds while every method runs once."""
    picture = Image.open(samples()[0].path).convert("L").resize((LARGE, LARGE))
    image = Slice(np.asarray(picture, np.float32))
    peaks: list[tuple[float, str]] = []
    started = time.monotonic()
    with fresh_worker() as worker, watched(worker.child.pid) as peak:
        worker.answer(PredictRequest(model=MODEL), image)
        peaks.append((peak(), "the model alone"))
        for method in METHODS:
            params = FEW.get(method.name, {}) if setting.quick else {}
            worker.answer(request_of(method.name, "glioma", params), image)
            peaks.append((peak(), method.name))
    steps = [
        f"{name} {peak_after:.2f}"
        for (peak_after, name), (before, _) in zip(peaks[1:], peaks, strict=False)
        if peak_after > before + 0.01
    ]
    seconds = time.monotonic() - started
    yield Figure(
        "memory",
        f"worker's peak, every method on {LARGE} x {LARGE}, in GB",
        peaks[-1][0],
        at_most(2.5),
        {"all methods": round(seconds, 1)},
        rounds=1,
        note=f"{peaks[0][0]:.2f} with the model alone; raised by {', '.join(steps) or 'none'}",
    )


@contextmanager
def watched(pid: int) -> Iterator[Callable[[], float]]:
    """Watches a process; gives a function that returns its peak memory so far (resident, GB)."""
    process, end, most = psutil.Process(pid), threading.Event(), 0

    def watch() -> None:
        nonlocal most
        while not end.wait(WATCH_EVERY_S):
            try:
                most = max(most, process.memory_info().rss)
            except psutil.NoSuchProcess:
                return

    thread = threading.Thread(target=watch, name="memory-watch", daemon=True)
    thread.start()
    try:
        yield lambda: most / GIGABYTE
    finally:
        end.set()
        thread.join()


def traces(setting: Setting) -> Iterator[Figure]:
    """How many graphs are traced for all methods, targets and batch sizes: one for each kind of call."""
    frameworks()
    handle = setting.handle
    for name in ("gradient", "grad_cam", "cam", "occlusion", "integrated_gradients"):
        setting.map(name, **FEW.get(name, {}))
    kinds = len(handle.functions.kinds)
    yield Figure("traces", "graphs traced / kinds of call", handle.functions.traces / kinds, at_most(1.0))
