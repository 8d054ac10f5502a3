"""A page of the help as lines for the terminal."""

import re
import textwrap
from collections.abc import Iterator

PICTURE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
# A mark of emphasis touches the word inside and no letter outside; the times sign is not one.
EMPHASIS = re.compile(r"(?<!\w)(\*\*|\*|`)(?=\S)(.+?)(?<=\S)\1(?!\w)")


def terminal_lines(text: str, width: int) -> Iterator[str]:
    """The lines of a page in Markdown, at most `width` columns wide unless a word is longer.

    Headings are in capitals, list items are indented, and pictures are left out.
    """
    is_blank = True
    for line in text.splitlines()[1:]:  # the title is printed already
        line = PICTURE.sub("", line).strip()
        if line.startswith("#"):
            wrapped = [plain(line.lstrip("# ")).upper()]
        elif line.startswith("- "):
            wrapped = textwrap.wrap(plain(line[2:]), width, initial_indent="  - ", subsequent_indent="    ")
        else:
            wrapped = textwrap.wrap(plain(line), width, initial_indent="  ", subsequent_indent="  ")
        if wrapped or not is_blank:
            yield from wrapped or [""]
        is_blank = not wrapped


def plain(text: str) -> str:
    """The text without the marks of bold, italics, code and links."""
    return EMPHASIS.sub(r"\2", EMPHASIS.sub(r"\2", LINK.sub(r"\1", text)))
