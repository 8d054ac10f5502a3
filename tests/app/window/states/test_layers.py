"""The strip of layers and the units of one: asked for while they are looked at, never for another image."""

import numpy as np
import pytest

from app.texts import layers as texts
from app.window.states.activity import activity_of
from app.window.states.layer_choices import layer_choices
from app.window.states.layer_maps import thumbnail_overlay
from core.errors import BadMap
from core.images.resample import resampled
from core.link import CancelledJob
from core.methods.activation.unit_ranking import FIRST_UNITS, UnitRanking
from core.network.layer import Layer
from core.results.records import TargetRecord
from core.worker.messages import LayersDone, LayersRequest, UnitsDone, UnitsRequest
from tests.app.window.states.steps import MAP, kinds, open_and_predict, open_file
from tests.gui.recorded import LAYERS, explained, predicted

FINE, LAST = LAYERS
TARGET = TargetRecord(class_name="meningioma")
CONTRIBUTIONS = np.array([0.5, -2.0, 3.0, 0.0, 0.5, 1.0, -1.0, 0.25])


@pytest.fixture
def strip(session):
    return session.layers.strip


@pytest.fixture
def browser(session):
    return session.layers.browser


def answer_layer(worker, layer: Layer) -> np.ndarray:
    assert worker.last.layers == (layer.name,)
    values = np.linspace(0, 1, layer.grid[0] * layer.grid[1], dtype=np.float32).reshape(layer.grid)
    worker.answer(LayersDone(layers=(layer,)), [values])
    return values


def answer_units(worker, contributions=CONTRIBUTIONS, layer: Layer = LAST) -> None:
    """The maps of unit u are u everywhere."""
    units = worker.last.units or UnitRanking(layer, contributions).order[: worker.last.count]
    maps = np.ones((len(units), *layer.grid), np.float32) * np.array(units, np.float32)[:, None, None]
    worker.answer(UnitsDone(layer=layer, units=units), [contributions, maps])


def overlays(strip) -> list[bool]:
    return [entry.overlay is not None for entry in strip.entries]


def test_that_one_layer_after_another_is_asked_for_while_the_strip_is_seen(
    session, reader, worker, strip
) -> None:
    open_and_predict(session, reader, worker)
    assert kinds(worker) == ["predict"]
    assert [(entry.layer, entry.is_default) for entry in strip.entries] == [(FINE, False), (LAST, True)]
    strip.set_active("panel", True)
    strip.set_active("form", True)
    assert worker.last == LayersRequest(model="small", target=TARGET, layers=("last",))
    assert worker.last_delivery.image is session.shown.current.image
    assert (strip.running, activity_of(session)) == (True, (texts.COMPUTING, None))
    values = answer_layer(worker, LAST)
    assert overlays(strip) == [False, True]
    np.testing.assert_allclose(strip.entries[1].overlay.values, resampled(values, (96, 96)), atol=1e-6)
    answer_layer(worker, FINE)
    assert (overlays(strip), strip.running) == ([True, True], False)
    assert kinds(worker) == ["predict", "layers", "layers"]


def test_that_nothing_is_asked_before_the_prediction_or_once_nobody_looks(
    session, reader, worker, strip
) -> None:
    strip.set_active("panel", True)
    assert strip.empty_text == texts.NEEDS_PREDICTION
    open_file(session, reader)
    assert kinds(worker) == ["predict"]
    worker.answer(predicted())
    assert kinds(worker) == ["predict", "layers"]
    assert strip.empty_text == ""
    strip.set_active("panel", False)
    assert kinds(worker)[-1] == "cancel"
    worker.answer(CancelledJob())
    session.background.run_next()
    assert kinds(worker)[-1] == "cancel"


def test_that_a_late_answer_of_another_image_target_or_network_is_dropped(
    session, reader, worker, strip
) -> None:
    strip.set_active("panel", True)
    open_and_predict(session, reader, worker)
    session.explain.choose_target(1)
    assert kinds(worker)[-1] == "cancel"
    answer_layer_late = LayersDone(layers=(LAST,))
    worker.answer(answer_layer_late, [np.ones(LAST.grid, np.float32)])
    assert overlays(strip) == [False, False]
    session.background.run_next()
    assert worker.last.target == session.explain.target.record != TARGET
    session.prediction.choose("other")
    assert kinds(worker)[-1] == "cancel"
    worker.answer(answer_layer_late, [np.ones(LAST.grid, np.float32)])
    assert strip.entries == ()
    worker.answer(predicted())
    session.background.run_next()
    assert (worker.last.kind, worker.last.model) == ("layers", "other")
    assert overlays(strip) == [False, False]


def test_that_the_strip_yields_to_a_map_and_is_asked_for_again(session, reader, worker, strip) -> None:
    strip.set_active("panel", True)
    open_and_predict(session, reader, worker)
    session.explain.start(["grad_cam"])
    assert kinds(worker) == ["predict", "layers", "cancel"]
    worker.answer(CancelledJob())
    assert (kinds(worker)[-1], strip.error) == ("explain", None)
    worker.answer(explained(MAP), [MAP])
    session.background.run_next()
    assert kinds(worker)[-1] == "layers"


def test_that_a_failure_is_told_and_not_asked_for_again_until_the_target_changes(
    session, reader, worker, strip
) -> None:
    strip.set_active("panel", True)
    open_and_predict(session, reader, worker)
    worker.fail(BadMap("The layer 'last' answers with NaN."))
    assert str(strip.error).startswith("The layer 'last'")
    session.background.run_next()
    assert kinds(worker) == ["predict", "layers"]
    session.explain.choose_target(1)
    assert (strip.error, kinds(worker)[-1]) == (None, "layers")


