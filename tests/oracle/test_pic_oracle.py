"""The protocol `pair` against PAIR saliency 0.2.1 on real images: same maps, random pixels, thresholds."""

import json
from unittest.mock import patch

import numpy as np
import pytest
from saliency.metrics import pic

from core.curves.curves import curve_settings
from core.curves.linear_fill import linear_fill
from core.curves.measurement import scores
from core.curves.pair import PairCurves
from core.curves.protocol import CurveReason
from core.curves.rules import rules_of
from tests.oracle.make_pic_golden import GOLDEN, by_pair, remembering
from tests.oracle.pic_cases import BRAIN, CHEST, Case, between, grey, maps_of
from tests.oracle.shim import old_numpy_names

EACH = 0.01
ON_AVERAGE = 0.003
CROP = 28


def golden_differences(folder, images):
    """|area - PAIR's stored area| of both kinds for every map of these images."""
    entries = json.loads(GOLDEN.read_text(encoding="utf-8"))
    area_differences = []
    for image in images:
        stored = [entry for entry in entries if entry["image"] == image]
        picture = grey(folder / image)
        case = Case(picture, picture, *(stored[0][name] for name in ("seed", "middle", "slope")))
        maps = dict(maps_of(picture, case.seed))
        network, rules = case.network(), rules_of(case.x, case.settings)
        blurred, original = network.probabilities(np.stack([rules.starts[0], rules.original]))
        for entry in stored:
            frames = list(rules.frames(maps[entry["map"]], 0))
            answers = network.probabilities(np.stack([frame.input for frame in frames]))
            for kind in ("aic", "sic"):
                low, high = (float(scores(end, kind, 0)) for end in (blurred, original))
                assert rules.reason_without_curve(low, high) is None
                places = np.array([frame.x for frame in frames])
                area = rules.curve_line(places, scores(answers, kind, 0), low, high).area
                area_differences.append(abs(area - entry[kind]))
    return np.array(area_differences)


def test_that_areas_agree_with_the_stored_ones_of_pair_on_an_image_of_each_kind(shared):
    area_differences = golden_differences(shared, (BRAIN[0], CHEST[0]))
    assert area_differences.size == 16
    assert area_differences.max() <= EACH
    assert area_differences.mean() <= ON_AVERAGE


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_that_areas_agree_with_the_stored_ones_of_pair_on_all_images(shared):
    area_differences = golden_differences(shared, (*BRAIN, *CHEST))
    assert area_differences.size == 88
    assert area_differences.max() <= EACH
    assert area_differences.mean() <= ON_AVERAGE


@pytest.mark.parametrize("image", [BRAIN[0]])
def test_that_areas_agree_with_pair_itself_on_parts_of_real_images(shared, image):
    picture = grey(shared / image)
    top, left = ((size - CROP) // 2 for size in picture.shape)
    picture = picture[top : top + CROP, left : left + CROP]
    area_differences = []
    for _, values in maps_of(picture, 0):
        mask = Case(picture, values, 0, 0.0, 0.0).mask
        case = Case(picture, values, 0, *between(pic.create_blurred_image(picture, mask), picture))
        ours = case.by_us()
        assert not ours.undefined
        with patch.object(pic, "create_blurred_image", remembering(pic.create_blurred_image)):
            # Not AIC: with so few pixels one tie in the triangulation, which either breaks as it
            # pleases, moves the step of the whole curve.
            area_differences.append(abs(ours.score("map", "sic").area - by_pair(case, "sic").auc))
    assert np.max(area_differences) <= EACH
    assert np.mean(area_differences) <= ON_AVERAGE


@pytest.fixture
def small():
    """A noisy 20 x 20 picture with a map that has many ties."""
    generator = np.random.default_rng(8)
    picture = generator.integers(0, 256, (20, 20)).astype(np.uint8)
    values = np.maximum(generator.normal(-0.5, 1, picture.shape), 0).astype(np.float32)
    mask = Case(picture, values, 2, 0.0, 0.0).mask
    return Case(picture, values, 2, *between(pic.create_blurred_image(picture, mask), picture))


def test_that_the_blurred_picture_is_that_of_pair(small):
    theirs = pic.create_blurred_image(small.picture, small.mask)
    np.testing.assert_array_equal(linear_fill(small.picture[..., None], small.mask)[..., 0], theirs)


def test_that_ties_that_reveal_everything_are_an_error_in_pair_and_a_flagged_curve_here(small):
    with pytest.raises(TypeError):
        by_pair(small, "sic")
    curve_set = small.by_us()
    facts = next(facts for facts in curve_set.maps if facts.method == "map")
    assert facts.revealed_pixels[-1] == small.picture.size
    assert facts.tied_pixels > 0
    assert curve_set.curve("map", "sic").y[-1] == 1


def test_that_a_gain_at_no_cost_is_lost_as_in_pair(small):
    judge = PairCurves.of(small.x, curve_settings(protocol="pair", thresholds=(0.005,)), [small.mask])
    values = np.zeros(small.picture.shape, np.float32)
    values[small.mask] = 1.0  # reveals only pixels that are known already
    frame = next(judge.frames(values, 0))
    ours = judge.curve_line(np.array([frame.x]), np.array([1.0]), 0.0, 1.0).area

    def predicted(pictures):
        is_known_picture = (pictures == judge.masks[0].picture[..., 0]).all() or (
            pictures == small.picture
        ).all()
        return [float(is_known_picture and next(answers))]

    answers = iter([1.0, 0.0, 1.0])
    with old_numpy_names():
        theirs = pic.compute_pic_metric(small.picture, values, small.mask, predicted, [0.005]).auc
    assert frame.x == 0
    assert ours == pytest.approx(theirs, abs=1e-9)


def test_that_rejections_are_those_of_pair(small):
    constant = Case(np.full((20, 20), 90, np.uint8), small.values, 0, 0.0, 1.0)
    judge = PairCurves.of(constant.x, constant.settings, [constant.mask])
    for original, blurred, reason, words in (
        (0.7, 0.9, CurveReason.LOW_PREDICTION, "lower than"),
        (0.9, 0.1, CurveReason.NOT_SIMPLER, "entropy"),
    ):
        answers = iter([original, blurred])
        with pytest.raises(pic.ComputePicMetricError, match=words), old_numpy_names():
            pic.compute_pic_metric(
                constant.picture, constant.values, constant.mask, lambda _, a=answers: [next(a)], [0.1]
            )
        assert judge.reason_without_curve(blurred, original) is reason
