"""What de-identification did to the elements of a DICOM file: names and counts, never values."""

from enum import StrEnum

from core.values import FrozenRecord


class ElementAction(StrEnum):
    """What happens to an element. KEPT: the items of a sequence are cleaned; REPLACED: by a dummy value."""

    REMOVED = "removed"
    EMPTIED = "emptied"
    REPLACED = "replaced"
    UID_REPLACED = "uid_replaced"
    KEPT = "kept"


class ElementChange(FrozenRecord):
    """What was done to all elements of one name. tag: empty for a group of several tags."""

    tag: str
    name: str
    action: ElementAction
    count: int


class DeidentifiedFile(FrozenRecord):
    """What was done to a file. burned_in: BurnedInAnnotation as the file states it, or empty.

    is_mosaic: one picture of many slices, whose places are in private elements, which are removed.
    """

    changes: tuple[ElementChange, ...]
    modality: str
    burned_in: str
    is_mosaic: bool = False
