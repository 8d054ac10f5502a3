"""Figures: pixels against the blend computed by hand; the sign rule; bars with numbers; same bytes again."""

import csv
from io import BytesIO, StringIO

import numpy as np
import pytest
from PIL import Image

from core.curves.curve_set import Curve, CurveScore, CurveSet, Glimpse, ImageFacts, UndefinedCurve
from core.curves.protocol import CurveReason
from core.curves.settings import CurveSettings
from core.exports.report.curve_plots import plots_of
from core.exports.report.drawing import DrawnLine, drawing_of
from core.figures import overlay
from core.figures.blending import ColourScale, blended, coloured, enlarged
from core.figures.curves import PROTOCOLS, curves_png, tidy_rows
from core.figures.line_styles import STROKES
from core.figures.network_input import input_png
from core.figures.overlay import Layout, overlay_png
from core.figures.wording import map_header
from core.images.grid_map import GridMap
from core.images.slice import Slice
from core.methods import METHODS, method_named
from core.network.attribution_map import AttributionMap
from core.results.records import MethodRecord, TargetRecord


def record_of(attribution_map: AttributionMap, **changes) -> MethodRecord:
    fields = {
        "name": "grad_cam",
        "title": "Grad-CAM",
        "parameters": {},
        "target": TargetRecord(class_name="glioma"),
        "seed": 0,
        "signed": attribution_map.signed,
        "minimum": float(attribution_map.values.min()),
        "maximum": float(attribution_map.values.max()),
        "cells": attribution_map.cells,
        "diagnostics": {},
        "choices": {"layer": "last"},
        "forwards": 0,
        "gradients": 1,
        "seconds": 0.1,
    }
    return MethodRecord(**(fields | changes))


def pixels(png: bytes):
    return np.asarray(Image.open(BytesIO(png)).convert("RGB"))


def map_of(values, signed=False) -> AttributionMap:
    return AttributionMap(np.asarray(values, np.float32), signed, np.shape(values))


def test_that_zero_is_transparent_and_the_limit_is_full():
    one_sided, signed = ColourScale(2.0, False, False), ColourScale(2.0, True, False)
    half = 0.5
    np.testing.assert_allclose(
        coloured(np.array([-1.0, 0.0, 1.0, 2.0, 9.0]), one_sided)[:, 3], [0, 0, 0.6 * half, 0.6, 0.6]
    )
    np.testing.assert_allclose(
        coloured(np.array([-9.0, -1.0, 0.0, 1.0, 2.0]), signed)[:, 3], [0.6, 0.6 * half, 0, 0.6 * half, 0.6]
    )


def test_that_red_supports_the_target_and_blue_opposes_it():
    against, support = coloured(np.array([-1.0, 1.0]), ColourScale(1.0, True, False))[:, :3]
    assert support[0] > 2 * support[2]
    assert against[2] > 2 * against[0]


def test_that_a_signed_scale_is_symmetric_whatever_the_extremes():
    values = np.zeros((10, 10))
    values[0, 0], values[5, 5] = -4.0, 1.0
    scale = ColourScale.of(values, signed=True)
    assert (scale.low, scale.limit) == (-scale.limit, scale.limit)
    assert scale.cut == (scale.limit < 4.0)


def test_that_a_scale_of_a_nearly_empty_map_is_its_maximum():
    values = np.zeros((100, 100))
    values[3, 3] = 2.5
    assert ColourScale.of(values, signed=False) == ColourScale(2.5, False, False)


def test_that_few_extreme_pixels_do_not_set_the_scale():
    values = np.ones((100, 100))
    values[0, :5] = 1000.0
    assert ColourScale.of(values, signed=False) == ColourScale(1.0, False, True)


def test_that_the_blend_is_the_weighted_mean_and_nan_leaves_the_picture():
    displayed = np.array([[100, 200, 50]], np.uint8)
    values = np.array([[0.5, np.nan, 0.0]])
    scale = ColourScale(1.0, False, False)
    blend = blended(displayed, values, scale)
    colour = coloured(np.array([0.5]), scale)[0]
    expected = 100 * (1 - colour[3]) + 255 * colour[:3] * colour[3]
    np.testing.assert_array_equal(blend[0, 0], np.rint(expected).astype(np.uint8))
    np.testing.assert_array_equal(blend[0, 1:], [[200] * 3, [50] * 3])


