"""How a map is laid over an image: opacity, threshold, the outline of its top, the scale's texts."""

import numpy as np
import pytest

from app.window.states.overlay_outline import contours, top_mask, top_outline
from app.window.states.overlay_style import OverlayStyle
from app.window.states.scale_texts import ScaleTexts
from app.window.states.shading import FINE_STEPS, Overlay, coloured
from core.figures.colour_maps import ColourMap, opacity_of
from core.images.grid_map import GridMap
from core.images.turn import Turn
from tests.app.window.states.steps import shaded


def overlay(values: np.ndarray, full: float = 1.0, signed: bool = False, **more: object) -> Overlay:
    grid = (values.shape[0], values.shape[1])
    box = (-0.5, -0.5, grid[0] - 0.5, grid[1] - 0.5)
    grid_map = more.pop("grid_map", GridMap(grid, grid, box))
    return Overlay(values.astype(np.float32), signed, grid, grid_map, full, "Map", **more)


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("threshold", [0.0, 0.1, 0.5])
def test_that_alpha_is_the_closed_form_of_value_and_threshold(signed: bool, threshold: float) -> None:
    # Steps of the table of colours, so that nothing is rounded before the opacity.
    share = np.arange(-FINE_STEPS if signed else 0, FINE_STEPS + 1, 8)[None, :] / FINE_STEPS
    picture = coloured(3.0 * share, 3.0, signed, ColourMap.INFERNO, threshold)
    np.testing.assert_array_equal(picture[..., 3], np.rint(255 * opacity_of(share, threshold)))
    assert (picture[..., 3][np.abs(share) < threshold] == 0).all()


def test_that_evidence_below_the_threshold_leaves_every_pixel_outside_the_body_as_it_is() -> None:
    # Background outside the body has weak evidence, the body has strong evidence.
    values = np.full((8, 8), 0.09)
    values[2:6, 2:6] = 0.8
    picture = shaded(overlay(values), ColourMap.INFERNO, native_cells=True)
    body = np.zeros((8, 8), bool)
    body[2:6, 2:6] = True
    assert (picture[~body][:, 3] == 0).all()
    assert (picture[body][:, 3] > 200).all()


def test_that_the_outline_encloses_exactly_the_top_tenth() -> None:
    values = np.random.default_rng(3).permutation(400).reshape(20, 20) - 100.0
    mask = top_mask(overlay(values))
    assert mask.sum() == 40
    assert values[mask].min() == 299 - 39
    assert values[~mask].max() < values[mask].min()


def test_that_the_outline_lies_at_the_edges_of_its_pixels_on_the_slice() -> None:
    values = np.zeros((10, 10))
    values[2:4, 5:10] = 1.0  # ten of a hundred pixels
    grid_map = GridMap((10, 10), (30, 20), (-0.5, -0.5, 29.5, 19.5))  # 3 x 2 slice pixels each
    lines = top_outline(overlay(values, grid_map=grid_map))
    corners = lines.reshape(-1, 2)
    assert (corners.min(axis=0).tolist(), corners.max(axis=0).tolist()) == ([5.5, 9.5], [11.5, 19.5])
    assert len(lines) == 2 * (2 + 5)


def test_that_the_outline_is_turned_back_onto_the_slice() -> None:
    values = np.zeros((10, 10))
    values[0, :] = 1.0  # at the top of the grid, which the slice has at its left
    turn = Turn(is_transposed=True)
    grid_map = GridMap((10, 10), (10, 10), (-0.5, -0.5, 9.5, 9.5), turn)
    corners = top_outline(overlay(values, grid_map=grid_map)).reshape(-1, 2)
    assert (corners.min(axis=0).tolist(), corners.max(axis=0).tolist()) == ([-0.5, -0.5], [9.5, 0.5])


def test_that_a_map_without_positive_evidence_has_no_outline() -> None:
    assert len(top_outline(overlay(-np.ones((4, 4)), signed=True))) == 0
    assert len(top_outline(overlay(np.ones((4, 4)), no_share="Only rounding."))) == 0


def test_that_zeros_are_not_in_the_outline_of_a_map_with_few_values() -> None:
    values = np.zeros((10, 10))
    values[4, 4] = 1.0
    assert top_mask(overlay(values)).sum() == 1


def test_that_contours_enclose_the_values_from_each_quarter_on() -> None:
    # A ramp is its own mean away from its ends: the contours are its columns of 1/4, 1/2 and 3/4.
    ramp = np.tile(np.linspace(0, 1, 64), (64, 1))
    lines = contours(overlay(ramp))
    upright = lines[(lines[:, 0, 1] == lines[:, 1, 1]) & (lines[:, 0, 1] > 0) & (lines[:, 0, 1] < 63)]
    assert sorted(set(upright[:, 0, 1])) == [15.5, 31.5, 47.5]


def test_that_contours_of_a_signed_map_lie_on_both_sides_of_zero_and_noise_has_few() -> None:
    ramp = np.tile(np.linspace(-1, 1, 128), (64, 1))
    lines = contours(overlay(ramp, signed=True))
    upright = lines[(lines[:, 0, 1] == lines[:, 1, 1]) & (lines[:, 0, 1] > 0) & (lines[:, 0, 1] < 127)]
    assert sorted(set(upright[:, 0, 1])) == [15.5, 31.5, 47.5, 79.5, 95.5, 111.5]
    noise = np.random.default_rng(1).normal(0, 0.3, (128, 128))
    assert len(contours(overlay(noise, signed=True))) < 200


def test_that_a_style_stays_between_0_and_1_and_tells_changes_once(qtbot) -> None:
    style = OverlayStyle()
    with qtbot.waitSignal(style.changed):
        style.set_threshold(1.7)
    assert style.threshold == 1.0
    with qtbot.assertNotEmitted(style.changed):
        style.set_threshold(3.0)


def test_that_a_sign_that_says_nothing_of_the_target_is_neither_for_nor_against_it() -> None:
    shown = overlay(np.ones((2, 2)), full=0.5, signed=True, is_for_or_against=False)
    for has_heading in (False, True):
        labels = [label for label, _ in ScaleTexts.of(shown, 0.1, has_heading).ticks]
        assert labels == ["≥ 0.5", "0", "≤ \N{MINUS SIGN}0.5"]


def test_that_the_texts_of_a_scale_are_complete() -> None:
    texts = ScaleTexts.of(
        overlay(
            np.ones((2, 2)),
            full=0.0209,
            signed=True,
            subtitle="steps 24",
            target="Logit of glioma",
            layer="layer conv5",
            unit="share of the score",
            normalisation="scale of this map only",
        ),
        threshold=0.1,
    )
    assert texts.head == ("Map", "steps 24", "Logit of glioma")
    labels = [label for label, _ in texts.ticks]
    assert labels[0] == "≥ 0.0209 for"
    assert labels[-1].endswith("0.0209 against")
    assert texts.foot[:3] == ("layer conv5", "share of the score", "scale of this map only")
    assert texts.foot[3] == "nothing drawn below 0.00209\N{NO-BREAK SPACE}(10\N{NO-BREAK SPACE}%)"
    assert texts.thresholds == pytest.approx((0.45, 0.55))
