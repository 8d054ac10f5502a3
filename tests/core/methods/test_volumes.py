"""Methods on volumes: closed forms of analytic networks, and a network of pictures lifted to volumes."""

from itertools import product

import numpy as np
import pytest

from core.errors import BadParameter, NotApplicable
from core.images.resample import resampled, separable
from core.methods import METHODS, method_named
from core.methods.contract import Need
from core.methods.perturbation.rise import MaskSource, RiseParams
from core.methods.region.segments import SUPERVOXELS, dilated, label_images
from core.methods.surrogate.segmentation import SegmentParams, absent_image, segment_labels
from core.network.run import Run
from core.network.target import LogitTarget
from tests.core.methods.analytic import Analytic
from tests.core.methods.lifted import PICTURE, SLICES, lifted, picture_and_volume
from tests.core.methods.maps import map_of

SHAPE = (4, 6, 5, 1)
AXES = (1, 2, 3, 4)
TARGET = LogitTarget(0)
# What a map of the lifted network is in every slice, as a multiple of the picture's.
# Gradients and everything that is linear in them: the average before the logits is over SLICES times as many
# positions. What is shared out (paths, relevance) sums to the same score over so many more places.
SHARED = 1 / SLICES
# Weights that are sums over all positions, effects of whole channels or segments, and plain activations.
SAME = 1.0
EXPECTED = {
    "gradient": SHARED,
    "input_x_gradient": SHARED,
    "integrated_gradients": SHARED,
    "guided_ig": SHARED,
    "blur_ig": SHARED,
    "expected_gradients": SHARED,
    "gradient_shap": SHARED,
    "lrp": SHARED,
    "deep_taylor": SHARED,
    "deep_lift": SHARED,
    "deep_shap": SHARED,
    "guided_backpropagation": SHARED,
    "deconvnet": SHARED,
    # A product of two gradients.
    "guided_grad_cam": SHARED**2,
    # The weight is that of the dense layer, whatever it is the average of.
    "cam": SAME,
    "grad_cam": SHARED,
    # Its weights are sums over positions, of which there are SLICES times as many.
    "grad_cam_pp": SAME,
    "layer_cam": SHARED,
    "hires_cam": SHARED,
    "x_grad_cam": SHARED,
    "respond_cam": SHARED,
    "score_cam": SAME,
    "ablation_cam": SAME,
    "eigen_cam": SAME,
    "multi_layer_cam": SAME,
    "unit_activation": SAME,
    # A cube as thick as the volume covers what the square covers.
    "occlusion": SAME,
    # Boxes as thick as the volume, with the same coalitions.
    "lime": SAME,
    "kernel_shap": SAME,
    # Sobel's kernel smooths across its derivative, with 1, 2 and 1 along each further axis.
    "edge": 4.0,
}
# Random in another way on another grid, or built on segments of volumes: closed forms of their own below.
OWN_TESTS = {
    "smooth_grad",
    "var_grad",
    "smooth_ig",
    "smooth_guided_ig",
    "smooth_blur_ig",
    "rise",
    "hipe",
    "xrai",
    "fast_xrai_30",
    "random",
}
PARAMETERS = {"window": 3, "stride": 2, "segmentation": "grid", "segments": 4, "masks": 60, "max_sigma": 4.0}
RULES = [
    ("integrated_gradients", {"baseline": "blurred", "steps": 8}, SHARED),
    ("blur_ig", {"rule": "pair", "steps": 8}, SHARED),
    ("score_cam", {"weights": "probability"}, SAME),
    # Its weights are then means over positions.
    ("grad_cam_pp", {"alpha": "normalised"}, SHARED),
    ("grad_cam", {"layer": "first"}, SHARED),
    ("lime", {"fill": "blurred"}, SAME),
    ("kernel_shap", {"fill": "mean"}, SAME),
]


def linear(weights):
    """score = sum of weights times input, of any shape."""
    return Analytic(
        lambda x: (x * weights).sum(axis=AXES),
        lambda x: np.broadcast_to(weights, x.shape).copy(),
        weights.shape,
    )


def kinked(weights, threshold):
    """score = max(0, sum of weights times input - threshold)."""

    def slope(x):
        is_above = (x * weights).sum(axis=AXES, keepdims=True) > threshold
        return is_above * np.broadcast_to(weights, x.shape)

    return Analytic(lambda x: np.maximum((x * weights).sum(axis=AXES) - threshold, 0.0), slope, SHAPE)


