"""Two maps at full size in the window: side by side, under a curtain, and the network's input."""

from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QToolButton

from app.texts import maps as texts
from app.texts import network_input as texts_input
from app.window.states.second_view import CURTAIN_STEP, ViewLayout
from app.window.theme import REGION
from core.errors import NotFinite
from core.worker.messages import ExplainRequest
from tests.gui.pointer import move_pointer
from tests.gui.recorded import explained, predicted
from tests.gui.test_window import open_image, settle

CONTROL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton


def explain(window, worker, top: float = 1.0) -> None:
    """Press Explain and let the worker answer with a map of this highest value."""
    stop_background(worker)
    window.window_actions.by_name["explain"].trigger()
    while worker.last.method != "integrated_gradients":  # the control maps come first
        answer(worker)
    answer(worker, top)


def answer(worker, top: float = 1.0) -> None:
    request = worker.last
    assert isinstance(request, ExplainRequest)
    values = np.linspace(0, top, 225 * 225, dtype=np.float32).reshape(225, 225)
    record = {"parameters": request.parameters, "seed": request.seed, "unit": "share of the score"}
    worker.answer(explained(values, request.method, **record), [values])


def maps_of_method(window) -> list:
    """The finished maps of Integrated Gradients, without the control maps beside them."""
    return [entry for entry in window.session.maps.finished if entry.method == "integrated_gradients"]


def stop_background(worker) -> None:
    """Let what runs in the background fail, so that the worker is free."""
    for _ in range(50):
        if worker.running_job is None:
            return
        worker.fail(NotFinite("No finite values."))
    raise AssertionError("the worker is never free")


@pytest.fixture
def with_map(open_window, reader, worker):
    """A window with one map of Integrated Gradients over the image."""
    window = open_window()
    open_image(window, reader, worker)
    window.session.explain.set_checked("grad_cam", False)
    explain(window, worker)
    settle(reader)
    return window


@pytest.fixture
def with_two(with_map, worker):
    """... and a second one with other parameters."""
    window = with_map
    window.session.explain.set_values("integrated_gradients", {"steps": 24})
    explain(window, worker, 4.0)
    return window


def test_that_two_maps_of_one_method_are_compared_in_four_actions(qtbot, with_map, worker) -> None:
    window, actions = with_map, 0
    stop_background(worker)
    window.methods_panel.show_methods()
    window.methods_panel.list.show_form()
    # 1: another number of steps
    window.session.explain.focus("integrated_gradients")
    editor = window.methods_panel.list.method_form.form.field("steps").editor
    editor.setValue(24)
    actions += 1
    # 2: Explain
    window.window_actions.by_name["explain"].trigger()
    answer(worker, 4.0)
    actions += 1
    # 3: Ctrl and a click on the new map
    card = window.maps_panel.gallery.cards[maps_of_method(window)[-1].number]
    qtbot.mouseClick(card, LEFT, CONTROL, QPoint(20, 10))
    actions += 1
    assert actions <= 4
    panel = window.image_panel
    assert panel.view.isVisible()
    assert panel.second_pane.isVisible()
    assert (panel.view.height(), panel.view.width()) == pytest.approx(
        (panel.second_pane.height(), panel.second_pane.width()), abs=2
    )
    titles = [heading.accessibleName() for heading in (panel.headings.first, panel.headings.second)]
    assert titles == ["① Integrated Gradients", "② Integrated Gradients, steps 24"]
    assert all(heading.evidence.chips for heading in (panel.headings.first, panel.headings.second))
    assert window.session.image.overlay.full == window.session.image.compared.full


def test_that_the_key_compares_and_returns(qtbot, with_two) -> None:
    window = with_two
    action = window.window_actions.by_name["two_maps"]
    assert action.isEnabled()
    action.trigger()
    assert window.image_panel.second_pane.isVisible()
    assert action.isChecked()
    assert not window.window_actions.by_name["one_plane"].isChecked()
    window.window_actions.by_name["one_plane"].trigger()
    assert not window.image_panel.second_pane.isVisible()


def test_that_one_map_offers_no_comparison(with_map) -> None:
    for entry in with_map.session.maps.finished:
        if entry.method != "integrated_gradients":
            with_map.session.remove_map(entry.number)
    for name in ("two_maps", "curtain"):
        assert not with_map.window_actions.by_name[name].isEnabled()


