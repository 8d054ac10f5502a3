"""A session with recorded links, and the steps that most tests of it begin with."""

import numpy as np

from app.window.states.session import Session
from core.images.slice import Slice
from core.samples import Sample
from tests.gui.recorded import RecordedLink, frame_read, indexed, predicted

PICTURE = Slice(np.arange(64, dtype=np.uint8).reshape(8, 8))
MAP = np.linspace(0, 1, 32 * 32, dtype=np.float32).reshape(32, 32)
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


def open_file(session: Session, reader: RecordedLink, image: Slice = PICTURE, frames: int = 1) -> None:
    session.cases.open_paths(["folder/a.png"])
    reader.answer(indexed("a.png", frames=frames))
    reader.answer(*frame_read(image))


def open_and_predict(session: Session, reader: RecordedLink, worker: RecordedLink) -> None:
    open_file(session, reader)
    worker.answer(predicted())


def kinds(link: RecordedLink) -> list[str]:
    return [message.kind for message, _ in link.sent]
