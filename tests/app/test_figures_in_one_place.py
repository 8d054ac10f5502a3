"""Percent, durations and minus signs are written by `core.number_text` and by nothing in the program."""

import re
from pathlib import Path

import pytest

# What formatting a figure by hand looks like: a percent format, "} %" after a number with a format, a
# replaced minus sign, a number with a format before a unit of time.
BY_HAND = {
    "percent format": re.compile(r":\.?\d?%\}"),
    "percent sign after a formatted number": re.compile(r":[+.\dg,]*[fg]\}(\\u00a0| )%"),
    "minus sign": re.compile("\u2212|\\\\u2212|MINUS SIGN"),
    "duration": re.compile(r":[.\d]*f\} (s\b|min\b|h\b|seconds?\b|minutes?\b)|% 60\} (s|min)\b"),
}
OFFENDERS = {
    "percent format": 'f"{share:.0%}"',
    "percent sign after a formatted number": 'f"{100 * share:.1f} %"',
    "minus sign": 'text.replace("-", "\\u2212")',
    "duration": 'f"{seconds:.0f} s"',
}


@pytest.mark.parametrize("kind", BY_HAND)
def test_that_no_figure_is_formatted_by_hand(kind: str, repository: Path) -> None:
    places = [
        f"{path.relative_to(repository)}:{number}"
        for folder in ("app", "core")
        for path in sorted((repository / folder).rglob("*.py"))
        if path.name != "number_text.py"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if BY_HAND[kind].search(line)
    ]
    assert places == []


@pytest.mark.parametrize(("kind", "line"), OFFENDERS.items())
def test_that_formatting_by_hand_is_recognised(kind: str, line: str) -> None:
    assert BY_HAND[kind].search(line)
