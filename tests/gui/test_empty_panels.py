"""Panels without results: one sentence in each state, and the step that helps."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from app.texts import agreement as texts_agreement
from app.texts import checks as texts_checks
from app.texts import curves as texts_curves
from app.texts import maps as texts_maps
from app.texts import prediction as texts_prediction
from app.texts import reveal as texts_reveal
from app.window import main_window, models_folder
from app.window.main_window import MainWindow
from app.window.widgets.explain_button import ExplainButton
from core.errors import NotFinite
from core.worker.messages import CurvesDone
from tests.app.window.states.test_reveal import with_glimpses
from tests.gui.recorded import explained
from tests.gui.test_window import open_image

MAP = np.linspace(0, 1, 32 * 32, dtype=np.float32).reshape(32, 32)
SENTENCES = {
    "maps_panel": texts_maps.MAPS_EMPTY,
    "sanity_panel": texts_checks.SANITY_NEEDS_MAPS,
    "agreement_panel": texts_agreement.AGREEMENT_NEEDS_MAPS,
}


def shown_sentence(window: MainWindow, name: str) -> str:
    panel = getattr(window, name)
    window.show_panel(panel)
    QApplication.processEvents()
    assert panel.pages.sentence.isVisible()
    return panel.pages.sentence.text()


def explain_button(window: MainWindow, name: str) -> QPushButton:
    return getattr(window, name).findChild(ExplainButton)


@pytest.mark.parametrize("name", SENTENCES)
def test_that_an_empty_panel_offers_to_explain_as_soon_as_that_is_possible(
    qtbot, open_window, reader, worker, name
) -> None:
    window = open_window()
    assert shown_sentence(window, name) == SENTENCES[name]
    button = explain_button(window, name)
    assert (button.isVisible(), button.isEnabled()) == (True, False)
    assert button.toolTip() == "Open an image first."
    open_image(window, reader, worker)
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert worker.last.kind == "explain"


@pytest.mark.parametrize("name", ["sanity_panel", "agreement_panel"])
def test_that_a_panel_says_that_its_maps_are_computed_and_what_it_needs_when_they_fail(
    open_window, reader, worker, name
) -> None:
    window = open_window()
    open_image(window, reader, worker)
    window.session.explain.start(["grad_cam"])
    assert shown_sentence(window, name) == texts_maps.MAPS_RUNNING
    assert not explain_button(window, name).isEnabled()
    worker.fail(NotFinite("No finite values."))
    assert shown_sentence(window, name) == SENTENCES[name]
    assert explain_button(window, name).isEnabled()
    (card,) = window.maps_panel.gallery.cards.values()
    assert card._status.text() == "No finite values."


def test_that_a_cancelled_map_leaves_the_offer(open_window, reader, worker) -> None:
    window = open_window()
    open_image(window, reader, worker)
    window.session.explain.start(["grad_cam"])
    window.session.cancel()
    worker.die()
    assert shown_sentence(window, "sanity_panel") == texts_checks.SANITY_NEEDS_MAPS


def test_that_curves_and_revealed_images_say_what_they_wait_for(open_window, reader, worker) -> None:
    window = open_window()
    reveal, curves, session = window.reveal_panel, window.curves_panel, window.session
    window.show_panel(curves)
    assert curves._pages.sentence.text() == texts_curves.CURVES_NEED_MAPS
    open_image(window, reader, worker)
    session.preferences.change(background_checks=False)
    session.explain.start(["grad_cam"])
    assert curves._pages.sentence.text() == texts_maps.MAPS_RUNNING
    worker.answer(explained(MAP), [MAP])
    window.show_panel(reveal)
    assert (reveal._empty.text(), reveal.offer.isVisible()) == (texts_reveal.REVEAL_NEEDS_CURVES, True)
    session.curves.start()
    assert (reveal._empty.text(), reveal.offer.isVisible()) == (texts_curves.CURVES_RUNNING, False)
    assert curves._pages.sentence.text() == texts_curves.CURVES_RUNNING
    worker.fail(NotFinite("No finite values."))
    assert curves._pages.sentence.text() == "No finite values."
    assert curves._start.isEnabled()
    assert reveal.offer.isVisible()
    session.curves.start()
    worker.answer(CurvesDone(curves=with_glimpses(), seconds=1.0))
    assert reveal._pages.currentIndex() == 1


def test_that_a_window_without_a_model_says_so_in_prediction_and_model_page(
    open_window, monkeypatch, tmp_path
) -> None:
    monkeypatch.setattr(main_window, "installed_cards", lambda: ([], []))
    window = open_window()
    assert window.prediction_panel._words.text() == texts_prediction.NO_MODEL
    opened = []
    monkeypatch.setattr(models_folder, "model_folders", lambda: [Path("/program"), tmp_path / "models"])
    monkeypatch.setattr(models_folder.QDesktopServices, "openUrl", opened.append)
    window.prediction_panel.models_folder.click()
    assert [Path(url.toLocalFile()) for url in opened] == [tmp_path / "models"]
    assert (tmp_path / "models").is_dir()
    window.pages.show_model()
    assert window.model_panel.isVisible()
    labels = window.model_panel.findChildren(QLabel)
    assert texts_prediction.NO_MODEL in {label.text() for label in labels}


def test_that_a_failed_prediction_is_asked_for_again_where_it_failed(
    qtbot, open_window, reader, worker
) -> None:
    window = open_window()
    open_image(window, reader, worker)
    window.session.prediction.predict()
    worker.fail(NotFinite("No finite values."))
    panel = window.prediction_panel
    assert (panel._error.text(), panel._again.isVisible()) == ("No finite values.", True)
    qtbot.mouseClick(panel._again, Qt.MouseButton.LeftButton)
    assert worker.last.kind == "predict"
    assert not panel._again.isVisible()


def test_that_no_word_of_a_row_of_checks_is_cut(open_window, reader, worker) -> None:
    window = open_window()
    open_image(window, reader, worker)
    window.session.explain.start(["grad_cam"])
    worker.answer(explained(MAP), [MAP])
    window.show_panel(window.sanity_panel)
    QApplication.processEvents()
    for line in window.sanity_panel.lines.values():
        for part in (line.title, line.answer, line.button):
            assert part.width() >= part.sizeHint().width() or part is line.button
        right = line.button.mapTo(window.sanity_panel, line.button.rect().topRight()).x()
        area = line.button.parentWidget().parentWidget()  # what can be seen of the rows
        assert right <= area.mapTo(window.sanity_panel, area.rect().topRight()).x()
