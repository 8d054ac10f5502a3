"""Two maps on one scale, the curtain, and what the network saw, without widgets."""

import numpy as np
import pytest

from app.texts import maps as texts
from app.texts import network_input as texts_input
from app.window.states.maps import MapState
from app.window.states.second_view import ViewLayout
from app.window.states.session import Session
from app.window.states.shading import full_colour
from core.figures.colour_maps import ColourMap
from core.images.slice import Slice
from core.models.preprocessing import PercentileIntensity, Preprocessing, WindowIntensity, ZScoreIntensity
from core.results.records import TargetRecord
from tests.app.window.states.steps import PICTURE, open_and_predict, open_file
from tests.gui.recorded import explained, predicted

GRID = (32, 32)


def add_map(
    session: Session,
    method: str,
    top: float,
    unit: str = "share of the score",
    kind: str = "logit",
    **parameters: object,
) -> int:
    """A finished map of the shown image whose highest value is `top`."""
    values = np.linspace(0, top, GRID[0] * GRID[1], dtype=np.float32).reshape(GRID)
    target = TargetRecord(kind=kind, class_name="meningioma")
    maps, key = session.maps, session.maps.key
    number = maps.add(key, method, method, target, parameters)
    record = explained(values, method, parameters=parameters, unit=unit, target=target).record
    maps.update(key, number, state=MapState.DONE, values=values, record=record)
    return number


@pytest.fixture
def with_two(session, reader, worker) -> tuple[Session, int, int]:
    """A session with two maps of one method, the first one over the image."""
    open_and_predict(session, reader, worker)
    first = add_map(session, "integrated_gradients", 1.0, steps=8)
    second = add_map(session, "integrated_gradients", 4.0, steps=24)
    session.show_map(first)
    return session, first, second


def test_that_two_maps_of_one_unit_share_the_larger_scale(with_two) -> None:
    session, _, second = with_two
    session.second_view.compare_with(second)
    overlay, compared = session.image.overlay, session.image.compared
    assert overlay.full == compared.full == full_colour(compared.values)
    assert overlay.normalisation == compared.normalisation == texts.SCALE_OF_BOTH
    assert (overlay.subtitle, compared.subtitle) == ("steps 8", "steps 24")


@pytest.mark.parametrize(("unit", "kind"), [("no unit", "logit"), ("share of the score", "probability")])
def test_that_maps_of_different_units_have_their_own_scales_and_say_so(with_two, unit, kind) -> None:
    session, _, _ = with_two
    other = add_map(session, "occlusion", 100.0, unit=unit, kind=kind)
    session.second_view.compare_with(other)
    overlay, compared = session.image.overlay, session.image.compared
    assert overlay.full < 2 < compared.full
    assert overlay.normalisation == compared.normalisation == texts.SCALES_DIFFER


def test_that_the_second_map_is_the_newest_of_the_same_method_unless_one_is_chosen(with_two) -> None:
    session, first, second = with_two
    other = add_map(session, "occlusion", 1.0)
    session.second_view.show(ViewLayout.TWO_MAPS)
    assert [entry.number for entry in session.second_view.pair] == [first, second]
    session.second_view.compare_with(other)
    assert [entry.number for entry in session.second_view.pair] == [first, other]


def test_that_choosing_the_second_map_for_the_image_exchanges_both(with_two) -> None:
    session, first, second = with_two
    session.second_view.compare_with(second)
    session.show_map(second)
    assert [entry.number for entry in session.second_view.pair] == [second, first]
    assert session.image.overlay.subtitle == "steps 24"
    assert session.image.compared.subtitle == "steps 8"


def test_that_a_removed_map_ends_the_comparison(with_two) -> None:
    session, _, second = with_two
    session.second_view.show(ViewLayout.CURTAIN)
    assert session.second_view.layout is ViewLayout.CURTAIN
    session.remove_map(second)
    assert session.second_view.layout is ViewLayout.ONE
    assert session.image.compared is None
    assert session.image.overlay.normalisation == texts.normalisation(False, 1)


