"""Agreement of maps: hand-made rankings, ties, and what has no rank."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from core.checks.agreement import Agreement, agreement, overlap, ranking, spearman, top_count
from core.errors import BadMap, IncompatibleInput, NotApplicable


def row(*values):
    return np.array([values], dtype=np.float32)


def test_that_spearman_of_a_hand_made_ranking_is_its_formula():
    # Without ties: 1 - 6 sum d^2 / (n (n^2 - 1)), here with d = (1, 1, 0, 1, 1) and n = 5.
    assert spearman(row(1, 2, 3, 4, 5), row(20, 10, 30, 50, 40)) == pytest.approx(1 - 6 * 4 / 120)
    assert spearman(row(1, 2, 3), row(-5, -6, -7)) == pytest.approx(-1)


def test_that_tied_pixels_share_the_mean_of_their_ranks(generator):
    first, second = (generator.integers(-3, 4, (30, 17)).astype(np.float32) for _ in range(2))
    assert spearman(first, second) == pytest.approx(spearmanr(first.ravel(), second.ravel())[0], abs=1e-12)
    sum_of_both = first + second
    assert spearman(first, sum_of_both) == pytest.approx(
        spearmanr(first.ravel(), sum_of_both.ravel())[0], abs=1e-12
    )


def test_that_ranks_hold_for_values_of_every_sign_and_size():
    values = row(-3e38, -1, -1e-45, -0.0, 0.0, 1e-45, 1, 3e38)
    order = ranking(values).order
    assert order[[0, 1, 2]].tolist() == [0, 1, 2]
    assert set(order[[3, 4]].tolist()) == {3, 4}
    assert order[[5, 6, 7]].tolist() == [5, 6, 7]
    assert ranking(values).ties.tolist() == [False] * 4 + [True] + [False] * 3


def test_that_magnitudes_forget_the_sign():
    first, second = row(1, -2, 3, -4), row(-1, 2, -3, 4)
    assert spearman(first, second) == pytest.approx(-1)
    assert spearman(first, second, "magnitude") == pytest.approx(1)


def test_that_the_overlap_of_hand_made_tops_is_counted():
    first = np.zeros((10, 10), np.float32)
    second = np.zeros((10, 10), np.float32)
    first.flat[:10] = np.arange(10, 20)
    second.flat[6:16] = np.arange(10, 20)
    assert overlap(first, second, 0.1) == 0.4
    both = agreement({"a": first, "b": second}, share=0.1)
    assert both.overlap[0][1] == pytest.approx(0.4)
    assert both.jaccard[0][1] == pytest.approx(4 / 16)
    assert (both.count, both.pixels, both.tied) == (10, 100, {"a": 0, "b": 0})


def test_that_exactly_the_requested_share_is_highest_whatever_the_ties():
    values = np.zeros((10, 10), np.float32)
    values[0, :4] = 1
    result = ranking(values)
    for share in (0.01, 0.04, 0.1, 0.555, 1.0):
        assert result.top(top_count(100, share)).sum() == round(100 * share)
    assert result.top(6)[:4].all()
    assert [result.drawn(count) for count in (3, 4, 6, 100)] == [3, 0, 2, 0]
    assert top_count(100, 0.001) == 1


def test_that_maps_that_are_empty_in_the_same_places_agree_by_chance_there():
    # One pixel stands out in each, the other 999 of the highest 1,000 are drawn from 9,999 equal ones.
    first = np.zeros((100, 100), np.float32)
    first[5, 5] = 1
    both = agreement({"a": first, "b": first.copy()}, share=0.1)
    assert both.overlap[0][1] == pytest.approx(0.1, abs=0.03)
    assert both.spearman[0][1] == pytest.approx(1)
    assert both.tied == {"a": 999, "b": 999}
    assert both.overlap[0][0] == both.jaccard[1][1] == 1


def test_that_ties_are_drawn_alike_from_the_same_seed(generator):
    maps = {name: generator.integers(0, 3, (40, 40)).astype(np.float32) for name in "abc"}
    assert agreement(maps, seed=4) == agreement(maps, seed=4)
    assert agreement(maps, seed=4).overlap != agreement(maps, seed=5).overlap
    assert agreement(maps, seed=4).spearman == agreement(maps, seed=5).spearman


def test_that_the_matrix_holds_what_pairs_give_alone(generator):
    maps = {name: generator.normal(size=(12, 9)).astype(np.float32) for name in "abcd"}
    matrix = agreement(maps, "magnitude", 0.25)
    for i, values in enumerate(maps.values()):
        for j, other_values in enumerate(maps.values()):
            assert matrix.spearman[i][j] == pytest.approx(spearman(values, other_values, "magnitude"))
            assert matrix.overlap[i][j] == pytest.approx(overlap(values, other_values, 0.25, "magnitude"))


def test_that_a_constant_map_is_undefined_with_its_reason_and_the_others_stand(generator):
    values = generator.normal(size=(6, 6)).astype(np.float32)
    broken = values.copy()
    broken[2, 2] = np.nan
    result = agreement({"flat": np.full((6, 6), 3, np.float32), "a": values, "nan": broken, "b": -values})
    assert result.spearman[0] == (None,) * 4
    assert [result.overlap[at][0] for at in range(4)] == [None] * 4
    assert result.spearman[1][3] == pytest.approx(-1)
    assert result.undefined["flat"].startswith("The map is the same everywhere (3)")
    assert result.undefined["nan"] == "The map holds values that are not finite numbers."
    assert Agreement.model_validate_json(result.model_dump_json()) == result


def test_that_what_cannot_be_compared_is_a_typed_error():
    with pytest.raises(NotApplicable, match="the same everywhere"):
        spearman(np.zeros((2, 2), np.float32), row(1, 2, 3, 4).reshape(2, 2))
    with pytest.raises(NotApplicable, match="the same everywhere"):
        spearman(row(1, -1), row(1, 2), "magnitude")
    with pytest.raises(BadMap):
        overlap(row(1, np.inf), row(1, 2))
    with pytest.raises(IncompatibleInput, match="cannot be compared"):
        agreement({"a": row(1, 2), "b": row(1, 2, 3)})
    with pytest.raises(NotApplicable, match="no map"):
        agreement({})
