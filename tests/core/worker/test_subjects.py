"""An image crosses the worker's pipe once, and both sides agree on which images the worker has."""

import io

import numpy as np
import pytest

from core.errors import UnknownSubject
from core.images.slice import Slice, Window
from core.link import Link
from core.models.preprocessing import Preprocessing
from core.worker import subjects
from core.worker.messages import REQUESTS, PredictRequest, SubjectMessage
from core.worker.subjects import KEPT_SUBJECTS, SubjectSender, SubjectStore

SMALL = Preprocessing(height=8, width=8)


def image_of(value: float, **facts: object) -> Slice:
    values = np.full((16, 16), value, np.float32)
    values[:8] = 0
    return Slice(values, **facts)


class Pipe:
    """A sender, and the messages that a worker would read."""

    def __init__(self) -> None:
        self._stream = io.BytesIO()
        self.sender = SubjectSender(Link(io.BytesIO(), self._stream, REQUESTS))
        self._read_to = 0

    def send(self, image: Slice, is_repeat: bool = False):
        """The frames that cross for one request about this image."""
        self.sender.send(PredictRequest(model="m"), job=3, image=image, is_repeat=is_repeat)
        data = self._stream.getvalue()[self._read_to :]
        self._read_to += len(data)
        link = Link(io.BytesIO(data), io.BytesIO(), REQUESTS)
        return list(iter(link.receive, None))


def kinds(frames) -> list[str]:
    return [frame.message.kind for frame in frames]


def test_that_an_image_crosses_before_its_first_request_and_not_again() -> None:
    pipe, image = Pipe(), image_of(1, modality="MR", unit="HU", spacing_mm=(1.0, 2.0))
    first, again = pipe.send(image), pipe.send(image)
    assert (kinds(first), kinds(again)) == (["subject", "predict"], ["predict"])
    assert first[1].message.subject == again[0].message.subject == first[0].message.digest
    assert [frame.job for frame in first] == [0, 3]
    received = first[0].message.image.slice_of(first[0].arrays)
    assert (received.modality, received.unit, received.spacing_mm) == ("MR", "HU", (1.0, 2.0))
    np.testing.assert_array_equal(received.values, image.values)


def test_that_equal_images_have_one_digest_and_every_fact_counts() -> None:
    pipe = Pipe()
    assert kinds(pipe.send(image_of(1))) == ["subject", "predict"]
    assert kinds(pipe.send(image_of(1))) == ["predict"]
    padding = np.zeros((16, 16), bool)
    different = [
        image_of(2),
        image_of(1, modality="MR"),
        image_of(1, windows=(Window(1, 2),)),
        image_of(1, inverted=True),
        image_of(1, stated_aspect=2.0),
        image_of(1, padding=padding),
        image_of(1, padding=~padding),
    ]
    assert [kinds(pipe.send(image)) for image in different] == [["subject", "predict"]] * len(different)


def test_that_a_new_array_at_the_place_of_an_old_one_is_another_image() -> None:
    pipe, digests = Pipe(), set()
    for value in range(20):
        digests.add(pipe.send(image_of(value))[-1].message.subject)
    assert len(digests) == 20


def test_that_both_sides_drop_the_same_images() -> None:
    pipe, store = Pipe(), SubjectStore()
    images = [image_of(value) for value in range(1, KEPT_SUBJECTS + 3)]
    order = [*images, images[0], images[4], *images[::-1], images[-1], images[2], images[0], images[5]]
    crossed = 0
    for image in order:
        for frame in pipe.send(image):
            if isinstance(frame.message, SubjectMessage):
                crossed += 1
                store.add(frame.message, frame.arrays)
            else:
                image_kept, _ = store.prepared(frame.message.subject, SMALL)
                assert image_kept.values.max() == image.values.max()
    assert len(images) < crossed < len(order)


def test_that_large_images_are_kept_within_the_memory_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subjects, "KEPT_BYTES", 2 * 16 * 16 * 4)
    pipe, images = Pipe(), [image_of(1), image_of(2), image_of(3)]
    sizes = [len(pipe.send(image)) for image in (*images, images[2], images[1], images[0])]
    assert sizes == [2, 2, 2, 1, 1, 2]


def test_that_an_unknown_image_is_an_error_and_a_repeat_sends_it_again() -> None:
    pipe, store, image = Pipe(), SubjectStore(), image_of(1)
    request = pipe.send(image)[1].message
    with pytest.raises(UnknownSubject):
        store.prepared(request.subject, SMALL)
    frame, repeated = pipe.send(image, is_repeat=True)
    store.add(frame.message, frame.arrays)
    assert store.prepared(repeated.message.subject, SMALL)[1].x.shape == (8, 8, 1)
    assert kinds(pipe.send(image)) == ["predict"]


def test_that_an_image_is_prepared_once_for_each_preprocessing() -> None:
    pipe, store = Pipe(), SubjectStore()
    frame, request = pipe.send(image_of(1))
    store.add(frame.message, frame.arrays)
    digest = request.message.subject
    _, subject = store.prepared(digest, SMALL)
    assert store.prepared(digest, SMALL)[1] is subject
    assert store.prepared(digest, Preprocessing(height=16, width=8))[1].x.shape == (16, 8, 1)


def test_that_arrays_that_are_not_those_of_a_slice_are_refused() -> None:
    pipe, store = Pipe(), SubjectStore()
    frame, _ = pipe.send(image_of(1))
    for wrong in ([], [np.zeros(3)], frame.arrays * 2):
        with pytest.raises(ValueError, match="slice"):
            store.add(frame.message, wrong)