def test_that_enlarging_repeats_pixels_and_keeps_the_body_s_proportions():
    picture = np.arange(200 * 100, dtype=np.uint32).reshape(200, 100)
    assert enlarged(picture, 1.0).shape == (600, 300)
    assert enlarged(picture, 0.5).shape == (600, 600)
    assert set(np.unique(enlarged(picture, 0.7 / 0.9))) == set(picture.ravel())
    np.testing.assert_array_equal(enlarged(picture, 1.0)[::3, ::3], picture)


def test_that_the_overlay_holds_every_slice_pixel_unchanged_where_the_map_is_zero():
    values = np.zeros((8, 8))
    values[:2, :2] = 1.0
    image = Slice(np.arange(64 * 64, dtype=np.uint16).reshape(64, 64) % 251)
    grid = GridMap((8, 8), (64, 64), (-0.5, -0.5, 63.5, 63.5))
    result = map_of(values)
    observed = pixels(overlay_png(image, grid, result, record_of(result)))
    expected = enlarged(np.repeat(overlay.displayed(image)[..., None], 3, axis=2), 1.0)
    layout = Layout.of(expected)
    assert observed.shape[:2] == (layout.height, layout.width)
    top = layout.height - layout.bottom - expected.shape[0]
    inside = observed[top : top + expected.shape[0], layout.left : layout.left + expected.shape[1]]
    half = expected.shape[0] // 2
    np.testing.assert_array_equal(inside[half:, half:], expected[half:, half:])
    assert (inside[:half, :half] != expected[:half, :half]).any()


def test_that_an_overlay_is_the_same_bytes_again(generator):
    image = Slice(generator.integers(0, 255, (40, 30), np.uint8), spacing_mm=(1.0, 2.0))
    grid = GridMap((8, 8), (40, 30), (-0.5, -0.5, 39.5, 29.5))
    result = map_of(generator.standard_normal((8, 8)), signed=True)
    first, second = (overlay_png(image, grid, result, record_of(result)) for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("values", "signed", "words"), [(0.0, False, True), (-1.0, True, True), (1.0, False, False)]
)
def test_that_a_map_without_positive_evidence_reports_it(monkeypatch, values, signed, words):
    message = []
    monkeypatch.setattr(overlay, "write_inside", lambda *arguments: message.append(arguments[-1]))
    image = Slice(np.zeros((20, 20), np.uint8))
    result = map_of(np.full((4, 4), values), signed)
    overlay_png(image, GridMap((4, 4), (20, 20), (-0.5, -0.5, 19.5, 19.5)), result, record_of(result))
    assert message == (["No positive evidence for the logit of glioma."] if words else [])


@pytest.mark.parametrize("shape", [(600, 600, 3), (900, 300, 3)])
def test_that_a_sentence_over_the_picture_stays_inside_the_figure(shape):
    layout = Layout.of(np.zeros(shape))
    figure = overlay.empty_figure(layout)
    sentence = (
        "No positive evidence for the logit of meningioma minus logit of pituitary: the gradient is zero up "
        "to rounding (it moves the score by 3.0e-09 at most, rounding alone by 1.4e-06)."
    )
    overlay.write_inside(figure, layout, shape, sentence)
    figure.canvas.draw()
    box = figure.texts[0].get_window_extent()
    assert figure.texts[0].get_text().replace("\n", " ") == sentence
    assert box.x0 > 0
    assert box.x1 < layout.width


@pytest.mark.parametrize(
    ("scale", "labels"),
    [
        (ColourScale(4.0, False, False), ["0", "1", "2", "3", "4"]),
        (ColourScale(4.0, True, True), ["≤ −4", "−2", "0", "2", "≥ 4"]),
        (ColourScale(0.0, False, False), ["0"]),
    ],
)
def test_that_the_colour_bar_has_numbers(scale, labels):
    figure = overlay.empty_figure(Layout(900, 800, 20, 20, 100.0))
    overlay.draw_colour_bar(figure, Layout(900, 800, 20, 20, 100.0), (600, 600, 3), scale)
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == labels


