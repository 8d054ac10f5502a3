"""The verdict of each check, by closed forms on both sides of each threshold."""

from dataclasses import replace

import numpy as np
import pytest

from core.checks import CHECKS, check_named
from core.checks.changed_images import SAME_MAP, finding_of
from core.checks.completeness import completeness_answer
from core.checks.localisation import answer_beyond_chance, evidence_inside
from core.checks.pixel_curve import PixelCurve
from core.checks.verdict import Thresholds, common_answer
from core.network.attribution_map import AttributionMap
from tests.core.checks.forgetting import forgetting
from tests.core.checks.forgetting import subject_of as explained_subject
from tests.core.checks.subjects import finding_of as found_by
from tests.core.checks.subjects import subject
from tests.core.checks.test_removal import share_seen
from tests.core.curves.networks import SIDE, constantly, picture, region
from tests.core.methods.analytic import cubic, linear

SHAPE = (10, 10)
X = np.zeros((*SHAPE, 1), np.float32)
EDGE = 1e-9


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_that_every_check_declares_a_question_and_thresholds(check):
    assert check.question.endswith("?")
    assert check.thresholds.figure
    higher = check.thresholds.yes > check.thresholds.no
    assert check.chip is None or check.chip.question.endswith("?")
    # The figure of the verdict improves in the direction of the headline, but for deletion, whose
    # figure counts how soon the probability falls.
    equal = check.thresholds.yes == check.thresholds.no
    assert check.name == "deletion" or equal or higher == (check.better == "higher")


@pytest.mark.parametrize(
    ("value", "answer"),
    [(1, "yes"), (0.9, "yes"), (0.9 - EDGE, "partly"), (0.6, "partly"), (0.6 - EDGE, "no"), (-1, "no")],
)
def test_that_a_bound_belongs_to_the_better_answer_where_higher_is_better(value, answer):
    assert Thresholds("likeness", yes=0.9, no=0.6).answer(value) == answer


@pytest.mark.parametrize(
    ("value", "answer"),
    [(0, "yes"), (0.2, "yes"), (0.2 + EDGE, "partly"), (0.5, "partly"), (0.5 + EDGE, "no"), (1, "no")],
)
def test_that_a_bound_belongs_to_the_better_answer_where_lower_is_better(value, answer):
    assert Thresholds("likeness", yes=0.2, no=0.5).answer(value) == answer


def test_that_a_figure_between_the_bounds_may_leave_the_question_open_and_nan_does():
    gap = Thresholds("gap", yes=0.1, no=0.0, between="undecided")
    assert [gap.answer(value) for value in (0.1, 0.05, 0.0, -EDGE)] == ["yes", "undecided", "undecided", "no"]
    assert gap.answer(float("nan")) == "undecided"


def test_that_parts_have_a_common_answer_only_if_they_agree():
    assert common_answer(["yes", "yes"]) == "yes"
    assert common_answer(["no", "no"]) == "no"
    assert common_answer(["yes", "no"]) == "partly"
    assert common_answer([]) == "undecided"


# Localisation


def map_with(share, area=10):
    """A map with `share` of its evidence in the first `area` of 100 pixels, and the region of these."""
    mask = np.zeros(100, bool)
    mask[:area] = True
    values = np.where(mask, share / area, (1 - share) / (100 - area))
    return subject(constantly(0.9, X.shape), X, values.reshape(SHAPE), mask.reshape(SHAPE))


@pytest.mark.parametrize(
    ("share", "answer"),
    # The region has a tenth of the area.
    [(1.0, "yes"), (0.501, "yes"), (0.499, "partly"), (0.201, "partly"), (0.121, "partly"), (0.119, "no")],
)
def test_that_evidence_is_inside_from_half_of_it_on_and_outside_below_that_of_an_even_map(share, answer):
    assert found_by(check_named("energy_inside"), map_with(share)).answer == answer


@pytest.mark.parametrize(
    ("area", "share", "answer"),
    # Beyond a third of the image: half and a tenth of the way from the area to 1.
    [
        (60, 1.0, "yes"),
        (60, 0.801, "yes"),
        (60, 0.799, "partly"),
        (60, 0.641, "partly"),
        (60, 0.639, "no"),
        (90, 1.0, "yes"),
        (90, 0.9, "no"),
    ],
)
def test_that_a_perfect_map_has_a_yes_in_a_large_region_too(area, share, answer):
    assert found_by(check_named("energy_inside"), map_with(share, area)).answer == answer


