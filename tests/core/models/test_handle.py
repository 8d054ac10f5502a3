"""The handle: gradients against finite differences, batches, traces, memory, damaged weights."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from core.errors import (
    BadParameter,
    DamagedBundle,
    GpuFailed,
    IncompatibleInput,
    ModelError,
    NotApplicable,
    NotFinite,
    OutOfMemory,
)
from core.methods import METHODS, method_named
from core.methods.relevance.differences import RESCALE
from core.methods.relevance.relevance_method import RelevanceMethod
from core.models import graphs
from core.models.architectures import ARCHITECTURES
from core.models.bundle import write_background, write_bundle
from core.models.device import ComputingDevice
from core.models.graphs import CPU_BATCH, GPU_BATCH
from core.models.handle import ModelHandle, assign_weights, named_weights
from core.models.layers import output_bytes
from core.models.runtime import frameworks
from core.network.cost import Cost
from core.network.run import Run
from core.network.target import DifferenceTarget, LogitTarget, ProbabilityTarget
from tests.cards import make_card, small_model
from tests.core.methods.maps import map_of

RELEVANCE_METHODS = [method for method in METHODS if isinstance(method, RelevanceMethod)]
TARGETS = [LogitTarget(1), ProbabilityTarget(2), DifferenceTarget(0, 2)]


@pytest.fixture(scope="module")
def handle():
    return ModelHandle(make_card(temperature=2.0), small_model())


@pytest.fixture
def inputs(generator):
    return generator.random((11, 32, 32, 1), dtype=np.float32)


@pytest.mark.parametrize("target", TARGETS, ids=lambda t: t.kind)
def test_that_the_score_rises_along_the_gradient_by_its_length(handle, inputs, target):
    x = inputs[:1]
    _, gradients = handle.gradients(x, target)
    length = float(np.linalg.norm(gradients))
    step = 1e-2 * gradients / length
    ends = handle.values(np.concatenate([x - step, x + step]), target)
    assert (float(ends[1]) - float(ends[0])) / 2e-2 == pytest.approx(length, rel=0.01)


def test_that_probabilities_are_the_softmax_of_logits_over_the_temperature(handle, inputs):
    logits = handle.logits(inputs).astype(np.float64) / 2.0
    expected = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(handle.probabilities(inputs), expected, rtol=1e-5)
    np.testing.assert_allclose(handle.values(inputs, ProbabilityTarget(2)), expected[:, 2], rtol=1e-5)
    graph_values, _ = handle.gradients(inputs, ProbabilityTarget(2))
    np.testing.assert_allclose(graph_values, expected[:, 2], rtol=1e-5)


def test_that_batches_change_nothing_but_the_number_of_calls(handle, inputs):
    gradients = handle.gradients(inputs, LogitTarget(0))[1]
    with handle.calls.at_batch(1):
        single = handle.gradients(inputs, LogitTarget(0))[1]
    np.testing.assert_allclose(gradients, single, atol=1e-6)


def test_that_each_kind_of_call_is_traced_once(inputs):
    handle = ModelHandle(make_card(), small_model(seed=1))
    for count in (1, 8, 11):
        for target in (LogitTarget(0), LogitTarget(1), LogitTarget(2), DifferenceTarget(0, 1)):
            handle.gradients(inputs[:count], target)
            handle.activation_gradients(inputs[:count], "last", target)
            handle.logits(inputs[:count])
    assert handle.functions.traces == 3  # logits come from the prediction's function


def test_that_all_methods_together_trace_one_graph_for_each_kind_of_call():
    handle = ModelHandle(make_card(), small_model(seed=1))
    handle.use_background(np.random.default_rng(2).random((3, 32, 32, 1), dtype=np.float32))
    few = {"steps": 3, "samples": 3, "masks": 9, "min_pixels": 9, "segments": 4}
    x = np.random.default_rng(1).random((32, 32, 1), dtype=np.float32)
    for method in METHODS:
        params = method.Params(
            **{name: value for name, value in few.items() if name in method.Params.model_fields}
        )
        for target in (LogitTarget(1), DifferenceTarget(0, 2)):
            map_of(method, handle, x, target, params)
    passes = {method.composite(method.Params(), handle.facts) for method in RELEVANCE_METHODS} | {RESCALE}
    assert len(passes) == 5
    assert handle.functions.kinds == {
        ("forward",),
        ("gradients", "logit"),
        ("activation_gradients", "last", "logit"),
        ("activation_gradients", "first", "logit"),
        ("activations", "last"),
        ("up_to_layer", "last"),
        ("behind_layer", "last"),
        *(("relevance", composite, "logit") for composite in passes),
    }
    # What is given of the last layer comes from the prediction's function.
    assert handle.functions.traces == 5 + len(passes)


def test_that_prediction_fit_check_and_the_facts_of_a_score_share_one_function(inputs):
    handle = ModelHandle(make_card(), small_model(seed=1))
    prediction = handle.predict(inputs[0])
    handle.content(inputs[0])
    logits = handle.logits(inputs[:1])
    handle.probabilities(inputs[:1])
    assert (handle.functions.kinds, handle.functions.traces) == ({("forward",)}, 1)
    np.testing.assert_array_equal(logits[0], np.float32(prediction.logits))
    np.testing.assert_allclose(handle.logits(inputs)[0], logits[0], rtol=1e-5)


def test_that_a_prediction_follows_the_weights_that_were_drawn_again(inputs):
    handle = ModelHandle(make_card(), small_model(seed=1))
    answers = [handle.randomised(["logits"], seed).predict(inputs[0]).logits for seed in (0, 1)]
    assert answers[0] != answers[1]


def test_that_layer_gradients_follow_the_chain_rule(handle, inputs):
    # Behind the last convolution come only pooling and the dense layer, so the gradient is known.
    values, activations, gradients = handle.activation_gradients(inputs, "last", LogitTarget(1))
    kernel = named_weights(handle._model)["logits/kernel"]
    np.testing.assert_allclose(gradients, np.broadcast_to(kernel[:, 1] / 256, gradients.shape), rtol=1e-4)
    np.testing.assert_allclose(activations, handle.activations(inputs, "last"), atol=1e-6)
    np.testing.assert_allclose(values, handle.logits(inputs)[:, 1], rtol=1e-5)


def test_that_grad_cam_equals_its_formula_on_a_real_network(handle, inputs):
    attribution_map = map_of(
        method_named("grad_cam"), handle, inputs[0], LogitTarget(1), method_named("grad_cam").Params(), Run()
    )
    kernel = named_weights(handle._model)["logits/kernel"][:, 1]
    coarse = np.maximum(handle.activations(inputs[:1], "last")[0] @ kernel / 256, 0)
    from core.images.resample import resampled

    np.testing.assert_allclose(attribution_map.values, resampled(coarse, (32, 32)), atol=1e-6)
    assert attribution_map.choices["layer"] == "last"


def test_that_integrated_gradients_are_complete_on_a_real_network(handle, inputs):
    attribution_map = map_of(
        method_named("integrated_gradients"),
        handle,
        inputs[0],
        LogitTarget(1),
        method_named("integrated_gradients").Params(),
        Run(),
    )
    ends = handle.values(np.stack([np.full_like(inputs[0], inputs[0].min()), inputs[0]]), LogitTarget(1))
    assert attribution_map.values.sum() == pytest.approx(float(ends[1] - ends[0]), abs=0.01)
    assert attribution_map.diagnostics["completeness_error"] < 0.02


def test_that_layers_end_with_the_one_before_pooling(handle):
    assert [(layer.name, layer.grid, layer.channels) for layer in handle.layers()] == [
        ("first", (32, 32), 6),
        ("halved", (16, 16), 6),
        ("last", (16, 16), 8),
    ]


def test_that_evaluations_are_counted(inputs):
    handle = ModelHandle(make_card(), small_model())
    handle.logits(inputs)
    handle.gradients(inputs[:3], LogitTarget(0))
    assert (handle.used.forwards, handle.used.gradients) == (11, 3)


def test_that_the_batch_is_halved_when_the_device_runs_out(monkeypatch, inputs):
    handle = ModelHandle(make_card(), small_model())
    expected = handle.logits(inputs)
    real = handle.functions.function("forward")
    error = frameworks()[1].errors.ResourceExhaustedError

    def small_device(x):
        if len(x) > 2:
            raise error(None, None, "no memory")
        return real(x)

    monkeypatch.setitem(handle.functions._functions, ("forward",), small_device)
    np.testing.assert_allclose(handle.logits(inputs), expected, atol=1e-6)
    assert handle.best_batch == 2
    assert len(handle.calls.notices) == 1


def test_that_a_device_too_small_for_one_image_is_a_typed_error(monkeypatch, inputs):
    handle = ModelHandle(make_card(), small_model())
    error = frameworks()[1].errors.ResourceExhaustedError

    def no_device(x):
        raise error(None, None, "no memory")

    monkeypatch.setitem(handle.functions._functions, ("forward",), no_device)
    with pytest.raises(OutOfMemory):
        handle.logits(inputs)


class SmallGpu:
    """A traced function on a GPU that has memory for so many inputs at once, and fails as TensorFlow does.

    raises: makes the error, when the function is called or when its answer is fetched.
    """

    def __init__(self, function: Any, room: int, error: Exception, when: str) -> None:
        self._function, self._room, self._error, self._when = function, room, error, when
        self.batches: list[int] = []

    def __call__(self, x: Any, *rows: Any) -> Any:
        self.batches.append(len(x))
        if len(x) <= self._room:
            return self._function(x, *rows)
        if self._when == "call":
            raise self._error
        answer = SimpleNamespace(numpy=self._fail)
        return (answer, answer, answer)

    def _fail(self) -> None:
        raise self._error


def gpu_error(name: str, message: str) -> Exception:
    error: Exception = getattr(frameworks()[1].errors, name)(None, None, message)
    return error


def handle_on_gpu() -> ModelHandle:
    handle = ModelHandle(make_card(), small_model())
    handle.calls.device = ComputingDevice(kind="gpu", name="A small GPU (GPU)")
    return handle


@pytest.mark.parametrize("when", ["call", "fetch"])
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("ResourceExhaustedError", "OOM when allocating tensor with shape[8,64,160,160]"),
        ("InternalError", "CUDA_ERROR_OUT_OF_MEMORY: out of memory"),
        ("NotFoundError", "No algorithm worked! Error messages: Profiling failure on CUDNN engine"),
    ],
)
def test_that_a_gpu_without_memory_for_a_batch_gets_smaller_ones_with_the_same_results(
    monkeypatch, inputs, name, message, when
):
    handle, target = handle_on_gpu(), LogitTarget(1)
    expected = handle.gradients(inputs, target)
    key = ("gradients", "logit")
    gpu = SmallGpu(handle.functions._functions[key], 2, gpu_error(name, message), when)
    monkeypatch.setitem(handle.functions._functions, key, gpu)
    for computed, whole in zip(handle.gradients(inputs, target), expected, strict=True):
        np.testing.assert_allclose(computed, whole, rtol=1e-6, atol=1e-7)
    assert gpu.batches == [8, 4, 2, 2, 2, 2, 2, 1]
    assert len(handle.calls.notices) == 1


def test_that_a_gpu_without_memory_while_a_graph_is_traced_gets_smaller_batches_too(monkeypatch, inputs):
    handle, target = handle_on_gpu(), LogitTarget(0)
    expected = ModelHandle(make_card(), small_model()).gradients(inputs, target)
    traced = handle.functions._traced
    batches = []

    def traced_with_room_for_two(function, is_weighted=False):
        whole = traced(function, is_weighted)

        def call(x, *rows):
            batches.append(len(x))
            if len(x) > 2:  # before the first graph is there
                assert whole.experimental_get_tracing_count() == 0
                raise gpu_error("ResourceExhaustedError", "OOM while tracing")
            return whole(x, *rows)

        return call

    monkeypatch.setattr(handle.functions, "_traced", traced_with_room_for_two)
    for computed, whole in zip(handle.gradients(inputs, target), expected, strict=True):
        np.testing.assert_allclose(computed, whole, rtol=1e-6, atol=1e-7)
    assert batches == [8, 4, 2, 2, 2, 2, 2, 1]


def test_that_a_gpu_without_memory_for_one_image_is_told_in_one_sentence(monkeypatch, inputs):
    handle = handle_on_gpu()
    gpu = SmallGpu(None, 0, gpu_error("ResourceExhaustedError", "OOM"), "call")
    monkeypatch.setitem(handle.functions._functions, ("forward",), gpu)
    with pytest.raises(
        OutOfMemory, match=r"^The device has no memory left for one image with small\."
    ) as caught:
        handle.logits(inputs)
    assert gpu.batches == [8, 4, 2, 1]
    assert caught.value.exit_code == 6


def test_that_a_device_without_memory_for_the_weights_is_told_in_one_sentence(monkeypatch, tmp_path):
    card = make_card(architecture="small")
    write_bundle(tmp_path / "small", card, named_weights(small_model()))

    def no_room(shape, classes):
        raise gpu_error("ResourceExhaustedError", "OOM when allocating tensor")

    monkeypatch.setitem(ARCHITECTURES, "small", no_room)
    with pytest.raises(OutOfMemory, match=r"^The device has no memory left to load small\."):
        ModelHandle.load(str(tmp_path / "small"))


def test_that_a_gpu_that_stops_computing_is_told_in_one_sentence_without_its_message(monkeypatch, inputs):
    handle = handle_on_gpu()
    gpu = SmallGpu(
        None, 0, gpu_error("InternalError", "CUDA_ERROR_ECC_UNCORRECTABLE at /home/a/b.cc"), "fetch"
    )
    monkeypatch.setitem(handle.functions._functions, ("forward",), gpu)
    with pytest.raises(GpuFailed) as caught:
        handle.logits(inputs)
    assert caught.value.message == "The GPU stopped computing with small (InternalError)."
    assert "CPU" in caught.value.hint
    assert gpu.batches == [8]


def test_that_such_an_error_on_a_cpu_is_a_bug_and_no_lack_of_memory(monkeypatch, inputs):
    handle = ModelHandle(make_card(), small_model())
    error = gpu_error("InternalError", "out of memory, it says")
    monkeypatch.setitem(handle.functions._functions, ("forward",), SmallGpu(None, 0, error, "call"))
    with pytest.raises(type(error)):
        handle.logits(inputs)


def test_that_the_batch_follows_the_device_that_computes(monkeypatch):
    assert ModelHandle(make_card(), small_model()).best_batch == CPU_BATCH
    gpu = ComputingDevice(kind="gpu", name="A GPU (GPU)")
    monkeypatch.setattr(graphs, "computing_device", lambda: gpu)
    handle = ModelHandle(make_card(), small_model())
    assert (handle.best_batch, handle.calls.device) == (GPU_BATCH, gpu)


def test_that_batches_are_as_small_as_the_outputs_of_a_large_network_ask_for(monkeypatch):
    model, sizes = small_model(), []
    monkeypatch.setattr(graphs, "CPU_BATCH_BYTES", 4.9 * output_bytes(model))
    handle = ModelHandle(make_card(), model)
    assert handle.best_batch == 4

    def recording(x):
        sizes.append(len(x))
        return (x,)

    inputs = np.zeros((6, *handle.input_shape), np.float32)
    for memory, expected in ((1.0, [4, 2]), (1.6, [3, 3]), (3.2, [1] * 6), (50.0, [1] * 6)):
        sizes.clear()
        handle.calls.call(recording, inputs, None, Cost(forwards=1), memory=memory)
        assert sizes == expected, memory


def test_that_the_outputs_of_all_layers_are_counted_in_bytes():
    keras, _ = frameworks()
    inputs = keras.Input((6, 5, 1))
    model = keras.Model(inputs, keras.layers.Flatten()(keras.layers.Conv2D(2, 3)(inputs)))
    assert output_bytes(model) == 4 * (6 * 5 + 2 * (4 * 3 * 2))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_that_a_prediction_that_is_not_finite_is_a_typed_error(monkeypatch, inputs, value):
    handle = ModelHandle(make_card(), small_model())
    answer = frameworks()[1].constant([[0.0, value, 1.0]])
    monkeypatch.setitem(handle.functions._functions, ("forward",), lambda x: (answer, answer))
    with pytest.raises(
        ModelError, match="small answers this image with values that are not finite"
    ) as caught:
        handle.predict(inputs[0])
    assert caught.value.hint


def test_that_a_temperature_that_overflows_the_logits_is_a_typed_error(inputs):
    with pytest.raises(ModelError, match="not finite"):
        ModelHandle(make_card(temperature=1e-320), small_model()).predict(inputs[0])


def test_that_an_input_of_another_shape_is_refused(handle):
    with pytest.raises(IncompatibleInput, match="small takes inputs"):
        handle.logits(np.zeros((1, 16, 16, 1), np.float32))


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_that_an_input_that_is_not_finite_is_refused_by_every_kind_of_call(handle, inputs, value):
    inputs[4, 3, 2] = value
    calls = (
        lambda: handle.logits(inputs),
        lambda: handle.probabilities(inputs),
        lambda: handle.gradients(inputs, LogitTarget(0)),
        lambda: handle.activations(inputs, "last"),
        lambda: handle.activation_gradients(inputs, "last", LogitTarget(0)),
    )
    for call in calls:
        with pytest.raises(NotFinite, match="small was given an image with values that are not finite"):
            call()


@pytest.mark.parametrize("index", [3, -1])
def test_that_a_class_out_of_range_is_refused_by_every_kind_of_call(handle, inputs, index):
    for call in (
        lambda target: handle.values(inputs, target),
        lambda target: handle.gradients(inputs, target),
        lambda target: handle.activation_gradients(inputs, "last", target),
    ):
        for target in (LogitTarget(index), ProbabilityTarget(index), DifferenceTarget(0, index)):
            with pytest.raises(BadParameter, match=f"class {index}, but small has 3 classes"):
                call(target)


def test_that_a_layer_that_does_not_exist_is_refused_with_the_nearest_name(handle, inputs):
    for call in (
        lambda: handle.activations(inputs, "lats"),
        lambda: handle.activation_gradients(inputs, "lats", LogitTarget(0)),
    ):
        with pytest.raises(BadParameter, match="no convolutional layer 'lats'") as caught:
            call()
        assert caught.value.hint == "Did you mean 'last'?"


def test_that_weights_of_another_network_are_refused():
    model = small_model()
    arrays = named_weights(model)
    arrays["logits/kernel"] = arrays["logits/kernel"][:, :2]
    with pytest.raises(DamagedBundle, match="logits/kernel"):
        assign_weights(model, arrays, "small")
    del arrays["logits/kernel"]
    with pytest.raises(DamagedBundle, match="1 missing"):
        assign_weights(model, arrays, "small")


def test_that_each_input_may_have_its_own_target_in_one_call(handle, inputs):
    targets = [LogitTarget(0), LogitTarget(2), LogitTarget(1), DifferenceTarget(0, 2)]
    values, gradients = handle.gradients(inputs[:4], targets)
    for number, target in enumerate(targets):
        alone = handle.gradients(inputs[number : number + 1], target)
        assert values[number] == pytest.approx(float(alone[0][0]), rel=1e-5)
        np.testing.assert_allclose(gradients[number], alone[1][0], atol=1e-7)


def test_that_a_handle_without_background_names_the_remedy(handle):
    with pytest.raises(NotApplicable, match="small has no background images"):
        handle.background()


def test_that_a_background_is_taken_from_the_bundle_or_as_passed(tmp_path, inputs):
    bundle = write_bundle(tmp_path / "small", make_card(), {})
    write_background(bundle.folder, inputs[:2])
    handle = ModelHandle(make_card(), small_model(), bundle)
    np.testing.assert_allclose(handle.background(), inputs[:2], atol=0.003)
    handle.use_background(inputs[2:5])
    np.testing.assert_array_equal(handle.background(), inputs[2:5])
    with pytest.raises(IncompatibleInput):
        handle.use_background(inputs[:, :16])


def test_that_the_gradient_at_the_last_layer_traces_no_second_graph_of_the_whole_network(inputs):
    handle = ModelHandle(make_card(), small_model(seed=1))
    handle.predict(inputs[0])
    function = handle.functions.function("activation_gradients", "last", "logit")
    handle.activation_gradients(inputs, "last", LogitTarget(1))
    behind = function._head.get_concrete_function().graph
    assert not [operation.name for operation in behind.get_operations() if "Conv2D" in operation.type]


def test_that_a_layer_beside_which_the_input_reaches_the_logits_is_no_start_of_a_head(inputs):
    from core.models.layers import head_model

    keras, _ = frameworks()
    x = keras.Input((32, 32, 1))
    first = keras.layers.Conv2D(4, 3, name="first")(x)
    last = keras.layers.Conv2D(4, 3, name="last")(first)
    pools = [keras.layers.GlobalAveragePooling2D()(each) for each in (first, last)]
    logits = keras.layers.Dense(3, name="logits")(keras.layers.Concatenate()(pools))
    model = keras.Model(x, logits)
    handle = ModelHandle(make_card(), model)
    assert head_model(model, "last") is None
    values, _, gradients = handle.activation_gradients(inputs, "last", LogitTarget(1))
    kernel = named_weights(model)["logits/kernel"]
    np.testing.assert_allclose(values, handle.logits(inputs)[:, 1], rtol=1e-4)
    np.testing.assert_allclose(gradients[0, 0, 0], kernel[4:, 1] / 28**2, rtol=1e-4)


def skipping_model(keras):
    """Two convolutions, the input of the second added to its output, and logits."""
    x = keras.Input((32, 32, 1))
    first = keras.layers.Conv2D(4, 3, padding="same", name="first", bias_initializer="ones")(x)
    second = keras.layers.Conv2D(4, 3, padding="same", activation="relu", name="second")(first)
    pooled = keras.layers.GlobalAveragePooling2D()(keras.layers.Add(name="sum")([first, second]))
    return keras.Model(x, keras.layers.Dense(3, name="logits")(pooled))


def test_that_a_layer_is_changed_and_what_passes_by_it_is_not(inputs):

    model = skipping_model(frameworks()[0])
    handle, target = ModelHandle(make_card(), model), LogitTarget(2)
    head = handle.layer_head(inputs[0], "second")
    factors = np.array([[1, 1, 1, 1], [0, 1, 1, 1], [0.5, 0, 2, 1]], np.float32)
    parts = [handle.activations(inputs[:1], layer).mean(axis=(1, 2)) for layer in ("first", "second")]
    weights = named_weights(model)
    expected = (parts[0] + factors * parts[1]) @ weights["logits/kernel"] + weights["logits/bias"]
    np.testing.assert_allclose(head.values(factors, target), expected[:, 2], rtol=1e-4)
    np.testing.assert_allclose(head.values(factors[:1], target), handle.values(inputs[:1], target), rtol=1e-5)
    np.testing.assert_array_equal(head.activations, handle.activations(inputs[:1], "second")[0])


def test_that_a_layers_head_gives_probabilities_where_they_are_explained(inputs):
    handle = ModelHandle(make_card(temperature=2.0), small_model(seed=1))
    head = handle.layer_head(inputs[0], "last")
    values = head.values(np.ones((1, 8), np.float32), ProbabilityTarget(1))
    np.testing.assert_allclose(values, handle.probabilities(inputs[:1])[:, 1], rtol=1e-5)


def test_that_the_output_of_the_last_layer_traces_no_second_graph(inputs):
    handle = ModelHandle(make_card(), small_model(seed=1))
    handle.predict(inputs[0])
    traces = handle.functions.traces
    np.testing.assert_allclose(
        handle.activations(inputs[:1], "halved"), handle.activations(inputs[:1], "halved"), rtol=1e-6
    )
    assert handle.functions.traces == traces + 1
    handle.activations(inputs[:1], "last")
    assert handle.functions.traces == traces + 1


def test_that_the_work_behind_a_layer_is_counted_in_multiplications():
    first, halved, last = ModelHandle(make_card(), small_model()).layers()
    # 6 filters of 3 x 3 at 32 x 32 positions, 8 of 3 x 3 x 6 at 16 x 16, 8 x 3 weights; each with a bias.
    work = [(9 + 1) * 6 * 32 * 32, (54 + 1) * 8 * 16 * 16, (8 + 1) * 3]
    assert first.work_behind == halved.work_behind == pytest.approx(sum(work[1:]) / sum(work))
    assert last.work_behind == pytest.approx(work[2] / sum(work))
    assert last.work_behind < 1e-3


def test_that_what_is_behind_a_layer_counts_as_the_passes_that_it_amounts_to(inputs):
    handle = ModelHandle(make_card(), small_model())
    head = handle.layer_head(inputs[0], "first")
    before = handle.used.forwards
    for _ in range(5):
        head.values(np.ones((2, 6), np.float32), LogitTarget(0))
    assert before == 1
    assert handle.used.forwards - before == np.ceil(10 * handle.layers()[0].work_behind)