def test_that_names_with_dollar_signs_are_drawn_as_they_are():
    result = map_of(np.ones((4, 4)))
    record = record_of(result, target=TargetRecord(class_name="a$b^{$"))
    image = Slice(np.zeros((20, 20), np.uint8))
    grid = GridMap((4, 4), (20, 20), (-0.5, -0.5, 19.5, 19.5))
    assert overlay_png(image, grid, result, record).startswith(b"\x89PNG")


def test_that_the_input_is_written_as_the_network_saw_it(generator):
    x = generator.random((6, 5, 1), dtype=np.float32)
    png, mapping = input_png(x)
    picture = Image.open(BytesIO(png))
    assert picture.mode == "L"
    np.testing.assert_array_equal(np.asarray(picture), np.rint(255 * x[..., 0].astype(np.float64)))
    assert (mapping.low, mapping.high) == (0.0, 1.0)
    assert Image.open(BytesIO(input_png(np.repeat(x, 3, axis=2))[0])).mode == "RGB"


def test_that_a_target_is_described_in_words():
    assert TargetRecord(class_name="a").words == "logit of a"
    assert TargetRecord(kind="probability", class_name="a").words == "probability of a"
    both = TargetRecord(kind="difference", class_name="a", against="b")
    assert both.words == "logit of a minus logit of b"


SUPPORT = "target: logit of glioma; positive values support it"
MAGNITUDE = "target: logit of glioma; magnitudes, neither for nor against it"
PATTERN = "target: logit of glioma; a pattern, whose sign is neither for nor against it"
NO_MODEL = "a control map: it does not use the model"
SLOPE = "change of the score per unit of intensity"


@pytest.mark.parametrize(
    ("name", "params", "signed", "unit", "second_line"),
    [
        ("gradient", {"channels": "sum"}, True, SLOPE, SUPPORT),
        ("gradient", {"channels": "max_abs"}, False, SLOPE, MAGNITUDE),
        ("smooth_grad", {"squared": False}, True, SLOPE, SUPPORT),
        ("smooth_grad", {"squared": True}, False, f"square of the {SLOPE}", MAGNITUDE),
        ("smooth_ig", {"squared": True}, False, "square of the share of the score", MAGNITUDE),
        ("var_grad", {}, False, "variance of the score's change per unit of intensity", MAGNITUDE),
        ("input_x_gradient", {}, True, "share of the score, were it linear", SUPPORT),
        ("integrated_gradients", {}, True, "share of the score", SUPPORT),
        ("occlusion", {}, True, "change of the score", SUPPORT),
        ("grad_cam", {}, False, "weighted activation", SUPPORT),
        ("fast_xrai_30", {"base": "integrated_gradients"}, False, "share of the score", SUPPORT),
        ("xrai", {"base": "gradient"}, True, SLOPE, SUPPORT),
        ("xrai", {"base": "input_x_gradient"}, True, "share of the score, were it linear", SUPPORT),
        ("xrai", {"base": "grad_cam"}, True, "weighted activation", SUPPORT),
        ("guided_backpropagation", {}, True, "gradient with another rule for ReLU", PATTERN),
        ("deconvnet", {}, True, "gradient with another rule for ReLU", PATTERN),
        ("guided_grad_cam", {}, True, "guided gradient x weighted activation", PATTERN),
        ("random", {}, False, "no unit", NO_MODEL),
        ("edge", {}, False, "no unit", NO_MODEL),
    ],
)
def test_that_a_map_s_caption_states_its_unit_and_its_sign(name, params, signed, unit, second_line):
    each = method_named(name)
    result = map_of(np.ones((2, 2)), signed)
    record = record_of(result, name=name, title=each.title, parameters=params, choices={})
    assert map_header(record) == (f"{each.title} ({unit})", second_line)


