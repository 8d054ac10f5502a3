"""The image: window, zoom and what lies under the cursor, as closed forms."""

import numpy as np
import pytest

from app.window.states.image import ImageState
from app.window.states.position import SlicePosition
from app.window.states.shading import Overlay
from app.window.states.shown import ShownState
from core.figures.colour_maps import ColourMap
from core.images.grid_map import GridMap
from core.images.resample import in_cells
from core.images.slice import DisplayTable, Slice, Window
from tests.app.window.states.steps import shaded


@pytest.fixture
def state(qapp) -> ImageState:
    image_state = ImageState(ShownState())
    image_state.viewport.set_view_size(400, 300)
    ramp = np.arange(200 * 100, dtype=np.float32).reshape(100, 200) % 200
    image_state.show(
        Slice(ramp, windows=(Window(100, 80, "soft"),), unit="HU", spacing_mm=(1.0, 0.5)), 1, "case"
    )
    return image_state


def overlay(values: np.ndarray, shape: tuple[int, int], signed: bool = False, full: float = 1.0) -> Overlay:
    grid = (values.shape[0], values.shape[1])
    box = (-0.5, -0.5, shape[0] - 0.5, shape[1] - 0.5)
    return Overlay(values.astype(np.float32), signed, grid, GridMap(grid, shape, box), full, "Map")


def test_that_a_case_opens_with_the_window_of_its_file_and_without_overlay(state: ImageState) -> None:
    assert state.display.window == Window(100, 80, "soft")
    assert not state.overlay_on
    grey = state.display.grey(state.image)
    assert (grey[0, 40], grey[0, 199]) == (0, 255)


def test_that_a_drag_to_the_right_widens_and_upwards_brightens(state: ImageState) -> None:
    before = state.display.grey(state.image).mean()
    state.display.drag_window(100, 0)
    assert (state.display.window.centre, state.display.window.width) == (100, 80 + 100 * 80 / 500)
    state.display.use_own_window()
    state.display.drag_window(0, 100)
    assert state.display.window.centre == 100 - 100 * 80 / 500
    assert state.display.grey(state.image).mean() > before


def test_that_a_drag_upwards_brightens_an_inverted_image_too(state: ImageState) -> None:
    state.display.invert()
    before = state.display.grey(state.image).mean()
    state.display.drag_window(0, 100)
    assert state.display.grey(state.image).mean() > before


def test_that_pixels_keep_their_aspect_and_the_slice_fits_the_view(state: ImageState) -> None:
    # 200 columns of 0.5 mm and 100 rows of 1 mm are a square; 300 points are the smaller side.
    view = state.viewport.view
    assert (view.per_column, view.per_row) == (1.5, 3.0)
    assert (view.left, view.top) == (50, 0)


def test_that_zooming_leaves_the_position_under_the_cursor_where_it_is(state: ImageState) -> None:
    at = state.viewport.view.to_slice(120, 80)
    state.viewport.zoom_by(2.5, at)
    assert state.viewport.view.to_screen(*at) == pytest.approx((120, 80))
    assert state.viewport.zoom == pytest.approx(1.5 * 2.5)


def test_that_panning_moves_the_slice_by_the_points_of_the_drag(state: ImageState) -> None:
    before = state.viewport.view.to_screen(10, 20)
    state.viewport.pan_by(7, -9)
    assert state.viewport.view.to_screen(10, 20) == pytest.approx((before[0] + 7, before[1] - 9))


def test_that_another_slice_or_a_new_map_keeps_window_and_zoom(state: ImageState) -> None:
    state.display.set_window(Window(50, 20, function="linear_exact"))
    state.viewport.zoom_by(3)
    before = state.viewport.view
    state.show(Slice(np.ones((100, 200)), spacing_mm=(1.0, 0.5)), 1, "case", SlicePosition(0, 1), slices=5)
    state.set_overlay(overlay(np.ones((4, 4)), (100, 200)))
    assert (state.display.window.centre, state.viewport.view) == (50, before)


