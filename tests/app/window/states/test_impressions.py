"""Look first: nothing of the model before the impression, then prediction, map and decision with times."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from app.window.states.activity import activity_of
from app.window.states.impressions import ImpressionsState, LookFirstStep
from app.window.states.session import Session
from core.images.slice import Slice
from core.results.look_first import LookFirstRecord
from tests.app.window.states.steps import (
    MAP,
    PICTURE,
    SAMPLE,
    answer_control_maps,
    kinds,
    open_and_predict,
    open_file,
)
from tests.cards import make_card
from tests.gui.recorded import explained, frame_read, indexed, predicted

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


class Clock:
    """Each time that it is asked, a minute has passed."""

    def __init__(self) -> None:
        self.minutes = -1

    def __call__(self) -> datetime:
        self.minutes += 1
        return START + timedelta(minutes=self.minutes)


@pytest.fixture
def impressions(session) -> ImpressionsState:
    """Of a session in which cases are looked at first."""
    session.impressions._now = Clock()
    session.preferences.change(look_first=True)
    return session.impressions


def test_that_nothing_is_computed_before_the_impression(session, reader, worker, impressions) -> None:
    open_file(session, reader)
    assert kinds(worker) == []
    assert impressions.step is LookFirstStep.IMPRESSION
    session.background.run_next()
    session.start_explaining()
    session.highest_slice.find()
    session.second_prediction.choose("other")
    session.occluder.move(3.5, 3.5)
    assert kinds(worker) == []
    assert session.explain.targets == ()
    assert (activity_of(session), session.notices.notices) == (("", None), ())


def test_that_the_answers_are_the_classes_something_else_and_unsure(worker, reader, preferences) -> None:
    card = make_card(class_words={"pituitary": "pituitary tumour"})
    session = Session(worker, reader, reader, [card], [], preferences)
    session.preferences.change(look_first=True)
    open_file(session, reader)
    assert session.impressions.answers == (
        ("glioma", "glioma"),
        ("meningioma", "meningioma"),
        ("pituitary", "pituitary tumour"),
        ("other", "something else"),
        ("unsure", "not sure"),
    )


def test_that_impression_prediction_map_and_decision_are_kept_with_their_times(
    session, reader, worker, impressions
) -> None:
    open_file(session, reader)
    impressions.state_impression("glioma", "high")
    assert kinds(worker) == ["predict"]
    assert impressions.step is LookFirstStep.PREDICTION
    worker.answer(predicted())
    assert impressions.step is LookFirstStep.DECISION
    session.explain.set_checked("integrated_gradients", False)
    session.start_explaining()
    answer_control_maps(worker)
    worker.answer(explained(MAP), [MAP])
    session.show_map(session.maps.finished[-1].number)
    impressions.decide("accept", note=" as seen before ")
    record = impressions.record
    assert (record.model, record.classes) == ("small", ("glioma", "meningioma", "pituitary"))
    assert (record.impression.answer, record.impression.confidence) == ("glioma", "high")
    assert (record.prediction.class_name, record.prediction.probability) == ("meningioma", 0.7)
    assert record.map.title == "Grad-CAM"
    decision = record.decision
    assert (decision.choice, decision.answer, decision.note) == ("accept", "meningioma", "as seen before")
    times = [record.opened_at, record.impression.at, record.prediction.at, record.map.at, decision.at]
    assert times == [START + timedelta(minutes=minute) for minute in range(5)]
    assert LookFirstRecord.model_validate_json(record.model_dump_json()) == record


@pytest.mark.parametrize(
    ("choice", "answer"), [("accept", "meningioma"), ("amend", "other"), ("reject", "glioma")]
)
def test_that_a_decision_names_the_answer_that_holds_in_the_end(
    session, reader, worker, impressions, choice, answer
) -> None:
    open_file(session, reader)
    impressions.state_impression("glioma")
    worker.answer(predicted())
    impressions.decide(choice, "other")
    assert impressions.record.decision.answer == answer


def test_that_there_is_no_decision_before_the_prediction(session, reader, worker, impressions) -> None:
    open_file(session, reader)
    impressions.decide("accept")
    impressions.state_impression("glioma")
    impressions.decide("accept")
    assert impressions.record.decision is None


def test_that_a_stated_impression_cannot_be_changed_after_the_prediction(
    session, reader, worker, impressions
) -> None:
    open_file(session, reader)
    impressions.state_impression("glioma")
    worker.answer(predicted())
    impressions.state_impression("meningioma")
    assert impressions.record.impression.answer == "glioma"


def test_that_another_slice_of_the_case_asks_for_no_second_impression(
    session, reader, worker, impressions
) -> None:
    open_file(session, reader, frames=3)
    impressions.state_impression("glioma")
    worker.answer(predicted())
    shown = session.shown.current
    session.shown.show_slice(shown.case, shown.position, Slice(np.eye(8)), shown.card)
    assert kinds(worker) == ["predict", "predict"]


def test_that_another_model_tells_nothing_before_the_impression_either(
    session, reader, worker, impressions
) -> None:
    open_file(session, reader)
    session.prediction.choose("other")
    assert kinds(worker) == []
    assert impressions.record.model == "other"


def test_that_what_was_predicted_before_stays_when_the_mode_is_switched_on(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    session.preferences.change(look_first=True)
    assert session.impressions.step is LookFirstStep.NONE
    assert session.prediction.class_name == "meningioma"


def test_that_a_prediction_on_its_way_is_withdrawn_when_the_mode_is_switched_on(
    session, reader, worker
) -> None:
    open_file(session, reader)
    session.preferences.change(look_first=True)
    assert kinds(worker) == ["predict", "cancel"]
    worker.answer(predicted())  # too late
    assert session.prediction.record is None
    assert session.impressions.step is LookFirstStep.IMPRESSION


def test_that_switching_the_mode_off_releases_the_prediction(session, reader, worker, impressions) -> None:
    open_file(session, reader)
    session.preferences.change(look_first=False)
    assert kinds(worker) == ["predict"]
    assert impressions.step is LookFirstStep.NONE


def test_that_nothing_of_the_case_before_is_left_over(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    session.explain.start(["grad_cam"])
    worker.answer(explained(MAP), [MAP])
    session.show_map(session.maps.finished[0].number)
    session.preferences.change(look_first=True)
    session.cases.open_paths(["folder/b.png"])
    reader.answer(indexed("b.png"))
    reader.answer(*frame_read(Slice(np.eye(8))))
    assert session.impressions.step is LookFirstStep.IMPRESSION
    assert (session.prediction.summary, session.explain.targets) == (None, ())
    assert (session.image.overlay, session.maps.finished) == (None, ())
    assert session.evidence.shown == ()


def test_that_a_sample_is_explained_only_after_its_impression(with_sample, reader, worker) -> None:
    session = with_sample
    session.preferences.change(look_first=True)
    session.open_sample()
    reader.answer(indexed("one.png"))
    reader.answer(*frame_read(PICTURE))
    assert kinds(worker) == []
    session.impressions.state_impression("unsure")
    worker.answer(predicted())
    answer_control_maps(worker)
    assert kinds(worker) == ["predict", *["explain"] * 3]
    assert worker.last.method == "grad_cam"


def test_that_the_title_of_a_sample_does_not_tell_its_class(worker, reader, preferences) -> None:
    sample = SAMPLE.model_copy(update={"title": "Brain MRI, glioma"})
    session = Session(worker, reader, reader, [make_card()], [sample], preferences)
    session.preferences.change(look_first=True)
    assert [case.title for case in session.cases.list.samples] == ["Brain MRI, sample 1"]
    session.open_sample()
    reader.answer(indexed("one.png"))
    reader.answer(*frame_read(PICTURE))
    assert session.image.case_title == "Brain MRI, sample 1"
    session.preferences.change(look_first=False)
    assert [case.title for case in session.cases.list.samples] == ["Brain MRI, glioma"]


def test_that_a_closed_case_takes_its_record_with_it(session, reader, worker, impressions) -> None:
    open_file(session, reader)
    impressions.state_impression("glioma")
    session.cases.close_all()
    assert (impressions.records, impressions.step) == ({}, LookFirstStep.NONE)
    open_file(session, reader)
    assert impressions.step is LookFirstStep.IMPRESSION


def test_that_switching_the_mode_off_computes_nothing_again(session, reader, worker) -> None:
    open_file(session, reader)
    worker.answer(predicted())
    session.explain.choose_target(1)
    for is_on in (True, False):
        session.preferences.change(look_first=is_on)
    assert kinds(worker).count("predict") == 1
    assert session.explain.target_at == 1


def test_that_the_prediction_that_was_held_back_comes_when_the_mode_is_switched_off(
    session, reader, worker
) -> None:
    session.preferences.change(look_first=True)
    open_file(session, reader)
    assert "predict" not in kinds(worker)
    session.preferences.change(look_first=False)
    assert kinds(worker).count("predict") == 1


def test_that_a_decision_is_about_the_prediction_of_the_shown_slice(
    session, reader, worker, impressions
) -> None:
    open_file(session, reader, frames=3)
    impressions.state_impression("glioma")
    worker.answer(predicted(0.2, 0.7, 0.1))
    shown = session.shown.current
    session.shown.show_slice(shown.case, shown.position, Slice(np.eye(8)), shown.card)
    assert impressions.step is LookFirstStep.PREDICTION
    impressions.decide("accept")
    assert impressions.record.decision is None  # no prediction of this slice is visible yet
    worker.answer(predicted(0.1, 0.1, 0.8))
    impressions.decide("accept")
    record = impressions.record
    assert (record.prediction.class_name, record.prediction.probability) == ("meningioma", 0.7)
    decision = record.decision
    assert (decision.answer, decision.prediction.class_name) == ("pituitary", "pituitary")
    assert decision.prediction.probability == 0.8


def test_that_a_decision_names_the_model_whose_prediction_it_is_about(
    session, reader, worker, impressions
) -> None:
    open_file(session, reader)
    impressions.state_impression("glioma")
    worker.answer(predicted(0.2, 0.7, 0.1))
    session.prediction.choose("other")
    impressions.decide("accept")
    assert impressions.record.decision is None
    worker.answer(predicted(0.8, 0.1, 0.1))
    impressions.decide("accept")
    record = impressions.record
    assert (record.model, record.prediction.model) == ("small", "small")
    assert (record.decision.prediction.model, record.decision.answer) == ("other", "glioma")


def test_that_the_answers_are_those_of_the_model_that_is_selected(worker, reader, preferences) -> None:
    chest = make_card(id="chest", classes=("normal", "covid19"), class_words={"covid19": "COVID-19"})
    brain = make_card(class_words={"pituitary": "pituitary tumour"})
    session = Session(worker, reader, reader, [brain, chest], [], preferences)
    preferences.change(look_first=True)
    impressions = session.impressions
    open_file(session, reader)
    session.prediction.choose("chest")
    assert [words for _, words in impressions.answers[:2]] == ["normal", "COVID-19"]
    assert (impressions.record.model, impressions.record.classes) == ("chest", ("normal", "covid19"))
    impressions.state_impression("glioma")
    assert impressions.record.impression is None  # no answer to what is asked now
    session.prediction.choose("small")
    impressions.state_impression("pituitary")
    worker.answer(predicted())
    session.prediction.choose("chest")
    worker.answer(predicted())
    assert impressions.record.classes == ("glioma", "meningioma", "pituitary")
    assert impressions.words[impressions.record.impression.answer] == "pituitary tumour"
    assert [name for name, _ in impressions.answers[:2]] == ["normal", "covid19"]


def test_that_a_changed_setting_takes_effect_at_once_and_another_setting_leaves_the_mode(
    session, reader, worker
) -> None:
    session.preferences.change(look_first=True)
    session.preferences.change(cine_rate=4)
    assert session.impressions.is_on
    open_file(session, reader)
    assert session.impressions.step is LookFirstStep.IMPRESSION
    session.preferences.change(look_first=False)
    assert (session.impressions.is_on, kinds(worker)) == (False, ["predict"])
