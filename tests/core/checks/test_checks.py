"""One contract for every check: what a finding holds, seeds, progress, cancellation, cost, help."""

from dataclasses import replace

import numpy as np
import pytest

from core.checks import CHECKS, check_named, figure_of
from core.checks.contract import CheckFacts, CheckFamily, checked_check_parameters, require_checkable
from core.checks.figures import CheckFigure
from core.errors import Cancelled, CurveUndefined, NotApplicable, UsageError
from core.methods.control.random_map import RandomMap, RandomParams
from core.network.attribution_map import AttributionMap
from core.network.cost import Cost
from core.network.facts import NetworkFacts
from core.network.run import Run
from core.network.target import LogitTarget
from core.number_text import fixed, percent
from tests.core.checks.forgetting import Forgetting, subject_of

SHAPE = (28, 28, 1)
IDS = [check.name for check in CHECKS]
# Checks of a region use the map alone and take no time.
CHECKS_WITH_NETWORK = [check for check in CHECKS if check.family is not CheckFamily.LOCALISATION]
FORMS = ((fixed, 2), (fixed, 3), (percent, 0), (percent, 1))
CHEAP = {"patches": 12, "samples": 3, "steps": 4}


class Counting(Forgetting):
    """Counts the images that it was shown, those of its randomised copies among them."""

    shown = 0

    def logits(self, inputs, run=None):
        Counting.shown += len(inputs)
        return super().logits(inputs, run)

    def randomised(self, layers, seed):
        return Counting(super().randomised(layers, seed).held)


@pytest.fixture
def subject(generator):
    """A gradient map of a linear network, with a region where the weights are highest."""
    x = generator.random(SHAPE, dtype=np.float32)
    weights = {name: np.abs(generator.normal(size=SHAPE)) * 0.1 for name in ("stem", "middle", "logits")}
    product = np.prod(list(weights.values()), axis=0)[..., 0]
    return subject_of(Counting(weights, best_batch=8), x, region=product >= np.quantile(product, 0.9))


def params_of(check):
    cheap_values = {name: value for name, value in CHEAP.items() if name in check.Params.model_fields}
    return check.Params(**cheap_values)


def finding_by(check, subject, seed=3, **callbacks):
    run = Run(generator=np.random.default_rng(seed), **callbacks)
    return check.run(subject, params_of(check), run)


def flat(subject, value):
    values = np.full(SHAPE[:2], value, np.float32)
    constant_map = AttributionMap(values, signed=False, cells=SHAPE[:2])
    return replace(subject, facts=replace(subject.facts, map=constant_map))


@pytest.mark.parametrize("check", CHECKS, ids=IDS)
def test_that_a_finding_holds_finite_figures_its_headline_and_its_parameters(check, subject):
    check.applies(subject.facts)
    finding = finding_by(check, subject)
    assert finding.metric == check.name
    assert check.headline in finding.values
    assert finding.answer in ("yes", "partly", "no", "undecided")
    assert np.isfinite(list(finding.values.values())).all()
    assert type(finding).model_validate_json(finding.model_dump_json()) == finding
    assert checked_check_parameters(check, finding.parameters)


@pytest.mark.parametrize("check", CHECKS, ids=IDS)
def test_that_the_sentence_is_one_and_holds_the_number(check, subject):
    finding = finding_by(check, subject)
    headline = finding.values[check.headline]
    # A hit or a miss is reported in words, beside another figure.
    numbers = finding.values.values() if headline in (0, 1) else [headline]
    written = {write(number, digits) for number in numbers for write, digits in FORMS}
    assert any(text in finding.sentence for text in written)
    assert not finding.sentence[0].islower()
    assert finding.sentence.endswith(".")


@pytest.mark.parametrize("check", CHECKS, ids=IDS)
def test_that_the_same_seed_repeats_the_finding(check, subject):
    assert finding_by(check, subject) == finding_by(check, subject)


