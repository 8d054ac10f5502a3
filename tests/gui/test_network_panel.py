"""The page of pictures of the network: what it asks the worker for, what it shows, and when it forgets it."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QFileDialog

from app.texts import network_pictures as texts
from app.window.panels.network import png_of
from core.errors import BadMap
from core.link import CancelledJob, Failed, JobProgress
from core.network.target import LogitTarget
from core.results.visualisation import ObjectiveRecord, VisualisationRecord
from core.worker.messages import PartialPicture, VisualiseDone, VisualiseRequest
from tests.gui.recorded import frame_read, indexed, predicted
from tests.gui.test_window import BRIGHT, open_image, settle

VALUES = np.linspace(0, 1, 64, dtype=np.float32).reshape(8, 8, 1)


@pytest.fixture
def window(open_window, reader):
    opened = open_window()
    settle(reader)
    opened.pages.show_network()
    QApplication.processEvents()
    return opened


def answered(worker, card, values=VALUES, name="activation_maximisation"):
    request = worker.last
    objective = request.objective.objective(card.classes)
    assert isinstance(objective, LogitTarget) or request.objective.layer
    record = VisualisationRecord(
        name=name,
        title="Activation maximisation",
        parameters=request.parameters,
        objective=ObjectiveRecord.of(objective, card.classes),
        maximised="logit of glioma",
        seed=request.seed,
        steps=3,
        score_start=-1.0,
        score_end=4.0,
        scores=(-1.0, 2.0, 4.0),
        probabilities={each: 1 / len(card.classes) for each in card.classes},
        input_range=(0.0, 1.0),
        choices={},
        forwards=1,
        gradients=4,
        seconds=0.1,
    )
    worker.answer(VisualiseDone(record=record), [values])


def start(window, qtbot):
    qtbot.mouseClick(window.network_panel.start, Qt.MouseButton.LeftButton)


def shown(window) -> QImage:
    QApplication.processEvents()
    return window.network_panel.field.grab().toImage()


def test_that_the_label_stands_there_before_and_after_a_picture_is_made(window, qtbot, worker):
    label = window.network_panel.label
    assert label.text() == "Picture of the network, not of the patient."
    assert label.isVisible()
    start(window, qtbot)
    answered(worker, window.session.network_pictures.choice.card)
    assert label.isVisible()
    assert texts.LABEL in window.network_panel.field.accessibleDescription()


def test_that_a_class_needs_no_image_and_the_request_holds_all_that_was_chosen(window, qtbot, worker):
    state = window.session.network_pictures
    assert state.can_start
    other = state.choice.card.classes[1]
    state.choice.set_objective(class_name=other)
    state.choice.set_value("steps", 7)
    window.network_panel.seed.setValue(5)
    start(window, qtbot)
    request, arrays = worker.sent[-1]
    assert isinstance(request, VisualiseRequest)
    assert request.objective.target.class_name == other
    assert (request.parameters["steps"], request.seed, len(arrays)) == (7, 5, 0)


def test_that_the_picture_grows_while_it_is_computed_and_the_score_with_it(window, qtbot, worker):
    start(window, qtbot)
    empty = shown(window)
    worker.answer(JobProgress(done=2, total=9, text=""))
    assert window.session.busy
    worker.answer(PartialPicture(scores=(-1.0, 2.0)), [VALUES])
    half = shown(window)
    assert half != empty
    assert not window.network_panel.save.isEnabled()
    answered(worker, window.session.network_pictures.choice.card, 1 - VALUES)
    assert shown(window) != half
    assert window.network_panel.course.accessibleDescription() == "−1, 4"
    assert window.network_panel.save.isEnabled()
    assert not window.session.busy


def test_that_a_cancel_ends_the_search_and_keeps_what_is_there(window, qtbot, worker):
    start(window, qtbot)
    worker.answer(PartialPicture(scores=(-1.0,)), [VALUES])
    qtbot.mouseClick(window.network_panel.cancel, Qt.MouseButton.LeftButton)
    worker.answer(CancelledJob())
    state = window.session.network_pictures
    assert not state.running
    assert state.picture is not None
    assert state.error is None
    assert state.can_start


def test_that_an_error_stands_where_the_picture_would_be(window, qtbot, worker):
    start(window, qtbot)
    worker.answer(Failed.of(BadMap("The slope is not finite.", "Choose a smaller step.")))
    assert "The slope is not finite." in window.network_panel._words.text()


def test_that_layers_are_offered_once_they_are_known_and_numbers_stay_within_them(window, reader, worker):
    state, form = window.session.network_pictures, window.network_panel.objective
    state.choice.set_objective(kind="unit")
    assert state.hint == texts.NEEDS_LAYERS
    assert not state.can_start
    open_image(window, reader, worker)
    assert [form.layer.itemText(at) for at in range(form.layer.count())] == [
        "first (16 × 16, 4 channels)",
        "last (4 × 4, 8 channels)",
    ]
    state.choice.set_objective(layer="first", channel=3, row=15)
    state.choice.set_objective(layer="last")
    assert (state.choice.objective.channel, state.choice.objective.row) == (3, 3)
    assert form.numbers["channel"].maximum() == 7
    assert state.choice.objective.record.column == 0


def test_that_a_dream_sends_what_the_network_saw_and_leaves_with_its_image(window, qtbot, reader, worker):
    state = window.session.network_pictures
    state.choice.choose("deep_dream")
    assert state.hint == texts.NEEDS_IMAGE
    window.session.cases.open_paths(["folder/a.png"])
    reader.answer(indexed("a.png"))
    reader.answer(*frame_read(BRIGHT))
    settle(reader)
    worker.answer(predicted(), [VALUES])
    state.choice.choose("deep_dream")
    start(window, qtbot)
    request, arrays = worker.sent[-1]
    assert isinstance(request, VisualiseRequest)
    np.testing.assert_array_equal(arrays[0], VALUES)
    assert request.objective.channel is None
    answered(worker, state.choice.card)
    assert state.picture is not None
    assert window.network_panel._explanation.text() == texts.OF_IMAGE
    window.session.cases.close_all()
    assert state.picture is None


def test_that_another_model_takes_the_picture_away_and_another_image_does_not(window, qtbot, reader, worker):
    state = window.session.network_pictures
    start(window, qtbot)
    answered(worker, state.choice.card)
    open_image(window, reader, worker)
    assert state.picture is not None
    other = next(card for card in window.session.prediction.cards if card is not state.choice.card)
    window.session.prediction.choose(other.id)
    assert state.picture is None
    assert state.choice.objective.class_name in other.classes


def test_that_the_saved_picture_says_what_it_is(window, qtbot, worker, monkeypatch, tmp_path):
    start(window, qtbot)
    answered(worker, window.session.network_pictures.choice.card)
    path = tmp_path / "picture.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    qtbot.mouseClick(window.network_panel.save, Qt.MouseButton.LeftButton)
    saved = QImage(str(path))
    assert saved.width() == 640
    assert saved.height() > 640  # with the caption below
    assert saved.text("Description").startswith(texts.LABEL)
    assert png_of(saved)[:4] == b"\x89PNG"


def test_that_escape_goes_back_to_the_image(window, qtbot):
    qtbot.keyPress(window.network_panel, Qt.Key.Key_Escape)
    assert window.pages.currentWidget() is window.image_panel
