"""The image: window, zoom and what lies under the cursor, as closed forms."""

import numpy as np
import pytest

from app.window.states.image import ImageState
from app.window.states.shading import Overlay, in_cells, shaded
from core.figures.colour_maps import ColourMap
from core.images.grid_map import GridMap
from core.images.slice import DisplayTable, Slice, Window


@pytest.fixture
def model(qapp) -> ImageState:
    made = ImageState()
    made.set_view_size(400, 300)
    ramp = np.arange(200 * 100, dtype=np.float32).reshape(100, 200) % 200
    made.show(Slice(ramp, windows=(Window(100, 80, "soft"),), unit="HU", spacing_mm=(1.0, 0.5)), 1, "case")
    return made


def overlay(values: np.ndarray, shape: tuple[int, int], signed: bool = False, full: float = 1.0) -> Overlay:
    grid = (values.shape[0], values.shape[1])
    box = (-0.5, -0.5, shape[0] - 0.5, shape[1] - 0.5)
    return Overlay(values.astype(np.float32), signed, grid, GridMap(grid, shape, box), full, "Map")


def test_that_a_case_opens_with_the_window_of_its_file_and_without_overlay(model: ImageState) -> None:
    assert model.window == Window(100, 80, "soft")
    assert not model.overlay_on
    grey = model.grey()
    assert (grey[0, 40], grey[0, 199]) == (0, 255)


def test_that_a_drag_to_the_right_widens_and_upwards_brightens(model: ImageState) -> None:
    before = model.grey().mean()
    model.drag_window(100, 0)
    assert (model.window.centre, model.window.width) == (100, 80 + 100 * 80 / 500)
    model.use_own_window()
    model.drag_window(0, 100)
    assert model.window.centre == 100 - 100 * 80 / 500
    assert model.grey().mean() > before


def test_that_a_drag_upwards_brightens_an_inverted_image_too(model: ImageState) -> None:
    model.invert()
    before = model.grey().mean()
    model.drag_window(0, 100)
    assert model.grey().mean() > before


def test_that_pixels_keep_their_aspect_and_the_slice_fits_the_view(model: ImageState) -> None:
    # 200 columns of 0.5 mm and 100 rows of 1 mm are a square; 300 points are the smaller side.
    view = model.view
    assert (view.per_column, view.per_row) == (1.5, 3.0)
    assert (view.left, view.top) == (50, 0)


def test_that_zooming_leaves_the_position_under_the_cursor_where_it_is(model: ImageState) -> None:
    at = model.view.to_slice(120, 80)
    model.zoom_by(2.5, at)
    assert model.view.to_screen(*at) == pytest.approx((120, 80))
    assert model.zoom == pytest.approx(1.5 * 2.5)


def test_that_panning_moves_the_slice_by_the_points_of_the_drag(model: ImageState) -> None:
    before = model.view.to_screen(10, 20)
    model.pan_by(7, -9)
    assert model.view.to_screen(10, 20) == pytest.approx((before[0] + 7, before[1] - 9))


def test_that_another_slice_or_a_new_map_keeps_window_and_zoom(model: ImageState) -> None:
    model.set_window(Window(50, 20, function="linear_exact"))
    model.zoom_by(3)
    before = model.view
    model.show(Slice(np.ones((100, 200)), spacing_mm=(1.0, 0.5)), 1, "case", frame=1, frames=5)
    model.set_overlay(overlay(np.ones((4, 4)), (100, 200)))
    assert (model.window.centre, model.view) == (50, before)


def test_that_another_case_starts_anew(model: ImageState) -> None:
    model.zoom_by(3)
    model.set_overlay_on(True)
    model.invert()
    model.show(Slice(np.ones((10, 10))), 2, "other")
    assert (model.fits, model.overlay_on, model.inverted, model.overlay) == (True, False, False, None)


def test_that_reset_brings_back_window_zoom_and_grey(model: ImageState) -> None:
    first = (model.window, model.view, model.grey().tolist())
    model.drag_window(30, 40)
    model.zoom_by(2, (3, 4))
    model.invert()
    model.reset()
    assert (model.window, model.view, model.grey().tolist()) == first


def test_that_the_readout_names_position_intensity_map_value_and_rank(model: ImageState) -> None:
    values = np.arange(20 * 10, dtype=np.float32).reshape(10, 20)
    model.set_overlay(overlay(values, (100, 200)))
    model.set_cursor((15.2, 24.8))
    assert model.readout == "row 15, column 25   25 HU"
    model.set_overlay_on(True)
    # Pixel (15, 25) lies in cell (1, 2), whose value is 22: 22 of 200 values are below it.
    assert model.readout == "row 15, column 25   25 HU   Map 22, above 11 % of the map"


def test_that_all_windows_are_offered_and_nine_have_a_key(model: ImageState) -> None:
    windows = tuple(Window(number, 10, f"W{number}") for number in range(12))
    model.show(Slice(np.ones((10, 10)), windows=windows), 2, "other")
    assert model.presets[:12] == windows
    model.use_preset(9)
    assert model.window == windows[8]