def test_that_zooming_and_moving_one_view_does_so_in_the_other(qtbot, with_two) -> None:
    window = with_two
    window.window_actions.by_name["two_maps"].trigger()
    pane, view = window.image_panel.second_pane, window.image_panel.view
    viewport = window.session.image.viewport
    before = viewport.zoom
    centre = QPointF(pane.rect().center())
    wheel = QWheelEvent(
        centre,
        pane.mapToGlobal(centre),
        QPoint(),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        CONTROL,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    pictures = view.grab().toImage(), pane.grab().toImage()
    QApplication.sendEvent(pane, wheel)
    assert viewport.zoom > before
    assert view.grab().toImage() != pictures[0]
    assert pane.grab().toImage() != pictures[1]
    window.session.image.display.invert()
    middle = view.rect().center()
    grey = [each.grab().toImage().pixelColor(middle) for each in (view, pane)]
    assert grey[0].lightness() < 100
    assert grey[1].lightness() < 100


def test_that_a_region_is_outlined_in_both_views(with_two) -> None:
    window = with_two
    window.window_actions.by_name["two_maps"].trigger()
    pane = window.image_panel.second_pane
    before = pane.grab().toImage()
    window.session.region.draw_rectangle((60.0, 60.0), (120.0, 120.0))
    after = pane.grab().toImage()
    x, y = window.session.image.viewport.view.to_screen(59.5, 90.0)
    colours = {after.pixelColor(round(x), round(y) + down).name() for down in (-1, 0, 1)}
    assert REGION in colours
    assert REGION not in {before.pixelColor(round(x), round(y) + down).name() for down in (-1, 0, 1)}


def test_that_the_cursor_of_one_view_is_marked_in_the_other(with_two) -> None:
    window = with_two
    window.window_actions.by_name["two_maps"].trigger()
    pane = window.image_panel.second_pane
    window.session.image.set_cursor((100.0, 100.0))
    x, y = window.session.image.viewport.view.to_screen(100.0, 100.0)
    centre = pane.cursor_mark.geometry().center()
    assert pane.cursor_mark.isVisible()
    assert (centre.x(), centre.y()) == pytest.approx((x, y), abs=1)
    window.session.image.set_cursor(None)
    assert not pane.cursor_mark.isVisible()


def test_that_the_curtain_shows_each_map_on_its_side_and_is_moved_by_keys_and_mouse(qtbot, with_two) -> None:
    window = with_two
    state = window.session.second_view
    window.window_actions.by_name["curtain"].trigger()
    view, curtain = window.image_panel.view, window.image_panel.view.layers.curtain
    assert curtain.isVisible()
    assert not window.image_panel.second_pane.isVisible()
    curtain.setFocus()
    qtbot.keyClick(curtain, Qt.Key.Key_Right)
    assert state.curtain == pytest.approx(0.5 + CURTAIN_STEP)
    qtbot.keyClick(curtain, Qt.Key.Key_Home)
    only_second = view.grab().toImage()
    assert state.curtain == 0.0
    qtbot.keyClick(curtain, Qt.Key.Key_End)
    only_first = view.grab().toImage()
    middle = view.rect().center()
    # One scale for both: the first map has a quarter of the second one's values.
    assert only_first.pixelColor(middle) != only_second.pixelColor(middle)
    start = curtain.rect().center()
    qtbot.mousePress(curtain, LEFT, Qt.KeyboardModifier.NoModifier, start)
    move_pointer(curtain, start - QPoint(view.width() // 2, 0), LEFT)
    qtbot.mouseRelease(curtain, LEFT)
    assert state.curtain == pytest.approx(0.5, abs=0.05)
    bars = view.layers.bars
    assert all(bar.isVisible() for bar in bars)
    assert bars[0].geometry().right() < bars[1].geometry().left()


def test_that_both_cards_are_marked_in_words(qtbot, with_two) -> None:
    window = with_two
    first, second = (window.maps_panel.gallery.cards[entry.number] for entry in maps_of_method(window))
    second.setFocus()
    qtbot.keyClick(second, Qt.Key.Key_Return, CONTROL)
    assert window.session.second_view.layout is ViewLayout.TWO_MAPS
    assert texts.SHOWN in first.accessibleName()
    assert texts.COMPARED in second.accessibleName()
    labels = [label.text() for label in second.findChildren(QLabel) if label.isVisible()]
    assert texts.COMPARED in labels
    assert "steps 24" in labels


def test_that_what_the_network_saw_stands_beside_the_image_in_words(open_window, reader, worker) -> None:
    window = open_window()
    settle(reader)
    open_image(window, reader, worker)
    window.session.prediction.predict()
    worker.answer(predicted(), [np.linspace(0, 1, 225 * 225, dtype=np.float32).reshape(225, 225, 1)])
    window.window_actions.by_name["network_input"].trigger()
    panel = window.image_panel
    assert panel.second_pane.isVisible()
    assert panel.second_pane.accessibleName() == texts_input.TITLE
    words = " ".join(label.text() for label in panel.headings.second.findChildren(QLabel))
    assert "Resized from 256 × 256 to 225 × 225" in words
    assert texts_input.NOT_INVERTED in words


@pytest.mark.parametrize("layout", ["two_maps", "curtain"])
def test_that_nothing_is_cut_in_a_small_window(open_window, with_two, layout: str) -> None:
    window = with_two
    window.resize(1024, 640)
    window.window_actions.by_name[layout].trigger()
    QApplication.processEvents()
    for heading in (window.image_panel.headings.first, window.image_panel.headings.second):
        chips = heading.evidence.findChildren(QToolButton)
        fields = [chip.geometry() for chip in chips if chip.isVisible()]
        assert fields
        assert all(heading.evidence.rect().contains(field) for field in fields)
        assert not any(first.intersects(second) for first, second in combinations(fields, 2))


def test_that_the_colour_bars_cover_no_part_of_the_slice_side_by_side(with_two) -> None:
    window, session = with_two, with_two.session
    session.second_view.show(ViewLayout.TWO_MAPS)
    QApplication.processEvents()
    viewport = session.image.viewport
    left, _ = viewport.view.to_screen(-0.5, -0.5)
    right, _ = viewport.view.to_screen(-0.5, session.image.image.shape[1] - 0.5)
    panes = window.image_panel.view, window.image_panel.second_pane
    for pane, bar in zip(panes, (panes[0].layers.bars[0], panes[1]._bar), strict=True):
        assert bar.isVisible()
        assert 0 <= left < right <= bar.x(), pane
    session.second_view.show(ViewLayout.ONE)
    QApplication.processEvents()
    assert viewport.view.to_screen(-0.5, -0.5)[0] == pytest.approx(
        panes[0].width() - viewport.view.to_screen(-0.5, session.image.image.shape[1] - 0.5)[0]
    )
