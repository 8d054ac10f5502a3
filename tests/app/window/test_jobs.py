"""A job: its one end, and what it lets go of."""

import gc
import weakref
from functools import partial

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent

from core.errors import Cancelled, UnknownSubject
from core.images.slice import Slice
from core.worker.messages import PlaceDone, PlaceRequest
from tests.gui.recorded import RecordedLink

REQUEST = PlaceRequest(model="small", subject="")


class Receiver:
    """Holds nothing but its method, which is given the job, as the states do."""

    def __init__(self) -> None:
        self.ends: list[object] = []

    def on_end(self, job: object, *result: object) -> None:
        self.ends.append(result[0])


def test_that_an_ended_job_frees_its_image_although_its_receiver_is_given_the_job(qapp) -> None:
    link, receiver = RecordedLink(), Receiver()
    image = Slice(np.zeros((4, 4)))
    values = weakref.ref(image.values)
    job = link.submit(REQUEST, image=image)
    job.done.connect(partial(receiver.on_end, job))
    link.answer(PlaceDone(places={}))
    assert len(receiver.ends) == 1
    link.submit(REQUEST)  # the link remembers the last delivery
    del job, image
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    assert values() is None


def test_that_a_cancelled_job_whose_image_is_gone_ends_and_is_not_sent_again(qapp) -> None:
    link, receiver = RecordedLink(), Receiver()
    job = link.submit(REQUEST, image=Slice(np.zeros((4, 4))))
    job.failed.connect(partial(receiver.on_end, job))
    job.cancel()
    sent = len(link.sent)
    link.fail(UnknownSubject())
    assert [type(end) for end in receiver.ends] == [Cancelled]
    assert len(link.sent) == sent
