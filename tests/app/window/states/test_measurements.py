"""Measuring on the shown slice: points, results, and what belongs to which slice."""

import numpy as np
import pytest

from app.window.states.measurements import ImageMeasurement, MeasurementsState
from app.window.states.position import SlicePosition
from app.window.states.shown import Shown, ShownState
from app.window.states.tool import Tool, ToolState
from app.window.states.undo import UndoStack
from core.images.slice import Slice
from tests.app.window.states.steps import CASE

# Rows 2 mm apart, columns 0.5 mm.
FLAT = Slice(np.zeros((40, 40)), spacing_mm=(2.0, 0.5), spacing_source="PixelSpacing")


@pytest.fixture
def shown(qapp) -> ShownState:
    shown = ShownState()
    shown.show(Shown(CASE, image=FLAT, digest="flat"))
    return shown


@pytest.fixture
def tool(qapp) -> ToolState:
    return ToolState()


@pytest.fixture
def undo(shown) -> UndoStack:
    return UndoStack(shown)


@pytest.fixture
def state(shown, tool, undo) -> MeasurementsState:
    return MeasurementsState(shown, tool, undo)


def click(state: MeasurementsState, *points: tuple[float, float]) -> None:
    for point in points:
        state.begin_point(point)
        state.end_point(point)


def test_that_two_clicks_measure_a_distance_in_mm(state, tool) -> None:
    tool.choose(Tool.DISTANCE)
    click(state, (0, 0), (3, 16))
    (measurement,) = state.all
    assert measurement.words(FLAT) == "10 mm"


def test_that_a_drag_measures_the_same_as_two_clicks(state, tool) -> None:
    tool.choose(Tool.DISTANCE)
    state.begin_point((0, 0))
    state.end_point((3, 16))
    assert state.all == (ImageMeasurement(Tool.DISTANCE, ((0, 0), (3, 16))),)


def test_that_three_points_measure_an_angle_at_the_middle_one(state, tool) -> None:
    tool.choose(Tool.ANGLE)
    click(state, (5, 9), (5, 5), (6, 9))
    assert state.all[0].words(FLAT) == "45.0°"


@pytest.mark.parametrize(
    ("image", "words"),
    [
        (Slice(np.zeros((40, 40))), "5 px"),
        (
            Slice(np.zeros((40, 40)), spacing_mm=(1.0, 1.0), spacing_source="ImagerPixelSpacing"),
            "5 mm at the detector",
        ),
    ],
)
def test_that_a_length_says_what_it_is_worth(image, words) -> None:
    assert ImageMeasurement(Tool.DISTANCE, ((0, 0), (3, 4))).words(image) == words


def test_that_the_measurement_being_drawn_follows_the_cursor_and_has_no_result_too_early(state, tool) -> None:
    tool.choose(Tool.ANGLE)
    click(state, (5, 9))
    state.hover((5, 5))
    assert state.drawn == (ImageMeasurement(Tool.ANGLE, ((5, 9), (5, 5))),)
    assert state.drawn[0].words(FLAT) == ""
    click(state, (5, 5))
    state.hover((9, 5))
    assert state.drawn[0].words(FLAT) == "90.0°"
    assert state.all == ()


def test_that_each_slice_keeps_its_measurements(state, shown, tool) -> None:
    tool.choose(Tool.DISTANCE)
    click(state, (0, 0), (3, 16))
    shown.show(Shown(CASE, SlicePosition(1, 0), FLAT, digest="flat"))
    assert state.all == ()
    shown.show(Shown(CASE, image=FLAT, digest="flat"))
    assert len(state.all) == 1


def test_that_undo_takes_back_points_then_measurements_and_a_removal_too(state, tool, undo) -> None:
    tool.choose(Tool.DISTANCE)
    click(state, (0, 0), (3, 16), (5, 5))
    state.take_back_point()
    assert (state.points, len(state.all)) == ((), 1)
    state.clear()
    assert state.all == ()
    undo.undo()
    assert len(state.all) == 1
    undo.undo()
    assert (state.all, undo.can_undo) == ((), False)


def test_that_nothing_is_measured_without_a_measuring_tool_or_without_an_image(state, shown, tool) -> None:
    click(state, (0, 0), (3, 16))
    assert state.drawn == ()
    tool.choose(Tool.DISTANCE)
    shown.show(Shown())
    click(state, (0, 0), (3, 16))
    assert state.drawn == ()