def test_that_units_come_by_contribution_with_rank_and_sum(session, reader, worker, browser) -> None:
    open_and_predict(session, reader, worker)
    browser.set_active(True)
    assert worker.last == UnitsRequest(model="small", target=TARGET, layer="last", count=FIRST_UNITS)
    answer_units(worker)
    listed = [(entry.unit, entry.rank, entry.contribution) for entry in browser.entries]
    assert listed == [
        (2, 1, 3.0),
        (5, 2, 1.0),
        (0, 3, 0.5),
        (4, 3, 0.5),
        (7, 5, 0.25),
        (3, 6, 0.0),
        (6, 7, -1.0),
        (1, 8, -2.0),
    ]
    assert all((entry.overlay.values == entry.unit).all() for entry in browser.entries)
    # 3 + 2 + 1 + 1 + 0.5 of 8.25 are 0.909.
    assert "sum to +2.250 (+5.250 for, −3.000 against)" in browser.sentence.replace("\u00a0", " ")
    assert "5 of 8 units carry 90 %" in browser.sentence
    assert browser.more_count == 0
    assert kinds(worker) == ["predict", "units"]


def test_that_more_units_and_a_wanted_one_are_asked_for_alone(session, reader, worker, browser) -> None:
    open_and_predict(session, reader, worker)
    many = Layer("last", (4, 4), 100)
    facts = predicted().facts
    object.__setattr__(session.prediction.answer.message, "facts", _with_layers(facts, (FINE, many)))
    browser.set_active(True)
    contributions = np.arange(100.0)
    answer_units(worker, contributions, many)
    assert [entry.unit for entry in browser.entries] == list(range(99, 75, -1))
    browser.show_more()
    assert worker.last.units == tuple(range(75, 51, -1))
    answer_units(worker, contributions, many)
    assert [entry.unit for entry in browser.entries] == list(range(99, 51, -1))
    browser.find(3)
    assert worker.last.units == (3,)
    answer_units(worker, contributions, many)
    assert (browser.entries[0].unit, browser.entries[0].rank, len(browser.entries)) == (3, 97, 49)
    browser.find(100)  # there is none
    browser.find(99)  # it is listed
    assert [entry.unit for entry in browser.entries] == list(range(99, 51, -1))
    assert kinds(worker) == ["predict", "units", "units", "units"]


def _with_layers(facts, layers):
    from dataclasses import replace

    return replace(facts, layers=layers)


def test_that_units_of_another_layer_are_asked_for_and_late_ones_dropped(
    session, reader, worker, browser
) -> None:
    open_and_predict(session, reader, worker)
    browser.set_active(True)
    browser.choose_layer("first")
    assert kinds(worker)[-1] == "cancel"
    answer = UnitsDone(layer=LAST, units=(0,))
    worker.answer(answer, [CONTRIBUTIONS, np.ones((1, *LAST.grid), np.float32)])
    assert (browser.entries, browser.ranking) == ((), None)
    session.background.run_next()
    assert worker.last.layer == "first"
    answer_units(worker, CONTRIBUTIONS[:4], FINE)
    assert [entry.unit for entry in browser.entries] == [2, 0, 3, 1]
    session.prediction.choose("other")
    assert browser.entries == ()


def test_that_a_click_asks_for_exactly_this_map_and_shows_the_one_that_is_there(
    session, reader, worker
) -> None:
    open_and_predict(session, reader, worker)
    maps = session.layers.maps
    first = {"layer": "first"}
    for show, method, parameters, choices in (
        (lambda: maps.show_grad_cam("last"), "grad_cam", {"layer": ""}, {"layer": "last"}),
        (lambda: maps.show_grad_cam("first"), "grad_cam", first, first),
        (
            lambda: maps.show_unit("first", 3),
            "unit_activation",
            {"layer": "first", "unit": 3},
            {"layer": "first", "unit": "3"},
        ),
    ):
        session.image.set_overlay_on(False)
        show()
        asked = worker.last
        assert (asked.method, asked.parameters, asked.target) == (method, parameters, TARGET)
        worker.answer(explained(MAP, method, parameters=parameters, choices=choices), [MAP])
        selected = session.maps.selected
        assert (selected.method, selected.record.choices) == (method, choices)
        assert session.image.overlay_on
        sent = len(worker.sent)
        session.maps.select(0)
        show()
        assert (len(worker.sent), session.maps.selected) == (sent, selected)
    # The form keeps what a person set there.
    assert session.explain.values("grad_cam") == session.explain.values("unit_activation") == {}


def test_that_the_list_has_the_last_layer_of_each_grid_first_and_names_the_default() -> None:
    padding = Layer("pad", (9, 9), 3, has_features=False)
    layers = (Layer("a", (8, 8), 2), Layer("b", (8, 8), 3), padding, Layer("c", (4, 4), 1))
    choices = layer_choices(layers, has_default=True)
    assert choices == [
        ("Automatic: c (4 × 4, 1 channel)", ""),
        ("● c (4 × 4, 1 channel), last of its grid", "c"),
        ("● b (8 × 8, 3 channels), last of its grid", "b"),
        ("pad (9 × 9, 3 channels)", "pad"),
        ("a (8 × 8, 2 channels)", "a"),
    ]
    assert layer_choices((), has_default=True) == []


def test_that_a_thumbnail_keeps_sign_and_grid_of_its_map(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    overlay = thumbnail_overlay(np.array([[-1.0, 2.0]]), session.shown.current.grid_map)
    assert (overlay.signed, overlay.cells, overlay.full) == (True, (1, 2), 2.0)