def product_of_two():
    """score = first voxel of the first slice times first voxel of the last."""

    def slope(x):
        slopes = np.zeros_like(x)
        slopes[:, 0, 0, 0, 0], slopes[:, -1, 0, 0, 0] = x[:, -1, 0, 0, 0], x[:, 0, 0, 0, 0]
        return slopes

    return Analytic(lambda x: x[:, 0, 0, 0, 0] * x[:, -1, 0, 0, 0], slope, SHAPE)


@pytest.fixture
def weights(generator):
    return generator.normal(0.5, size=SHAPE)


@pytest.fixture
def x(generator):
    return generator.random(SHAPE, dtype=np.float32)


def values_of(name, network, x, **params):
    method = method_named(name)
    method.applies(network.facts)
    run = Run(generator=np.random.default_rng(3))
    return map_of(method, network, x, TARGET, method.Params(**params), run).values


def test_that_every_method_named_here_takes_volumes():
    of_volumes = {method.name for method in METHODS if Need.TWO_AXES not in method.needs}
    assert (EXPECTED.keys() | OWN_TESTS) <= of_volumes
    assert not EXPECTED.keys() & OWN_TESTS


@pytest.mark.parametrize(
    ("name", "params", "factor"),
    [*((name, {}, factor) for name, factor in EXPECTED.items()), *RULES],
    ids=lambda each: "-".join(map(str, each.values())) if isinstance(each, dict) else str(each),
)
def test_that_a_lifted_network_gives_the_map_of_the_picture_in_every_slice(name, params, factor, generator):
    picture, volume = picture_and_volume()
    x = generator.random(PICTURE, dtype=np.float32)
    method = method_named(name)
    method.applies(volume.facts)
    chosen = {key: value for key, value in PARAMETERS.items() if key in method.Params.model_fields} | params
    maps = [
        map_of(method, handle, each, TARGET, method.Params(**chosen), Run(np.random.default_rng(3)))
        for handle, each in ((picture, x), (volume, lifted(x)))
    ]
    expected = lifted(maps[0].values) * factor
    assert np.abs(expected).max() > 0
    np.testing.assert_allclose(maps[1].values, expected, atol=1e-5 * np.abs(expected).max())
    assert len(maps[1].cells) == 3
    assert maps[1].choices == maps[0].choices


def test_that_the_lifted_network_has_the_picture_s_logits_layers_and_content(generator):
    picture, volume = picture_and_volume()
    x = generator.random(PICTURE, dtype=np.float32)
    np.testing.assert_allclose(volume.logits(lifted(x)[None]), picture.logits(x[None]), atol=1e-5)
    np.testing.assert_allclose(volume.content(lifted(x)), picture.content(x), atol=1e-5)
    assert volume.facts.is_volume
    assert [layer.grid for layer in volume.layers()] == [(SLICES, *each.grid) for each in picture.layers()]
    # But for the dense layer's share, which is not made once a slice.
    assert [layer.work_behind for layer in volume.layers()] == pytest.approx(
        [layer.work_behind for layer in picture.layers()], abs=1e-2
    )


@pytest.mark.parametrize("name", ["gradient", "smooth_grad"])
def test_that_the_gradient_of_a_linear_score_is_its_weights(name, weights, x):
    np.testing.assert_allclose(values_of(name, linear(weights), x), weights[..., 0], rtol=1e-5)


def test_that_the_variance_of_the_gradient_is_that_of_the_noise_times_its_slope(x):
    network = Analytic(lambda x: (x**2).sum(axis=AXES), lambda x: 2 * x, SHAPE)
    variance = values_of("var_grad", network, x, samples=400, noise=0.5)
    deviation = 0.5 * float(np.ptp(x))
    assert variance.mean() == pytest.approx(4 * deviation**2, rel=0.05)


@pytest.mark.parametrize(
    "name", ["integrated_gradients", "guided_ig", "smooth_ig", "input_x_gradient", "blur_ig"]
)
def test_that_shares_of_a_linear_score_are_weights_times_the_way(name, weights, x):
    black = 0.0 if name == "input_x_gradient" else x.min()
    if name == "blur_ig":
        weights, black = np.ones(SHAPE), x.mean()
    if name == "smooth_ig":  # the noise of many copies is less than its error
        result = values_of(name, linear(weights), x, samples=400, noise=0.01)
        tolerance = 0.02
    else:
        result, tolerance = values_of(name, linear(weights), x), 1e-5 if name != "blur_ig" else 1e-3
    np.testing.assert_allclose(result, (weights * (x - black))[..., 0], atol=tolerance)


def test_that_a_product_across_slices_is_shared_evenly_from_black(x):
    x[0, 0, 0, 0], x[-1, 0, 0, 0] = 0.8, 0.5
    x = np.maximum(x, 0.1)
    x[1, 1, 1, 0] = 0.0
    result = values_of("integrated_gradients", product_of_two(), x, steps=64)
    expected = np.zeros(SHAPE[:-1])
    expected[0, 0, 0] = expected[-1, 0, 0] = 0.8 * 0.5 / 2
    np.testing.assert_allclose(result, expected, atol=1e-4)