def test_that_another_case_starts_again(state: ImageState) -> None:
    state.viewport.zoom_by(3)
    state.set_overlay_on(True)
    state.display.invert()
    state.show(Slice(np.ones((10, 10))), 2, "other")
    assert (state.viewport.fits, state.overlay_on, state.display.inverted, state.overlay) == (
        True,
        False,
        False,
        None,
    )


def test_that_reset_brings_back_window_zoom_and_grey(state: ImageState) -> None:
    first = (state.display.window, state.viewport.view, state.display.grey(state.image).tolist())
    state.display.drag_window(30, 40)
    state.viewport.zoom_by(2, (3, 4))
    state.display.invert()
    state.reset()
    assert (state.display.window, state.viewport.view, state.display.grey(state.image).tolist()) == first


def test_that_the_readout_names_position_intensity_map_value_and_rank(state: ImageState) -> None:
    values = np.arange(20 * 10, dtype=np.float32).reshape(10, 20)
    state.set_overlay(overlay(values, (100, 200)))
    state.set_cursor((15.2, 24.8))
    assert state.readout == "row 15, column 25   25 HU"
    state.set_overlay_on(True)
    # Pixel (15, 25) lies in cell (1, 2), whose value is 22: 22 of 200 values are below it.
    assert state.readout == "row 15, column 25   25 HU   Map 22, above 11 % of the map"


def test_that_all_windows_are_offered_and_nine_have_a_key(state: ImageState) -> None:
    windows = tuple(Window(number, 10, f"W{number}") for number in range(12))
    state.show(Slice(np.ones((10, 10)), windows=windows), 2, "other")
    assert state.display.presets[:12] == windows
    state.display.use_preset(9)
    assert state.display.window == windows[8]


def test_that_a_drag_from_a_table_goes_on_as_a_line_over_its_values(state: ImageState) -> None:
    table = DisplayTable(0, tuple(range(255, -1, -1)))
    state.show(Slice(np.ones((10, 10)), windows=(Window(120, 200, "VOI", table=table),)), 2, "other")
    state.display.drag_window(0, 0)
    assert state.display.window == Window(120, 200, function="linear_exact")


def test_that_a_drag_keeps_a_sigmoid(state: ImageState) -> None:
    state.show(Slice(np.ones((10, 10)), windows=(Window(120, 200, "S", "sigmoid"),)), 2, "other")
    state.display.drag_window(0, 0)
    assert state.display.window == Window(120, 200, function="sigmoid")


def test_that_padding_under_the_cursor_is_named(state: ImageState) -> None:
    values = np.array([[65535, 7]], np.uint16)
    state.show(Slice(values, unit="HU", padding=values == 65535), 2, "other")
    for column, expected in ((0, "padding (65535)"), (1, "7 HU")):
        state.set_cursor((0, column))
        assert state.readout == f"row 0, column {column}   {expected}"


def test_that_a_stated_ratio_shapes_the_pixels_without_a_spacing(state: ImageState) -> None:
    state.show(Slice(np.ones((100, 100)), stated_aspect=2.0), 2, "other")
    assert (state.viewport.view.per_row, state.viewport.view.per_column) == (3.0, 1.5)
    assert state.viewport.scale_bar is None


def test_that_nothing_is_read_off_beside_the_slice(state: ImageState) -> None:
    state.set_cursor((-0.6, 3))
    assert state.readout == ""
    state.set_cursor((-0.4, 3))
    assert state.readout.startswith("row 0, column 3")


