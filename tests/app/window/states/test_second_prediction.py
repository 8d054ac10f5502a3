"""A second model beside the first: asked last, of the same slice, and told whether the two agree."""

import numpy as np
import pytest

from app.window.states.prediction import Phase
from app.window.states.session import Session
from app.window.states.shown import Shown
from core.errors import NotApplicable
from core.images.slice import Slice
from core.link import CancelledJob
from tests.app.window.states.steps import MAP, kinds, open_and_predict, open_file
from tests.cards import make_card
from tests.gui.recorded import explained, predicted


@pytest.fixture
def session(worker, reader, preferences) -> Session:
    """Two models of the same classes, one of others."""
    cards = [
        make_card(class_words={"pituitary": "pituitary tumour"}),
        make_card(id="other", title="Other", class_words={"pituitary": "pituitary tumour"}),
        make_card(id="chest", title="Chest", classes=("normal", "ill", "unclear")),
    ]
    return Session(worker, reader, reader, cards, [], preferences)


def models_asked(worker) -> list[str]:
    return [message.model for message, _ in worker.sent if message.kind == "predict"]


def test_that_no_second_model_can_be_chosen_before_there_is_a_prediction(session, reader, worker) -> None:
    second = session.second_prediction
    second.choose("other")
    assert (second.choices, second.card) == ((), None)
    open_and_predict(session, reader, worker)
    assert [card.id for card in second.choices] == ["other", "chest"]


def test_that_the_second_model_is_asked_in_the_background_about_the_same_image(
    session, reader, worker
) -> None:
    open_and_predict(session, reader, worker)
    second = session.second_prediction
    second.choose("other")
    assert models_asked(worker) == ["small", "other"]
    assert worker.running_job.is_background
    assert worker.last_delivery.image is session.shown.current.image
    assert (second.phase, second.agreement) == (Phase.WAITING, "")
    worker.answer(predicted(0.1, 0.8, 0.1))
    assert second.phase is Phase.DONE
    assert second.agreement == "Both models say meningioma."
    assert second.summary.card.id == "other"
    session.background.run_next()
    assert models_asked(worker) == ["small", "other"]


def test_that_a_disagreement_is_told_in_words(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    session.second_prediction.choose("other")
    worker.answer(predicted(0.1, 0.2, 0.7))
    assert session.second_prediction.agreement == "The models disagree: meningioma and pituitary tumour."


def test_that_the_agreement_of_models_that_the_image_does_not_fit_is_qualified(
    session, reader, worker
) -> None:
    open_and_predict(session, reader, worker)
    second = session.second_prediction
    second.choose("other")
    worker.answer(predicted(misfits=("One value everywhere.",)))
    assert second.agreement == (
        "Both models say meningioma. The image does not fit Other, so this means little."
    )
    assert (second.summary.fits, second.summary.calibration) == (False, "")
    assert session.prediction.summary.fits
    assert session.prediction.summary.calibration != ""


def test_that_models_of_other_classes_are_not_said_to_agree(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    second = session.second_prediction
    second.choose("chest")
    worker.answer(predicted())
    assert not second.has_same_classes
    assert "cannot be compared" in second.agreement


def test_that_it_makes_way_for_a_map_and_is_asked_again(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    second = session.second_prediction
    second.choose("other")
    session.explain.start(["grad_cam"])
    assert kinds(worker) == ["predict", "predict", "cancel"]
    worker.answer(CancelledJob())
    assert (kinds(worker)[-1], second.phase) == ("explain", Phase.WAITING)
    worker.answer(explained(MAP), [MAP])
    session.background.run_next()
    assert models_asked(worker) == ["small", "other", "other"]


def test_that_it_follows_the_slice(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    second = session.second_prediction
    second.choose("other")
    worker.answer(predicted())
    shown = session.shown.current
    session.shown.show_slice(shown.case, shown.position, Slice(np.eye(8)), shown.card)
    assert (second.summary, second.phase) == (None, Phase.EMPTY)
    assert second.card.id == "other"
    worker.answer(predicted())
    assert models_asked(worker) == ["small", "other", "small", "other"]
    worker.answer(predicted(0.8, 0.1, 0.1))
    assert second.summary.record.class_name == "glioma"


def test_that_a_late_answer_is_not_told_of_the_next_slice(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    second = session.second_prediction
    second.choose("other")
    session.prediction.predict()
    worker.answer(predicted(0.8, 0.1, 0.1))  # too late
    assert second.summary is None


def test_that_it_is_closed_with_the_case(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    second = session.second_prediction
    second.choose("other")
    worker.answer(predicted())
    session.shown.show(Shown(card=session.prediction.card))
    assert (second.card, second.summary, second.agreement) == (None, None, "")


@pytest.mark.parametrize("first", ["other", "chest"])
def test_that_it_ends_when_the_first_model_becomes_the_same_or_one_of_other_classes(
    session, reader, worker, first
) -> None:
    open_and_predict(session, reader, worker)
    second = session.second_prediction
    second.choose("other")
    worker.answer(predicted())
    session.prediction.choose(first)
    assert second.card is None


def test_that_a_failure_is_told_until_the_next_slice(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    second = session.second_prediction
    second.choose("other")
    worker.fail(NotApplicable("It has no answer.", "Choose another."))
    assert (second.phase, second.error.message) == (Phase.FAILED, "It has no answer.")
    session.background.run_next()
    assert models_asked(worker) == ["small", "other"]
    open_file(session, reader, Slice(np.eye(8)))
    assert second.error is None