def test_that_behind_a_kink_only_the_part_of_the_path_above_it_counts(generator):
    weights, x = generator.random(SHAPE), generator.random(SHAPE, dtype=np.float32)
    x[0, 0, 0, 0] = 0.0
    total = float((weights * x).sum())
    result = values_of("integrated_gradients", kinked(weights, total / 4), x, steps=1000, rule="trapezoid")
    np.testing.assert_allclose(result, 0.75 * (weights * x)[..., 0], rtol=5e-3)


def test_that_occlusion_of_a_linear_score_is_the_mean_drop_of_the_cubes_over_each_voxel(weights, x):
    result = values_of("occlusion", linear(weights), x, window=2, stride=1, fill="zero")
    drops, counts = np.zeros(SHAPE[:-1]), np.zeros(SHAPE[:-1])
    for first, row, column in product(range(3), range(5), range(4)):
        cube = np.s_[first : first + 2, row : row + 2, column : column + 2]
        drops[cube] += (weights * x)[cube].sum()
        counts[cube] += 1
    np.testing.assert_allclose(result, drops / counts, rtol=1e-4, atol=1e-5)


def test_that_a_cube_that_does_not_fit_is_refused_with_all_sides(weights, x):
    with pytest.raises(BadParameter, match="a cube of 5 does not fit into the input of 4 x 6 x 5"):
        values_of("occlusion", linear(weights), x, window=5, stride=1)


def test_that_hipe_of_a_linear_score_sums_the_drops_of_windows_of_eight_cells(generator):
    shape = (9, 10, 11, 1)
    weights, x = generator.random(shape), generator.random(shape, dtype=np.float32)
    result = values_of("hipe", linear(weights), x, depths=1, fill="black")
    # Two cells along each side, whose edges are rounded: windows of the first, both and the second of them.
    windows = [[np.s_[:half], np.s_[:], np.s_[half:]] for half in (4, 5, 6)]
    drops = weights * (x - x.min())
    expected = np.zeros(shape[:-1])
    for window in product(*windows):
        expected[window] += drops[window].sum()
    np.testing.assert_allclose(result, expected, rtol=1e-5)


def test_that_masks_of_rise_are_products_of_three_growths_with_the_mean_keep(generator):
    source = MaskSource.drawn((7, 6, 5), RiseParams(masks=800, grid=3, keep=0.3), generator)
    masks = source.masks(0, 800)
    assert masks.shape == (800, 7, 6, 5)
    assert (masks.min(), masks.max()) == (0.0, 1.0)
    assert np.ptp(source._shifts, axis=0).tolist() == [2, 1, 1]
    # Weights of the growth sum to 1, so that every voxel is shown with the share `keep`.
    np.testing.assert_allclose(masks.mean(axis=0), 0.3, atol=0.08)
    single = MaskSource((6, 6, 6), np.zeros((1, 3, 3, 3)), np.zeros((1, 3), int))
    single._cells[0, 1, 1, 1] = 1
    mask = single.masks(0, 1)[0]
    along = resampled(np.array([0.0, 1.0, 0.0]), (8,))[:6]
    np.testing.assert_allclose(mask, np.einsum("i,j,k->ijk", along, along, along))


def test_that_rise_of_one_voxel_is_highest_there_and_0_far_away(generator):
    seen = np.zeros((9, 9, 9, 1))
    seen[1, 7, 4] = 1.0
    network = Analytic(lambda x: (x * seen).sum(axis=AXES), lambda x: seen + 0 * x, seen.shape)
    result = values_of("rise", network, np.ones(seen.shape, np.float32), masks=3000, grid=3)
    assert np.abs(np.subtract(np.unravel_index(result.argmax(), result.shape), (1, 7, 4))).max() <= 1
    assert abs(result[8, 0, 8]) < 0.1 * result.max()


