"""Sentences that hold a number: the number must be right and readable."""

import pytest

from app import texts
from core.methods.protocol import Family


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.0843, "0.0843"),
        (-12.345, "−12.3"),
        (1234, "1234"),
        (2e-5, "2.0e−05"),
        (float("nan"), "no number"),
    ],
)
def test_that_numbers_have_three_digits(value: float, text: str) -> None:
    assert texts.number(value) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.5, "50.0 %"), (0.99996, "> 99.9 %"), (1e-5, "< 0.1 %"), (0.0, "0.0 %"), (1.0, "100.0 %")],
)
def test_that_a_probability_is_never_rounded_to_certainty(share: float, text: str) -> None:
    assert texts.percent(share) == text


def test_that_every_family_of_methods_has_a_name() -> None:
    assert set(texts.FAMILIES) == set(Family)


def test_that_the_standing_sentence_lists_two_classes_as_well() -> None:
    assert texts.knows_only(("normal", "ill")).startswith("The model knows only normal and ill.")
