import numpy as np
import pytest

from core.curves.verdict import Verdict, chance_of

DRAWS = [-0.1, 0.1, -0.1, 0.1]  # root mean square 0.1


def better_than_random(score: float, draws: list[float], centre: float | None) -> Verdict:
    return chance_of(draws, centre).verdict(score)


def test_that_the_bound_about_a_known_centre_is_students_with_all_draws():
    bound = 2.7764451051977934 * 0.1  # t, 4 degrees of freedom, 97.5 %
    assert better_than_random(bound + 1e-6, DRAWS, 0.0) == "yes"
    assert better_than_random(bound - 1e-6, DRAWS, 0.0) == "undecided"


def test_that_an_estimated_centre_costs_a_degree_of_freedom_and_widens_the_bound():
    draws = [0.4, 0.6, 0.4, 0.6]
    bound = 0.5 + 3.182446305284263 * np.sqrt(0.04 / 3) * np.sqrt(1.25)
    assert better_than_random(bound + 1e-6, draws, None) == "yes"
    assert better_than_random(bound - 1e-6, draws, None) == "undecided"


def test_that_a_score_not_above_the_random_mean_is_no_better():
    assert better_than_random(0.0, DRAWS, 0.0) == "no"
    assert better_than_random(-0.3, DRAWS, 0.0) == "no"


def test_that_no_verdict_is_given_where_no_picture_changes_the_score():
    assert better_than_random(0.0, [0.0, 0.0, 0.0], 0.0) == "undecided"


@pytest.mark.parametrize("draws", [[], [0.1], [0.1, 0.2]])
def test_that_too_few_draws_give_no_verdict(draws):
    assert chance_of(draws, 0.0) is None


def test_that_one_random_map_in_forty_passes_for_better():
    generator = np.random.default_rng(3)
    draws = generator.normal(0, 0.2, (4000, 8))
    scores = generator.normal(0, 0.2, 4000)
    verdicts = [better_than_random(s, list(d), 0.0) for s, d in zip(scores, draws, strict=True)]
    assert 0.018 < np.mean([verdict == "yes" for verdict in verdicts]) < 0.032


@pytest.mark.parametrize("centre", [0.0, None])
def test_that_a_verdict_is_yes_exactly_where_the_interval_lies_above_the_random_mean(centre):
    generator = np.random.default_rng(5)
    verdicts = set()
    for _ in range(500):
        middle = 0.0 if centre == 0.0 else 0.5
        chance = chance_of(generator.normal(middle, 0.2, 8).tolist(), centre)
        score = float(generator.normal(middle + 0.3, 0.3))
        verdict = chance.verdict(score)
        verdicts.add(verdict)
        assert (verdict == "yes") == (score - chance.margin > chance.mean)
        assert (verdict == "no") == (score <= chance.mean)
    assert verdicts == {"yes", "no", "undecided"}