@pytest.mark.parametrize("chance", [0.01, 0.2, 1 / 3, 0.5, 0.99])
def test_that_chance_itself_is_no_and_the_maximum_is_yes_for_every_region(chance):
    assert answer_beyond_chance(chance, chance) == "no"
    assert answer_beyond_chance(1.0, chance) == "yes"


def test_that_nothing_is_decided_where_every_map_must_hit():
    assert answer_beyond_chance(1.0, 1.0) == "undecided"


def test_that_evidence_inside_counts_positive_values_alone():
    mask = map_with(0.5).facts.region
    values = np.full(SHAPE, -5.0)
    assert evidence_inside(values, mask) is None
    values[0, 0], values[5, 5] = 3.0, 1.0
    assert evidence_inside(values, mask) == 0.75


@pytest.mark.parametrize(
    ("hits", "answer"), [(10, "yes"), (5, "yes"), (4, "partly"), (2, "partly"), (1, "no"), (0, "no")]
)
def test_that_the_overlap_is_good_from_a_half_on_and_bad_near_that_of_a_random_map(hits, answer):
    # 10 of 100 pixels are the region; of the highest 10 a random map has one in it.
    mask = np.zeros(100, bool)
    mask[:10] = True
    values = np.linspace(0, 0.1, 100)
    values[:10] = 0
    values[10 - hits : 20 - hits] += 1
    check_input = subject(constantly(0.9, X.shape), X, values.reshape(SHAPE), mask.reshape(SHAPE))
    finding = found_by(check_named("iou"), check_input)
    assert finding.values["overlap"] == pytest.approx(hits / 10)
    assert finding.answer == answer


def test_that_the_ranking_answers_by_its_precision_over_the_area():
    mask = np.zeros(100, bool)
    mask[:10] = True
    for order, answer in ((-np.arange(100.0), "yes"), (np.arange(100.0), "no")):
        check_input = subject(constantly(0.9, X.shape), X, order.reshape(SHAPE), mask.reshape(SHAPE))
        assert found_by(check_named("auprc"), check_input).answer == answer


@pytest.mark.parametrize(
    ("inside", "outside", "answer"),
    [(1, 0, "yes"), (3, 0, "yes"), (1, 1, "partly"), (1, 9, "no"), (0, 1, "no")],
)
def test_that_the_highest_points_must_lie_in_the_region_more_often_than_any_point(inside, outside, answer):
    values = np.zeros(100)
    values[:inside] = 1
    values[50 : 50 + outside] = 1
    mask = np.arange(100) < 10
    check_input = subject(constantly(0.9, X.shape), X, values.reshape(SHAPE), mask.reshape(SHAPE))
    assert found_by(check_named("pointing_game"), check_input).answer == answer


def test_that_a_tolerance_within_which_no_point_can_miss_decides_nothing():
    assert found_by(check_named("pointing_game"), map_with(1.0), tolerance=20).answer == "undecided"


# Faithfulness


@pytest.mark.parametrize(
    ("scores", "answer"),
    [
        ((0.0, 0.5, 1.0), "undecided"),  # in step with the area
        ((0.0, 0.49, 1.0), "no"),
        ((0.0, 1.0, 1.0), "undecided"),  # sooner, as random maps may be too
        ((0.5, 0.5, 0.549), "undecided"),  # the ends hardly differ
        ((0.5, 0.5, 0.551), "no"),
        ((1.0, 1.0, 0.0), "undecided"),  # more probable without the image than with it
    ],
)
def test_that_insertion_is_refuted_where_the_class_comes_later_than_in_step(scores, answer):
    curve = PixelCurve(np.array([0.0, 0.5, 1.0]), np.array(scores), is_restoring=True)
    assert curve.answer() == answer


@pytest.mark.parametrize(
    ("scores", "answer"),
    [((1.0, 0.5, 0.0), "undecided"), ((1.0, 0.51, 0.0), "no"), ((1.0, 0.0, 0.0), "undecided")],
)
def test_that_deletion_is_refuted_where_the_class_goes_later_than_in_step(scores, answer):
    curve = PixelCurve(np.array([0.0, 0.5, 1.0]), np.array(scores), is_restoring=False)
    assert curve.answer() == answer


