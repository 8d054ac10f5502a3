"""Notices: which are shown above the image, and how they are dismissed."""

import pytest

from app.texts import reading as texts_reading
from app.window.states.notices import MOST_ERRORS, NoticesState
from app.window.states.session import Session
from core.errors import Truncated, WorkerLost
from tests.app.window.states.steps import PICTURE, SAMPLE, open_file
from tests.cards import make_card
from tests.gui.recorded import frame_read, indexed


@pytest.fixture
def full_notices(qapp) -> NoticesState:
    """Ten bad files, a lost worker among them, and a warning."""
    notices = NoticesState()
    notices.warn("misfit", ("The model was made for MR images; this one is CT.",))
    for number in range(10):
        notices.report(f"file {number}", Truncated(f"{number}.dcm ends too early."))
        if number == 2:
            notices.report("worker", WorkerLost("The model engine was stopped."), action="Start again")
    return notices


def test_that_warnings_and_offers_always_find_room_and_of_the_errors_the_newest(full_notices) -> None:
    texts = [notice.text for notice in full_notices.shown]
    assert texts == [
        "The model was made for MR images; this one is CT.",
        "The model engine was stopped.",
        *(f"{number}.dcm ends too early." for number in range(10 - MOST_ERRORS, 10)),
    ]
    assert full_notices.held_back == 10 - MOST_ERRORS


def test_that_a_dismissed_error_makes_room_for_an_earlier_one(full_notices) -> None:
    full_notices.dismiss(full_notices.shown[-1])
    assert full_notices.shown[2].text == f"{9 - MOST_ERRORS}.dcm ends too early."
    assert full_notices.held_back == 9 - MOST_ERRORS


def test_that_all_errors_can_be_dismissed_and_nothing_else_goes(full_notices) -> None:
    full_notices.dismiss_errors()
    assert [notice.topic for notice in full_notices.notices] == ["misfit", "worker"]
    assert full_notices.held_back == 0


def test_that_the_rest_is_counted() -> None:
    assert texts_reading.earlier(1) == "And 1 earlier error."
    assert texts_reading.earlier(7) == "And 7 earlier errors."


@pytest.mark.parametrize("is_blind", [False, True])
def test_that_the_note_on_a_sample_s_label_stands_above_it_unless_it_would_tell_the_class(
    worker, reader, preferences, is_blind
) -> None:
    sample = SAMPLE.model_copy(update={"title": "MRI, glioma patient", "note": "The label is the patient's."})
    session = Session(worker, reader, reader, [make_card()], [sample], preferences)
    preferences.change(look_first=is_blind)
    session.open_sample()
    reader.answer(indexed("one.png"))
    reader.answer(*frame_read(PICTURE))
    sentences = [notice.text for notice in session.notices.notices]
    assert sentences == ([] if is_blind else ["The label is the patient's."])
    open_file(session, reader)
    assert session.notices.notices == ()