# What the values of methods are in, and whether they have a sign, with their defaults. A new method needs no
# line here: its own test says what its values mean.
CAPTIONS = {
    "gradient": (SLOPE, SUPPORT),
    "input_x_gradient": ("share of the score, were it linear", SUPPORT),
    "smooth_grad": (SLOPE, SUPPORT),
    "var_grad": ("variance of the score's change per unit of intensity", MAGNITUDE),
    "integrated_gradients": ("share of the score", SUPPORT),
    "guided_ig": ("share of the score", SUPPORT),
    "blur_ig": ("share of the score", SUPPORT),
    "smooth_ig": ("share of the score", SUPPORT),
    "smooth_guided_ig": ("share of the score", SUPPORT),
    "smooth_blur_ig": ("share of the score", SUPPORT),
    "expected_gradients": ("share of the score", SUPPORT),
    "cam": ("weighted activation", SUPPORT),
    "grad_cam": ("weighted activation", SUPPORT),
    "grad_cam_pp": ("weighted activation", SUPPORT),
    "score_cam": ("weighted activation", SUPPORT),
    "layer_cam": ("weighted activation", SUPPORT),
    "occlusion": ("change of the score", SUPPORT),
    "rise": ("change of the score", SUPPORT),
    "random": ("no unit", NO_MODEL),
    "edge": ("no unit", NO_MODEL),
}
REGIONS = ("xrai", "fast_xrai_30")
BASES = method_named("xrai").Params.model_json_schema()["properties"]["base"]["enum"]


def captions_of(name, **parameters):
    """Unit in the caption's first line, and its second line."""
    each = method_named(name)
    record = record_of(
        map_of(np.ones((2, 2))), name=name, title=each.title, parameters=parameters, choices={}
    )
    first, second = map_header(record)
    return first.removeprefix(f"{each.title} (").removesuffix(")"), second


def test_that_the_caption_of_a_method_has_its_unit():
    expected = CAPTIONS | dict.fromkeys(REGIONS, ("share of the score", SUPPORT))
    assert {name: captions_of(name) for name in expected} == expected


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_that_the_caption_of_every_method_has_the_unit_that_it_declares(method):
    assert captions_of(method.name)[0] == method.meaning(method.Params()).unit


@pytest.mark.parametrize("name", REGIONS)
@pytest.mark.parametrize("base", BASES)
def test_that_a_region_method_is_in_the_unit_of_its_base(name, base):
    assert captions_of(name, base=base) == captions_of(base)


@pytest.mark.parametrize(
    ("name", "parameters", "unit", "second_line"),
    [
        ("xrai", {"base": "rise", "keep": 30}, "change of the score", SUPPORT),
        ("xrai", {"base": "var_grad", "keep": 30}, CAPTIONS["var_grad"][0], MAGNITUDE),
        ("occlusion", {"combine": "sum"}, "sum of changes of the score", SUPPORT),
        ("rise", {"normalise": "paper"}, "mean score where shown", SUPPORT),
        ("smooth_grad", {"channels": "max_abs"}, SLOPE, MAGNITUDE),
        ("var_grad", {"channels": "max_abs"}, CAPTIONS["var_grad"][0], MAGNITUDE),
    ],
)
def test_that_parameters_that_change_the_unit_change_the_caption(name, parameters, unit, second_line):
    assert captions_of(name, **parameters) == (unit, second_line)


def curve_set(undefined: bool = False) -> CurveSet:
    glimpse = Glimpse(share=0, x=0, predicted_class=0, probability=0.5, target_probability=0.5)
    names = ("grad_cam", "random", "edge")
    kinds = ("sic",) if undefined else ("aic", "sic")
    missing = UndefinedCurve(
        kind="aic", reason=CurveReason.NOT_WORSE, message="The blurred image does.", hint=""
    )
    return CurveSet(
        settings=CurveSettings(),
        target_class=0,
        webp_version="",
        image=ImageFacts(
            blurred=glimpse,
            original=glimpse,
            information_blurred=0,
            information_original=1,
            unit="pixels",
            input_low=0,
            input_high=1,
        ),
        methods=names,
        curves=tuple(
            Curve(
                method=name,
                kind=kind,
                direction=direction,
                shares=(0.0, 0.1, 1.0),
                x=(0.0, 0.1, 1.0),
                y=(0.0, 0.7, 1.0),
                area=0.8,
            )
            for kind in kinds
            for name in names
            for direction in ("top", "bottom")
        ),
        scores=tuple(
            CurveScore(
                method=name,
                kind=kind,
                score=0.25,
                area=0.8,
                gap=0.25,
                spread=0.0,
                saturated=False,
                better_than_random="yes",
            )
            for kind in kinds
            for name in names
        ),
        undefined=(missing,) if undefined else (),
        maps=(),
        evaluations=3,
    )


