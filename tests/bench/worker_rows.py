"""Rows of the worker's own process: from a click to a map, and the memory it takes."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import psutil
from PIL import Image

from core.arrays import Array
from core.images.slice_message import SliceMessage
from core.link import Child, Failed, Progress
from core.methods import METHODS
from core.models.runtime import frameworks
from core.results.records import TargetRecord
from core.samples import samples
from core.worker.messages import ANSWERS, Explain, Explained, Partial, Predict
from tests.bench.setting import MODEL, Setting
from tests.bench.table import Figure, at_most, ratio_figure
from tests.bench.timing import compare

GIGABYTE = 1e9
WATCH_EVERY_S = 0.02
LARGE = 512
# Few points of each for a quick look; none of a method's arrays grows with their number.
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
def fresh_worker() -> Iterator[Child]:
    """A worker process that is ready."""
    child = Child.start("core.worker", ANSWERS, keep_log=False)
    try:
        child.link.receive()  # Ready
        yield child
    finally:
        child.kill()


def answer(child: Child, request: Predict | Explain, values: Array) -> Any:
    """What the worker says in the end to a request about a slice of these values."""
    child.link.send(request, [values])
    while (received := child.link.receive()) is not None:
        message, _ = received
        if isinstance(message, Failed):
            raise RuntimeError(message.message)
        if not isinstance(message, Progress | Partial):
            return message
    raise RuntimeError("The worker ended.")


def request_of(name: str, class_name: str, params: dict[str, Any] | None = None) -> Explain:
    """A request as the window makes it."""
    target = TargetRecord(class_name=class_name)
    return Explain(
        job=1, model=MODEL, image=SliceMessage(), method=name, parameters=params or {}, target=target, seed=0
    )


def click(setting: Setting) -> Iterator[Figure]:
    """Grad-CAM from the request to the map in the other process, against one gradient at batch 1."""
    # Two images in turn: of the image that it saw last, the worker still has the pass.
    slices = [np.asarray(Image.open(one.path)) for one in samples()[:2]]
    shown = 0
    bare = setting.bare("gradients", 1)
    with fresh_worker() as child:
        answer(child, Predict(job=1, model=MODEL, image=SliceMessage()), slices[0])

        def clicked() -> object:
            nonlocal shown
            shown += 1
            found = answer(child, request_of("grad_cam", "glioma"), slices[shown % 2])
            assert isinstance(found, Explained)
            assert found.record.gradients == 1
            return found

        found = compare({"click": clicked, "bare": bare}, setting.rounds(31), warm_up=2)
    what = "warm click to Grad-CAM / one forward and backward at batch 1"
    note = f"slice of {slices[0].shape[0]} x {slices[0].shape[1]}, through the worker's pipe"
    yield ratio_figure("click", what, found, ("click", "bare"), at_most(1.5), note)


def memory(setting: Setting) -> Iterator[Figure]:
    """The most that a fresh worker holds while every method runs once."""
    picture = Image.open(samples()[0].path).convert("L").resize((LARGE, LARGE))
    values = np.asarray(picture, np.float32)
    peaks: list[tuple[float, str]] = []
    started = time.monotonic()
    with fresh_worker() as child, watched(child.pid) as peak:
        answer(child, Predict(job=1, model=MODEL, image=SliceMessage()), values)
        peaks.append((peak(), "the model alone"))
        for one in METHODS:
            params = FEW.get(one.name, {}) if setting.quick else {}
            answer(child, request_of(one.name, "glioma", params), values)
            peaks.append((peak(), one.name))
    steps = [
        f"{name} {here:.2f}"
        for (here, name), (before, _) in zip(peaks[1:], peaks, strict=False)
        if here > before + 0.01
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
    """Watches a process; gives a function that tells the most memory (resident, GB) it had so far."""
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
    kinds = len(handle._functions)
    yield Figure("traces", "graphs traced / kinds of call", handle.traces / kinds, at_most(1.0))