@pytest.mark.parametrize("segmentation", ["slic", "grid"])
@pytest.mark.parametrize("name", ["lime", "kernel_shap"])
def test_that_surrogates_of_a_linear_score_give_each_supervoxel_its_sum(name, segmentation, generator):
    weights = generator.normal(size=(6, 8, 8, 1))
    x = np.where(np.arange(6)[:, None, None, None] < 3, 0.1, 0.9) * np.ones((6, 8, 8, 1), np.float32)
    x = x.astype(np.float32)
    network = Analytic(lambda x: (x * weights).sum(axis=AXES), lambda x: weights + 0 * x, x.shape)
    params = {"segmentation": segmentation, "segments": 8, "fill": "value", "masks": 300}
    exact = {"penalty": 0.0} if name == "lime" else {}
    labels = segment_labels(x, SegmentParams(segmentation=segmentation, segments=8, fill="value"))
    sums = np.bincount(labels.ravel(), (weights * x).ravel())
    assert labels.shape == (6, 8, 8)
    assert len(sums) > 2
    result = values_of(name, network, x, **params, **exact)
    np.testing.assert_allclose(result, sums[labels], atol=1e-4)


def test_that_supervoxels_keep_to_an_edge_between_slices():
    x = np.zeros((8, 8, 8, 1), np.float32)
    x[4:] = 1.0
    labels = segment_labels(x, SegmentParams(segments=8))
    assert not set(np.unique(labels[:4])) & set(np.unique(labels[4:]))


def test_that_the_blurred_fill_of_a_volume_spreads_across_slices():
    x = np.zeros((9, 9, 9, 1), np.float32)
    x[4, 4, 4] = 1.0
    filled = absent_image(x, np.zeros(x.shape[:-1], int), SegmentParams(fill="blurred", blur=1.0))[..., 0]
    np.testing.assert_allclose(filled, np.moveaxis(filled, 0, 1), atol=1e-7)
    np.testing.assert_allclose(filled, np.moveaxis(filled, 0, 2), atol=1e-7)
    assert filled[3, 4, 4] == pytest.approx(filled[4, 4, 4] * np.exp(-0.5), rel=1e-4)


def test_that_equal_boxes_of_a_volume_are_as_cubic_as_its_sides_allow():
    labels = segment_labels(
        np.zeros((6, 12, 12, 1), np.float32), SegmentParams(segmentation="grid", segments=32)
    )
    assert labels.max() + 1 == 32
    assert [len(np.unique(labels.take(0, axis))) for axis in range(3)] == [16, 8, 8]


@pytest.mark.parametrize("segmentation", ["quickshift", "felzenszwalb"])
def test_that_segmentations_of_pictures_are_refused_for_volumes(segmentation, x):
    with pytest.raises(BadParameter, match="it is defined for pictures"):
        segment_labels(x, SegmentParams(segmentation=segmentation))


def test_that_a_dilated_mask_of_a_volume_holds_all_voxels_within_the_radius(generator):
    mask = generator.random((7, 8, 9)) < 0.02
    places = np.argwhere(mask)
    grid = np.moveaxis(np.indices(mask.shape), 0, -1)
    for radius in (0, 1, 2, 3, 20):
        squares = ((grid[..., None, :] - places) ** 2).sum(axis=-1).min(axis=-1)
        np.testing.assert_array_equal(dilated(mask, radius), squares <= radius**2)


@pytest.mark.parametrize("name", ["xrai", "fast_xrai_30"])
def test_that_regions_of_a_volume_have_the_means_of_the_base_and_keep_to_its_parts(name, generator):
    x = np.zeros((10, 12, 12, 1), np.float32)
    x[2:6, 3:8, 3:8] = 1.0
    network = Analytic(lambda x: x.sum(axis=AXES), np.ones_like, x.shape)
    params = {"base": "input_x_gradient", "dilation": 0, "min_pixels": 4}
    result = values_of(name, network, x, **params)
    assert len(label_images(x)) == len(SUPERVOXELS)
    inside = x[..., 0] == 1
    assert result[inside].mean() > 5 * result[~inside].mean()
    if name == "xrai":
        assert result.sum() == pytest.approx(x.sum(), rel=1e-4)


@pytest.mark.parametrize("name", ["meaningful_perturbation", "extremal_perturbation"])
def test_that_a_search_for_a_mask_is_refused_on_volumes_with_its_reason(name):
    _, volume = picture_and_volume()
    with pytest.raises(NotApplicable, match="searches for a mask of rows and columns"):
        method_named(name).applies(volume.facts)


def test_that_resampling_a_volume_is_resampling_along_each_axis(generator):
    values = generator.random((3, 4, 5))
    slices = np.stack([resampled(each, (4, 3)) for each in values])
    columns = [resampled(along, (6,)) for along in slices.reshape(3, 12).T]
    np.testing.assert_allclose(
        resampled(values, (6, 4, 3)), np.stack(columns, axis=-1).reshape(6, 4, 3), atol=1e-12
    )
    matrices = [generator.random((2, side)) for side in values.shape]
    np.testing.assert_allclose(
        separable(values, matrices), np.einsum("ijk,ai,bj,ck->abc", values, *matrices), atol=1e-12
    )
