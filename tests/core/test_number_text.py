"""Every figure is written in one place; each rule has its closed form here."""

import pytest

from core import number_text
from core.values import Interval


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.534, 2, "0.53"),
        (-0.534, 2, "\u22120.53"),
        (-0.004, 2, "0.00"),
        (-0.0, 1, "0.0"),
        (12, 0, "12"),
        (float("nan"), 2, "NaN"),
    ],
)
def test_that_a_fixed_figure_has_the_true_minus_sign_and_no_minus_before_zero(value, digits, text):
    assert number_text.fixed(value, digits) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.5, "+0.50"), (-0.5, "\u22120.50"), (0.0, "+0.00"), (-0.001, "+0.00")]
)
def test_that_a_signed_figure_shows_its_plus(value, text):
    assert number_text.fixed(value, sign=True) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.0123456, "0.0123"),
        (-1.5, "\u22121.5"),
        (1234.4, "1234"),
        (99999, "99999"),
        (123456, "1.2e+05"),
        (0.00012, "1.2e\u221204"),
        (float("nan"), "NaN"),
    ],
)
def test_that_significant_digits_need_a_power_of_ten_only_at_the_ends(value, text):
    assert number_text.significant(value) == text


@pytest.mark.parametrize(
    ("share", "digits", "text"),
    [
        (0.0, 1, "0.0 %"),
        (1e-9, 1, "< 0.1 %"),
        (0.0009, 1, "< 0.1 %"),
        (0.001, 1, "0.1 %"),
        (0.1234, 1, "12.3 %"),
        (0.9989, 1, "99.9 %"),
        (0.9995, 1, "> 99.9 %"),
        (1 - 1e-12, 1, "> 99.9 %"),
        (1.0, 1, "100.0 %"),
        (1.2, 1, "120.0 %"),
        (-0.05, 1, "\u22125.0 %"),
        (0.004, 0, "< 1 %"),
        (0.996, 0, "> 99 %"),
        (0.5, 0, "50 %"),
        (1.0, 0, "100 %"),
        (0.00004, 2, "< 0.01 %"),
        (float("nan"), 1, "NaN"),
    ],
)
def test_that_a_percentage_reads_as_none_or_all_only_if_it_is(share, digits, text):
    assert number_text.percent(share, digits) == text


@pytest.mark.parametrize("digits", [0, 1, 2])
def test_that_no_share_between_none_and_all_reads_as_one_of_them(digits):
    none, all_ = number_text.percent(0.0, digits), number_text.percent(1.0, digits)
    for step in range(1, 20_000):
        assert number_text.percent(step / 20_000, digits) not in (none, all_)


@pytest.mark.parametrize(("share", "text"), [(0.05, "5 %"), (0.005, "0.5 %"), (0.07, "7 %"), (1, "100 %")])
def test_that_a_chosen_share_keeps_its_own_digits(share, text):
    assert number_text.exact_percent(share) == text


def test_that_an_interval_stands_in_brackets():
    estimate = Interval(value=0.53, low=-0.04, high=0.62)
    assert number_text.interval(estimate) == "0.53 (\u22120.04 to 0.62)"
    assert number_text.interval(estimate, 3, sign=True) == "+0.530 (\u22120.040 to +0.620)"


@pytest.mark.parametrize(
    ("seconds", "short", "words"),
    [
        (0, "0 s", "0 seconds"),
        (0.2, "1 s", "1 second"),
        (40.4, "40 s", "40 seconds"),
        (89.4, "89 s", "89 seconds"),
        (90, "2 min", "2 minutes"),
        (12 * 60, "12 min", "12 minutes"),
        (59.6 * 60, "1 h", "1 hour"),
        (99 * 60, "1 h 39 min", "1 hour 39 minutes"),
        (12_060, "3 h 21 min", "3 hours 21 minutes"),
    ],
)
def test_that_a_duration_is_given_in_the_largest_units_that_fit(seconds, short, words):
    assert number_text.duration(seconds) == short
    assert number_text.duration_words(seconds) == words


@pytest.mark.parametrize(
    ("value", "margin", "bound", "text"),
    [
        (0.34, 0.36, 0.0, "+0.34 ±0.36"),
        (0.364, 0.356, 0.0, "+0.364 ±0.356"),
        (0.3604, 0.3596, 0.0, "+0.3604 ±0.3596"),
        (0.404, 0.396, 0.0, "+0.404 ±0.396"),
        (-0.2, 0.1, 0.0, "−0.20 ±0.10"),
    ],
)
def test_that_an_interval_has_the_digits_that_show_on_which_side_it_ends(value, margin, bound, text) -> None:
    assert number_text.plus_minus(value, margin, bound, sign=True) == text


def test_that_things_are_counted_with_their_plural():
    assert number_text.counted(1, "model call") == "1 model call"
    assert number_text.counted(1200, "model call") == "1,200 model calls"


def test_that_a_figure_keeps_its_unit_on_one_line():
    assert number_text.no_break("12 %") == "12\u00a0%"


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.04, "0.0 s"), (0.34, "0.3 s"), (89.9, "89.9 s"), (90, "2 min")]
)
def test_that_a_measured_time_keeps_its_tenths_below_a_minute_and_a_half(seconds: float, text: str) -> None:
    assert number_text.elapsed(seconds) == text
