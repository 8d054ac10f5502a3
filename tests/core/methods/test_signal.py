"""Whether a map holds anything: rounding, saturation, evidence; on networks whose gradient is a formula."""

from dataclasses import dataclass

import numpy as np
import pytest

from core import api
from core.checks import CHECKS
from core.checks.agreement import agreement
from core.errors import NotApplicable
from core.images.grid_map import GridMap
from core.methods import METHODS
from core.methods.meaning import (
    ACTIVATION,
    NO_MEANING,
    PATH_SHARE,
    SCORE_CHANGE,
    SLOPE,
    Meaning,
    Origin,
    Sign,
)
from core.methods.signal import EPSILON, ROUNDINGS, SATURATED, ScoreFacts, signal_of
from core.network.attribution_map import AttributionMap
from core.network.cost import Cost
from core.network.facts import NetworkFacts
from core.network.layer import Layer
from core.network.run import Run
from core.network.target import DifferenceTarget, LogitTarget, ProbabilityTarget, Target
from tests.cards import make_card

SHAPE = (32, 32, 1)
WORDS = "logit of glioma"
# Of a score of size 1: what rounding alone can do.
ONE = ROUNDINGS * EPSILON


@dataclass
class Softmax:
    """Three logits, each the sum of a weight image times the input; float32 as a framework computes."""

    weights: np.ndarray  # (3, h, w, c)
    card = make_card()
    input_shape = SHAPE
    class_count = 3
    best_batch = 8
    used = Cost()

    def logits(self, inputs, run=None):
        return np.tensordot(inputs, self.weights, axes=((1, 2, 3), (1, 2, 3))).astype(np.float32)

    def probabilities(self, inputs, run=None):
        logits = self.logits(inputs).astype(np.float64)
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        return (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)

    def values(self, inputs, target, run=None):
        answer = self.probabilities if target.scale == "probability" else self.logits
        return target.score(answer(inputs))

    def gradients(self, inputs, target, run=None):
        target = target if isinstance(target, Target) else target[0]
        class_weights = target.class_weights(3)
        factors = np.repeat(class_weights[None], len(inputs), axis=0)
        if target.scale == "probability":
            shares = self.probabilities(inputs)
            factors = shares * (factors - (shares * class_weights).sum(axis=1, keepdims=True))
        return self.values(inputs, target), np.tensordot(factors, self.weights, axes=(1, 0)).astype(
            np.float32
        )

    @property
    def facts(self):
        return NetworkFacts("softmax", SHAPE[:2], 1, 3, (Layer("itself", SHAPE[:2], 1),))

    def activation_gradients(self, inputs, layer, target, run=None):
        values, gradients = self.gradients(inputs, target)
        return values, inputs, gradients

    def activations(self, inputs, layer, run=None):
        return inputs

    def layer_head(self, x, layer, run=None):
        return ScaledInput(self, x)


@dataclass
class ScaledInput:
    """The whole network behind a layer that gives the input itself."""

    network: Softmax
    activations: np.ndarray

    def values(self, factors, target, run=None):
        return self.network.values(self.activations * factors[:, None, None, :], target)


@pytest.fixture
def subject(generator):
    x = generator.random(SHAPE, dtype=np.float32)
    return api.Subject(x, GridMap((32, 32), (32, 32), (-0.5, -0.5, 31.5, 31.5)))


@pytest.fixture
def weights(generator):
    return generator.normal(size=(3, *SHAPE)).astype(np.float32)


def certain(weights):
    """Weights by which class 0 gets all the probability."""
    return np.stack([np.abs(weights[0]), 0 * weights[1], -np.abs(weights[2])])


def opposed():
    """Weights by which every pixel is evidence against class 0."""
    return np.stack([np.full(SHAPE, -1.0), np.ones(SHAPE), np.ones(SHAPE)]).astype(np.float32)


def top_rows():
    region = np.zeros(SHAPE[:2], bool)
    region[:8] = True
    return region


def signal(values, meaning, facts=None, **changes):
    values = np.asarray(values, np.float32)
    attribution_map = AttributionMap(values, meaning.sign is Sign.BOTH, values.shape, **changes)
    return signal_of(attribution_map, meaning, facts or ScoreFacts(ONE, 1.0), WORDS)


BY_GRADIENT = ("gradient", "input_x_gradient", "smooth_grad", "integrated_gradients", "grad_cam", "layer_cam")


@pytest.mark.parametrize("name", [*BY_GRADIENT, "xrai", "fast_xrai_30"])
def test_that_a_saturated_probability_refers_to_the_logit_and_the_logit_has_a_share(subject, weights, name):
    network = Softmax(certain(weights))
    probability_record, logit_record = (
        api.explain(network, subject, name, target=kind(0)).record
        for kind in (ProbabilityTarget, LogitTarget)
    )
    assert probability_record.signal.state == "probability_saturated"
    assert (
        probability_record.no_share
        == probability_record.no_order
        == (
            "The probability of glioma is saturated (above 99.9999 %): its gradient vanishes. Explain the "
            "logit instead."
        )
    )
    assert (logit_record.signal.state, logit_record.no_share, logit_record.no_order) == ("signal", "", "")


