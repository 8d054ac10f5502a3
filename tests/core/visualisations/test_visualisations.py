"""One contract for every visualisation: grid, range, score, seed, progress, cancellation, cost, objective."""

import itertools

import numpy as np
import pytest

from core.errors import BadParameter, Cancelled, NotApplicable, UsageError
from core.models.handle import ModelHandle
from core.models.runtime import frameworks
from core.network.facts import NetworkFacts
from core.network.objective import LayerObjective
from core.network.run import Run
from core.network.target import LogitTarget
from core.visualisations import VISUALISATIONS, visualisation_named
from tests.cards import make_card, small_model

IDS = [each.name for each in VISUALISATIONS]
FEW = {"steps": 3}
OBJECTIVES = {
    "class": LogitTarget(1),
    "channel": LayerObjective("last", 1),
    "unit": LayerObjective("last", 1, (1, 2)),
    "layer": LayerObjective("last"),
}
EACH = [(each, kind) for each in VISUALISATIONS for kind in each.objectives]


@pytest.fixture(scope="module", autouse=True)
def _framework_is_up():
    """Bring it up before the first test: one of its packages tries out a local socket on import."""
    frameworks()


@pytest.fixture(scope="module")
def handle():
    return ModelHandle(make_card(), small_model())


@pytest.fixture
def x(generator):
    return generator.random((32, 32, 1), dtype=np.float32)


def made(visualisation, network, x, objective=None, seed=7, params=FEW, **callbacks):
    objective = objective or OBJECTIVES[visualisation.objectives[0]]
    run = Run(generator=np.random.default_rng(seed), **callbacks)
    return visualisation.run(network, objective, x, visualisation.Params(**params), run)


@pytest.mark.parametrize(("visualisation", "kind"), EACH, ids=lambda each: getattr(each, "name", each))
def test_that_a_picture_is_an_input_that_the_objective_answers_more_strongly(visualisation, kind, handle, x):
    objective = OBJECTIVES[kind]
    if kind == "unit":
        # One that is awake at the start: behind a ReLU others have no slope.
        grey = handle.activations(np.full((1, 32, 32, 1), 0.5, np.float32), "last")[0]
        row, column, channel = np.unravel_index(grey.argmax(), grey.shape)
        objective = LayerObjective("last", int(channel), (int(row), int(column)))
    picture = made(visualisation, handle, x, objective, params={"steps": 6})
    assert picture.values.shape == handle.input_shape
    assert picture.values.dtype == np.float32
    assert 0 <= picture.values.min() < picture.values.max() <= 1
    assert picture.score_end > picture.score_start
    np.testing.assert_allclose(
        picture.probabilities, handle.probabilities(picture.values[None])[0], rtol=1e-5
    )


@pytest.mark.parametrize("visualisation", VISUALISATIONS, ids=IDS)
def test_that_the_same_seed_repeats_the_picture_to_the_bit(visualisation, handle, x):
    first, again, other = (made(visualisation, handle, x, seed=seed).values for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 0


@pytest.mark.parametrize("visualisation", VISUALISATIONS, ids=IDS)
def test_that_progress_rises_to_its_total_and_pictures_come_while_it_runs(visualisation, handle, x):
    reports, pictures = [], []
    made(
        visualisation,
        handle,
        x,
        on_progress=lambda done, total: reports.append((done, total)),
        on_picture=pictures.append,
    )
    assert reports == sorted(reports)
    assert reports[-1][0] == reports[-1][1]
    assert [picture.steps for picture in pictures] == list(range(1, reports[-1][1]))
    assert all(picture.values.shape == handle.input_shape for picture in pictures)


@pytest.mark.parametrize("visualisation", VISUALISATIONS, ids=IDS)
def test_that_a_cancel_takes_effect_within_one_gradient(visualisation, handle, x):
    answers = itertools.count()
    with pytest.raises(Cancelled):
        made(visualisation, handle, x, cancelled=lambda: next(answers) > 4)
    assert next(answers) <= 7


@pytest.mark.parametrize("visualisation", VISUALISATIONS, ids=IDS)
def test_that_the_stated_cost_is_that_used(visualisation, handle, x):
    before = handle.used
    made(visualisation, handle, x)
    used, stated = (
        handle.used.since(before),
        visualisation.cost(visualisation.Params(**FEW), handle.facts),
    )
    assert (used.forwards, used.gradients) == (stated.forwards, stated.gradients)


@pytest.mark.parametrize("visualisation", VISUALISATIONS, ids=IDS)
def test_that_every_parameter_has_a_description_and_a_default(visualisation):
    for field in visualisation.Params.model_fields.values():
        assert field.description
        assert not field.is_required()
    assert visualisation.summary.endswith(".")
    assert visualisation.doi


@pytest.mark.parametrize("visualisation", VISUALISATIONS, ids=IDS)
def test_that_it_is_refused_for_volumes_and_without_gradients(visualisation):
    with pytest.raises(NotApplicable):
        visualisation.applies(NetworkFacts("volumes", (4, 4, 4), 1, 2))
    with pytest.raises(NotApplicable):
        visualisation.applies(NetworkFacts("scores", (4, 4), 1, 2, has_gradients=False))


@pytest.mark.parametrize("visualisation", VISUALISATIONS, ids=IDS)
def test_that_only_what_it_declares_can_be_maximised(visualisation):
    for kind, objective in OBJECTIVES.items():
        if kind in visualisation.objectives:
            visualisation.require_objective(objective)
        else:
            with pytest.raises(BadParameter):
                visualisation.require_objective(objective)


def test_that_an_unknown_name_is_answered_with_the_nearest():
    with pytest.raises(UsageError, match="deep_dream"):
        visualisation_named("deep_drem")
