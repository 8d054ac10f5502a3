"""Reveal, Sanity, Agreement and the evidence beside a map, in the window with recorded links."""

from typing import get_args

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from app.texts import checks as texts_checks
from app.texts import reveal as texts_reveal
from app.window.main_window import MainWindow
from app.window.states.evidence import AnswerState, Chip
from app.window.states.tool import Tool
from app.window.theme import REGION, apply_scheme
from core.checks.contract import Finding
from core.curves.settings import CurveSettings
from core.worker.messages import CheckDone, CurvesDone, PartialFinding, PartialMap, RevealDone
from tests.app.window.states.test_reveal import PICTURES, PLACES, with_glimpses
from tests.gui.pointer import move_pointer
from tests.gui.recorded import explained, frame_read, indexed, predicted
from tests.gui.test_window import BRIGHT, drag, settle

WEIGHTS = "randomisation_cascading"
MAP = np.linspace(0, 1, 225 * 225, dtype=np.float32).reshape(225, 225)


@pytest.fixture
def window(open_window, reader, worker) -> MainWindow:
    """A window with one finished map on an image whose input is known."""
    opened = open_window()
    settle(reader)
    opened.session.cases.open_paths(["folder/a.png"])
    reader.answer(indexed("a.png"))
    reader.answer(*frame_read(BRIGHT))
    settle(reader)
    x = opened.session.prediction.card.preprocessing.apply(BRIGHT).x
    worker.answer(predicted(), [x])
    add_map(opened, worker, "grad_cam", MAP)
    return opened


def add_map(window: MainWindow, worker, method: str, values: np.ndarray) -> None:
    window.session.explain.start([method])
    worker.answer(explained(values, method), [values])
    window.session.image.set_overlay_on(True)


