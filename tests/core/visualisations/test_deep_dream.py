"""DeepDream on a layer whose activations are a formula."""

import numpy as np
import pytest

from core.errors import BadParameter, IncompatibleInput
from core.network.objective import LayerObjective
from core.network.run import Run
from core.network.target import LogitTarget
from core.visualisations.ascent import InputRange
from core.visualisations.deep_dream import DeepDream, DeepDreamParams, Dream, mirrored, octave_sizes
from tests.core.visualisations.formulas import OneKernel

EDGE = np.array([[1.0, -1.0]])
LAYER = LayerObjective("conv")


@pytest.fixture
def network():
    return OneKernel(EDGE, (40, 32), (0.0, 1.0))


@pytest.fixture
def image(generator):
    return generator.random((40, 32, 1), dtype=np.float32)


def dreamt(network, x, seed=0, objective=LAYER, run=None, **params):
    run = run or Run(generator=np.random.default_rng(seed))
    return DeepDream().run(network, objective, x, DeepDreamParams(**params), run)


def test_that_without_steps_the_picture_is_the_image(network, image):
    picture = dreamt(network, image, steps=0)
    np.testing.assert_allclose(picture.values, image, atol=1e-7)
    assert picture.score_end == pytest.approx(picture.score_start)


def test_that_one_step_on_one_octave_follows_the_gradient_over_its_mean_magnitude(network, image):
    _, slopes = network.layer_gradients(image[None], LAYER)
    expected = np.clip(image + 0.02 * slopes[0] / np.abs(slopes[0]).mean(), 0, 1)
    picture = dreamt(network, image, steps=1, octaves=1, jitter=0, rate=0.02)
    np.testing.assert_allclose(picture.values, expected, atol=1e-6)


def test_that_the_layer_answers_the_dream_more_strongly_and_values_stay_in_range(network, image):
    picture = dreamt(network, image)
    assert picture.score_end > 1.5 * picture.score_start
    assert picture.values.min() >= 0
    assert picture.values.max() <= 1
    assert picture.steps == 30  # the fourth octave would have 12 columns
    assert picture.choices["octaves"].endswith("23 x 29, 32 x 40")


def test_that_the_scores_are_those_of_the_layer_at_image_and_picture(network, image):
    picture = dreamt(network, image, steps=2)
    for x, score in ((image, picture.score_start), (picture.values, picture.score_end)):
        assert LAYER.score(network.output(x[None]))[0] == pytest.approx(score, rel=1e-5)


def test_that_octaves_end_with_the_grid_and_none_is_too_small():
    sizes = octave_sizes((40, 32), DeepDreamParams(octaves=8, octave_scale=2.0))
    assert sizes == ((20, 16), (40, 32))


def test_that_a_smaller_image_stands_in_the_middle_of_its_mirror_images():
    assert mirrored(3, 9).tolist() == [2, 1, 0, 0, 1, 2, 2, 1, 0]
    assert mirrored(4, 7).tolist() == [0, 0, 1, 2, 3, 3, 2]


def test_that_the_slope_on_a_small_octave_is_that_of_the_score(network, generator):
    dream = Dream(network, LAYER, InputRange(0.0, 1.0), DeepDreamParams(), Run())
    picture, direction = generator.random((2, 20, 17, 1))
    _, slope = dream.score(picture)
    change = dream.score(picture + 1e-3 * direction)[0] - dream.score(picture - 1e-3 * direction)[0]
    assert (slope * direction).sum() == pytest.approx(change / 2e-3, rel=1e-3)


def test_that_a_grey_image_in_three_channels_stays_grey(image):
    class ThreeChannels(OneKernel):
        def layer_gradients(self, inputs, objective, run=None):
            scores, gradients = super().layer_gradients(inputs[..., :1], objective)
            return scores, np.concatenate([gradients, 0 * gradients, 0 * gradients], axis=-1)

    network = ThreeChannels(EDGE, (40, 32), (0.0, 1.0))
    network.input_shape = (40, 32, 3)
    values = dreamt(network, np.repeat(image, 3, axis=2), steps=2).values
    np.testing.assert_array_equal(values, np.repeat(values[..., :1], 3, axis=2))


def test_that_a_seed_repeats_the_dream(network, image):
    first, again, other = (dreamt(network, image, seed, steps=3).values for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 0


def test_that_there_is_no_dream_without_an_image(network):
    with pytest.raises(IncompatibleInput):
        dreamt(network, None)


def test_that_a_class_is_refused_as_what_a_layer_answers(network):
    with pytest.raises(BadParameter):
        DeepDream().require_objective(LogitTarget(0))
