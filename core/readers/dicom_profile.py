"""What happens to each element of a DICOM file that is de-identified: PS3.15, Table E.1-1, and beyond it."""

import json
import re
from functools import cache
from pathlib import Path

from pydicom.datadict import dictionary_has_tag
from pydicom.multival import MultiValue
from pydicom.tag import BaseTag
from pydicom.uid import UID

from core.readers.element_changes import ElementAction

TABLE = Path(__file__).resolve().parents[2] / "resources" / "deidentification" / "basic_profile.json"


# Where the table leaves a choice by whether an attribute is required, an empty value is always allowed for
# what may be required with an empty one, and nothing is kept of what may be left out. U*: references to
# other images stay, with their UIDs replaced.
_ACTIONS = {
    "X": ElementAction.REMOVED,
    "X/D": ElementAction.REMOVED,
    "Z": ElementAction.EMPTIED,
    "X/Z": ElementAction.EMPTIED,
    "Z/D": ElementAction.EMPTIED,
    "X/Z/D": ElementAction.EMPTIED,
    "D": ElementAction.REPLACED,
    "U": ElementAction.UID_REPLACED,
    "X/Z/U*": ElementAction.KEPT,
}
# Names, dates, times, ages, application titles and free text beyond the table: it cannot know each of them.
_REMOVED_VRS = frozenset(("PN", "DA", "DT", "TM", "AS", "AE", "LT", "ST", "UC", "UR", "UT", "UN"))
# Numbers as text, one or several as pydicom prints them; a damaged header has other text there.
_NUMBERS = re.compile(r"[0-9eE+., \-\[\]]*|None")
_CURVES, _OVERLAYS = 0x5000, 0x6000
# With a dummy where an attribute must have a value: enhanced multi-frame files must have dates and times of
# their frames and their content (PS3.3 C.7.6.16, C.8.13) that other files may lack or leave empty.
_DUMMY_CHOICES = frozenset(("X/D", "Z/D", "X/Z/D"))
_TIME_VRS = frozenset(("DA", "DT", "TM"))


def action_for(tag: BaseTag, vr: str, value: object, is_enhanced: bool = False) -> ElementAction:
    """What happens to an element, by its tag, its value representation (VR) and its value.

    is_enhanced: it is one of an enhanced multi-frame file.
    """
    if tag.is_private or tag.group & 0xFF00 in (_CURVES, _OVERLAYS) or not dictionary_has_tag(tag):
        return ElementAction.REMOVED
    letters = _profile().get(int(tag))
    if letters is not None:
        needs_dummy = is_enhanced and letters in _DUMMY_CHOICES and vr in _TIME_VRS
        return ElementAction.REPLACED if needs_dummy else _ACTIONS[letters]
    if vr in _REMOVED_VRS or tag.element == 0:  # group lengths are no longer true
        return ElementAction.REMOVED
    if vr in ("DS", "IS") and not _NUMBERS.fullmatch(str(value)):
        return ElementAction.REMOVED
    if vr == "UI" and not is_standard_uid(value):
        return ElementAction.UID_REPLACED
    return ElementAction.KEPT


def is_standard_uid(value: object) -> bool:
    """Whether all UIDs of a value are those that the standard defines, which name no one's object."""
    values = (
        [value]
        if isinstance(value, str)
        else list(value)
        if isinstance(value, MultiValue | list | tuple)
        else []
    )
    return all(UID(str(uid)).type != "" for uid in values if uid)


@cache
def _profile() -> dict[int, str]:
    """The table: the letters of the action by tag."""
    table = json.loads(TABLE.read_text(encoding="utf-8"))["actions"]
    return {int(tag, 16): letters for letters, tags in table.items() for tag in tags}
