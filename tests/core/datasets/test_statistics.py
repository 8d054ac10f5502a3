"""Intervals by patient and Kendall's tau, against what can be counted by hand."""

import numpy as np
import pytest

from core.datasets.statistics import Resampling, central_interval, half_taus, kendall_tau, pairwise_taus


@pytest.mark.parametrize(
    ("first", "second", "tau"),
    [
        ([1, 2, 3, 4], [10, 20, 30, 40], 1.0),
        ([1, 2, 3, 4], [4, 3, 2, 1], -1.0),
        ([1, 2, 3, 4], [1, 2, 4, 3], 4 / 6),  # one of six pairs the other way round
        # One tie in the first: five pairs agree, and five against six are ordered in the two.
        ([1, 1, 2, 3], [1, 2, 3, 4], 5 / np.sqrt(5 * 6)),
        ([1, 1, 1], [1, 2, 3], None),
    ],
)
def test_that_kendalls_tau_counts_pairs_that_agree(first, second, tau):
    assert kendall_tau(np.array(first, float), np.array(second, float)) == (
        None if tau is None else pytest.approx(tau, abs=1e-12)
    )


def test_that_images_of_one_patient_are_drawn_together(generator):
    groups = np.array([7, 7, 3, 9, 9, 9])
    counts = Resampling.of(groups, generator, 200).counts
    assert counts.shape == (200, 6)
    assert (counts[:, 0] == counts[:, 1]).all()
    assert (counts[:, 3] == counts[:, 4]).all()
    assert (counts[:, 3] == counts[:, 5]).all()
    # As many patients are drawn as there are.
    assert (counts[:, 0] + counts[:, 2] + counts[:, 3] == 3).all()


def test_that_two_patients_give_the_three_means_that_two_draws_can_have(generator):
    values, groups = np.array([0.0, 0.0, 1.0]), np.array([1, 1, 2])
    means = Resampling.of(groups, generator, 4000).means(values)
    # Both draws the first patient, one each (one of three images), both the second.
    assert sorted(set(np.round(means, 12))) == [0.0, pytest.approx(1 / 3), 1.0]
    assert (means == 0).mean() == pytest.approx(0.25, abs=0.03)
    assert (means == 1).mean() == pytest.approx(0.25, abs=0.03)


def test_that_the_interval_of_many_single_patients_is_the_normal_one(generator):
    values = np.arange(400.0)
    low, high = central_interval(Resampling.of(np.arange(400), generator, 20_000).means(values))
    half = 1.959964 * np.sqrt((400**2 - 1) / 12 / 400)
    assert low == pytest.approx(199.5 - half, abs=0.6)
    assert high == pytest.approx(199.5 + half, abs=0.6)


def test_that_medians_are_those_of_the_drawn_images():
    resampling = Resampling(np.arange(3), np.array([[2, 1, 0], [0, 0, 3]]))
    values = np.array([[1.0, 5.0], [2.0, 7.0], [9.0, 8.0]])
    assert resampling.medians(values).tolist() == [[1.0, 5.0], [9.0, 8.0]]
    assert resampling.means(values).tolist() == [[pytest.approx(4 / 3), pytest.approx(17 / 3)], [9.0, 8.0]]


def test_that_halves_that_rank_alike_have_a_tau_of_one_and_patients_are_not_split(generator):
    # Within each patient the two images contradict each other; together they rank 2 > 1 > 0.
    first, second = np.array([0.0, 5.0, 4.0]), np.array([0.0, -3.0, 0.0])
    scores, groups = np.array([first, second] * 4), np.repeat(np.arange(4), 2)
    assert half_taus(scores, groups, 50, generator).tolist() == [1.0] * 50


def test_that_halves_of_two_patients_who_disagree_have_a_tau_of_minus_one(generator):
    scores = np.array([[1.0, 2.0, 3.0], [3.0, 2.0, 1.0]])
    assert half_taus(scores, np.array([1, 2]), 5, generator).tolist() == [-1.0] * 5
    assert half_taus(scores, np.array([1, 1]), 5, generator).size == 0


def test_that_each_pair_of_repeats_is_compared():
    scores = np.array([[1.0, 2.0, 3.0], [1.0, 2.0, 3.0], [3.0, 2.0, 1.0]])
    assert sorted(pairwise_taus(scores).tolist()) == [-1.0, -1.0, 1.0]
