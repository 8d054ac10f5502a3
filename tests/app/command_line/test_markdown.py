"""Pages of the help in the terminal."""

import pytest

from app.command_line.markdown import plain, terminal_lines

PAGE = """# Title

## What it shows
One **two** three four five six `seven_eight` nine.

- First of [all](../concepts/maps.md), quite long.
- Second.


![A picture](a.webp)

End.
"""


def test_that_headings_lists_and_paragraphs_are_wrapped_and_pictures_left_out() -> None:
    assert list(terminal_lines(PAGE, width=24)) == [
        "WHAT IT SHOWS",
        "  One two three four",
        "  five six seven_eight",
        "  nine.",
        "",
        "  - First of all, quite",
        "    long.",
        "  - Second.",
        "",
        "  End.",
    ]


@pytest.mark.parametrize(
    ("text", "plain_text"),
    [
        ("a **bold `code`** b", "a bold code b"),
        ("*leaning* and **bold**", "leaning and bold"),
        ("225 * 225 * 3", "225 * 225 * 3"),
        ("`max_sigma`: [x](y.md)", "max_sigma: x"),
    ],
)
def test_that_marks_are_taken_off_and_signs_are_not(text: str, plain_text: str) -> None:
    assert plain(text) == plain_text
