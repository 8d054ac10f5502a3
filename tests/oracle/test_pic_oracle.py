"""The protocol `pair` against PAIR saliency 0.2.1 on real images: same maps, random pixels, thresholds."""

from dataclasses import dataclass
from unittest.mock import patch

import numpy as np
import pytest
from PIL import Image
from saliency.metrics import pic
from scipy.ndimage import gaussian_filter

from core.evaluation.curves import curve_settings, curves_of
from core.evaluation.linear_fill import linear_fill
from core.evaluation.pair import PairCurves, random_mask
from core.evaluation.protocol import Reason
from core.evaluation.settings import Stream
from core.methods.protocol import Map, Run
from tests.core.evaluation.networks import Counted
from tests.oracle.shim import old_numpy_names

EACH = 0.01
ON_AVERAGE = 0.003
CROP = 56
BRAIN = "brain_tumor_mri/images/{}.png"
CHEST = "chest_xray/images/normal/{}.png"
PARTS = (BRAIN.format("0001"), CHEST.format("kermany_n001"))
WHOLE = (*PARTS, BRAIN.format("1005"), BRAIN.format("2229"), CHEST.format("ieee_n001"))


@dataclass(frozen=True)
class Case:
    """An 8-bit grey picture, a map of it and a network that reacts to detail in its middle."""

    picture: np.ndarray
    values: np.ndarray
    seed: int

    @property
    def settings(self):
        return curve_settings(protocol="pair", seed=self.seed)

    @property
    def mask(self):
        return random_mask(self.picture.shape, self.settings.generator(Stream.MASK))

    @property
    def x(self):
        return (self.picture / 255).astype(np.float32)[..., None]

    def network(self):
        rows, columns = (slice(size // 4, -(size // 4)) for size in self.picture.shape)

        def detail(inputs):
            inner = inputs[:, rows, columns, 0].astype(np.float64)
            return np.abs(np.diff(inner, axis=2)).mean(axis=(1, 2))

        blurred = linear_fill(self.picture[..., None], self.mask) / 255
        low, high = detail(np.stack([blurred, self.x]))
        slope = 6 / (high - low)

        def score(inputs):
            return slope * (detail(inputs) - (low + high) / 2)

        return Counted(score, np.zeros_like, self.x.shape, best_batch=16)

    def by_pair(self, kind):
        """PAIR's own result, with the prediction that `kind` asks for."""
        network = self.network()

        def predicted(pictures):
            found = network.probabilities((pictures / 255).astype(np.float32)[..., None])
            return found[:, 0] if kind == "sic" else (found.argmax(axis=1) == 0).astype(float)

        with old_numpy_names():
            return pic.compute_pic_metric(
                self.picture, self.values, self.mask, predicted, list(self.settings.thresholds)
            )

    def by_us(self):
        given = Map(self.values, signed=True, cells=self.values.shape)
        return curves_of(self.network(), self.x, {"map": given}, 0, self.settings, Run())


def smooth_and_noisy(picture, seed):
    """A smooth map, as of a CAM, and a noise-like one, as of a gradient."""
    generator = np.random.default_rng(seed)
    noise = generator.normal(size=picture.shape)
    detail = np.abs(picture - gaussian_filter(picture.astype(float), 3))
    return (
        gaussian_filter(noise, picture.shape[0] / 12).astype(np.float32),
        (noise * detail + 0.01 * noise).astype(np.float32),
    )


def cases(folder, names, crop=None):
    for seed, name in enumerate(names):
        picture = np.asarray(Image.open(folder / name).convert("L"))
        if crop:
            top, left = (picture.shape[0] - crop) // 2, (picture.shape[1] - crop) // 2
            picture = picture[top : top + crop, left : left + crop]
        yield from (Case(picture, values, seed) for values in smooth_and_noisy(picture, seed))


def differences(chosen):
    """|area - PAIR's area| of both kinds for each case."""
    found = []
    for case in chosen:
        ours = case.by_us()
        assert not ours.undefined
        # Both kinds show the same pictures, and PAIR's time goes into making them.
        with patch.object(pic, "create_blurred_image", remembering(pic.create_blurred_image)):
            for kind in ("aic", "sic"):
                found.append(abs(ours.score("map", kind).area - case.by_pair(kind).auc))
    return np.array(found)


def remembering(blur):
    made = {}

    def remembered(full_img, pixel_mask):
        key = pixel_mask.tobytes()
        if key not in made:
            made[key] = blur(full_img, pixel_mask)
        return made[key]

    return remembered


def test_that_areas_agree_with_pair_on_parts_of_real_images(shared):
    found = differences(cases(shared, PARTS, CROP))
    assert found.size == 8
    assert found.max() <= EACH
    assert found.mean() <= ON_AVERAGE


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_that_areas_agree_with_pair_on_whole_images(shared):
    found = differences(cases(shared, WHOLE))
    assert found.size == 20
    assert found.max() <= EACH
    assert found.mean() <= ON_AVERAGE


@pytest.fixture
def small():
    """A noisy 20 x 20 picture with a map that has many ties."""
    generator = np.random.default_rng(8)
    picture = generator.integers(0, 256, (20, 20)).astype(np.uint8)
    values = np.maximum(generator.normal(-0.5, 1, picture.shape), 0).astype(np.float32)
    return Case(picture, values, seed=2)


def test_that_the_blurred_picture_is_that_of_pair(small):
    theirs = pic.create_blurred_image(small.picture, small.mask)
    np.testing.assert_array_equal(linear_fill(small.picture[..., None], small.mask)[..., 0], theirs)


def test_that_ties_that_reveal_everything_are_an_error_in_pair_and_a_flagged_curve_here(small):
    with pytest.raises(TypeError):
        small.by_pair("sic")
    found = small.by_us()
    facts = next(facts for facts in found.maps if facts.method == "map")
    assert facts.revealed_pixels[-1] == small.picture.size
    assert facts.tied_pixels > 0
    assert found.curve("map", "sic").y[-1] == 1


def test_that_a_gain_at_no_cost_is_lost_as_in_pair(small):
    judge = PairCurves.of(small.x, curve_settings(protocol="pair", thresholds=(0.005,)), small.mask)
    values = np.zeros(small.picture.shape, np.float32)
    values[small.mask] = 1.0  # reveals only what is known anyway
    frame = next(judge.frames(values, 0))
    ours = judge.line(np.array([frame.x]), np.array([1.0]), 0.0, 1.0).area

    def predicted(pictures):
        known = (pictures == judge.blurred_picture[..., 0]).all() or (pictures == small.picture).all()
        return [float(known and next(answers))]

    answers = iter([1.0, 0.0, 1.0])
    with old_numpy_names():
        theirs = pic.compute_pic_metric(small.picture, values, small.mask, predicted, [0.005]).auc
    assert frame.x == 0
    assert ours == pytest.approx(theirs, abs=1e-9)


def test_that_rejections_are_those_of_pair(small):
    constant = Case(np.full((20, 20), 90, np.uint8), small.values, seed=0)
    judge = PairCurves.of(constant.x, constant.settings, constant.mask)
    for original, blurred, reason, words in (
        (0.7, 0.9, Reason.LOW_PREDICTION, "lower than"),
        (0.9, 0.1, Reason.NOT_SIMPLER, "entropy"),
    ):
        answers = iter([original, blurred])
        with pytest.raises(pic.ComputePicMetricError, match=words), old_numpy_names():
            pic.compute_pic_metric(
                constant.picture, constant.values, constant.mask, lambda _, a=answers: [next(a)], [0.1]
            )
        assert judge.rejected(blurred, original) is reason
