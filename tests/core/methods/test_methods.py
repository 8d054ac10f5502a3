"""One contract for every method: shape, finiteness, seed, sign, progress, cancellation, cost."""

import numpy as np
import pytest

from core.errors import BadMap, Cancelled, UnknownMethod
from core.methods import METHODS, method_named
from core.methods.batches import batches_of
from core.methods.contract import Family
from core.methods.meaning import Sign
from core.network.attribution_map import AttributionMap
from core.network.layer import Layer
from core.network.run import Run
from core.network.target import LogitTarget
from tests.core.methods.analytic import Analytic, linear
from tests.core.methods.layered import LayeredAnalytic
from tests.core.methods.maps import map_of

SHAPE = (24, 20, 1)
IDS = [m.name for m in METHODS]


class OneLayer(LayeredAnalytic):
    """A linear score with a layer: the input at half the resolution, with the same gradient everywhere."""

    def layers(self):
        return [Layer("half", (SHAPE[0] // 2, SHAPE[1] // 2), 1)]

    def layer_output(self, inputs):
        return inputs[:, ::2, ::2]


class Layered(LayeredAnalytic):
    """A linear score with a layer of twenty different channels, each with a gradient of its own."""

    SLOPES = np.arange(1.0, 21.0)

    def layers(self):
        return [Layer("half", (SHAPE[0] // 2, SHAPE[1] // 2), len(self.SLOPES))]

    def layer_output(self, inputs):
        coarse = inputs[:, ::2, ::2]
        rolled = [np.roll(coarse, (shift, shift), (1, 2)) for shift in range(len(self.SLOPES))]
        return np.concatenate(rolled, axis=-1)

    def layer_slopes(self, activations):
        return np.broadcast_to(self.SLOPES, activations.shape)


class Halving(Layered):
    """The same on a device that has no room for a whole batch: each one halves those to come."""

    def logits(self, inputs, run=None):
        if len(inputs) >= self.best_batch > 1:
            self.best_batch //= 2
        return super().logits(inputs, run)


# Every method by itself, and the rules that go through their points another way.
HALVED = [(method, {}) for method in METHODS] + [
    (method_named("integrated_gradients"), {"rule": "gauss_legendre", "steps": 21}),
    (method_named("blur_ig"), {"rule": "pair", "steps": 21}),
    (method_named("expected_gradients"), {"samples": 21}),
    (method_named("occlusion"), {"window": 6, "stride": 3}),
    (method_named("score_cam"), {"weights": "probability"}),
]


# Of regions that overlap, both targets may take one that holds evidence for them; their sums differ in sign.
# So may smooth masks, and the windows of HiPe.
SHARED_PLACES = (Family.CONTROL, Family.REGION, Family.OPTIMISATION)
FLIPPED = [
    m
    for m in METHODS
    if m.family not in SHARED_PLACES
    and m.name != "hipe"
    and m.meaning(m.Params()).sign in (Sign.BOTH, Sign.SUPPORT, Sign.PATTERN)
]


@pytest.fixture
def network(generator):
    plain = linear(generator.normal(0.5, size=SHAPE))
    return OneLayer(plain.score, plain.slope, SHAPE)


@pytest.fixture
def x(generator):
    return generator.random(SHAPE, dtype=np.float32)


def explained(method, network, x, seed=7, target=None, **callbacks):
    run = Run(generator=np.random.default_rng(seed), **callbacks)
    return map_of(method, network, x, target or LogitTarget(0), method.Params(), run)


@pytest.mark.parametrize("method", METHODS, ids=IDS)
def test_that_a_map_lies_on_the_input_grid_in_float32(method, network, x):
    attribution_map = explained(method, network, x)
    assert attribution_map.values.shape == SHAPE[:2]
    assert attribution_map.values.dtype == np.float32
    # The gradient of a linear score is the same on every noisy copy.
    assert np.ptp(attribution_map.values) > 0 or method.name == "var_grad"


@pytest.mark.parametrize("method", METHODS, ids=IDS)
def test_that_the_same_seed_repeats_the_map_to_the_bit(method, network, x):
    first, second = (explained(method, network, x) for _ in range(2))
    np.testing.assert_array_equal(first.values, second.values)


@pytest.mark.parametrize("method", FLIPPED, ids=lambda m: m.name)
def test_that_evidence_for_one_class_is_evidence_against_its_opposite(method, network, x):
    for_it, against = (explained(method, network, x, target=LogitTarget(i)).values for i in (0, 1))
    assert not ((for_it > 0) & (against > 0)).any()
    assert np.abs(for_it - against).max() > 0


@pytest.mark.parametrize("method", METHODS, ids=IDS)
def test_that_an_unsigned_map_has_no_negative_value(method, network, x):
    attribution_map = explained(method, network, x)
    assert attribution_map.signed or attribution_map.values.min() >= 0


@pytest.mark.parametrize("method", METHODS, ids=IDS)
def test_that_progress_rises_to_its_total(method, network, x):
    reports = []
    explained(method, network, x, on_progress=lambda done, total: reports.append((done, total)))
    assert reports == sorted(reports)
    assert reports[-1][0] == reports[-1][1]


@pytest.mark.parametrize("method", METHODS, ids=IDS)
def test_that_a_cancelled_run_stops_before_its_map(method, network, x):
    with pytest.raises(Cancelled):
        explained(method, network, x, cancelled=lambda: True)


@pytest.mark.parametrize("method", METHODS, ids=IDS)
def test_that_the_stated_gradients_are_those_used(method, network, x):
    explained(method, network, x)
    stated, used = method.cost(method.Params(), network.facts), sum(network.gradient_calls)
    # Only an adaptive rule may stop earlier; on a linear score it stops at once.
    adapts = stated.at_most and stated.gradients > 0
    assert used < stated.gradients if adapts else used == stated.gradients


@pytest.mark.parametrize("method", METHODS, ids=IDS)
def test_that_every_parameter_has_a_description_and_a_default(method):
    for name, field in method.Params.model_fields.items():
        assert field.description, name
        assert not field.is_required(), name


@pytest.mark.parametrize("method", METHODS, ids=IDS)
def test_that_every_method_has_a_help_page_with_its_title_limits_cost_and_source(method, repository):
    page = (repository / "resources" / "help" / "methods" / f"{method.name}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {method.title}\n")
    for heading in ("## What it shows", "## Limits", "## Cost", "## Source"):
        assert heading in page
    assert method.doi.removeprefix("arXiv:") in page


@pytest.mark.parametrize(
    ("method", "params"),
    HALVED,
    ids=["-".join([method.name, *map(str, params.values())]) for method, params in HALVED],
)
def test_that_a_batch_that_is_halved_on_the_way_leaves_the_map_as_it_is(method, params, generator, x):
    plain = linear(generator.normal(0.5, size=SHAPE))
    steady, halving = (kind(plain.score, plain.slope, SHAPE, best_batch=8) for kind in (Layered, Halving))
    maps = [
        map_of(
            method, network, x, LogitTarget(0), method.Params(**params), Run(np.random.default_rng(7))
        ).values
        for network in (steady, halving)
    ]
    np.testing.assert_allclose(maps[1], maps[0], rtol=1e-5, atol=1e-6 * np.abs(maps[0]).max())


def test_that_batches_hold_every_item_once_however_the_size_changes(network):
    network.best_batch, sizes = 5, []
    for part in batches_of(network, 14):
        sizes.append((part.start, part.stop))
        network.best_batch = max(network.best_batch // 2, 1)
    assert sizes == [(0, 5), (5, 7), *((n, n + 1) for n in range(7, 14))]
    assert list(batches_of(network, 0)) == []


def test_that_names_are_unique_and_found():
    assert len(set(IDS)) == len(IDS)
    assert all(method_named(name).name == name for name in IDS)


def test_that_an_unknown_method_gets_the_nearest_name():
    with pytest.raises(UnknownMethod) as caught:
        method_named("gradcam")
    assert caught.value.hint == "Did you mean 'grad_cam'?"


def test_that_a_map_with_nan_is_an_error():
    values = np.zeros((2, 2), np.float32)
    values[0, 1] = np.nan
    with pytest.raises(BadMap, match="1 values"):
        AttributionMap(values, signed=True, cells=(2, 2))


GRADIENTS_ONLY = [m for m in METHODS if m.family in (Family.GRADIENT, Family.PATH)]


@pytest.mark.parametrize("method", GRADIENTS_ONLY, ids=lambda m: m.name)
def test_that_a_nan_gradient_is_an_error_and_not_a_map(method, x):
    broken = Analytic(lambda v: v.sum(axis=(1, 2, 3)), lambda v: np.full_like(v, np.nan), SHAPE)
    with pytest.raises(BadMap):
        explained(method, broken, x)


def test_that_the_edge_map_of_a_step_is_its_edge(network):
    step = np.zeros(SHAPE, np.float32)
    step[:, 5:] = 1.0
    attribution_map = explained(method_named("edge"), network, step).values
    np.testing.assert_allclose(attribution_map[:, 4:6], 4.0, atol=1e-6)
    assert attribution_map[:, :4].max() == attribution_map[:, 6:].max() == 0.0


def test_that_the_gradient_of_a_linear_score_is_its_weights(generator, x):
    weights = generator.normal(size=SHAPE)
    attribution_map = explained(method_named("gradient"), linear(weights), x)
    np.testing.assert_allclose(attribution_map.values, weights[..., 0], rtol=1e-6)
