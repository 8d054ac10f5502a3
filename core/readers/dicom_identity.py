"""The texts of a DICOM file that identify people, to find them again where they do not belong."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Self

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset

from core.readers.decoding import DECODER_ERRORS

# Elements that identify a person, a visit or a place, beside all names of people (VR PN).
_KEYWORDS = frozenset(
    (
        *("PatientID", "OtherPatientIDs", "IssuerOfPatientID", "PatientBirthDate", "PatientAddress"),
        *("PatientTelephoneNumbers", "MedicalRecordLocator", "AccessionNumber", "StudyID"),
        *("InstitutionName", "InstitutionAddress", "InstitutionalDepartmentName", "StationName"),
        *("DeviceSerialNumber", "AdmissionID", "RequestedProcedureID", "ScheduledProcedureStepID"),
        *("PerformedProcedureStepID", "ClinicalTrialSubjectID"),
    )
)
# Short words of these (a title, a number) stand in many elements that name nobody.
_LEAST_NAME_LETTERS, _LEAST_LETTERS, _LEAST_PART_LETTERS = 3, 4, 5
# Of so many bytes a text does not appear in compressed pixels by chance.
_LEAST_BYTES = 6
_SEARCHED_VRS = frozenset(("CS", "LO", "SH"))
# Defined terms that a person may be called by, without which the image is another one.
_STRUCTURAL = frozenset(
    ("Modality", "PhotometricInterpretation", "ImageType", "SpecificCharacterSet", "FrameType")
)


@dataclass(frozen=True, slots=True)
class IdentityTexts:
    """Names, numbers and places in lower case. Never shown, logged or stored."""

    texts: frozenset[str] = field(repr=False)

    @classmethod
    def of(cls, dataset: Dataset) -> Self:
        """Those of a data set and of the items of its sequences."""
        texts: set[str] = set()
        for element in _elements(dataset):
            value = str(element.value or "").casefold()
            if element.VR == "PN":
                texts |= {
                    part for part in re.split(r"[\^=\s\\,]+", value) if len(part) >= _LEAST_NAME_LETTERS
                }
            elif element.keyword in _KEYWORDS and len(value.strip()) >= _LEAST_LETTERS:
                texts.add(value.strip())
        return cls(frozenset(texts))

    def recur_in(self, element: DataElement) -> bool:
        """Whether an element that would be kept repeats one of them."""
        text = str(element.value).casefold()
        if element.VR not in _SEARCHED_VRS or element.keyword in _STRUCTURAL:
            return False
        if not self.texts.isdisjoint((text.strip(), *re.split(r"[\W_]+", text))):
            return True
        # A short name is a part of many words.
        return any(part in text for part in self.texts if len(part) >= _LEAST_PART_LETTERS)

    def are_in_bytes(self, content: bytes) -> bool:
        """Whether one of them is in the bytes, as in a comment of a compressed image."""
        lower = content.lower()  # of ASCII letters only
        encoded = {text.encode(codec, "ignore") for text in self.texts for codec in ("utf-8", "latin-1")}
        return any(len(text) >= _LEAST_BYTES and text in lower for text in encoded)


def _elements(dataset: Dataset) -> Iterator[DataElement]:
    """Those that can be read, of all levels."""
    for tag in list(dataset.keys()):
        try:
            element = dataset[tag]
        except DECODER_ERRORS:
            continue
        yield element
        if element.VR == "SQ":
            for item in element.value:
                yield from _elements(item)