@pytest.mark.parametrize("name", ["aopc", "road"])
def test_that_a_gap_answers_for_a_true_map_and_against_its_reverse(name):
    network, params = share_seen(picture(), region()), {"steps": 4}
    true, reverse = (
        found_by(check_named(name), subject(network, picture(), values), **params)
        for values in (region().astype(float), 1.0 - region())
    )
    assert (true.answer, reverse.answer) == ("yes", "no")


@pytest.mark.parametrize(("name", "bound"), [("aopc", 0.15), ("road", 0.2)])
def test_that_a_gap_within_the_scatter_of_random_maps_decides_nothing(name, bound):
    thresholds = check_named(name).thresholds
    answers = [thresholds.answer(gap) for gap in (bound, bound - EDGE, 0.0, -EDGE)]
    assert answers == ["yes", "undecided", "undecided", "no"]


@pytest.mark.parametrize("name", ["aopc", "road"])
def test_that_a_class_that_nothing_changes_leaves_the_question_open(name):
    values = np.random.default_rng(0).random((SIDE, SIDE))
    check_input = subject(constantly(0.9, picture().shape), picture(), values)
    finding = found_by(check_named(name), check_input)
    assert (finding.values["gap"], finding.answer) == (0, "undecided")


def test_that_a_map_predicts_hidden_patches_or_does_not(generator):
    x = generator.random((24, 20, 1), dtype=np.float32)
    right = explained_subject(linear(generator.normal(size=x.shape)), x)
    upside_down = AttributionMap(-right.values, signed=True, cells=right.facts.map.cells)
    wrong = replace(right, facts=replace(right.facts, map=upside_down))
    check = check_named("infidelity")
    assert found_by(check, right).answer == "yes"
    assert found_by(check, wrong).answer == "no"
    bounds = [check.thresholds.answer(value) for value in (0.5, 0.5 + EDGE, 0.9, 0.9 + EDGE)]
    assert bounds == ["yes", "partly", "partly", "no"]


# Sanity and robustness


@pytest.mark.parametrize(
    ("correlation", "answer"), [(0.9, "yes"), (0.89, "partly"), (0.6, "partly"), (0.59, "no")]
)
def test_that_maps_of_changed_images_answer_by_their_mean_correlation(correlation, answer):
    for name in ("noise_robustness", "shift_robustness"):
        check = check_named(name)
        rows = [{"spearman": correlation - 0.01}, {"spearman": correlation + 0.01}, {}]
        finding = finding_of(check, "With noise", rows, [{}, {}, {}], check.Params())
        assert finding.answer == answer
    assert check_named("repeatability").thresholds is SAME_MAP


def test_that_a_method_repeats_or_does_not(generator):
    x = generator.random((24, 20, 1), dtype=np.float32)
    check = check_named("repeatability")
    assert found_by(check, explained_subject(cubic(x.shape), x)).answer == "yes"
    assert found_by(check, explained_subject(cubic(x.shape), x, "random")).answer == "no"


def test_that_sensitivity_is_measured_against_the_maps_own_norm(generator):
    x = generator.random((24, 20, 1), dtype=np.float32)
    check = check_named("max_sensitivity")
    assert found_by(check, explained_subject(linear(generator.normal(size=x.shape)), x)).answer == "yes"
    bounds = [check.thresholds.answer(value) for value in (0.5, 0.5 + EDGE, 1.0, 1.0 + EDGE)]
    assert bounds == ["yes", "partly", "partly", "no"]


@pytest.mark.parametrize("name", ["randomisation_cascading", "randomisation_independent"])
def test_that_a_map_of_the_weights_depends_on_them_and_edges_do_not(generator, name):
    x = generator.random((24, 20, 1), dtype=np.float32)
    check, network = check_named(name), forgetting(x.shape, names=("logits",))
    assert found_by(check, explained_subject(network, x)).answer == "yes"
    assert found_by(check, explained_subject(network, x, "edge")).answer == "no"


@pytest.mark.parametrize(
    ("error", "answer"), [(0.05, "yes"), (0.051, "partly"), (0.2, "partly"), (0.21, "no")]
)
def test_that_completeness_answers_by_its_error(error, answer):
    assert completeness_answer({"completeness_error": error}) == answer
    assert completeness_answer({"completeness_error": error, "rise": 0.0}) is None


def test_that_a_map_without_a_completeness_error_has_no_answer():
    assert completeness_answer({}) is None