def test_that_the_table_has_one_row_for_each_method_kind_direction_and_point():
    text = StringIO()
    csv.writer(text).writerows(tidy_rows(curve_set()))
    rows = list(csv.DictReader(StringIO(text.getvalue())))
    assert len(rows) == 3 * 2 * 2 * 3
    assert len({(r["method"], r["kind"], r["direction"], r["point"]) for r in rows}) == len(rows)
    assert rows[1] == {
        "method": "grad_cam",
        "kind": "aic",
        "direction": "top",
        "point": "1",
        "share": "0.1",
        "x": "0.1",
        "y": "0.7",
    }


def drawn_curves(drawn: CurveSet, monkeypatch):
    stored = []
    monkeypatch.setattr("core.figures.curves.png_bytes", lambda figure: stored.append(figure) or b"")
    curves_png(drawn, "glioma", {"grad_cam": "Grad-CAM"})
    return stored[0]


def test_that_curves_are_drawn_with_their_figures_and_grey_control_maps(monkeypatch):
    figure = drawn_curves(curve_set(), monkeypatch)
    for axes in figure.axes:
        labels = [text.get_text() for text in axes.get_legend().get_texts()]
        assert labels == [
            "Grad-CAM: gap +0.250, area 0.800",
            "random: gap +0.250, area 0.800",
            "edge: gap +0.250, area 0.800",
        ]
        grey = [line for line in axes.lines if line.get_color() == "0.5"]
        assert [line.get_linestyle() for line in grey] == ["--", "-."]
        (lowest_first,) = (line for line in axes.lines if line.get_linestyle() == ":")
        assert lowest_first.get_color() == axes.lines[0].get_color()
        np.testing.assert_array_equal(axes.lines[0].get_xydata(), [[0, 0], [0.1, 0.7], [1, 1]])
    words = [text.get_text() for text in figure.texts]
    assert any("Protocol cells" in text and "share of the area" in text for text in words)


def test_that_curves_in_reports_have_the_lines_of_those_in_pictures():
    plots = plots_of(curve_set(), "glioma", {})
    lines = {(series.style, series.label == ""): series.line for series in plots.plots[0].series}
    assert lines == {(0, False): "solid", (0, True): "dotted", (None, False): "dashdot"}
    assert [series.line for series in plots.plots[0].series if series.style is None] == ["dashed", "dashdot"]
    shapes = drawing_of(plots.plots[0]).shapes
    assert {shape.dash for shape in shapes if isinstance(shape, DrawnLine)} == set(STROKES.values())
    assert "lowest first (dotted)" in PROTOCOLS["cells"]


def test_that_an_undefined_curve_is_a_reason_and_no_line(monkeypatch):
    aic, sic = drawn_curves(curve_set(undefined=True), monkeypatch).axes
    assert [text.get_text() for text in aic.texts] == ["No curve on this image:\nThe blurred image does."]
    assert len(aic.lines) == 0
    assert len(sic.lines) == 4


def test_that_curves_make_a_picture_of_the_promised_size():
    assert Image.open(BytesIO(curves_png(curve_set(), "glioma", {}))).size[0] == 1650


@pytest.mark.parametrize(("signed", "levels"), [(False, [0.2]), (True, [-0.2, 0.2])])
def test_that_the_bar_marks_the_values_from_which_on_a_map_is_drawn(signed, levels):
    axes = overlay.empty_figure(Layout.of(np.zeros((60, 60, 3)))).add_axes((0.1, 0.1, 0.1, 0.8))
    overlay.draw_bar(axes, ColourScale(limit=2.0, signed=signed, cut=False))
    (marks,) = axes.lines
    assert list(marks.get_ydata()) == pytest.approx(levels)
    assert (axes.get_xlim(), axes.get_ylim()) == ((0, 1), (-2.0 if signed else 0.0, 2.0))


def test_that_the_bar_of_an_empty_map_has_no_mark():
    axes = overlay.empty_figure(Layout.of(np.zeros((60, 60, 3)))).add_axes((0.1, 0.1, 0.1, 0.8))
    overlay.draw_bar(axes, ColourScale(limit=0.0, signed=False, cut=False))
    assert list(axes.lines) == []
