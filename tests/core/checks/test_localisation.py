from itertools import combinations

import numpy as np
import pytest

from core.checks.auprc import Auprc
from core.checks.energy_inside import EnergyInside
from core.checks.iou import Iou, hit_chances
from core.checks.pointing_game import PointingGame
from core.errors import IncompatibleInput, NotApplicable
from core.network.cost import Cost
from tests.core.checks.subjects import finding_of, subject
from tests.core.curves.networks import constantly

CHECKS = (PointingGame(), EnergyInside(), Iou(), Auprc())
SHAPE = (8, 10)
X = np.zeros((*SHAPE, 1), np.float32)


def square(at=(2, 3), size=2):
    mask = np.zeros(SHAPE, bool)
    mask[at[0] : at[0] + size, at[1] : at[1] + size] = True
    return mask


def subject_of(values, region):
    return subject(constantly(0.9, X.shape), X, np.asarray(values, float), region)


def figure(check, values, region, **params):
    return finding_of(check, subject_of(values, region), **params).values[check.headline]


@pytest.fixture(params=CHECKS, ids=lambda check: check.name)
def check(request):
    return request.param


def test_that_the_region_itself_is_a_perfect_map_and_its_reverse_a_useless_one(check):
    assert figure(check, square() + 0.0, square()) == 1
    wrong = figure(check, 1.0 - square(), square())
    # The reverse finds all else first: the average precision is that of the last step.
    assert wrong == pytest.approx(4 / 80 if check.name == "auprc" else 0)


def test_that_a_true_region_beats_its_shifted_copy(check):
    values = square() + np.random.default_rng(1).random(SHAPE) / 4
    shifted = np.roll(square(), (4, 4), axis=(0, 1))
    assert figure(check, values, square()) > figure(check, values, shifted) + 0.2


@pytest.mark.parametrize(
    ("region", "words"),
    [(None, "No region was given"), (np.zeros(SHAPE, bool), "empty"), (np.ones(SHAPE, bool), "whole image")],
)
def test_that_an_uninformative_region_is_a_reason_and_no_hit(check, region, words):
    with pytest.raises(NotApplicable, match=words):
        check.applies(subject_of(square(), region).facts)
    with pytest.raises(NotApplicable, match=words):
        figure(check, square(), region)


def test_that_a_map_of_zeros_is_a_reason(check):
    with pytest.raises(NotApplicable):
        figure(check, np.zeros(SHAPE), square())


def test_that_a_region_of_another_size_is_refused(check):
    with pytest.raises(IncompatibleInput, match=r"\(3, 3\)"):
        figure(check, square(), np.ones((3, 3), bool))


def test_that_the_network_is_not_evaluated(check):
    subject_ = subject_of(square(), square())
    finding_of(check, subject_)
    assert subject_.network.gradient_calls == []
    assert check.cost(check.Params(), subject_.facts) == Cost()


def test_that_scaling_a_map_changes_nothing(check):
    values = np.random.default_rng(2).normal(size=SHAPE)
    assert figure(check, 8 * values, square()) == pytest.approx(figure(check, values, square()))


def test_that_several_highest_points_count_by_their_share():
    values = np.zeros(SHAPE)
    values[2, 3] = values[7, 7] = values[7, 9] = 5
    finding = finding_of(PointingGame(), subject_of(values, square()))
    assert finding.values == {"hit": pytest.approx(1 / 3), "chance": 4 / 80, "tied_maxima": 3}


@pytest.mark.parametrize(("tolerance", "hit"), [(0, 0), (2, 0), (2.2, 0), (2.3, 1), (15, 1)])
def test_that_the_tolerance_is_a_distance_to_the_nearest_pixel_of_the_region(tolerance, hit):
    values = np.zeros(SHAPE)
    values[5, 2] = 1  # two below and one left of the region's corner (3, 3): root of 5 = 2.236
    assert figure(PointingGame(), values, square(), tolerance=tolerance) == hit


def test_that_evidence_against_the_class_is_not_counted_as_energy():
    values = np.full(SHAPE, -3.0)
    values[2, 3], values[0, 0] = 3, 1
    finding = finding_of(EnergyInside(), subject_of(values, square()))
    assert finding.values == {"share": 0.75, "area": 0.05, "density": pytest.approx(15)}


def test_that_a_map_without_evidence_has_no_energy():
    with pytest.raises(NotApplicable, match="no positive value"):
        figure(EnergyInside(), -1.0 * square(), square())


def test_that_overlap_is_measured_at_the_regions_area():
    values = np.random.default_rng(4).random(SHAPE)
    values[2, 3:5] = 9  # two of four inside
    values[6, 6:8] = 8  # two outside
    assert figure(Iou(), values, square()) == pytest.approx(2 / 6)


def test_that_ties_at_the_border_count_as_the_mean_over_all_choices():
    values = np.zeros(SHAPE)
    values[2, 3] = 9
    tied = [(2, 4), (3, 3), (5, 5), (6, 6), (7, 7)]
    for place in tied:
        values[place] = 5
    expected = []
    for chosen in combinations(tied, 3):
        hits = 1 + sum(square()[place] for place in chosen)
        expected.append(hits / (8 - hits))
    finding = finding_of(Iou(), subject_of(values, square()))
    assert finding.values["iou"] == pytest.approx(np.mean(expected))
    assert finding.values["left_to_chance"] == 3


def test_that_the_chances_of_drawing_are_those_of_counting():
    hits, chances = hit_chances(3, 10, 4)
    counted = [sum(index < 3 for index in chosen) for chosen in combinations(range(10), 4)]
    for hit, chance in zip(hits, chances, strict=True):
        assert chance == pytest.approx(counted.count(hit) / len(counted))
    assert hit_chances(5, 5, 2)[0].tolist() == [2]


def test_that_average_precision_is_the_mean_precision_at_each_pixel_of_the_region():
    values = np.random.default_rng(5).permutation(80).reshape(SHAPE) + square() * 20.0
    order = np.argsort(-values.ravel(), kind="stable")
    hits = square().ravel()[order]
    precision = np.cumsum(hits) / np.arange(1, 81)
    assert len(np.unique(values)) > 70
    unique = values + np.linspace(0, 0.5, 80).reshape(SHAPE)
    hits = square().ravel()[np.argsort(-unique.ravel())]
    precision = np.cumsum(hits) / np.arange(1, 81)
    assert figure(Auprc(), unique, square()) == pytest.approx(precision[hits].mean())


def test_that_tied_pixels_are_one_step_of_the_precision():
    values = np.zeros(SHAPE)
    values[2, 3], values[7, 7] = 2, 2  # one of two
    # Half of the precision at a quarter of the recall, then 4 of 80 at the rest.
    assert figure(Auprc(), values, square()) == pytest.approx(0.25 * 0.5 + 0.75 * 4 / 80)
    assert figure(Auprc(), values[::-1, ::-1], square()[::-1, ::-1]) == pytest.approx(0.1625)
