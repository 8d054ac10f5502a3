"""The window as DICOM defines it (PS3.3 C.11.2.1.2), against the standard's own pseudo-code."""

from dataclasses import replace

import numpy as np
import pytest

from core.images.slice import DisplayTable, Slice, Window
from core.images.slice_message import SliceMessage
from core.images.windowing import (
    CT_PRESETS,
    default_window,
    displayed,
    percentile_window,
    presets,
    value_windows,
)

RAMP = np.arange(-300, 300, dtype=np.int16).reshape(20, 30)


def by_the_standard(x: float, centre: float, width: float) -> float:
    """C.11.2.1.2.1, value by value, for an output of 0 to 255."""
    if x <= centre - 0.5 - (width - 1) / 2:
        return 0.0
    if x > centre - 0.5 + (width - 1) / 2:
        return 255.0
    return ((x - (centre - 0.5)) / (width - 1) + 0.5) * 255


@pytest.mark.parametrize("dtype", [np.int16, np.int32, np.float32, np.float64])
@pytest.mark.parametrize(
    ("centre", "width"), [(40, 80), (0, 1), (-0.5, 1), (0, 2), (10.5, 100.25), (2048, 4096)]
)
def test_that_a_window_follows_the_standard(dtype: type, centre: float, width: float) -> None:
    expected = [by_the_standard(float(x), centre, width) for x in RAMP.ravel()]
    pixels = displayed(Slice(RAMP.astype(dtype)), Window(centre, width))
    assert pixels.dtype == np.uint8
    assert np.abs(pixels.ravel() - np.array(expected)).max() <= 0.5 + 1e-3


def test_that_the_standards_example_holds() -> None:
    # C.11.2.1.2.1: centre 2048, width 4096 maps 0 to ymin and 4095 to ymax.
    image = Slice(np.array([[0, 4095]], np.uint16))
    assert displayed(image, Window(2048, 4096)).tolist() == [[0, 255]]


def test_that_an_exact_window_ends_at_half_its_width() -> None:
    image = Slice(np.array([[0.0, 0.25, 0.5, 0.75, 1.0]], np.float32))
    assert displayed(image, Window(0.5, 0.5, function="linear_exact")).tolist() == [[0, 0, 128, 255, 255]]


def test_that_inversion_comes_after_the_window_and_twice_is_never() -> None:
    values, window = np.array([[0, 20, 300]], np.uint16), Window(50.5, 101)
    plain = displayed(Slice(values), window)
    assert plain.tolist() == [[0, 51, 255]]
    for by_file, by_user in ((True, False), (False, True)):
        pixels = displayed(Slice(values, inverted=by_file), window, inverted=by_user)
        assert pixels.tolist() == [[255, 204, 0]]
    assert displayed(Slice(values, inverted=True), window, inverted=True).tolist() == plain.tolist()


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int16, np.uint16])
def test_that_small_integers_show_as_their_float_values_do(
    dtype: type, generator: np.random.Generator
) -> None:
    limits = np.iinfo(dtype)
    values = generator.integers(limits.min, limits.max, (40, 50), dtype=dtype, endpoint=True)
    window = Window(float(limits.max) / 3, float(limits.max) / 2)
    as_float = displayed(Slice(values.astype(np.float64)), window)
    np.testing.assert_array_equal(displayed(Slice(values), window), as_float)
    np.testing.assert_array_equal(displayed(Slice(values[::2, ::-1]), window), as_float[::2, ::-1])


KINDS = pytest.mark.parametrize("dtype", [np.int16, np.int32, np.float32, np.float64])


@KINDS
@pytest.mark.parametrize(("centre", "width"), [(0, 100), (-250.5, 0.5), (40, 1e6)])
def test_that_a_sigmoid_follows_the_standard(dtype: type, centre: float, width: float) -> None:
    # C.11.2.1.3.1; far from the centre the exponential is beyond floating point, not beyond the curve.
    with np.errstate(over="ignore"):
        expected = 255 / (1 + np.exp(-4 * (RAMP.astype(np.float64) - centre) / width))
    pixels = displayed(Slice(RAMP.astype(dtype)), Window(centre, width, "", "sigmoid"))
    assert pixels.dtype == np.uint8
    assert np.abs(pixels - expected).max() <= 0.5 + 1e-9


@KINDS
def test_that_a_table_is_looked_up_and_goes_on_flat_at_both_ends(dtype: type) -> None:
    window = Window(0, 4, table=DisplayTable(-2, (9, 200, 0, 31, 77)))
    pixels = displayed(Slice(RAMP.astype(dtype)), window).ravel()
    by_value = dict(zip(RAMP.ravel().tolist(), pixels.tolist(), strict=True))
    assert [by_value[value] for value in range(-4, 5)] == [9, 9, 9, 200, 0, 31, 77, 77, 77]


