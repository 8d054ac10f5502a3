"""The elements of a DICOM header as a list, with those hidden that may name a person."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.tag import BaseTag

from core.readers.decoding import DECODER_ERRORS, decoding
from core.readers.dicom_file import open_dicom
from core.readers.dicom_identity import IdentityTexts
from core.readers.dicom_profile import action_for
from core.readers.element_changes import ElementAction
from core.readers.header_tags import HIDDEN, Tag, shortened

# More than any header without items for thousands of frames has.
MOST_TAGS = 20_000
_FRAME_ITEMS = "PerFrameFunctionalGroupsSequence"


def dicom_tags(path: Path, frame: int, with_identity: bool) -> tuple[Tag, ...]:
    """The elements of file meta information and header, in their order. Raises an InputError.

    Of the items for each frame only that of `frame` is listed. Hidden is what de-identification would remove
    or replace, UIDs, dates and private elements among it. At most MOST_TAGS are listed.
    """
    with decoding(path, "DICOM"):
        file = open_dicom(path)
        listing = _Listing(file.dataset, frame, with_identity)
        tags = [*listing.tags(file.dataset.file_meta, 0), *islice(listing.tags(file.dataset, 0), MOST_TAGS)]
    pixel_element = file.pixel_element
    if pixel_element is not None:
        tag = BaseTag(pixel_element.tag)
        value = f"{pixel_element.available} bytes"
        tags.append(Tag(level=0, tag=_number(tag), vr=pixel_element.vr, name="Pixel Data", value=value))
    return tuple(tags)


class _Listing:
    def __init__(self, dataset: Dataset, frame: int, with_identity: bool) -> None:
        self._frame, self._with_identity = frame, with_identity
        self._identity = IdentityTexts.of(dataset)

    def tags(self, dataset: Dataset, level: int) -> Iterator[Tag]:
        for tag in sorted(dataset.keys()):
            try:
                element = dataset[tag]
            except DECODER_ERRORS:
                yield Tag(level=level, tag=_number(BaseTag(tag)), vr="", name="", value="cannot be read")
                continue
            yield from self._of_element(element, level)

    def _of_element(self, element: DataElement, level: int) -> Iterator[Tag]:
        is_hidden = not (self._with_identity or element.is_empty) and self._is_identity(element)
        yield Tag(
            level=level,
            tag=_number(element.tag),
            vr=element.VR,
            # Which private elements there are tells the maker of the machine, no person.
            name=shortened(element.name.strip("[]")),
            value=HIDDEN if is_hidden else _value(element),
            is_hidden=is_hidden,
        )
        if element.VR != "SQ" or is_hidden:
            return
        for number, item in enumerate(element.value, 1):
            if element.keyword == _FRAME_ITEMS and number != self._frame + 1:
                continue
            yield Tag(level=level + 1, tag="", vr="", name=f"Item {number}", value="")
            yield from self.tags(item, level + 1)

    def _is_identity(self, element: DataElement) -> bool:
        action = action_for(element.tag, element.VR, element.value)
        is_length = element.tag.element == 0
        return not is_length and (action is not ElementAction.KEPT or self._identity.recur_in(element))


def _number(tag: BaseTag) -> str:
    return f"({tag.group:04X},{tag.element:04X})"


def _value(element: DataElement) -> str:
    value = element.value
    if element.VR == "SQ":
        return f"{len(value)} item{'' if len(value) == 1 else 's'}"
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    if isinstance(value, MultiValue | list | tuple):
        return shortened("\\".join(str(part) for part in value[:64]))
    return "" if value is None else shortened(str(value))
