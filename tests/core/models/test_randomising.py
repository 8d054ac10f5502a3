"""Networks with randomised weights: which change, from what they are drawn, and what stays."""

import numpy as np
import pytest

from core.errors import BadParameter
from core.models.handle import ModelHandle, named_weights
from core.network.target import LogitTarget
from tests.cards import make_card, small_model, tiny_architecture

SEPARABLE = 4


@pytest.fixture(scope="module")
def handle():
    return ModelHandle(make_card(), small_model())


@pytest.fixture(scope="module")
def normed():
    """A network with batch norm whose every weight is 3 or more, which no initialiser gives."""
    model = tiny_architecture((32, 32, 1), 3)
    for variable in model.weights:
        variable.assign(np.full(variable.shape, 3.0, np.float32))
    return ModelHandle(make_card(), model)


@pytest.fixture
def inputs(generator):
    return generator.random((2, 32, 32, 1), dtype=np.float32)


def weights(handle, layers, seed=0):
    return weights_of_calls(handle.randomised(layers, seed))


def weights_of_calls(handle):
    """With which this handle calls its functions."""
    handle.functions.weights.use(handle.calls.draw)
    return named_weights(handle._model)


def test_that_layers_with_weights_stand_from_the_logits_down(handle, normed):
    assert handle.weighted_layers() == ("logits", "last", "first")
    assert normed.weighted_layers()[:3] == ("logits", "norm3", "conv3")


def test_that_only_the_named_layers_change(handle):
    trained, drawn = weights_of_calls(handle), weights(handle, ["last"])
    changed = {path for path in trained if not np.array_equal(trained[path], drawn[path])}
    assert changed == {"last/kernel", "last/bias"}
    assert weights(handle, []).keys() == trained.keys()
    assert all(np.array_equal(trained[path], values) for path, values in weights(handle, []).items())


def test_that_a_layers_draw_follows_the_seed_and_not_its_company(handle):
    alone, again, other = (weights(handle, ["last"], seed)["last/kernel"] for seed in (5, 5, 6))
    np.testing.assert_array_equal(alone, again)
    np.testing.assert_array_equal(alone, weights(handle, handle.weighted_layers(), 5)["last/kernel"])
    assert np.abs(alone - other).max() > 0.01


def test_that_weights_are_drawn_from_their_own_initialiser(handle):
    drawn = weights(handle, handle.weighted_layers())
    # Glorot's uniform bound for 3 x 3 kernels from 6 to 8 channels; the bias is normal with deviation 0.05.
    bound = np.sqrt(6 / (9 * 6 + 9 * 8))
    assert 0.95 * bound < np.abs(drawn["last/kernel"]).max() <= bound
    assert 0.01 < drawn["last/bias"].std() < 0.1
    np.testing.assert_array_equal(drawn["logits/bias"], 0)
    assert (
        np.abs(np.corrcoef(drawn["last/kernel"][..., 0].ravel(), drawn["last/kernel"][..., 1].ravel()))[0, 1]
        < 0.5
    )


def test_that_batch_norm_is_as_before_training(normed, inputs):
    drawn = weights(normed, normed.weighted_layers())
    for name, value in {"gamma": 1, "beta": 0, "moving_mean": 0, "moving_variance": 1}.items():
        np.testing.assert_array_equal(drawn[f"norm2/{name}"], value)
    assert np.isfinite(normed.randomised(normed.weighted_layers(), 0).logits(inputs)).all()
    normalisation_weights = weights(normed, ["norm3"])
    assert normalisation_weights["norm2/gamma"].min() == normalisation_weights["conv3/kernel"].min() == 3


def test_that_the_network_itself_keeps_its_answers_and_no_graph_is_traced_twice(inputs):
    handle = ModelHandle(make_card(), small_model())
    before = handle.gradients(inputs, LogitTarget(0))[1]
    answers = [
        handle.randomised(handle.weighted_layers(), s).gradients(inputs, LogitTarget(0))[1] for s in (1, 2)
    ]
    assert np.abs(answers[0] - answers[1]).max() > 1e-4
    np.testing.assert_array_equal(handle.gradients(inputs, LogitTarget(0))[1], before)
    assert handle.randomised([], 0).functions.traces == handle.functions.traces == 1
    randomised = handle.randomised([], 0)
    np.testing.assert_allclose(randomised.gradients(inputs, LogitTarget(0))[1], before, atol=1e-7)
    assert handle.used.gradients == 2 * 5


def test_that_trained_and_drawn_weights_take_turns_in_any_order(inputs):
    handle = ModelHandle(make_card(), small_model())
    trained = handle.logits(inputs)
    last, logits = (handle.randomised([layer], 0).logits(inputs) for layer in ("last", "logits"))
    np.testing.assert_array_equal(handle.logits(inputs), trained)
    np.testing.assert_array_equal(handle.randomised(["last"], 0).logits(inputs), last)
    np.testing.assert_array_equal(handle.randomised(["logits"], 0).logits(inputs), logits)
    np.testing.assert_array_equal(handle.logits(inputs), trained)
    assert not np.array_equal(last, logits)


def test_that_the_drawn_network_calls_graphs_that_are_traced_already(inputs):
    handle = ModelHandle(make_card(), small_model())
    handle.logits(inputs)
    drawn = handle.randomised(["last"], 0)
    drawn.logits(inputs)
    assert (drawn.functions.traces, drawn.warm_up_s) == (1, 0.0)


def test_that_weights_are_whole_after_a_draw_that_was_interrupted(inputs, monkeypatch):
    handle = ModelHandle(make_card(), small_model())
    trained = handle.logits(inputs)
    handle.randomised(["last"], 0).logits(inputs)

    def interrupted(*arguments):
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr("core.models.randomising._seeded", interrupted)
        with pytest.raises(MemoryError):
            handle.randomised(["first", "logits"], 1).logits(inputs)
    np.testing.assert_array_equal(handle.logits(inputs), trained)


def test_that_every_kernel_of_separable_convolutions_is_drawn_again():
    from core.models.runtime import frameworks

    keras, _ = frameworks()
    x = inputs = keras.Input((8, 8, 2))
    x = keras.layers.Rescaling(2.0, name="scaled")(x)
    x = keras.layers.SeparableConv2D(SEPARABLE, 3, name="both")(x)
    x = keras.layers.DepthwiseConv2D(3, name="deep")(x)
    model = keras.Model(inputs, x)
    handle = ModelHandle(make_card(8), model)
    assert handle.weighted_layers() == ("deep", "both")
    trained, drawn = named_weights(model), weights(handle, ["deep", "both"])
    changed = {path for path in trained if not np.array_equal(trained[path], drawn[path])}
    assert changed == {path for path in trained if "kernel" in path}
    assert len(changed) == 3


def test_that_a_layer_without_weights_is_reported(handle):
    with pytest.raises(BadParameter, match="no layer 'lasd' with weights") as caught:
        handle.randomised(["lasd"], 0)
    assert caught.value.hint == "Did you mean 'last'?"
