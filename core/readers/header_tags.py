"""An element of a file's header as it is listed."""

from core.values import FrozenRecord

HIDDEN = "hidden"
# A listing is read by people; a longer value is cut.
VALUE_LETTERS = 120


class Tag(FrozenRecord):
    """One line of a header. level: how many sequences it stands in. tag: such as `(0010,0010)`, or empty.

    vr: value representation of DICOM, or data type. is_hidden: `value` is HIDDEN, since it may name a person.
    """

    level: int
    tag: str
    vr: str
    name: str
    value: str
    is_hidden: bool = False


def shortened(text: str) -> str:
    """A value on one line, at most VALUE_LETTERS long; what is not printable becomes a space."""
    # Header text may contain lone surrogates, which JSON cannot encode.
    clean = text.encode("utf-8", "replace").decode()
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in clean).split())
    return line if len(line) <= VALUE_LETTERS else f"{line[: VALUE_LETTERS - 1]}…"
