"""The place of the open image in the embedding: requested while it is shown, never for another image."""

import numpy as np
import pytest

from app.texts import model as words
from app.window.states.activity import activity_of
from app.window.states.placing import PlacingState
from core.errors import NotApplicable
from core.link import CancelledJob
from core.worker.messages import PlaceDone, PlaceRequest
from tests.app.window.states.steps import MAP, kinds, open_file
from tests.gui.recorded import explained, predicted

X = np.zeros((32, 32, 1), np.float32)
ANSWER = PlaceDone(places={"embedding_pca": (0.25, 0.75)})


@pytest.fixture
def placing(session) -> PlacingState:
    return session.placing


def test_that_nothing_is_requested_before_the_view_is_shown_and_then_once(
    session, reader, worker, placing
) -> None:
    open_file(session, reader)
    worker.answer(predicted(), [X])
    assert kinds(worker) == ["predict"]
    placing.set_active(True)
    placing.set_active(True)
    assert kinds(worker) == ["predict", "place"]
    message, arrays = worker.sent[-1]
    assert isinstance(message, PlaceRequest)
    assert message.model == "small"
    assert arrays == ()
    assert worker.last_delivery.image is session.shown.current.image
    assert (placing.running, activity_of(session)) == (True, (words.PLACING, None))
    worker.answer(ANSWER)
    assert (placing.running, placing.places) == (False, {"embedding_pca": (0.25, 0.75)})
    placing.set_active(False)
    placing.set_active(True)
    assert kinds(worker) == ["predict", "place"]


def test_that_another_model_is_queried_again_and_the_old_place_is_dropped(
    session, reader, worker, placing
) -> None:
    placing.set_active(True)
    open_file(session, reader)
    worker.answer(predicted(), [X])
    worker.answer(ANSWER)
    session.prediction.choose("other")
    assert (placing.places, placing.running) == ({}, False)
    worker.answer(predicted(), [X + 1])
    assert isinstance(worker.last, PlaceRequest)
    assert worker.last.model == "other"


def test_that_a_pending_place_is_not_reported_for_the_next_image(session, reader, worker, placing) -> None:
    placing.set_active(True)
    open_file(session, reader)
    worker.answer(predicted(), [X])
    session.prediction.predict()
    assert not placing.running
    assert kinds(worker)[-1] == "cancel"
    worker.answer(ANSWER)  # too late
    assert placing.places == {}
    worker.answer(predicted(), [X])
    assert kinds(worker)[-1] == "place"


def test_that_a_failure_is_kept_until_the_next_image(session, reader, worker, placing) -> None:
    placing.set_active(True)
    open_file(session, reader)
    worker.answer(predicted(), [X])
    worker.fail(NotApplicable("small has no images to place this one among."))
    assert placing.error is not None
    assert placing.error.message.startswith("small has no images")
    session.prediction.predict()
    assert placing.error is None


def test_that_placing_yields_to_a_map_and_is_requested_again(session, reader, worker, placing) -> None:
    placing.set_active(True)
    open_file(session, reader)
    worker.answer(predicted(), [X])
    session.explain.start(["grad_cam"])
    assert kinds(worker) == ["predict", "place", "cancel"]
    worker.answer(CancelledJob())
    assert (kinds(worker)[-1], placing.running, placing.error) == ("explain", False, None)
    worker.answer(explained(MAP), [MAP])
    session.background.run_next()
    assert kinds(worker)[-1] == "place"
    worker.answer(ANSWER)
    assert placing.places == {"embedding_pca": (0.25, 0.75)}
