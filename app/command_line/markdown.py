"""A page of the help as lines for the terminal."""

import re
import textwrap
from collections.abc import Iterator

PICTURE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
# A mark of emphasis touches the word inside and no letter outside; the times sign is not one.
EMPHASIS = re.compile(r"(?<!\w)(\*\*|\*|`)(?=\S)(.+?)(?<=\S)\1(?!\w)")


def terminal_lines(text: str, width: int) -> Iterator[str]:
    """The lines of a page in Markdown, at most `width` columns wide, where a word is not longer.

    Headings stand in capitals, lists hang, emphasis and links are their words, and pictures are left out.
    """
    blank = True
    for line in text.splitlines()[1:]:  # the title is said already
        line = PICTURE.sub("", line).strip()
        if line.startswith("#"):
            made = [plain(line.lstrip("# ")).upper()]
        elif line.startswith("- "):
            made = textwrap.wrap(plain(line[2:]), width, initial_indent="  - ", subsequent_indent="    ")
        else:
            made = textwrap.wrap(plain(line), width, initial_indent="  ", subsequent_indent="  ")
        if made or not blank:
            yield from made or [""]
        blank = not made


def plain(text: str) -> str:
    """Without marks: `**bold**`, `*leaning*`, code and [links](to pages) as their words."""
    return EMPHASIS.sub(r"\2", EMPHASIS.sub(r"\2", LINK.sub(r"\1", text)))