def test_that_scores_of_changed_images_keep_their_share_and_say_that_the_probability_is_saturated(
    subject, weights
):
    """Covering most of the image takes the probability away, though its gradient is 0."""
    network = Softmax(certain(weights) / 20)
    params = {"window": 30, "stride": 30}
    occluded = api.explain(network, subject, "occlusion", params, ProbabilityTarget(0)).record
    assert occluded.maximum > 1e-3
    assert occluded.signal.state == "signal"
    assert occluded.signal.sentence.endswith("Explain the logit instead.")
    assert occluded.no_share == ""


@pytest.mark.parametrize("name", BY_GRADIENT)
def test_that_what_rounding_leaves_of_tied_logits_is_reported_as_rounding(subject, weights, name):
    tied = np.repeat(np.abs(weights[:1]), 3, axis=0) / 100
    tied[1] *= np.float32(1 - EPSILON)  # the last bit of a float32
    record = api.explain(Softmax(tied), subject, name, target=DifferenceTarget(0, 1)).record
    assert record.signal.state == "zero_up_to_rounding"
    assert 0 < record.signal.effect <= record.signal.rounding
    assert record.maximum > 0
    assert "zero up to rounding (it moves the score by" in record.no_share


def test_that_three_equal_logits_of_a_network_without_weights_move_nothing(subject, weights):
    network = Softmax(0 * weights)
    for target in (LogitTarget(0), ProbabilityTarget(0), DifferenceTarget(0, 1)):
        for name in (*BY_GRADIENT, "occlusion", "rise", "score_cam", "cam"):
            record = api.explain(network, subject, name, target=target).record
            assert record.signal.state == "zero_up_to_rounding", name


def test_that_the_bound_grows_with_the_largest_logit_and_not_below_one(subject, weights):
    for scale in (1e-6, 1.0, 1000.0):
        network = Softmax(np.float32(scale) * weights)
        facts = ScoreFacts.of(network, subject.x, LogitTarget(0), Run())
        size = max(float(np.abs(network.logits(subject.x[None])).max()), 1.0)
        assert facts.rounding == pytest.approx(ROUNDINGS * EPSILON * size)


def test_that_the_facts_of_an_image_are_computed_once_in_a_run(subject, weights):
    network, run, requests = Softmax(weights), Run(), []
    plain = network.logits
    network.logits = lambda inputs, run=None: requests.append(len(inputs)) or plain(inputs)
    for index in range(3):
        ScoreFacts.of(network, subject.x, LogitTarget(index), run)
    assert requests == [1]


@pytest.mark.parametrize("meaning", [SLOPE, PATH_SHARE, SCORE_CHANGE, ACTIVATION], ids=lambda m: m.unit)
@pytest.mark.parametrize(("largest", "state"), [(1e-8, "zero_up_to_rounding"), (1e-5, "signal")])
def test_that_a_map_of_1e_8_never_has_a_share(generator, meaning, largest, state):
    values = largest * generator.random((8, 8))
    assert signal(values, meaning).state == state


@pytest.mark.parametrize(
    ("meaning", "state"),
    [(SLOPE, "zero_up_to_rounding"), (SLOPE.squared(), "signal"), (SLOPE.squared("variance"), "signal")],
)
def test_that_the_signal_of_a_square_is_measured_by_its_root(meaning, state):
    """1e-8 as a slope is rounding; as a square it stands for a slope of 1e-4."""
    assert signal(np.full((4, 4), 1e-8), meaning).state == state


def test_that_a_slope_counts_times_the_range_of_the_input():
    values = np.full((4, 4), 1e-8)
    assert signal(values, SLOPE, ScoreFacts(ONE, 1.0)).state == "zero_up_to_rounding"
    assert signal(values, SLOPE, ScoreFacts(ONE, 255.0)).state == "signal"


def test_that_a_flat_image_still_has_a_range():
    network = Softmax(np.ones((3, *SHAPE), np.float32))
    flat = np.full(SHAPE, 2.0, np.float32)
    assert ScoreFacts.of(network, flat, LogitTarget(0), Run()).input_range == 2.0
    assert ScoreFacts.of(network, 0 * flat, LogitTarget(0), Run()).input_range == 1.0


def test_that_positive_rounding_beside_evidence_against_is_no_positive_evidence():
    values = np.array([[-2.0, 1e-9], [0.0, -1.0]])
    result = signal(values, PATH_SHARE)
    assert (result.state, result.has_share, result.is_noise) == (
        "no_positive_evidence",
        False,
        False,
    )
    assert (
        result.sentence == "No positive evidence for the logit of glioma: nothing in the picture raises it."
    )