def test_that_the_tabs_follow_the_order_of_the_questions(window) -> None:
    titles = [window.docks.results.tabs.tabText(at) for at in range(window.docks.results.tabs.count())]
    assert titles == ["Maps", "Curves", "Reveal", "Sanity", "Agreement", "Layers"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_that_no_panel_asks_for_more_room_than_there_is(window, worker, scheme) -> None:
    apply_scheme(scheme)
    for panel in (window.reveal_panel, window.sanity_panel, window.agreement_panel, window.maps_panel):
        window.show_panel(panel)
        assert (window.width(), window.height()) == (1280, 720)
        assert window.image_panel.view.height() >= 300


def test_that_an_empty_reveal_offers_the_curves_and_starts_them(qtbot, window, worker) -> None:
    window.show_panel(window.reveal_panel)
    assert any(
        label.text() == texts_reveal.REVEAL_NEEDS_CURVES for label in window.reveal_panel.findChildren(QLabel)
    )
    qtbot.mouseClick(window.reveal_panel.offer, Qt.MouseButton.LeftButton)
    assert worker.last.kind == "curves"
    assert window.curves_panel.isVisible()


def test_that_the_strip_shows_the_pictures_and_shares_its_cursor_with_the_plots(
    qtbot, window, worker
) -> None:
    window.session.curves.start()
    worker.answer(CurvesDone(curves=with_glimpses(), seconds=1.0))
    window.show_panel(window.curves_panel)
    plot = window.curves_panel.plots["sic"]
    plot.pinned.emit(0.62)
    window.show_panel(window.reveal_panel)
    assert worker.last.kind == "reveal"
    worker.answer(RevealDone(x=PLACES), [PICTURES])
    strip = window.reveal_panel.strip
    assert (strip.count(), strip.currentRow()) == (4, 2)
    assert strip.item(2).text().splitlines()[:2] == ["50 %", "✓ glioma"]
    assert strip.item(3).icon().pixmap(16, 16).toImage().pixelColor(8, 8).red() == 3
    strip.setFocus()
    qtbot.keyClick(strip, Qt.Key.Key_Left)
    assert window.session.curves.cursor == PLACES[1]


def test_that_from_the_protocol_pair_there_is_one_order_only(window, worker) -> None:
    window.session.curves.set_protocol("pair")
    window.session.curves.start()
    pair = CurveSettings.model_validate({"protocol": "pair"})
    pair_curves = with_glimpses().model_copy(update={"settings": pair})
    worker.answer(CurvesDone(curves=pair_curves, seconds=1.0))
    window.show_panel(window.reveal_panel)
    assert window.session.reveal.directions == ("top",)
    assert (worker.last.kind, worker.last.settings.protocol) == ("reveal", "pair")


def test_that_the_matrix_has_a_number_and_a_colour_and_shows_both_maps(qtbot, window, worker) -> None:
    add_map(window, worker, "integrated_gradients", -MAP)
    add_map(window, worker, "gradient", np.zeros_like(MAP))
    window.show_panel(window.agreement_panel)
    qtbot.waitUntil(lambda: not window.session.agreement._timer.isActive())
    table, panel = window.agreement_panel.table, window.agreement_panel
    assert table.item(0, 1).text() == table.item(1, 0).text() == "−1.00"
    assert table.item(0, 1).background().color().alphaF() > 0.5
    hatched = table.item(0, 2)
    assert (hatched.text(), hatched.background().style()) == ("", Qt.BrushStyle.BDiagPattern)
    assert "cannot be compared" in hatched.toolTip()
    table.setCurrentCell(1, 0)
    assert "contradict each other" in panel.words.text()
    assert panel.pair.accessibleDescription() == "2  Integrated Gradients, 1  Grad-CAM"


def test_that_a_check_is_started_filled_and_stopped_in_its_row(qtbot, window, worker) -> None:
    window.show_panel(window.sanity_panel)
    line = window.sanity_panel.lines[WEIGHTS]
    qtbot.mouseClick(line.button, Qt.MouseButton.LeftButton)
    assert (worker.last.kind, worker.last.check, line.button.text()) == ("check", WEIGHTS, texts_checks.STOP)
    steps = tuple({"layer": name, "layers": 1.0, "spearman_abs": 0.5} for name in ("top", "first"))
    finding = Finding(
        metric=WEIGHTS,
        values={"spearman_abs": 0.1},
        answer="yes",
        sentence="The map depends on the trained weights.",
        parameters={},
        steps=steps,
    )
    worker.answer(PartialMap(signed=False), [MAP])
    worker.answer(PartialFinding(finding=finding.model_copy(update={"answer": None})))
    before = window.sanity_panel.strip.grab().toImage()
    worker.answer(PartialMap(signed=False), [MAP[::-1]])
    worker.answer(CheckDone(finding=finding))
    assert window.sanity_panel.strip.grab().toImage() != before
    assert (line.answer.text(), line.button.text()) == ("✓ yes, 0.10", texts_checks.CHECK_AGAIN)
    assert window.sanity_panel.sentence.text() == "The map depends on the trained weights."
    qtbot.mouseClick(line.button, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(line.button, Qt.MouseButton.LeftButton)
    assert worker.last.kind == "cancel"


def test_that_an_unknown_chip_is_checked_by_a_click_on_card_and_image(qtbot, window, worker) -> None:
    (card,) = window.maps_panel.gallery.cards.values()
    band = window.image_panel.evidence
    assert band.sentence.text() == "Grad-CAM, meningioma."
    for chips, words in ((card.evidence.chips, "○ training"), (band.strip.chips, "○ trained weights?")):
        assert chips["weights"].text() == words
        assert "Not checked yet. Click to check." in chips["weights"].toolTip()
        assert chips["weights"].accessibleName().startswith("Grad-CAM: ○ trained weights?")
    qtbot.mouseClick(card.evidence.chips["weights"], Qt.MouseButton.LeftButton)
    assert worker.last.check == WEIGHTS
    finding = Finding(
        metric=WEIGHTS, values={"spearman_abs": 0.9}, answer="no", sentence="It hardly does.", parameters={}
    )
    worker.answer(CheckDone(finding=finding))
    chip = card.evidence.chips["weights"]
    assert (chip.text(), chip.toolTip()) == ("✗ training", "✗ ignores the weights\nIt hardly does.")
    # What is answered stands in the sentence, what is not can be asked for.
    assert band.sentence.text() == "Grad-CAM, meningioma. Depends on training: no."
    assert list(band.strip.chips) == ["random", "repeatable"]
    qtbot.mouseClick(band.strip.chips["random"], Qt.MouseButton.LeftButton)
    assert worker.last.kind == "curves"
    assert band.sentence.text().endswith("Better than random: being checked.")


def test_that_the_band_lies_above_the_image_and_leads_to_the_details(qtbot, window) -> None:
    band, view = window.image_panel.evidence, window.image_panel.view
    bottom = band.mapTo(window, band.rect().bottomLeft()).y()
    assert band.isVisible()
    assert bottom <= view.mapTo(window, view.rect().topLeft()).y()
    details = next(b for b in band.findChildren(QPushButton) if b.text() == "Details")
    qtbot.mouseClick(details, Qt.MouseButton.LeftButton)
    assert window.sanity_panel.isVisible()


def test_that_a_box_is_drawn_outlined_described_and_undone(qtbot, window) -> None:
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    before = window.session.image.display.window
    drag(qtbot, window, Qt.MouseButton.LeftButton, QPoint(60, 40), both)
    mask = window.session.region.mask
    assert window.session.image.display.window == before
    rows, columns = np.argwhere(mask).min(axis=0), np.argwhere(mask).max(axis=0)
    start = window.session.image.viewport.view.to_screen(*rows)
    view = window.image_panel.view
    assert start == pytest.approx((view.rect().center().x(), view.rect().center().y()), abs=2)
    assert (columns - rows).tolist() == pytest.approx(
        [40 / window.session.image.viewport.zoom, 60 / window.session.image.viewport.zoom], abs=2
    )
    assert view.region_words.inside.endswith("of the image.")
    painted, across = view.grab().toImage(), round(start[0]) + 20
    near = range(round(start[1]) - 5, round(start[1]) + 3)
    assert REGION in {painted.pixelColor(across, row).name() for row in near}
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (window.session.region.mask, view.region_words.inside) == (None, "")


def test_that_a_drag_draws_freehand_with_the_region_tool(qtbot, window) -> None:
    qtbot.keyClick(window, Qt.Key.Key_D)
    assert window.window_actions.by_name["draw_region"].isChecked()
    view = window.image_panel.view
    start = view.rect().center()
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    for step in (QPoint(40, 0), QPoint(40, 40), QPoint(0, 40)):
        move_pointer(view, start + step, Qt.MouseButton.LeftButton)
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    side = 40 / window.session.image.viewport.zoom
    assert window.session.region.mask.sum() == pytest.approx(side**2, rel=0.1)
    assert window.session.tool.active is Tool.REGION  # as every tool, until another one is chosen


def test_that_a_region_is_passed_to_the_checks_that_require_one(window, worker) -> None:
    window.session.region.draw_rectangle((40, 40), (99, 139))
    number = window.session.maps.finished[0].number
    band = window.image_panel.evidence
    assert band.strip.chips["region"].text() == "○ inside region?"
    window.session.evidence.ask(number, "region")
    request, arrays = worker.sent[-1]
    assert (request.check, arrays[1].dtype, int(arrays[1].sum())) == ("energy_inside", bool, 60 * 100)
    finding = Finding(
        metric="energy_inside",
        values={"share": 0.38, "area": 0.06, "density": 6.3},
        answer="yes",
        sentence="38 % inside.",
        parameters={},
    )
    worker.answer(CheckDone(finding=finding))
    (card,) = window.maps_panel.gallery.cards.values()
    chip = card.evidence.chips["region"]
    assert (chip.text(), chip.toolTip()) == ("✓ region", "✓ 38 % in the region\n38 % inside.")
    assert "In the region: yes, 38 %." in band.sentence.text()
    window.session.region.clear()
    assert "region" not in card.evidence.chips
    assert "region" not in band.sentence.text()


@pytest.mark.parametrize("state", get_args(AnswerState))
def test_that_the_four_chips_of_a_card_stand_in_one_row(window, state) -> None:
    (card,) = window.maps_panel.gallery.cards.values()
    questions = ("random", "weights", "repeatable", "complete")
    card.show_evidence(tuple(Chip(question, state, "words", "tip") for question in questions))
    QApplication.processEvents()
    chips = card.evidence.chips.values()
    assert len({chip.y() for chip in chips}) == 1
    assert max(chip.geometry().right() for chip in chips) <= card.evidence.width()
    assert all(chip.width() >= chip.sizeHint().width() for chip in chips)
