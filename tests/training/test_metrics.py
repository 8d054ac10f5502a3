"""Metrics against hand counts."""

import numpy as np
import pytest

from training.export import fitted_temperature
from training.metrics import (
    accuracy_of,
    calibration_error,
    confusion,
    draws,
    f1_of,
    interval,
    macro_f1,
    precision_of,
    precision_recall_f1,
    recall_of,
    softmax,
    tables_of,
)

TRUTH = np.array([0, 0, 0, 1, 1, 2])
PREDICTED = np.array([0, 0, 1, 1, 2, 2])


def test_that_the_confusion_matrix_has_true_classes_in_rows():
    assert confusion(TRUTH, PREDICTED, 3).tolist() == [[2, 1, 0], [0, 1, 1], [0, 0, 1]]


def test_that_f1_is_the_harmonic_mean_of_precision_and_recall():
    precision, recall, f1 = precision_recall_f1(confusion(TRUTH, PREDICTED, 3))
    assert precision.tolist() == [1, 0.5, 0.5]
    assert recall == pytest.approx([2 / 3, 0.5, 1])
    assert f1 == pytest.approx([0.8, 0.5, 2 / 3])
    assert macro_f1(TRUTH, PREDICTED, 3) == pytest.approx((0.8 + 0.5 + 2 / 3) / 3)


def test_that_a_class_that_is_never_predicted_counts_as_zero():
    assert macro_f1(np.array([0, 1]), np.array([0, 0]), 2) == pytest.approx((2 / 3) / 2)


def test_that_the_bootstrap_draws_whole_groups():
    truth, predicted = np.zeros(100, int), np.r_[np.zeros(50, int), np.ones(50, int)]
    result = interval(accuracy_of(tables_of(draws(["a"] * 50 + ["b"] * 50, seed=1), truth, predicted, 2)))
    # Two groups: each draw is all right, half right or all wrong, so the interval spans everything.
    assert (result.value, result.low, result.high) == (0.5, 0.0, 1.0)
    alone = interval(accuracy_of(tables_of(draws([str(i) for i in range(100)], seed=1), truth, predicted, 2)))
    assert alone.low == pytest.approx(0.4, abs=0.02)
    assert alone.high == pytest.approx(0.6, abs=0.02)


def test_that_the_figures_of_a_draw_are_those_of_its_rows(generator):
    truth, predicted = generator.integers(3, size=40), generator.integers(3, size=40)
    drawn = draws([f"g{n % 7}" for n in range(40)], seed=2, samples=3)
    tables = tables_of(drawn, truth, predicted, 3)
    for weights, table in zip(drawn.counts.astype(int), tables, strict=True):
        rows = np.repeat(np.arange(40), weights)
        assert table.tolist() == confusion(truth[rows], predicted[rows], 3).tolist()
        assert f1_of(table).mean() == pytest.approx(macro_f1(truth[rows], predicted[rows], 3))


def test_that_a_model_as_sure_as_it_is_right_is_calibrated():
    probabilities = np.array([[0.8, 0.2]] * 10)
    truth = np.array([0] * 8 + [1] * 2)
    assert calibration_error(truth, probabilities) == pytest.approx(0.0, abs=1e-9)
    assert calibration_error(np.ones(10, int), probabilities) == pytest.approx(0.8)


def test_that_the_temperature_undoes_overconfidence(generator):
    logits = generator.normal(size=(4000, 3)) * 1.5
    labels = np.array([generator.choice(3, p=row) for row in softmax(logits)])
    assert fitted_temperature(3.0 * logits, labels) == pytest.approx(3.0, rel=0.08)


def test_that_precision_and_recall_are_undefined_without_predictions_or_without_true_cases():
    # Class 0: predicted twice, once correctly, of three cases; class 1: never predicted; class 2: no cases.
    table = np.array([[1, 0, 2], [1, 0, 3], [0, 0, 0]], float)
    np.testing.assert_array_equal(precision_of(table), [1 / 2, np.nan, 0])
    np.testing.assert_array_equal(recall_of(table), [1 / 3, 0, np.nan])
    both = np.stack([table, np.eye(3)])
    np.testing.assert_array_equal(precision_of(both)[1], np.ones(3))
    np.testing.assert_array_equal(recall_of(both)[0], recall_of(table))
