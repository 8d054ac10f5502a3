"""The slice of a volume that a row of an index names, by its columns `slice` and `position_mm`."""

import re

from core.datasets.region import INDEX_HINT
from core.errors import InputError, NoSlice
from core.readers.protocol import SeriesEntry
from core.readers.slice_choice import SliceChoice, slice_number


def frame_of(entry: SeriesEntry, slice_text: str, position_text: str = "") -> int:
    """The frame, counted from 0, of an index's slice number or position; the middle one for empty fields.

    Slice numbers count from 1 through all volumes, as `--slice` does; positions are those of `--position`.
    Raises InputError for text that is no such number and for both at once, NoSlice for a slice that the
    series does not have.
    """
    if slice_text and position_text:
        raise InputError("The row gives both a slice and a position_mm.", INDEX_HINT)
    choice = SliceChoice(
        number=_slice_number(slice_text) if slice_text else None,
        position_mm=_position_mm(position_text) if position_text else None,
    )
    try:
        (chosen,) = choice.slices(entry)
    except NoSlice as error:
        raise NoSlice(error.message, INDEX_HINT) from None
    return slice_number(entry, chosen) - 1


def _slice_number(text: str) -> int:
    # A program without missing whole numbers writes 12.0 for 12, or in its locale 12,0.
    match = re.fullmatch(r"([0-9]{1,9})([.,]0*)?", text)
    number = int(match[1]) if match else 0
    if number < 1:
        raise InputError(f"The slice {text!r} is not a whole number from 1 on.", INDEX_HINT)
    return number


def _position_mm(text: str) -> float:
    if not re.fullmatch(r"[+-]?[0-9]{1,9}([.,][0-9]{0,9})?", text):
        raise InputError(f"The position_mm {text!r} is not a number.", INDEX_HINT)
    return float(text.replace(",", "."))