@pytest.mark.parametrize("check", CHECKS_WITH_NETWORK, ids=lambda check: check.name)
def test_that_a_cancelled_run_stops_before_its_finding(check, subject):
    with pytest.raises(Cancelled):
        finding_by(check, subject, cancelled=lambda: True)


@pytest.mark.parametrize("check", CHECKS_WITH_NETWORK, ids=lambda check: check.name)
def test_that_progress_rises_to_its_total(check, subject):
    progress = []
    finding_by(check, subject, on_progress=lambda done, total: progress.append((done, total)))
    assert progress == sorted(progress)
    assert progress[-1][0] == progress[-1][1]


@pytest.mark.parametrize("check", CHECKS, ids=IDS)
def test_that_no_more_evaluations_are_used_than_stated(check, subject):
    stated = check.cost(params_of(check), subject.facts)
    calls, Counting.shown = len(subject.network.gradient_calls), 0
    finding_by(check, subject)
    # The analytic network computes its logits for a gradient too.
    used = Counting.shown
    assert used <= stated.forwards + stated.gradients
    assert stated.at_most or used == stated.forwards + stated.gradients
    assert stated != Cost() or calls == len(subject.network.gradient_calls)


@pytest.mark.parametrize(
    ("check", "value"),
    [(check, 0.0) for check in CHECKS] + [(check, 2.0) for check in CHECKS_WITH_NETWORK],
    ids=lambda parameter: getattr(parameter, "name", parameter),
)
def test_that_a_map_without_an_order_gives_a_reason_and_no_zero(check, subject, value):
    # An even map still has a share of its evidence in a region.
    with pytest.raises((NotApplicable, CurveUndefined)) as caught:
        finding_by(check, flat(subject, value))
    assert caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("check", CHECKS, ids=IDS)
def test_that_every_parameter_has_a_description_and_a_default(check):
    for name, field in check.Params.model_fields.items():
        assert field.description, name
        assert not field.is_required(), name


@pytest.mark.parametrize("check", CHECKS, ids=IDS)
def test_that_every_check_has_a_help_page_with_its_title_limits_and_source(check, repository):
    page = (repository / "resources" / "help" / "checks" / f"{check.name}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {check.title}\n")
    assert "## Limits" in page
    assert check.doi.removeprefix("arXiv:") in page


def test_that_names_are_unique_and_found():
    assert len(set(IDS)) == len(IDS)
    assert all(check_named(name).name == name for name in IDS)
    with pytest.raises(UsageError) as caught:
        check_named("repeatabilty")
    assert caught.value.hint == "Did you mean 'repeatability'?"


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_that_every_check_of_a_map_of_a_volume_is_refused_in_one_sentence(check):
    facts = NetworkFacts("volumes", (4, 8, 8), 1, 2)
    values = np.ones((4, 8, 8), np.float32)
    volume_map = AttributionMap(values, signed=True, cells=values.shape)
    of_volume = CheckFacts(facts, volume_map, RandomMap(), RandomParams(), LogitTarget(0))
    with pytest.raises(NotApplicable, match=r"^Checks are defined .* and volumes takes volumes\."):
        require_checkable(check, of_volume)


@pytest.mark.parametrize("check", CHECKS, ids=IDS)
def test_that_every_figure_of_a_finding_and_its_steps_is_declared_with_a_title_of_its_own(check, subject):
    finding = finding_by(check, subject)
    of_steps = {name for step in finding.steps for name, value in step.items() if isinstance(value, float)}
    declared = {figure.name: figure for figure in check.figures}
    assert set(finding.values) | of_steps <= set(declared)
    assert check.headline in declared
    assert len({figure.title for figure in check.figures}) == len(check.figures)
    assert not any("_" in figure.title or not figure.unit for figure in check.figures)


def test_that_a_figure_of_another_version_is_called_by_its_name():
    assert figure_of("insertion", "area").title == "mean probability"
    assert figure_of("insertion", "share_of_old").title == "share of old"
    assert figure_of("no_such_check", "old_figure") == CheckFigure("old_figure", "old figure")