def test_that_a_control_map_is_the_second_one_only_where_there_is_no_other(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    numbers = {name: add_map(session, name, 1.0) for name in ("random", "grad_cam")}
    session.show_map(numbers["grad_cam"])
    assert session.second_view.pair[1].number == numbers["random"]
    numbers |= {name: add_map(session, name, 1.0) for name in ("gradient", "input_x_gradient", "edge")}
    assert session.second_view.pair[1].number == numbers["input_x_gradient"]


def test_that_one_map_cannot_be_compared(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    add_map(session, "grad_cam", 1.0)
    session.second_view.show(ViewLayout.TWO_MAPS)
    assert not session.second_view.can_compare
    assert session.second_view.layout is ViewLayout.ONE


def test_that_another_case_begins_with_one_view(with_two, reader) -> None:
    session, _, second = with_two
    session.second_view.compare_with(second)
    open_file(session, reader, Slice(np.ones((8, 8), np.uint8)))
    assert session.second_view.layout is ViewLayout.ONE
    assert session.image.compared is None


def test_that_the_curtain_stays_within_the_view(with_two, qtbot) -> None:
    state = with_two[0].second_view
    state.move_curtain(-0.2)
    assert state.curtain == 0.0
    with qtbot.assertNotEmitted(state.changed):
        state.move_curtain(-1.0)
    state.move_curtain(1.3)
    assert state.curtain == 1.0


def test_that_both_values_are_read_off_at_the_cursor(with_two) -> None:
    session, _, second = with_two
    session.second_view.compare_with(second)
    session.image.set_cursor((7, 7))
    assert "integrated_gradients, steps 8 " in session.image.readout
    assert "integrated_gradients, steps 24 " in session.image.readout


def test_that_changes_of_the_style_keep_both_maps(with_two) -> None:
    session, _, second = with_two
    session.second_view.compare_with(second)
    before = session.image.overlay, session.image.compared
    session.image.style.set_threshold(0.4)
    session.image.style.set_colour_map(ColourMap.GREY)
    assert (session.image.overlay, session.image.compared) == before


def test_that_the_networks_input_lies_on_the_slice_as_it_was_taken(session, reader, worker) -> None:
    open_file(session, reader)
    x = np.zeros((*GRID, 1), np.float32)
    x[0, 0] = 1.0
    worker.answer(predicted(), [x])
    state = session.second_view
    state.show(ViewLayout.NETWORK_INPUT)
    assert state.layout is ViewLayout.NETWORK_INPUT
    picture = state.input.picture
    assert (picture.shape, picture[0, 0].tolist(), picture[5, 5].tolist()) == (
        (32, 32, 3),
        [255] * 3,
        [0] * 3,
    )
    assert state.input.box == session.shown.current.grid_map.box
    words = " ".join(state.input.words)
    assert "8 × 8 to 32 × 32" in words
    assert texts_input.NOT_INVERTED in words
    assert texts_input.VIEWER_SETTINGS in words


def test_that_without_a_prediction_there_is_no_input_to_show(session, reader) -> None:
    open_file(session, reader)
    session.second_view.show(ViewLayout.NETWORK_INPUT)
    assert session.second_view.layout is ViewLayout.ONE
    assert session.second_view.input.words == ()


@pytest.mark.parametrize(
    ("intensity", "words"),
    [
        (PercentileIntensity(), "Intensities scaled from the lowest to the highest value."),
        (PercentileIntensity(low=1, high=99.5), "Intensities scaled from percentile 1 to percentile 99.5."),
        (WindowIntensity(centre=40, width=400), "Intensities scaled by a fixed window: C 40  W 400."),
        (ZScoreIntensity(), "Intensities scaled to mean 0 and standard deviation 1."),
    ],
)
def test_that_every_scaling_has_words(intensity, words: str) -> None:
    assert texts_input.intensities(Preprocessing(intensity=intensity)) == words


def test_that_an_inverted_file_is_said_to_be_reversed_and_not_the_contrary() -> None:
    inverted = Slice(PICTURE.values, inverted=True)
    steps = texts_input.steps(Preprocessing(), inverted, ("Reversed for the model.",))
    assert texts_input.NOT_INVERTED not in steps
    assert "Reversed for the model." in steps
