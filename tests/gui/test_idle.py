"""A window in which nothing happens does nothing, so that every core is left to the computation."""

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QObject

from core.images.slice import Slice
from tests.gui.recorded import predicted

# Events that a widget sends to itself until it is laid out and drawn.
SELF_SENT = (QEvent.Type.LayoutRequest, QEvent.Type.Resize, QEvent.Type.Paint, QEvent.Type.UpdateRequest)
ROUNDS = 40


class EventCounter(QObject):
    """Counts events by the class of their receiver."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: dict[str, int] = {}

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in SELF_SENT:
            name = f"{type(watched).__name__} {event.type().name}"
            self.counts[name] = self.counts.get(name, 0) + 1
        return False


def events_of_idle_rounds(qapp) -> dict[str, int]:
    """What a window sends to itself after it has had time to settle."""
    for _ in range(ROUNDS):
        QCoreApplication.processEvents()
    counter = EventCounter()
    qapp.installEventFilter(counter)
    for _ in range(ROUNDS):
        QCoreApplication.processEvents()
    qapp.removeEventFilter(counter)
    return counter.counts


def test_that_the_window_comes_to_rest_without_an_image(qapp, open_window):
    open_window()
    assert not events_of_idle_rounds(qapp)


def test_that_the_window_comes_to_rest_after_a_prediction(qapp, open_window, worker):
    window = open_window()
    window.session.shown.show_slice(
        window.session.cases.list.samples[0],
        window.session.shown.current.position,
        Slice(np.eye(64)),
        window.session.shown.current.card,
    )
    worker.answer(predicted(), [np.zeros((32, 32, 1), np.float32)])
    assert window.session.prediction.record is not None
    assert not events_of_idle_rounds(qapp)
