"""The Prediction panel: every probability stays whole, and a misfit is seen."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLabel, QMainWindow

from app.window.panels.prediction import LARGEST_SHARE, PredictionPanel
from app.window.states.prediction import PredictionState
from app.window.states.shown import Shown, ShownState
from app.window.theme import THEME
from core.images.slice import Slice
from tests.cards import make_card
from tests.gui.recorded import RecordedLink, predicted

NOTES = ("12.5 % of the image is padding: black for the model, and left out of the intensity scaling.",)


@pytest.fixture
def link(qapp):
    return RecordedLink()


@pytest.fixture
def panel(qtbot, qapp, link):
    THEME.apply(qapp, "dark")
    card = make_card(
        class_words={"pituitary": "pituitary tumour"},
        caveats={"pituitary": "Pituitary slices look different."},
    )
    shown_state = ShownState(card)
    panel = PredictionPanel(PredictionState(link, shown_state, [card]))
    panel.shown_for_test = shown_state
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
    card = make_card()
    shown_state, window = ShownState(card), QMainWindow()
    qtbot.addWidget(window)
    panel = PredictionPanel(PredictionState(link, shown_state, [card]))
    window.setCentralWidget(panel)
    window.resize(320, 500)
    window.show()
    panel.shown_for_test = shown_state
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
    colours = {
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    }
    assert THEME.colours.text in colours
    assert not colours & {THEME.colours.accent, THEME.colours.good, THEME.colours.warning}