def test_that_values_that_are_not_finite_stay_within_curve_and_table() -> None:
    image = Slice(np.array([[np.nan, -np.inf, np.inf, 1e30]], np.float32))
    assert displayed(image, Window(0, 2, "", "sigmoid")).tolist() == [[0, 0, 255, 255]]
    assert displayed(image, Window(0, 2, table=DisplayTable(0, (3, 200)))).tolist() == [[3, 3, 200, 200]]


@pytest.mark.parametrize("colour", [False, True])
def test_that_padding_is_dark_whatever_the_order(colour: bool) -> None:
    values = np.full((2, 2, 3) if colour else (2, 2), 90, np.uint8)
    padding = np.array([[True, False], [False, False]])
    for by_file, by_user in ((False, False), (True, False), (False, True), (True, True)):
        image = Slice(values, inverted=by_file, padding=padding)
        pixels = displayed(image, Window(50, 20), inverted=by_user)
        assert (pixels[0, 0] == 0).all()
        assert (pixels[0, 1] == (0 if by_file != by_user else 255)).all()


def test_that_a_table_holds_shades_alone() -> None:
    for shades in ((), (0, 256), (-1,)):
        with pytest.raises(ValueError, match="shades of 0 to 255"):
            DisplayTable(0, shades)


def test_that_a_window_goes_through_a_pipe_with_its_function_and_table() -> None:
    windows = (Window(1, 2, "S", "sigmoid"), Window(3, 4, table=DisplayTable(-7, tuple(range(256)))))
    message, arrays = SliceMessage.of(Slice(RAMP, windows=windows))
    image = SliceMessage.model_validate_json(message.model_dump_json()).slice_of(arrays)
    assert image.windows == windows


def test_that_an_8_bit_colour_picture_shows_as_it_is() -> None:
    values = np.arange(256 * 3, dtype=np.uint32).astype(np.uint8).reshape(16, 16, 3)
    np.testing.assert_array_equal(displayed(Slice(values)), values)


def test_that_nan_shows_dark_and_infinity_bright() -> None:
    image = Slice(np.array([[np.nan, -np.inf, np.inf, 5.0]], np.float32))
    assert displayed(image, Window(5, 10, function="linear_exact")).tolist() == [[0, 0, 255, 128]]


def test_that_a_percentile_window_ignores_what_is_not_finite() -> None:
    values = np.linspace(0, 100, 101, dtype=np.float32)[None]
    window = percentile_window(Slice(np.append(values, [[np.nan, np.inf]], axis=1)), 1, 99)
    assert (window.low, window.high) == pytest.approx((1, 99))


@pytest.mark.parametrize(
    ("values", "bounds"),
    [
        (np.full((3, 3), 7, np.int16), (7, 8)),
        (np.full((3, 3), np.nan, np.float32), (0, 1)),
        (np.pad([[4]], 20).astype(np.uint8), (0, 4)),  # a label map: 1 to 99 % are all 0
    ],
)
def test_that_a_window_of_nearly_equal_values_is_not_empty(
    values: np.ndarray, bounds: tuple[int, int]
) -> None:
    window = percentile_window(Slice(values), 1, 99)
    assert (window.low, window.high) == bounds


def test_that_the_files_own_window_comes_first_and_presets_need_hounsfield_units() -> None:
    file_window = Window(100, 200, "own")
    ct = Slice(RAMP, modality="CT", unit="HU", windows=(file_window,))
    assert default_window(ct) is file_window
    assert presets(ct)[:2] == (file_window, CT_PRESETS[0])
    assert CT_PRESETS[0] not in presets(Slice(RAMP, modality="CT"))
    assert [window.name for window in presets(Slice(RAMP, modality="MR"))] == ["1 to 99 %", "All values"]


def test_that_all_values_are_seen_by_the_window_of_that_name() -> None:
    pixels = displayed(Slice(RAMP), presets(Slice(RAMP))[-1])
    assert (pixels.min(), pixels.max()) == (0, 255)
    assert (np.diff(pixels.ravel().astype(int)) >= 0).all()


def test_that_windows_which_came_with_the_slice_are_not_computed_again(monkeypatch) -> None:
    image = Slice(RAMP, modality="MR")
    expected = default_window(image), presets(image)
    image = replace(image, value_windows=value_windows(image))
    monkeypatch.setattr(np, "percentile", lambda *_: pytest.fail("the values were ranked again"))
    assert (default_window(image), presets(image)) == expected


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.uint16, np.float32])
def test_that_an_image_of_many_bands_is_shown_as_its_rows_one_by_one(monkeypatch, generator, dtype) -> None:
    values = (generator.uniform(0, 250, (37, 11))).astype(dtype)
    rows = np.concatenate([displayed(Slice(values[at : at + 1]), Window(100, 90)) for at in range(37)])
    monkeypatch.setattr("core.images.windowing.BAND_VALUES", 50)  # four rows
    np.testing.assert_array_equal(displayed(Slice(values), Window(100, 90)), rows)
    transposed = Slice(np.asfortranarray(values))
    np.testing.assert_array_equal(displayed(transposed, Window(100, 90)), rows)