def test_that_a_map_cut_to_zero_is_distinguished_from_one_without_a_gradient():
    nothing = np.zeros((4, 4))
    assert signal(nothing, ACTIVATION, effect=3.0).state == "no_positive_evidence"
    assert signal(nothing, ACTIVATION, effect=0.0).state == "zero_up_to_rounding"


def test_that_a_class_activation_map_of_a_class_with_only_evidence_against_has_no_positive_evidence(subject):
    for name in ("grad_cam", "grad_cam_pp", "layer_cam"):
        record = api.explain(Softmax(opposed()), subject, name, target=LogitTarget(0)).record
        assert (record.maximum, record.signal.state) == (0.0, "no_positive_evidence"), name


@pytest.mark.parametrize(
    ("probability", "saturated"),
    [
        (1.0, True),
        (1 - SATURATED / 2, True),
        (1 - 2 * SATURATED, False),
        (0.5, False),
        (2 * SATURATED, False),
        (SATURATED / 2, True),
        (0.0, True),
        (None, False),
    ],
)
def test_that_a_probability_within_sixteen_steps_of_its_ends_is_saturated(probability, saturated):
    assert ScoreFacts(ONE, 1.0, probability).is_saturated is saturated


def test_that_the_signal_of_a_control_map_does_not_depend_on_the_network():
    values = np.full((4, 4), 1e-9)
    result = signal(values, NO_MEANING, ScoreFacts(ONE, 1.0, 1.0))
    assert (result.state, result.sentence) == ("signal", "")
    assert signal(0 * values, NO_MEANING).sentence == "The map is 0 everywhere."


def test_that_values_that_do_not_measure_their_effect_are_without_signal_only_if_zero():
    weighted = Meaning("weighted", Sign.SUPPORT, Origin.SCORES, in_score=False)
    assert signal(np.full((4, 4), 1e-9), weighted).state == "signal"
    assert signal(np.zeros((4, 4)), weighted).state == "zero_up_to_rounding"
    assert signal(np.full((4, 4), 1e-2), weighted, effect=1e-9).state == "zero_up_to_rounding"


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_that_no_check_runs_on_a_map_without_signal(subject, weights, check):
    network = Softmax(certain(weights))
    explained = api.explain(network, subject, "gradient", target=ProbabilityTarget(0))
    with pytest.raises(NotApplicable, match="probability of glioma is saturated"):
        api.run_check(network, subject, explained, check.name, region=top_rows())


def test_that_the_evidence_inside_asks_for_more_than_positive_rounding(subject):
    network = Softmax(opposed())
    explained = api.explain(network, subject, "input_x_gradient", target=LogitTarget(0))
    with pytest.raises(NotApplicable, match="No positive evidence for the logit of glioma"):
        api.run_check(network, subject, explained, "energy_inside", region=top_rows())


def test_that_maps_without_an_order_agree_with_nothing(generator):
    maps = {name: generator.random((8, 8)) for name in ("a", "b", "noise")}
    result = agreement(maps, no_order={"noise": "It is rounding."})
    assert result.undefined == {"noise": "It is rounding."}
    assert result.spearman[0][2] is None
    assert result.spearman[0][1] is not None


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_that_a_method_states_what_its_values_mean(method, subject, weights):
    meaning = method.meaning(method.Params())
    assert meaning.unit
    assert (meaning.sign is Sign.NONE) == (meaning.origin is Origin.NOTHING)


def test_that_one_refused_request_leaves_the_other_maps(subject, weights):
    network, refused = Softmax(weights), []
    requests = [
        api.Request("gradient", {}, LogitTarget(0)),
        api.Request("occlusion", {"window": 99}, LogitTarget(0)),
        api.Request("occlusion", {"stride": 99}, LogitTarget(0)),
        api.Request("input_x_gradient", {}, LogitTarget(0)),
    ]
    explanations = api.explain_all(
        network, subject, requests, on_refused=lambda request, error: refused.append((request, error.message))
    )
    assert [explanation.record.name for explanation in explanations] == ["gradient", "input_x_gradient"]
    assert [request for request, _ in refused] == requests[1:3]
    assert [message.partition(":")[0] for _, message in refused] == [
        "occlusion.window",
        "occlusion.stride cannot be 99 with a window of 15",
    ]


def test_that_the_caution_of_a_method_stands_in_the_signal_of_a_map_with_evidence_alone():
    values = np.array([[1.0, -1.0]], np.float32)
    cautious = signal(values, SCORE_CHANGE, caution="Uncertain: few masks.")
    assert (cautious.state, cautious.sentence) == ("signal", "Uncertain: few masks.")
    assert "Uncertain" not in signal(0 * values, SCORE_CHANGE, caution="Uncertain: few masks.").sentence