def test_that_a_drag_from_a_table_goes_on_as_a_line_over_its_values(model: ImageState) -> None:
    table = DisplayTable(0, tuple(range(255, -1, -1)))
    model.show(Slice(np.ones((10, 10)), windows=(Window(120, 200, "VOI", table=table),)), 2, "other")
    model.drag_window(0, 0)
    assert model.window == Window(120, 200, function="linear_exact")


def test_that_a_drag_keeps_a_sigmoid(model: ImageState) -> None:
    model.show(Slice(np.ones((10, 10)), windows=(Window(120, 200, "S", "sigmoid"),)), 2, "other")
    model.drag_window(0, 0)
    assert model.window == Window(120, 200, function="sigmoid")


def test_that_padding_under_the_cursor_is_called_that(model: ImageState) -> None:
    values = np.array([[65535, 7]], np.uint16)
    model.show(Slice(values, unit="HU", padding=values == 65535), 2, "other")
    for column, expected in ((0, "padding (65535)"), (1, "7 HU")):
        model.set_cursor((0, column))
        assert model.readout == f"row 0, column {column}   {expected}"


def test_that_a_stated_ratio_shapes_the_pixels_without_a_spacing(model: ImageState) -> None:
    model.show(Slice(np.ones((100, 100)), stated_aspect=2.0), 2, "other")
    assert (model.view.per_row, model.view.per_column) == (3.0, 1.5)
    assert model.scale_bar is None


def test_that_nothing_is_read_off_beside_the_slice(model: ImageState) -> None:
    model.set_cursor((-0.6, 3))
    assert model.readout == ""
    model.set_cursor((-0.4, 3))
    assert model.readout.startswith("row 0, column 3")


def test_that_orientation_is_named_where_the_file_knows_it_and_not_guessed(model: ImageState) -> None:
    assert model.letters is None
    affine = np.array([[0, 0, 1.0, -10], [0, 1.0, 0, -20], [1.0, 0, 0, 30], [0, 0, 0, 1]])
    model.show(Slice(np.zeros((4, 4)), affine_lps_mm=affine), 3, "axial")
    assert model.letters == ("A", "R")
    model.set_cursor((2, 3))
    assert "R 7.0, A 18.0, H 30.0 mm" in model.readout


def test_that_the_scale_bar_is_round_and_true(model: ImageState) -> None:
    length, points = model.scale_bar
    assert (length, points) == (20, 20 / 0.5 * 1.5)
    model.show(Slice(np.zeros((4, 4))), 3, "no spacing")
    assert model.scale_bar is None


def test_that_presets_follow_their_numbers(model: ImageState) -> None:
    model.use_preset(2)
    assert model.window == model.presets[1]
    model.use_preset(99)
    assert model.window == model.presets[1]


def test_that_holding_the_key_hides_the_overlay_without_switching_it_off(model: ImageState) -> None:
    model.set_overlay(overlay(np.ones((4, 4)), (100, 200)))
    model.set_overlay_on(True)
    model.hide_overlay(True)
    assert (model.overlay_visible, model.overlay_on) == (False, True)
    model.hide_overlay(False)
    assert model.overlay_visible


def test_that_signals_come_on_change_only(qtbot, model: ImageState) -> None:
    with qtbot.assertNotEmitted(model.overlay_changed):
        model.set_opacity(model.opacity)
        model.set_colour_map(model.colour_map)
        model.set_overlay_on(model.overlay_on)
    with qtbot.waitSignal(model.overlay_changed):
        model.set_opacity(0.25)


def test_that_zero_is_transparent_and_full_evidence_is_opaque() -> None:
    shown = shaded(overlay(np.array([[0.0, 1.0]]), (1, 2)), ColourMap.INFERNO, native_cells=True)
    assert shown[0, 0, 3] == 0
    assert shown[0, 1].tolist() == [252, 255, 164, 255]


def test_that_signed_maps_are_blue_against_red_for_and_transparent_at_zero() -> None:
    shown = shaded(overlay(np.array([[-1.0, 0.0, 1.0]]), (1, 3), signed=True), ColourMap.INFERNO, True)
    against, nothing, support = shown[0].astype(int)
    assert against[2] > against[0] + 80
    assert support[0] > support[2] + 80
    assert nothing[3] <= 4
    assert (against[3], support[3]) == (255, 255)


def test_that_what_the_network_did_not_see_is_hatched_in_grey() -> None:
    cropped = Overlay(
        np.ones((4, 4), np.float32), False, (4, 4), GridMap((4, 4), (24, 48), (-0.5, 11.5, 23.5, 35.5)), 1.0
    )
    shown = shaded(cropped, ColourMap.INFERNO, native_cells=False)
    outside = shown[:, :12]
    assert set(map(tuple, outside.reshape(-1, 4).tolist())) == {(150, 150, 150, 110), (0, 0, 0, 0)}
    assert (shown[:, 12:36, 3] == 255).all()


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
