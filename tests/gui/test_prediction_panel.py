"""The Prediction panel: every probability stays whole, and a misfit is seen."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLabel, QMainWindow, QToolButton

from app.window.panels.prediction import LARGEST_SHARE, PredictionPanel
from app.window.states.background import BackgroundScheduler
from app.window.states.impressions import ImpressionsState
from app.window.states.prediction import PredictionState
from app.window.states.second_prediction import SecondPredictionState
from app.window.states.shown import Shown, ShownState
from app.window.theme import THEME
from core.images.slice import Slice
from tests.cards import make_card
from tests.gui.recorded import RecordedLink, predicted

NOTES = ("12.5 % of the image is padding: black for the model, and left out of the intensity scaling.",)


@pytest.fixture
def link(qapp):
    return RecordedLink()


WORDS = {
    "class_words": {"pituitary": "pituitary tumour"},
    "caveats": {"pituitary": "Pituitary slices look different."},
}


def make_panel(link) -> PredictionPanel:
    cards = [make_card(**WORDS), make_card(id="other", title="Other network", **WORDS)]
    shown_state = ShownState(cards[0])
    prediction = PredictionState(link, shown_state, cards)
    second = SecondPredictionState(link, prediction, BackgroundScheduler(link))
    panel = PredictionPanel(prediction, second, ImpressionsState(shown_state))
    panel.shown_for_test = shown_state
    return panel


@pytest.fixture
def panel(qtbot, qapp, link):
    THEME.apply(qapp, "dark")
    panel = make_panel(link)
    THEME.dress(panel)
    qtbot.addWidget(panel)
    panel.resize(320, 60)
    panel.show()
    return panel


def answered(panel, link, message):
    panel.shown_for_test.show(Shown(image=Slice(np.eye(8)), card=panel.shown_for_test.current.card))
    link.answer(message, [np.zeros((8, 8, 1), np.float32)])
    panel.repaint()


def test_that_no_bar_is_cut_off_however_long_the_text(panel, link):
    message = predicted(misfits=("One value everywhere.",)).model_copy(update={"input_notes": NOTES})
    answered(panel, link, message)
    bars = panel.answer.bars
    assert bars.height() == 3 * bars.row_height
    labels = [label for label in panel.findChildren(QLabel) if label.isVisible()]
    assert all(label.height() >= label.heightForWidth(label.width()) for label in labels)


def test_that_the_panel_is_as_high_as_its_content(panel, link):
    answered(panel, link, predicted())
    short = panel.maximumHeight()
    assert panel.minimumHeight() == short
    answered(panel, link, predicted().model_copy(update={"input_notes": 3 * NOTES}))
    assert panel.maximumHeight() > short


def test_that_a_long_content_takes_no_more_than_its_share_of_the_window(qtbot, link):
    panel, window = make_panel(link), QMainWindow()
    qtbot.addWidget(window)
    window.setCentralWidget(panel)
    window.resize(320, 500)
    window.show()
    answered(panel, link, predicted().model_copy(update={"input_notes": 9 * NOTES}))
    assert panel.minimumHeight() == round(LARGEST_SHARE * window.height())
    assert panel.maximumHeight() > window.height()


def test_that_a_misfit_greys_the_answer_and_withdraws_calibration(panel, link):
    answered(panel, link, predicted(calibrated=False))
    answer = panel.answer
    fitting, colour = answer.bars.grab().toImage(), answer.class_label.palette().windowText().color()
    assert "uncalibrated" in answer.calibration.text()
    answered(panel, link, predicted(calibrated=False, misfits=("One value everywhere.",)))
    assert answer.bars.grab().toImage() != fitting
    assert answer.class_label.palette().windowText().color() != colour
    assert not answer.calibration.isVisible()
    assert answer.fit.text().startswith("Does not fit the model")
    assert answer.fit.text().endswith("One value everywhere.")


def test_that_class_and_probability_are_told_in_words_before_the_bars(panel, link):
    answered(panel, link, predicted(0.1, 0.2, 0.7))
    answer = panel.answer
    assert (answer.class_label.text(), answer.probability.text()) == ("pituitary tumour", "70.0\u00a0%")
    assert answer.class_label.mapTo(panel, QPoint()).y() < answer.bars.mapTo(panel, QPoint()).y()
    assert "pituitary tumour 70.0 %, meningioma 20.0 %" in answer.bars.accessibleDescription()
    assert answer.caveat.text() == "Pituitary slices look different."
    assert answer.caveat.isVisible()
    answered(panel, link, predicted(0.1, 0.7, 0.2))
    assert not answer.caveat.isVisible()


def test_that_the_bar_of_the_predicted_class_is_neutral(panel, link):
    answered(panel, link, predicted())
    image = panel.answer.bars.grab().toImage()
    colours = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
    assert THEME.colours.text in colours
    assert not colours & {THEME.colours.accent, THEME.colours.good, THEME.colours.warning}


def compare(panel, link, message):
    """Choose the other network in the menu of the panel and let it answer."""
    menu = panel.compare.menu()
    menu.aboutToShow.emit()
    (action,) = (action for action in menu.actions() if action.text() == "Other network")
    action.trigger()
    link.answer(message)


def visible_texts(widget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]


def test_that_two_models_stand_side_by_side_with_their_own_fit_and_calibration(panel, link):
    answered(panel, link, predicted())
    bars, alone = panel.answer.bars, panel.answer.bars.row_height
    compare(panel, link, predicted(0.6, 0.3, 0.1, calibrated=False))
    assert bars.row_height > alone
    assert "meningioma 70.0 % and 30.0 %, glioma 20.0 % and 60.0 %" in bars.accessibleDescription()
    texts = visible_texts(panel)
    assert "The models disagree: meningioma and glioma." in texts
    assert "Other network: glioma 60.0\u00a0%" in texts
    uncalibrated = [text for text in texts if "uncalibrated" in text]
    assert [text.startswith("Other network: ") for text in uncalibrated] == [True]
    assert not panel.second.bars.isVisible()


def test_that_only_the_model_that_the_image_does_not_fit_is_grey(panel, link):
    answered(panel, link, predicted())
    compare(panel, link, predicted())
    fitting = panel.answer.bars.grab().toImage()
    compare_again = predicted(misfits=("One value everywhere.",))
    panel._second.choose("")
    compare(panel, link, compare_again)
    assert panel.answer.bars.grab().toImage() != fitting
    assert panel.answer.fit.objectName() == "muted"
    assert panel.second.fit.objectName() == "warning"


def test_that_without_a_second_model_nothing_of_it_is_left(panel, link):
    answered(panel, link, predicted())
    alone = panel.answer.bars.accessibleDescription(), panel.maximumHeight()
    compare(panel, link, predicted())
    assert panel.second.isVisible()
    panel.second.head.findChild(QToolButton).click()
    assert not panel.second.isVisible()
    assert (panel.answer.bars.accessibleDescription(), panel.maximumHeight()) == alone


def test_that_nothing_can_be_compared_before_there_is_a_prediction(panel, link):
    assert not panel.compare.isVisible()
    answered(panel, link, predicted())
    assert panel.compare.isVisible()
