"""A session with recorded links, and the steps that most tests of it begin with."""

from pathlib import Path
from typing import Any

import numpy as np

from app.window.states.background import BackgroundScheduler
from app.window.states.case_list import Case
from app.window.states.curves import CurvesState
from app.window.states.explain import ExplainState
from app.window.states.maps import MapsState
from app.window.states.pace import Pace
from app.window.states.position import SlicePosition
from app.window.states.prediction import PredictionState
from app.window.states.session import Session
from app.window.states.shading import Overlay, coloured, on_screen
from app.window.states.shown import ImageKey, Shown, ShownState
from core.figures.colour_maps import ColourMap
from core.images.grid_map import GridMap
from core.images.slice import Slice
from core.network.speed import CallSpeed, Speed
from core.samples import Sample
from tests.cards import make_card
from tests.gui.recorded import CLASSES, FACTS, RecordedLink, explained, frame_read, indexed, predicted

PICTURE = Slice(np.arange(64, dtype=np.uint8).reshape(8, 8))
MAP = np.linspace(0, 1, 32 * 32, dtype=np.float32).reshape(32, 32)
CASE = Case(1, "case", Path("folder/a.png"))
CARD = make_card()
KEY = ImageKey(CASE.number, SlicePosition(), CARD.id, "digest")
SAMPLE = Sample(
    id="one",
    class_name="glioma",
    title="A sample",
    model="small",
    modality="MR",
    file="one.png",
    licence="CC0",
    attribution="nobody",
    source="made here",
)


def shaded(overlay: Overlay, name: ColourMap, native_cells: bool) -> np.ndarray:
    """The overlay over the whole slice as RGBA, as the image view draws it."""
    return coloured(on_screen(overlay, native_cells), overlay.full, overlay.signed, name)


def shown_of(image: Slice, **changes: Any) -> Shown:
    """An image of KEY on a grid of the same shape; `changes` replace fields."""
    rows, columns = image.shape
    grid_map = GridMap(image.shape, image.shape, (-0.5, -0.5, rows - 0.5, columns - 0.5))
    fields = {"case": CASE, "image": image, "card": CARD, "digest": KEY.digest, "grid_map": grid_map}
    return Shown(**(fields | changes))


class Bench:
    """States of one image without a session. The prediction has a link of its own, so that `worker` is
    sent nothing but what a test requests.
    """

    def __init__(self, image: Slice) -> None:
        self.worker, self._predicting_link = RecordedLink(), RecordedLink()
        self.shown = ShownState()
        self.background = BackgroundScheduler(self.worker)
        self.prediction = PredictionState(self._predicting_link, self.shown, [CARD])
        self.maps = MapsState(self.shown)
        self.pace = pace = Pace()
        self.explain = ExplainState(self.worker, self.shown, self.prediction, self.maps, pace)
        self.curves = CurvesState(self.worker, self.shown, self.prediction, self.maps, self.background, pace)
        self.shown.show(shown_of(image))

    def predict(self, class_name: str, x: np.ndarray | None = None) -> None:
        """Let the network predict this class."""
        shares = [0.8 if name == class_name else 0.1 for name in CLASSES]
        if self.prediction.record is not None:
            self.prediction.predict()
        self._predicting_link.answer(predicted(*shares), [x] if x is not None else [])


def calibrate(
    states: Session | Bench, forward_s: float = 0.1, gradient_s: float = 0.1, warm_up: float = 0.0
) -> None:
    """Let the machine's speed be known: seconds of each call, alone and in batches alike."""
    forward, gradient = (
        CallSpeed(alone=seconds, full=seconds * FACTS.best_batch, warm_up=warm_up)
        for seconds in (forward_s, gradient_s)
    )
    states.pace.store("machine", Speed(forward=forward, gradient=gradient, batch=FACTS.best_batch))
    states.pace.choose("machine")


def open_file(session: Session, reader: RecordedLink, image: Slice = PICTURE, frames: int = 1) -> None:
    session.cases.open_paths(["folder/a.png"])
    reader.answer(indexed("a.png", frames=frames))
    reader.answer(*frame_read(image))


def open_and_predict(session: Session, reader: RecordedLink, worker: RecordedLink) -> None:
    open_file(session, reader)
    worker.answer(predicted())


def answer_control_maps(worker: RecordedLink) -> None:
    """The control maps, which are computed before the first maps of an image."""
    for name in ("random", "edge"):
        assert worker.last.method == name
        worker.answer(explained(MAP, name, forwards=0, gradients=0), [MAP])


def kinds(link: RecordedLink) -> list[str]:
    return [message.kind for message, _ in link.sent]