def test_that_orientation_is_named_where_the_file_knows_it_and_not_guessed(state: ImageState) -> None:
    assert state.image.edge_letters is None
    affine = np.array([[0, 0, 1.0, -10], [0, 1.0, 0, -20], [1.0, 0, 0, 30], [0, 0, 0, 1]])
    state.show(Slice(np.zeros((4, 4)), affine_lps_mm=affine), 3, "axial")
    assert state.image.edge_letters == ("A", "R", "P", "L")
    state.set_cursor((2, 3))
    assert "R 7.0, A 18.0, H 30.0 mm" in state.readout


def test_that_the_scale_bar_is_round_and_true(state: ImageState) -> None:
    length, points = state.viewport.scale_bar
    assert (length, points) == (20, 20 / 0.5 * 1.5)
    state.show(Slice(np.zeros((4, 4))), 3, "no spacing")
    assert state.viewport.scale_bar is None


def test_that_presets_follow_their_numbers(state: ImageState) -> None:
    state.display.use_preset(2)
    assert state.display.window == state.display.presets[1]
    state.display.use_preset(99)
    assert state.display.window == state.display.presets[1]


def test_that_holding_the_key_hides_the_overlay_without_switching_it_off(state: ImageState) -> None:
    state.set_overlay(overlay(np.ones((4, 4)), (100, 200)))
    state.set_overlay_on(True)
    state.hide_overlay(True)
    assert (state.overlay_visible, state.overlay_on) == (False, True)
    state.hide_overlay(False)
    assert state.overlay_visible


def test_that_signals_come_on_change_only(qtbot, state: ImageState) -> None:
    with qtbot.assertNotEmitted(state.overlay_changed):
        state.style.set_opacity(state.style.opacity)
        state.style.set_colour_map(state.style.colour_map)
        state.set_overlay_on(state.overlay_on)
    with qtbot.waitSignal(state.overlay_changed):
        state.style.set_opacity(0.25)


def test_that_zero_is_transparent_and_full_evidence_is_opaque() -> None:
    shaded_pixels = shaded(overlay(np.array([[0.0, 1.0]]), (1, 2)), ColourMap.INFERNO, native_cells=True)
    assert shaded_pixels[0, 0, 3] == 0
    assert shaded_pixels[0, 1].tolist() == [252, 255, 164, 255]


def test_that_signed_maps_are_blue_against_red_for_and_transparent_at_zero() -> None:
    shaded_pixels = shaded(
        overlay(np.array([[-1.0, 0.0, 1.0]]), (1, 3), signed=True), ColourMap.INFERNO, True
    )
    against, nothing, support = shaded_pixels[0].astype(int)
    assert against[2] > against[0] + 80
    assert support[0] > support[2] + 80
    assert nothing[3] <= 4
    assert (against[3], support[3]) == (255, 255)


def test_that_what_the_network_did_not_see_is_hatched_in_grey() -> None:
    cropped = Overlay(
        np.ones((4, 4), np.float32), False, (4, 4), GridMap((4, 4), (24, 48), (-0.5, 11.5, 23.5, 35.5)), 1.0
    )
    shaded_pixels = shaded(cropped, ColourMap.INFERNO, native_cells=False)
    outside = shaded_pixels[:, :12]
    assert set(map(tuple, outside.reshape(-1, 4).tolist())) == {(150, 150, 150, 110), (0, 0, 0, 0)}
    assert (shaded_pixels[:, 12:36, 3] == 255).all()


def test_that_native_cells_show_one_value_a_cell() -> None:
    values = np.arange(36, dtype=np.float32).reshape(6, 6)
    cells = in_cells(values, (2, 3))
    assert np.ptp(cells[:3, :2]) == 0
    assert len(np.unique(cells)) == 6


def test_that_a_large_slice_costs_no_more_than_the_screen_shows() -> None:
    large = Overlay(
        np.ones((8, 8), np.float32),
        False,
        (8, 8),
        GridMap((8, 8), (4096, 2048), (-0.5, -0.5, 4095.5, 2047.5)),
        1.0,
    )
    assert shaded(large, ColourMap.INFERNO, False).shape == (1024, 512, 4)
