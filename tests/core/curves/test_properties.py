"""Properties of any fair evaluation of maps, on a real slice with its tumour mask and on noise."""

import numpy as np
import pytest
from PIL import Image

from core.curves.curves import curve_settings, curves_of
from core.errors import BadMap
from core.network.attribution_map import AttributionMap
from core.network.run import Run
from tests.core.curves.networks import SIDE, picture, recognising, region

DRAWS = 16
SLICE = "brain_tumor_mri/{}/0001.png"


@pytest.fixture(params=["cells", "pair"])
def protocol(request):
    return request.param


def as_map(values):
    return AttributionMap(np.asarray(values, np.float32), signed=True, cells=values.shape)


def curves_with(original, mask, maps, **settings):
    network = recognising(original, mask, needed=0.6, best_batch=32)
    return curves_of(network, original, maps, 0, curve_settings(**settings), Run())


def test_that_the_tumours_mask_beats_random_edge_and_its_shifted_copy(shared, protocol):
    slice_, mask = (
        np.asarray(Image.open(shared / SLICE.format(folder)).convert("L"))[::2, ::2]
        for folder in ("images", "masks")
    )
    original, tumour = (slice_ / 255).astype(np.float32)[..., None], mask > 0
    shifted = np.roll(tumour, (tumour.shape[0] // 3, -tumour.shape[1] // 3), axis=(0, 1))
    assert not (shifted & tumour).any()
    order = np.random.default_rng(0).random(tumour.shape) / 2
    maps = {"tumour": as_map(tumour + order), "shifted": as_map(shifted + order)}
    curves = curves_with(original, tumour, maps, protocol=protocol)
    for kind in ("aic", "sic"):
        truth, others = curves.score("tumour", kind).score, ("shifted", "random", "edge")
        assert truth > max(curves.score(name, kind).score for name in others) + 0.2


def test_that_shuffled_maps_are_as_good_as_random_ones_within_their_interval(protocol):
    generator = np.random.default_rng(1)
    values = region() + generator.random((SIDE, SIDE)) / 2
    shuffled = {
        f"shuffled {number}": as_map(generator.permutation(values.ravel()).reshape(values.shape))
        for number in range(DRAWS)
    }
    chosen = {"random_draws": DRAWS, "grids": 1, "thresholds": (0.02, 0.05, 0.1, 0.25, 0.5)}
    curves = curves_with(picture(), region(), shuffled, protocol=protocol, **chosen)
    scores = np.array([curves.score(name, "sic").score for name in shuffled])
    random = curves.score("random", "sic")
    error = np.hypot(scores.std(ddof=1), random.spread) / np.sqrt(DRAWS)
    assert 0 < error < 0.1
    assert abs(scores.mean() - random.score) < 2.5 * error
    best = curves_with(picture(), region(), {"truth": as_map(values)}, protocol=protocol, **chosen)
    assert best.score("truth", "sic").score > scores.max() + 0.1


def test_that_a_map_with_one_value_that_is_not_finite_is_refused():
    values = np.zeros((SIDE, SIDE), np.float32)
    values[0, 0] = np.nan
    with pytest.raises(BadMap, match="1 values"):
        as_map(values)
