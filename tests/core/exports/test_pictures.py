"""Pictures as shown: every pixel of the slice, everything drawn over it, and text that stays text."""

import re
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from core.exports.picture_png import PicturePng
from core.exports.picture_svg import PictureSvg
from core.exports.shown_picture import PictureParams, picture_parts
from core.figures.blending import ColourScale, MapStyle, blended, enlarged, in_colour
from core.figures.colour_maps import ColourMap
from core.figures.overlay import Layout, png_bytes
from core.figures.picture import FOOTER_INCHES, SMALLEST_SIDE, PictureParts, picture_figure
from core.workspace.document import SliceGeometry
from tests.core.exports.subjects import subject_of


def svg_of(subject, **options) -> str:
    return PictureSvg().files(subject, PictureParams(**options))[".svg"].decode("utf-8")


def texts_of(svg: str) -> list[str]:
    """Of all text elements; whatever else stands in the file is no text."""
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def test_that_each_pixel_of_the_slice_is_there_blended_with_the_map(generator):
    displayed = generator.integers(0, 255, (40, 30)).astype(np.uint8)
    values = generator.random((40, 30))
    values[:10] = np.nan
    scale = ColourScale.of(np.nan_to_num(values), signed=False)
    style = MapStyle(0.5, 0.3, ColourMap.VIRIDIS)
    parts = PictureParts(displayed, ("a", "b"), (), values, scale, style, aspect=2.0)
    observed = np.asarray(Image.open(BytesIO(png_bytes(picture_figure(parts)))).convert("RGB"))
    expected = enlarged(blended(displayed, values, scale, style), 2.0, SMALLEST_SIDE)
    np.testing.assert_array_equal(expected[:300, :, 0], enlarged(in_colour(displayed), 2.0, 1200)[:300, :, 0])
    layout = Layout.of(expected, FOOTER_INCHES)
    top = layout.height - layout.bottom - expected.shape[0]
    inside = observed[top : top + expected.shape[0], layout.left : layout.left + expected.shape[1]]
    np.testing.assert_array_equal(inside, expected)
    assert max(expected.shape) >= 1200
    assert expected.shape[0] / expected.shape[1] == pytest.approx(2 * 40 / 30)


def test_that_a_picture_is_the_same_bytes_again_and_states_its_origin_in_text_chunks():
    subject = subject_of("map-2")
    first = PicturePng().files(subject, PictureParams())[".png"]
    facts = Image.open(BytesIO(first)).text
    for part in ("not a medical device", "cd" * 32, "steps 8", "seed 3", "ab" * 32):
        assert part in facts["Description"]
    assert b"slice.dcm" not in first


def test_that_the_drawing_has_its_texts_as_text_and_states_its_origin():
    svg = svg_of(subject_of())
    texts = texts_of(svg)
    for expected in (
        "Grad-CAM (weighted activation)",
        "target: logit of glioma; positive values support it",
        "20 mm",
        "Region",
        "1 cm",
        "Parameters: layer last, seed 3. Target: logit of glioma.",
        "MR, slice 3 of 5, 60 x 40 pixels. Display window: centre 100, width 200.",
        "Saliscope. For research and teaching, not for diagnosis.",
    ):
        assert expected in texts
    assert {"A", "P", "R", "L"} <= set(texts)  # the rows of the example's slice run from front to back
    assert "cd" * 32 in svg
    assert "slice.dcm" not in svg
    assert "/data" not in svg


def test_that_what_is_switched_off_is_not_drawn():
    texts = texts_of(svg_of(subject_of(), regions=False, measurements=False, caption=False))
    assert not {"20 mm", "Region"} & set(texts)
    assert not any(text.startswith("Parameters") for text in texts)


def test_that_a_slice_without_a_map_has_no_colour_bar():
    parts = picture_parts(subject_of(""), PictureParams())
    assert parts.values is None
    assert len(picture_figure(parts).axes) == 1
    assert "MR, slice 3 of 5, 60 x 40 pixels" in texts_of(svg_of(subject_of("")))


def test_that_the_colour_bar_marks_the_threshold_on_both_sides_of_a_map_with_a_sign():
    for map_id, count in (("map-1", 1), ("map-2", 2)):
        parts = picture_parts(subject_of(map_id), PictureParams(threshold=0.25))
        bar = picture_figure(parts).axes[-1]
        (marks,) = bar.lines
        assert np.abs(marks.get_ydata()).tolist() == pytest.approx([0.25 * parts.scale.limit] * count)
        assert len(picture_figure(replace(parts, style=MapStyle(threshold=0.0))).axes[-1].lines) == 0


def test_that_native_cells_are_shown_as_cells_and_the_outline_is_that_of_the_highest_tenth():
    subject = subject_of()
    parts = picture_parts(subject, PictureParams(native_cells=True, outline=True, regions=False))
    expected = subject.case.grid.grid_map.to_slice(subject.data.arrays["case-1-map-1"], smooth=False)
    np.testing.assert_array_equal(parts.values, expected)
    (top,) = parts.areas
    assert top.lines.shape[1:] == (2, 2)
    values = subject.data.arrays["case-1-map-1"]
    sides = len(np.unique(top.lines.reshape(-1, 4), axis=0))
    assert 4 <= sides <= 4 * round(0.1 * values.size)


def test_that_lines_and_letters_need_what_they_measure():
    without = SliceGeometry(shape=(40, 60), orientation_letters=("L", "P"), stated_aspect=2.0)
    parts = picture_parts(subject_of(geometry=without), PictureParams())
    assert (parts.letters.top, parts.letters.left) == ("A", "R")
    assert (parts.column_mm, parts.aspect) == (None, 2.0)
    assert not {"1 cm", "5 mm"} & set(texts_of(svg_of(subject_of(geometry=without))))
