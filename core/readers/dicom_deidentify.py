"""A DICOM file without the patient's identity: PS3.15, Basic Application Level Confidentiality Profile.

The header is rewritten; pixel data are copied byte by byte. What is burnt into the pixels stays.
"""

import hashlib
import hmac
from collections import Counter
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from pydicom import dcmwrite
from pydicom.datadict import dictionary_description
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.multival import MultiValue
from pydicom.uid import (
    UID,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    SecondaryCaptureImageStorage,
)

from core.arrays import Array
from core.errors import NoImages, Refused, Truncated
from core.output import shown_name
from core.readers.decoding import DECODER_ERRORS, decoding
from core.readers.dicom_file import DicomFile, open_dicom
from core.readers.dicom_fragments import FRAGMENT, fragments_in
from core.readers.dicom_headers import label_of
from core.readers.dicom_identity import IdentityTexts
from core.readers.dicom_profile import action_for
from core.readers.element_changes import DeidentifiedFile, ElementAction, ElementChange
from core.version import program_version

PRIVATE, UNKNOWN = "Private elements", "Elements that the standard does not list"
UNREADABLE = "Elements that cannot be read"
_METHOD = "PS3.15 Basic Application Confidentiality Profile"
# United Imaging's sequence of the slices in one picture.
_UIH_SLICES = 0x00651051
# Commands and file meta information; misplaced in a data set they could not be written.
_FIRST_GROUP = 0x0008
_DUMMY_TEXT = "REMOVED"
_DUMMIES: dict[str, Any] = {
    **{"DA": "19000101", "DT": "19000101000000", "TM": "000000", "AS": "000Y"},
    **{"OB": b"\0\0", "UN": b"\0\0", "UR": "urn:removed"},
}
_TEXT_VRS = frozenset(("AE", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UT"))


def deidentified(path: Path, secret: str) -> tuple[DeidentifiedFile, Array]:
    """What was done, and the bytes (n,) uint8 of the new file.

    secret: UIDs are replaced by a keyed hash, the same for all files of one export and unknown to others.
    Raises an InputError.
    """
    with decoding(path, "DICOM"):
        file = open_dicom(path)
        unreadable = _without_unreadable(file.dataset)
        is_enhanced = "PerFrameFunctionalGroupsSequence" in file.dataset
        rewriting = _Rewriting(secret, IdentityTexts.of(file.dataset), unreadable, is_enhanced)
        dataset = rewriting.cleaned(file.dataset)
        _add_pixels(file, dataset, rewriting.identity)
        _state_method(dataset)
        dataset.file_meta = _file_meta(file, dataset, rewriting)
        dataset.preamble = bytes(128)
        buffer = BytesIO()
        dcmwrite(buffer, dataset, enforce_file_format=True)
        result = DeidentifiedFile(
            changes=rewriting.changes(),
            modality=label_of(file.dataset, "Modality"),
            burned_in=label_of(file.dataset, "BurnedInAnnotation"),
            is_mosaic="MOSAIC" in label_of(file.dataset, "ImageType") or _UIH_SLICES in file.dataset,
        )
    return result, np.frombuffer(buffer.getvalue(), dtype=np.uint8)


class _Rewriting:
    """One file on its way: its identity, and what has been done so far."""

    def __init__(self, secret: str, identity: IdentityTexts, unreadable: int, is_enhanced: bool) -> None:
        self.identity, self._is_enhanced = identity, is_enhanced
        self._secret = secret.encode()
        self._counts: Counter[tuple[str, str, ElementAction]] = Counter()
        if unreadable:
            self._counts["", UNREADABLE, ElementAction.REMOVED] = unreadable

    def cleaned(self, dataset: Dataset) -> Dataset:
        """A new data set without pixel data, each of its sequences cleaned too."""
        result = Dataset()
        for tag in dataset.keys():  # noqa: SIM118 - iterating a data set itself converts its elements
            element = dataset[tag]
            if element.tag.group < _FIRST_GROUP:
                continue
            action = action_for(element.tag, element.VR, element.value, self._is_enhanced)
            if action is ElementAction.KEPT and self.identity.recur_in(element):
                action = ElementAction.REMOVED
            if action is not ElementAction.KEPT:
                self._count(element, action)
            changed = self._changed(element, action)
            if changed is not None:
                result.add(changed)
        return result

    def uid(self, uid: str) -> str:
        """The replacement of a UID: random to everybody without the secret (PS3.5 B.2)."""
        digest = hmac.new(self._secret, str(uid).encode("utf-8", "replace"), hashlib.sha256).digest()
        return f"2.25.{int.from_bytes(digest[:16])}"

    def changes(self) -> tuple[ElementChange, ...]:
        """What was done, by name."""
        return tuple(
            ElementChange(tag=tag, name=name, action=action, count=count)
            for (tag, name, action), count in sorted(self._counts.items())
        )

    def _changed(self, element: DataElement, action: ElementAction) -> DataElement | None:
        tag, vr, value = element.tag, element.VR, element.value
        if action is ElementAction.REMOVED:
            return None
        if action is ElementAction.EMPTIED:
            return DataElement(tag, vr, [] if vr == "SQ" else None)
        if action is ElementAction.UID_REPLACED or (action is ElementAction.REPLACED and vr == "UI"):
            return self._with_new_uids(element)
        if action is ElementAction.REPLACED:
            return DataElement(tag, vr, _dummy(vr))
        return DataElement(tag, vr, [self.cleaned(item) for item in value]) if vr == "SQ" else element

    def _with_new_uids(self, element: DataElement) -> DataElement:
        if isinstance(element.value, MultiValue | list | tuple):
            return DataElement(element.tag, "UI", [self.uid(uid) for uid in element.value if uid])
        return DataElement(element.tag, "UI", self.uid(element.value) if element.value else None)

    def _count(self, element: DataElement, action: ElementAction) -> None:
        if element.tag.is_private:
            tag, name = "", PRIVATE
        else:
            try:
                name = dictionary_description(element.tag)
                tag = f"({element.tag.group:04X},{element.tag.element:04X})"
            except KeyError:
                tag, name = "", UNKNOWN
        self._counts[tag, name, action] += 1


def _dummy(vr: str) -> Any:
    """A value that is not empty, as the table asks for, and says nothing."""
    if vr == "SQ":
        return [Dataset()]
    return _DUMMY_TEXT if vr in _TEXT_VRS else _DUMMIES.get(vr)


def _without_unreadable(dataset: Dataset) -> int:
    """Remove elements whose value contradicts its form, also from sequences; how many they were."""
    count = 0
    for tag in list(dataset.keys()):
        try:
            element = dataset[tag]
        except DECODER_ERRORS:
            del dataset[tag]
            count += 1
        else:
            count += sum(map(_without_unreadable, element.value)) if element.VR == "SQ" else 0
    return count


def _add_pixels(file: DicomFile, dataset: Dataset, identity: IdentityTexts) -> None:
    """Copy the pixel data. Raises NoImages, Truncated, and Refused where they hold the identity as text."""
    pixel_element, name = file.pixel_element, shown_name(file.path.name)
    if pixel_element is None:
        raise NoImages(f"{name} holds no image.")
    with file.stream() as stream:
        end = pixel_element.start + pixel_element.available
        if pixel_element.length is None:
            fragments = fragments_in(stream, pixel_element.start, None)
            if fragments.missing or not fragments.ranges:
                raise Truncated(f"{name} ends before its image does.")
            end = fragments.ranges[-1].start + fragments.ranges[-1].length
        stream.seek(pixel_element.start)
        value = stream.read(end - pixel_element.start)
    is_encapsulated = value.startswith(FRAGMENT) and (
        pixel_element.length is None or file.syntax.is_encapsulated
    )
    if is_encapsulated and identity.are_in_bytes(value):
        raise Refused(
            f"The compressed image of {name} holds the patient's identity as text.",
            "Save it uncompressed first, which drops comments of the compressed image.",
        )
    element = DataElement(pixel_element.tag, pixel_element.vr, value + b"\0" * (len(value) % 2))
    element.is_undefined_length = is_encapsulated
    dataset.add(element)


def _state_method(dataset: Dataset) -> None:
    """What PS3.15 E.1.1 asks for: that identity was removed, how, and what became of dates."""
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator = "113100", "DCM"
    code.CodeMeaning = "Basic Application Confidentiality Profile"
    dataset.PatientIdentityRemoved = "YES"
    dataset.DeidentificationMethod = [_METHOD, f"Saliscope {program_version()}"]
    dataset.DeidentificationMethodCodeSequence = [code]
    dataset.LongitudinalTemporalInformationModified = "REMOVED"


def _file_meta(file: DicomFile, dataset: Dataset, rewriting: _Rewriting) -> FileMetaDataset:
    """Only what every file must have: the sending programs of the original are identity too."""
    meta = FileMetaDataset()
    if not dataset.get("SOPInstanceUID"):
        dataset.SOPInstanceUID = rewriting.uid(file.path.name)
    dataset.SOPClassUID = dataset.get("SOPClassUID") or SecondaryCaptureImageStorage
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    meta.TransferSyntaxUID = _transfer_syntax(file, dataset)
    meta.ImplementationVersionName = "SALISCOPE"
    return meta


def _transfer_syntax(file: DicomFile, dataset: Dataset) -> UID:
    """The stated one for compressed pixel data; for others that in which the data set is, not deflated."""
    pixel_element = dataset.get_item(file.pixel_element.tag) if file.pixel_element else None
    if pixel_element is not None and pixel_element.is_undefined_length and file.syntax.is_encapsulated:
        return file.syntax
    is_implicit, _ = file.dataset.original_encoding
    if not file.is_little_endian:
        return ExplicitVRBigEndian
    return ImplicitVRLittleEndian if is_implicit else ExplicitVRLittleEndian
