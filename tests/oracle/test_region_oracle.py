"""XRAI and occlusion against PAIR saliency 0.2.1, with the same base attribution and the same model call."""

import warnings
from functools import cache

import numpy as np
import pytest
import saliency.core as pair
from PIL import Image
from saliency.core import xrai as pair_xrai
from scipy.ndimage import gaussian_filter
from scipy.stats import spearmanr

from core.methods.perturbation.occlusion import Occlusion, OcclusionParams
from core.methods.region.regions import fast_regions, full_regions
from core.methods.region.segments import segment_masks
from core.models.handle import ModelHandle
from core.network.target import LogitTarget
from core.samples import samples
from tests.cards import make_card, small_model
from tests.core.methods.maps import map_of

SIDE = 225


def pictures():
    """A bundled sample, and coloured blobs that are neither square nor of the segments' size."""
    sample = Image.open(samples()[0].path).convert("L").resize((SIDE, SIDE))
    yield "sample", np.asarray(sample, np.float32)[..., None] / 255
    noise = np.random.default_rng(1).normal(size=(150, 190, 3))
    yield "blobs", gaussian_filter(noise, (7, 7, 0)).astype(np.float32)


def bases(x):
    """A smooth attribution, a noisy one, and one that is 0 on the dark ground, as with a black baseline."""
    generator = np.random.default_rng(2)
    noise = generator.normal(size=x.shape[:2])
    grey = x.mean(axis=-1).astype(np.float64)
    yield "smooth", gaussian_filter(noise, 6)
    yield "noisy", noise * np.abs(grey - grey.mean())
    yield "dark ground", np.where(grey > np.median(grey), noise, 0.0)


PICTURES = dict(pictures())
CASES = {f"{name}, {kind}": (name, base) for name, x in PICTURES.items() for kind, base in bases(x)}


@cache
def segments_of(picture):
    """(our segments, PAIR's segments), which do not depend on the base attribution."""
    x = PICTURES[picture]
    return segment_masks(x, 5), pair_xrai._get_segments_felzenszwalb(x)


@pytest.fixture(params=CASES, scope="module")
def case(request):
    """(input, base attribution, our segments, PAIR's segments)."""
    picture, base = CASES[request.param]
    return PICTURES[picture], base, *segments_of(picture)


def by_pair(case, algorithm):
    x, base, _, segments = case
    pair_parameters = pair_xrai.XRAIParameters(
        algorithm=algorithm, return_xrai_segments=True, flatten_xrai_segments=False
    )
    attribution = np.repeat(base[..., None], x.shape[-1], axis=-1)
    return pair.XRAI().GetMaskWithDetails(
        x, None, segments=segments, base_attribution=attribution, extra_parameters=pair_parameters
    )


def test_that_the_segments_are_those_of_pair(case):
    _, _, ours, theirs = case
    theirs = [np.flatnonzero(mask) for mask in theirs if mask.any()]
    assert len(ours) == len(theirs) > 20
    for indices, expected_indices in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(indices, expected_indices)


@pytest.mark.parametrize(("algorithm", "rank"), [("full", full_regions), ("fast", fast_regions)])
def test_that_regions_and_their_order_are_those_of_pair(case, algorithm, rank):
    _, base, masks, _ = case
    result, expected = rank(base, masks, 50), by_pair(case, algorithm)
    assert spearmanr(result.values.ravel(), expected.attribution_mask.ravel()).statistic >= 0.999
    np.testing.assert_allclose(result.values, expected.attribution_mask, rtol=1e-9, atol=1e-12)
    # PAIR lists regions by value, the rest last.
    taken = result.parts[:-1] if result.has_rest else result.parts
    ordered = sorted(taken, key=lambda part: -base.ravel()[part].mean())
    theirs = [np.flatnonzero(mask) for mask in expected.segments]
    assert len(theirs) == len(result.parts)
    for indices, expected_indices in zip((*ordered, *result.parts[len(taken) :]), theirs, strict=True):
        np.testing.assert_array_equal(indices, expected_indices)


def test_that_one_nan_pixel_or_a_constant_image_breaks_pair():
    x, base = PICTURES["sample"], CASES["sample, smooth"][1].copy()
    base[0, 0] = np.nan
    everything = [np.ones(base.shape, bool)]
    with pytest.raises(KeyError):
        pair.XRAI().GetMask(x, None, segments=everything, base_attribution=base[..., None])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        segments = pair_xrai._get_segments_felzenszwalb(np.full((40, 40, 1), 0.5, np.float32))
    assert len(segments) > 500


@pytest.fixture(scope="module")
def handle():
    return ModelHandle(make_card(size=24), small_model(size=24, seed=4))


def test_that_the_plain_sum_of_occlusion_is_pairs(handle):
    x = np.random.default_rng(4).random((24, 24, 1), dtype=np.float32)
    x[0, 0] = 0.0  # PAIR writes 0 into the window, we the image's lowest value
    target = LogitTarget(1)

    def call(batch, call_model_args=None, expected_keys=None):
        return {pair.base.OUTPUT_LAYER_VALUES: handle.values(np.asarray(batch), target)}

    expected = pair.Occlusion().GetMask(x, call, size=15)[..., 0]
    params = OcclusionParams(window=15, stride=1, combine="sum")
    result = map_of(Occlusion(), handle, x, target, params).values
    assert np.abs(result - expected).max() <= 1e-4 * np.ptp(expected)
