"""The DICOM files: how they are read and shown."""

import numpy as np

from app.window.states.viewport import ViewportState
from core.images.slice import Slice
from core.images.windowing import default_window, displayed, percentile_window, presets
from tests.field_cases.registry import Files, case


@case("mono1")
def _(files: Files) -> None:
    negative, plain = files.image("d10_mono1.dcm"), files.image("d10_mono2.dcm")
    assert (negative.inverted, plain.inverted) == (True, False)
    np.testing.assert_array_equal(negative.values, 4095 - plain.values)
    assert np.abs(displayed(negative).astype(int) - displayed(plain)).max() <= 1


@case("padding_film")
def _(files: Files) -> None:
    padded, plain, black = (files.image(f"d06_{name}.dcm") for name in ("padded", "plain", "black"))
    assert padded.padding is not None
    np.testing.assert_array_equal(padded.padding, padded.values == 65535)
    inside = ~padded.padding
    np.testing.assert_array_equal(padded.values[inside], plain.values[inside])
    for low, high in ((0, 100), (1, 99)):
        expected = percentile_window(Slice(plain.values[inside][None]), low, high)
        assert percentile_window(padded, low, high) == expected
    # Under the same window it is shown as the film with a black frame.
    window = default_window(padded)
    np.testing.assert_array_equal(displayed(padded, window)[inside], displayed(black, window)[inside])
    assert (displayed(padded, window)[padded.padding] == 0).all()
    assert (displayed(padded, window, inverted=True)[padded.padding] == 0).all()


@case("voi_lut_8bit")
def _(files: Files) -> None:
    for name in ("d16b_voi_lut_8bit.dcm", "d16c_voi_lut_8bit_wide.dcm"):
        image = files.image(name)
        window = default_window(image)
        assert (window.centre, window.width) == (127.5, 255)
        np.testing.assert_array_equal(displayed(image), image.values)


@case("sigmoid")
def _(files: Files) -> None:
    image = files.image("d05_sigmoid.dcm")
    expected = 255 / (1 + np.exp(-4 * (image.values.astype(float) - 2000) / 1000))
    np.testing.assert_array_equal(displayed(image), np.rint(expected))


@case("rescale_gaps")
def _(files: Files) -> None:
    for name in ("d04_slope_empty.dcm", "d04_intercept_only.dcm"):
        image = files.image(name)
        assert (image.values.min(), image.values.max(), image.unit) == (-1024, 2576, "HU")
    comma = files.image("d24_slope_comma.dcm")
    assert "RescaleSlope is unreadable: 1 was used" in comma.notes


@case("jpeg_planar1")
def _(files: Files) -> None:
    for name in ("d08_jpeg_planar1.dcm", "d08_jpeg_called_ybr422.dcm"):
        assert np.abs(files.image(name).values - files.truth("d08_truth.npy").astype(float)).mean() < 2


@case("jpeg_rgb_label")
def _(files: Files) -> None:
    for name in ("d08_jpeg_bare_called_rgb.dcm", "d08_jpeg_jfif_called_rgb.dcm"):
        image = files.image(name)
        assert np.abs(image.values - files.truth("d08_truth.npy").astype(float)).mean() < 2
        assert image.notes == ("labelled RGB, but the JPEG data are YCbCr: read as such",)


@case("frames0")
def _(files: Files) -> None:
    assert files.frames("d03_frames0.dcm") == 1
    assert files.image("d03_frames0.dcm").values.max() == 3600


@case("uncounted")
def _(files: Files) -> None:
    assert files.frames("d13_three_uncounted.dcm") == 1
    image = files.image("d13_three_uncounted.dcm")
    assert image.shape == (256, 256)
    assert not image.is_colour
    assert "hold 3 frames" in image.notes[0]


@case("wrong_syntax")
def _(files: Files) -> None:
    image = files.image("d11_jpeg_called_native.dcm")
    assert image.values.max() == 221
    assert "contradicts the pixel data, which are JPEG" in image.notes[0]


@case("non_square")
def _(files: Files) -> None:
    # Rows lie 0.5 mm apart and columns 1 mm: a square of 256 x 128 pixels, and one squeezed to half.
    for name, sides in (("d25_square_anatomy.dcm", (128, 128)), ("d25_squeezed_anatomy.dcm", (128, 256))):
        image = files.image(name)
        viewport = ViewportState()
        viewport.set_view_size(256, 256)
        viewport.show(image, is_other_case=True)
        view, (rows, columns) = viewport.view, image.shape
        shown = (rows * view.per_row, columns * view.per_column)
        assert shown[0] / shown[1] == sides[0] / sides[1]


@case("mono1", "padding_film", "voi_lut_8bit", "sigmoid")
def _(files: Files) -> None:
    """Every window that is offered shows the image."""
    for name in ("d05_sigmoid.dcm", "d06_padded.dcm", "d10_mono1.dcm", "d16b_voi_lut_8bit.dcm"):
        image = files.image(name)
        for window in presets(image):
            assert len(np.unique(displayed(image, window))) > 16, (name, window.name)
