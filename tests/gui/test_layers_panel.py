"""The panel Layers: computed while it is seen, clicks and keys that ask for maps, names for all controls."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox

from app.texts import layers as texts
from core.methods.activation.unit_ranking import UnitRanking
from core.worker.messages import ExplainRequest, LayersDone, UnitsDone
from tests.gui.recorded import LAYERS
from tests.gui.test_window import open_image

FINE, LAST = LAYERS
CONTRIBUTIONS = np.array([0.5, -2.0, 3.0, 0.0, 0.5, 1.0, -1.0, 0.25])


@pytest.fixture
def window(open_window):
    return open_window()


def answer_all(window, worker) -> None:
    """Answer questions about layers and units until there are none."""
    window.session.background.run_next()
    while worker.running_job is not None and worker.last.kind in ("layers", "units"):
        if worker.last.kind == "layers":
            (layer,) = [layer for layer in LAYERS if layer.name in worker.last.layers]
            worker.answer(LayersDone(layers=(layer,)), [np.ones(layer.grid, np.float32)])
        else:
            units = worker.last.units or UnitRanking(LAST, CONTRIBUTIONS).order
            maps = np.ones((len(units), *LAST.grid), np.float32)
            worker.answer(UnitsDone(layer=LAST, units=units), [CONTRIBUTIONS, maps])
        window.session.background.run_next()


@pytest.fixture
def panel(window, reader, worker):
    """Open, with all answers."""
    open_image(window, reader, worker)
    assert "units" not in [message.kind for message, _ in worker.sent]
    window.show_panel(window.layers_panel)
    answer_all(window, worker)
    return window.layers_panel


def test_that_each_picture_has_its_words_below_it_and_for_assistive_technology(panel) -> None:
    flow, units = panel.flow.list, panel.units
    assert [flow.item(at).text() for at in range(flow.count())] == ["first\n16 × 16", "last\n4 × 4"]
    assert units.item(0).text() == "#1: unit 2\n+3.000"
    role = Qt.ItemDataRole.AccessibleTextRole
    assert flow.item(1).data(role) == f"last (4 × 4, 8 channels), default. {texts.SHOW_LAYER_TIP}"
    assert units.item(7).data(role) == f"Unit 1, rank 8 of 8, contribution −2.000. {texts.SHOW_UNIT_TIP}"
    assert not any(units.item(at).icon().isNull() for at in range(units.count()))
    names = [each.accessibleName() for each in (flow, units, panel.layer, panel.unit_number, panel.plot)]
    assert all(names)
    assert len(set(names)) == len(names)
    assert "5 of 8 units carry 90 %" in panel.plot.accessibleDescription()


def test_that_pictures_are_square_and_large_enough_and_nothing_is_cut(panel) -> None:
    for each in (panel.flow.list, panel.units):
        assert each.iconSize().width() == each.iconSize().height() >= 64
        last = each.visualItemRect(each.item(each.count() - 1))
        assert 0 < last.bottom() <= each.height()


def test_that_a_click_or_a_key_lays_this_map_over_the_image(window, panel, worker, qtbot) -> None:
    flow = panel.flow.list
    place = flow.visualItemRect(flow.item(0)).center()
    qtbot.mouseClick(flow.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert isinstance(worker.last, ExplainRequest)
    assert (worker.last.method, worker.last.parameters) == ("grad_cam", {"layer": "first"})
    window.session.explain.jobs.cancel()
    panel.units.setCurrentRow(1)
    qtbot.keyClick(panel.units, Qt.Key.Key_Return)
    open_jobs = [job.delivery.request for job in window.session.worker.open_jobs]
    assert [each.parameters for each in open_jobs if each.method == "unit_activation"] == [
        {"layer": "last", "unit": 5}
    ]


def test_that_a_unit_is_found_by_its_number_and_a_layer_in_the_list(window, panel, worker) -> None:
    panel.unit_number.setValue(1)
    answer_all(window, worker)
    assert panel.units.currentRow() == 7
    assert [panel.layer.itemText(at) for at in range(panel.layer.count())] == [
        "● last (4 × 4, 8 channels), last of its grid",
        "● first (16 × 16, 4 channels), last of its grid",
    ]
    panel.layer.activated.emit(1)
    window.session.background.run_next()
    assert worker.last.layer == "first"
    assert panel.unit_number.maximum() == 3
    assert panel.units.count() == 0


def test_that_the_form_of_a_layer_method_has_the_strip_and_a_click_chooses(window, reader, worker) -> None:
    open_image(window, reader, worker)
    form = window.methods_panel.list.method_form
    window.methods_panel.show_methods()
    window.methods_panel.list.show_form()
    window.session.explain.focus("grad_cam")
    window.session.background.run_next()
    assert worker.last.kind == "layers"
    answer_all(window, worker)
    strip = form.strip.list
    strip.chosen.emit(0)
    assert window.session.explain.values("grad_cam") == {"layer": "first"}
    combo = form.form.field("layer").editor
    assert isinstance(combo, QComboBox)
    assert combo.currentData() == "first"
    assert strip.currentRow() == 0
    strip.chosen.emit(1)
    assert window.session.explain.values("grad_cam") == {}
    assert (combo.currentData(), strip.currentRow()) == ("", 1)
    window.session.explain.focus("gradient")
    assert not form.strip.isVisibleTo(form)


def test_that_the_empty_panel_says_what_fills_it(window) -> None:
    window.show_panel(window.layers_panel)
    assert window.layers_panel.pages.sentence.text() == texts.NEEDS_PREDICTION
