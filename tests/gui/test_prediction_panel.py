"""The Prediction panel: every probability stays whole, and a misfit is seen."""

import numpy as np
import pytest

from app.window.panels.prediction import PredictionPanel
from app.window.states.prediction import PredictionState
from app.window.states.shown import Shown, ShownState
from app.window.widgets.probability_bars import ROW
from core.images.slice import Slice
from tests.cards import make_card
from tests.gui.recorded import RecordedLink, predicted

NOTES = ("12.5 % of the image is padding: black for the model, and left out of the intensity scaling.",)


@pytest.fixture
def link(qapp):
    return RecordedLink()


@pytest.fixture
def panel(qtbot, link):
    card = make_card()
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
    assert panel.bars.height() == 3 * ROW
    labels = [label for label in panel.findChildren(type(panel._fit)) if label.isVisible()]
    assert all(label.height() >= label.heightForWidth(label.width()) for label in labels)


def test_that_a_misfit_greys_the_bars_and_withdraws_calibration(panel, link):
    answered(panel, link, predicted(calibrated=False))
    fitting = panel.bars.grab().toImage()
    assert "uncalibrated" in panel._words.text()
    answered(panel, link, predicted(calibrated=False, misfits=("One value everywhere.",)))
    assert panel.bars.grab().toImage() != fitting
    assert not panel._words.isVisible()
    assert panel._fit.text().startswith("Does not fit the model")
