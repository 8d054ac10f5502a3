"""The card's figures against hand counts."""

import numpy as np
import pytest

from core.models.card import Interval
from training.metrics import auc, draws, interval, reliability, roc
from training.report.performance import Scores, performance

CLASSES = ("covid19", "lung_opacity", "normal")
# Six images: the fourth and the sixth are wrong when all three classes may be predicted.
LOGITS = np.array(
    [[3.0, 0, 0], [0, 3.0, 1.0], [0, 1.0, 3.0], [5.0, 1.0, 2.0], [0, 2.0, 1.0], [0, 2.0, 1.5]], float
)
LABELS = np.array([0, 1, 2, 1, 1, 2])
TEST = Scores(LOGITS, LABELS, list("aabbcd"), [f"i{n}" for n in range(6)], ["x", "y", "y", "y", "z", "z"])


@pytest.fixture(scope="module")
def good():
    return performance(TEST, CLASSES, 1.0, "patient", 0, ("normal", "lung_opacity"))


def test_that_the_pair_leaves_out_other_classes_and_takes_the_larger_of_two_logits(good):
    # Without covid19 the fourth image (opacity) goes to normal, and the sixth (normal) to opacity.
    assert good.pair.images == 5
    assert good.pair.confusion == ((1, 1), (1, 2))
    assert good.pair.macro_f1.value == pytest.approx((0.5 + 2 / 3) / 2)
    assert set(good.pair.sources) == {"y", "z"}
    assert good.pair.sources["y"].value == pytest.approx((2 / 3 + 2 / 3) / 2)


def test_that_a_source_is_evaluated_on_the_classes_that_it_has(good):
    assert good.sources["x"].macro_f1 is None
    assert good.sources["x"].accuracy.value == 1.0
    assert good.sources["y"].classes == {"lung_opacity": 2, "normal": 1}
    assert good.sources["y"].macro_f1.value == pytest.approx((2 / 3 + 1) / 2)


def test_that_mistakes_are_the_surest_first_and_one_a_group(good):
    assert [each.id for each in good.mistakes] == ["i3", "i5"]
    assert (good.mistakes[0].truth, good.mistakes[0].said) == ("lung_opacity", "covid19")
    powers = np.exp([5.0, 1.0, 2.0])
    assert good.mistakes[0].probability == pytest.approx(powers[0] / powers.sum())


def test_that_of_a_group_only_the_surest_mistake_is_shown():
    logits = np.array([[2.0, 0.0], [4.0, 0.0], [0.0, 1.0]])
    scores = Scores(logits, np.array([1, 1, 1]), ["a", "a", "b"], ["p", "q", "r"])
    assert [each.id for each in performance(scores, ("c", "d"), 1.0, "g", 0).mistakes] == ["q"]


def test_that_every_class_has_the_interval_of_its_f1_around_it(good):
    for value in good.classes.values():
        assert value.f1_interval.low <= value.f1 == value.f1_interval.value <= value.f1_interval.high


def test_that_precision_and_recall_have_intervals_over_groups():
    # Two groups: each draw is a twice, both, or b twice. A class that is not predicted in a draw has no
    # precision there, and that draw does not count.
    predicted = np.array([0, 1, 1, 1])
    scores = Scores(4.0 * np.eye(3)[predicted], np.array([0, 1, 0, 1]), list("aabb"), list("pqrs"))
    good = performance(scores, ("c", "d", "e"), 1.0, "g", 0)
    first, second, absent = (good.classes[name] for name in "cde")
    assert (first.precision, first.recall) == (1, 0.5)
    assert first.precision_interval == Interval(value=1, low=1, high=1)
    assert first.recall_interval == Interval(value=0.5, low=0, high=1)
    assert second.precision == pytest.approx(2 / 3)
    assert second.precision_interval == Interval(value=second.precision, low=0.5, high=1)
    assert second.recall_interval == Interval(value=1, low=1, high=1)
    assert (absent.precision, absent.precision_interval, absent.recall_interval) == (0, None, None)
    assert absent.auc is None


def test_that_the_area_is_the_chance_that_a_positive_scores_higher(generator):
    positive = generator.random(80) < 0.4
    score = np.round(generator.normal(size=80) + positive, 1)  # with ties, which count half
    above = score[positive][:, None] - score[~positive][None]
    assert auc(positive, score, np.ones(80)) == pytest.approx(((above > 0) + 0.5 * (above == 0)).mean())
    false, true = roc(positive, score)
    assert (false[0], true[0], false[-1], true[-1]) == (0, 0, 1, 1)


def test_that_a_row_that_is_drawn_twice_counts_twice(generator):
    positive, score = generator.random(30) < 0.5, np.round(generator.normal(size=30), 1)
    counts = generator.integers(0, 3, 30)
    repeated = auc(np.repeat(positive, counts), np.repeat(score, counts), np.ones(counts.sum()))
    assert auc(positive, score, counts.astype(float)) == pytest.approx(repeated)


def test_that_one_class_alone_has_no_area_and_such_draws_do_not_count():
    assert np.isnan(auc(np.ones(3, bool), np.arange(3.0), np.ones(3)))
    positive, score = np.array([True, False, True, False]), np.array([0.9, 0.1, 0.8, 0.2])
    result = interval(auc(positive, score, draws(list("abcd"), 0).counts))
    assert (result.value, result.low, result.high) == (1.0, 1.0, 1.0)


def test_that_reliability_counts_every_image_in_the_bin_of_its_confidence():
    probabilities = np.array([[0.86, 0.14], [0.82, 0.18], [0.55, 0.45], [1.0, 0.0]])
    result = reliability(np.array([0, 1, 0, 0]), probabilities, bins=10)
    assert [(each.images, each.accuracy) for each in result] == [(1, 1.0), (2, 0.5), (1, 1.0)]
    assert [each.confidence for each in result] == pytest.approx([0.55, 0.84, 1.0])
