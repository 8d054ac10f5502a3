"""Activation maximisation on networks whose best input is known."""

import numpy as np
import pytest

from core.errors import BadMap, NotApplicable
from core.network.objective import LayerObjective
from core.network.run import Run
from core.network.target import LogitTarget
from core.visualisations.activation_maximisation import (
    ActivationMaximisation,
    ActivationMaximisationParams,
    variation,
    variation_gradient,
)
from tests.core.visualisations.formulas import Formula, OneKernel, linear, quadratic

PLAIN = {"noise": 0.0, "decay": 0.0, "total_variation": 0.0, "blur": 0.0, "jitter": 0}
KERNEL = np.array([[1.0, -2.0, 0.5], [-1.0, 3.0, -0.5], [2.0, -1.0, -1.0]])


def made(network, objective=None, seed=0, **params):
    run = Run(generator=np.random.default_rng(seed))
    return ActivationMaximisation().run(
        network,
        objective or LogitTarget(0),
        None,
        ActivationMaximisationParams(**{**PLAIN, **params}),
        run,
    )


def test_that_a_linear_score_with_decay_is_highest_at_the_weights_over_the_decay(generator):
    weights = generator.normal(size=(6, 5, 1))
    picture = made(linear(weights), decay=2.0, steps=400)
    np.testing.assert_allclose(picture.values, weights / 2.0, atol=2e-3)
    assert picture.score_end == pytest.approx(np.square(weights).sum() / 2.0, rel=1e-3)


def test_that_beyond_the_range_of_inputs_that_place_is_cut(generator):
    weights = generator.normal(size=(6, 5, 1))
    picture = made(linear(weights, (0.0, 1.0)), start="black", decay=2.0, steps=800)
    np.testing.assert_allclose(picture.values, np.clip(weights / 2.0, 0, 1), atol=1e-2)


def test_that_without_decay_a_linear_score_drives_each_pixel_to_the_end_of_the_range(generator):
    weights = np.sign(generator.normal(size=(6, 5, 1)))
    picture = made(linear(weights, (0.0, 1.0)), steps=100)
    np.testing.assert_array_equal(picture.values, weights > 0)


def test_that_a_quadratic_score_is_highest_at_its_goal(generator):
    goal = generator.random((5, 4, 1))
    np.testing.assert_allclose(made(quadratic(goal), steps=400).values, goal, atol=2e-3)


def test_that_a_channel_is_maximised_by_the_signs_of_its_kernel():
    # A kernel as large as the input: the channel has one position.
    network = OneKernel(KERNEL, (3, 3), (0.0, 1.0))
    picture = made(network, LayerObjective("conv", 0), steps=200)
    np.testing.assert_array_equal(picture.values[..., 0], KERNEL > 0)
    assert picture.score_end == pytest.approx(KERNEL[KERNEL > 0].sum())


def test_that_a_unit_changes_only_what_it_sees():
    network = OneKernel(KERNEL, (9, 8), (0.0, 1.0))
    picture = made(network, LayerObjective("conv", 0, (2, 4)), steps=200)
    changed = np.zeros((9, 8), bool)
    changed[2:5, 4:7] = True
    np.testing.assert_array_equal(picture.values[..., 0] != 0.5, changed)
    np.testing.assert_array_equal(picture.values[2:5, 4:7, 0], KERNEL > 0)


@pytest.mark.parametrize("smoother", [{"total_variation": 0.5}, {"blur": 1.0, "blur_every": 2}])
def test_that_total_variation_and_blur_smooth_the_picture(generator, smoother):
    network = linear(generator.normal(size=(12, 12, 1)), (0.0, 1.0))
    rough, smooth = (np.asarray(made(network, steps=60, **more).values) for more in ({}, smoother))
    assert np.abs(np.diff(smooth, axis=0)).sum() < 0.8 * np.abs(np.diff(rough, axis=0)).sum()
    assert variation(smooth) < variation(rough)


def test_that_the_gradient_of_the_variation_is_its_difference_quotient(generator):
    picture, direction = generator.random((2, 5, 4, 2))
    change = variation(picture + 1e-6 * direction) - variation(picture - 1e-6 * direction)
    assert (variation_gradient(picture) * direction).sum() == pytest.approx(change / 2e-6, rel=1e-6)


def test_that_jitter_is_undone_in_the_slope(generator):
    # The same at every place, so that a shift changes nothing but where the slope lies.
    goal = np.full((6, 5, 1), 0.8)
    np.testing.assert_allclose(made(quadratic(goal), jitter=3, steps=400).values, goal, atol=2e-3)


def test_that_a_seed_repeats_the_picture_and_another_one_changes_it(generator):
    network = linear(generator.normal(size=(8, 8, 1)), (0.0, 1.0))
    options = {"noise": 0.1, "jitter": 2, "steps": 5}
    first, again, other = (made(network, seed=seed, **options).values for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 0


def test_that_the_channels_of_a_grey_picture_are_the_same_and_of_a_coloured_one_not(generator):
    network = linear(generator.normal(size=(5, 4, 3)), (0.0, 1.0))
    grey, colour = (made(network, grey=grey, noise=0.1, steps=20).values for grey in (True, False))
    np.testing.assert_array_equal(grey, np.repeat(grey[..., :1], 3, axis=2))
    assert np.ptp(colour, axis=-1).max() > 0.5


@pytest.mark.parametrize(("start", "value"), [("grey", 0.5), ("black", 0.0), ("mean_image", 0.3)])
def test_that_the_search_begins_at_the_chosen_input(start, value):
    network = quadratic(np.full((4, 4, 1), 0.5), (0.0, 1.0))
    picture = made(network, start=start, steps=1, rate=1e-9)
    np.testing.assert_allclose(picture.values, value, atol=1e-6)


def test_that_a_network_without_background_images_has_no_mean_image():
    class Bare(Formula):
        def background(self):
            raise NotApplicable("none", "")

    bare = Bare(lambda x: 0.0, np.zeros_like, (4, 4, 1))
    with pytest.raises(NotApplicable):
        made(bare, start="mean_image")


def test_that_a_score_without_a_slope_leaves_the_start():
    flat = Formula(lambda x: 1.0, np.zeros_like, (4, 4, 1), (0.0, 1.0))
    np.testing.assert_array_equal(made(flat, steps=3).values, 0.5)


def test_that_a_slope_that_is_not_finite_is_refused():
    broken = Formula(lambda x: 1.0, lambda x: np.full(x.shape, np.nan), (4, 4, 1), (0.0, 1.0))
    with pytest.raises(BadMap):
        made(broken, steps=3)
