"""Figures as people read them, the same in the window, on the command line and in reports.

Every function returns text. A negative figure has the true minus sign (U+2212), which is as wide as the
plus sign, and a figure that rounds to zero has no minus sign. A value that is not a number is `NaN`.
"""

import math

from core.values import Interval

MINUS = "\u2212"
NOT_A_NUMBER = "NaN"
# From so many seconds on a duration is given in minutes.
# Beyond these the figures of an interval are the same for every purpose.
MOST_DIGITS = 7
MINUTES_FROM_S = 90
# Figures between these bounds are written without a power of ten.
PLAIN_FROM, PLAIN_TO = 1e-3, 1e5


def fixed(value: float, digits: int = 2, sign: bool = False) -> str:
    """A figure with `digits` decimals, such as '−0.53'. sign: a plus sign stands before figures from 0 on."""
    if math.isnan(value):
        return NOT_A_NUMBER
    rounded = round(value, digits) + 0.0  # -0.0 becomes 0.0
    return _with_minus(f"{rounded:{'+' if sign else ''}.{digits}f}")


def significant(value: float, digits: int = 3) -> str:
    """A figure with `digits` significant digits, such as '0.0123', with a power of ten only where needed.

    Whole numbers below 100 000 keep all their digits before the point.
    """
    if math.isnan(value):
        return NOT_A_NUMBER
    if value == 0:
        return "0"
    if PLAIN_FROM <= abs(value) < PLAIN_TO:
        text = f"{value:.{digits}g}"
        return _with_minus(f"{value:.0f}" if "e" in text else text)
    return _with_minus(f"{value:.1e}")


def percent(share: float, digits: int = 1) -> str:
    """A share (1 is the whole) in percent with `digits` decimals, such as '12.3 %'.

    Never '0.0 %' for a share above 0, nor '100.0 %' for one below 1: these are '< 0.1 %' and '> 99.9 %'.
    """
    if math.isnan(share):
        return NOT_A_NUMBER
    least = 10.0**-digits / 100
    if 0 < share < least:
        return f"< {100 * least:.{digits}f} %"
    if 1 - least < share < 1:
        return f"> {100 * (1 - least):.{digits}f} %"
    return f"{fixed(100 * share, digits)} %"


def exact_percent(share: float) -> str:
    """A share that a person chose, with as many digits as it has, such as '5 %' or '0.5 %'."""
    return f"{_with_minus(f'{100 * share:g}')} %"


def interval(estimate: Interval, digits: int = 2, sign: bool = False) -> str:
    """A figure and its interval, such as '0.53 (0.44 to 0.62)'; digits and sign as in `fixed`."""
    value, low, high = (fixed(each, digits, sign) for each in (estimate.value, estimate.low, estimate.high))
    return f"{value} ({low} to {high})"


def plus_minus(value: float, margin: float, bound: float, digits: int = 2, sign: bool = False) -> str:
    """A figure and half the width of its interval, such as '+0.34 ±0.36'; digits and sign as in `fixed`.

    It has more digits where fewer would put the interval's lower end on the other side of `bound`.
    """
    for more in range(digits, MOST_DIGITS):
        shown_low = round(value, more) - round(margin, more)
        if (round(shown_low, more) > round(bound, more)) == (value - margin > bound):
            break
    return f"{fixed(value, more, sign)} ±{fixed(margin, more)}"


def duration(seconds: float) -> str:
    """A time in seconds as '40 s', '12 min' or '3 h 20 min'; '1 s' for less than a second, '0 s' for 0."""
    return " ".join(f"{count} {unit}" for count, unit in _time_parts(seconds, ("h", "min", "s")))


def duration_words(seconds: float) -> str:
    """The same in whole words, such as '1 second', '40 seconds' or '3 hours 20 minutes'."""
    return " ".join(
        counted(count, unit) for count, unit in _time_parts(seconds, ("hour", "minute", "second"))
    )


def elapsed(seconds: float) -> str:
    """A measured time, such as '0.3 s'; from a minute and a half on as `duration`."""
    return f"{seconds:.1f} s" if seconds < MINUTES_FROM_S else duration(seconds)


def counted(count: int, noun: str) -> str:
    """A number of things, such as '1 model call' or '1,200 model calls'; the plural has an s."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def no_break(text: str) -> str:
    """The same text with spaces at which no line is broken, for figures with their unit in the window."""
    return text.replace(" ", "\u00a0")


def _time_parts(seconds: float, units: tuple[str, str, str]) -> list[tuple[int, str]]:
    hour, minute, second = units
    if seconds < MINUTES_FROM_S:
        return [(max(1, round(seconds)) if seconds > 0 else 0, second)]
    minutes = round(seconds / 60)
    if minutes < 60:
        return [(minutes, minute)]
    hours, rest = divmod(minutes, 60)
    return [(hours, hour), (rest, minute)] if rest else [(hours, hour)]


def _with_minus(text: str) -> str:
    return text.replace("-", MINUS)
