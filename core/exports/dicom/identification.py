"""How the results name themselves: the program, their series and instances, and what they were made by."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from highdicom import AlgorithmIdentificationSequence, ContributingEquipment
from pydicom import dcmwrite
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code
from pydicom.uid import generate_uid

from core.exports.class_words import target_words
from core.exports.dicom.references import correct_references
from core.exports.dicom.source import EXPECTED, UTF_8, DicomSource
from core.exports.statement import Statement
from core.figures.wording import parameter_words
from core.version import program_version
from core.workspace.document import SavedCase, SavedMap

PROGRAM = "Saliscope"
# Of names and descriptions (LO), of comments (LT) and of short texts (ST) in DICOM.
LONG_STRING, LONG_TEXT, SHORT_TEXT = 64, 10240, 1024
# highdicom asks for one where a picture is made; what is known of the source replaces it.
ANY_ORIENTATION = ("L", "P")
# Class activation methods, by their names here; CID 217 of PS3.16.
_ACTIVATIONS = {
    "cam": codes.DCM.ClassActivation,
    "score_cam": codes.DCM.ClassActivation,
    "grad_cam": codes.DCM.GradientWeightedClassActivation,
    "grad_cam_pp": codes.DCM.GradientWeightedClassActivation,
    "layer_cam": codes.DCM.GradientWeightedClassActivation,
}


def new_uid() -> str:
    """A new UID that names nobody: of a random number (PS3.5 B.2)."""
    return str(generate_uid(prefix=None))


@dataclass(frozen=True, slots=True)
class NewInstance:
    """The identifiers of a result within its series. number: of the series, beyond those of devices."""

    number: int
    instance: int = 1
    series_uid: str = field(default_factory=new_uid)
    instance_uid: str = field(default_factory=new_uid)

    @property
    def arguments(self) -> dict[str, Any]:
        """As the constructors of highdicom take them."""
        return {
            "series_instance_uid": self.series_uid,
            "series_number": self.number,
            "sop_instance_uid": self.instance_uid,
            "instance_number": self.instance,
            "manufacturer": PROGRAM,
            "specific_character_set": UTF_8,
        }


def equipment() -> dict[str, Any]:
    """The program as the device that made a result."""
    return {
        "manufacturer_model_name": PROGRAM,
        "software_versions": program_version(),
        "device_serial_number": program_version(),
    }


def source_arguments(source: DicomSource) -> dict[str, Any]:
    """Patient and study as the constructor of a Secondary Capture takes them."""
    header = source.header
    patient = {_argument(keyword): header[keyword].value for keyword in EXPECTED}
    return {"study_instance_uid": header.StudyInstanceUID, **patient}


def _argument(keyword: str) -> str:
    """`PatientBirthDate` as `patient_birth_date`, the way highdicom names its arguments."""
    words = keyword.replace("ID", "Id")
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in words).lstrip("_")


def contribution(statement: Statement) -> ContributingEquipment:
    """What the program did, in the words of the statement."""
    return ContributingEquipment(
        manufacturer=PROGRAM,
        purpose_of_reference=codes.DCM.ProcessingEquipment,
        manufacturer_model_name=PROGRAM,
        software_versions=program_version(),
        contribution_description=shortened(" ".join(statement.lines), SHORT_TEXT),
    )


def explanation_code(saved: SavedMap) -> Code:
    """What kind of visual explanation a map is (PS3.16 CID 217)."""
    return _ACTIVATIONS.get(saved.record.name, codes.DCM.Saliency)


def method_parameters(case: SavedCase, saved: SavedMap) -> str:
    """Target, parameters, what the method chose by itself, and seed of a map; how much of it is computed."""
    record = saved.record
    parameters = parameter_words(record)
    values = {"target": target_words(case, saved), **parameters, **record.choices, "seed": record.seed}
    words = ", ".join(f"{name} {value}" for name, value in values.items())
    return words if record.partial is None else f"{words}, {record.partial.words}"


def map_algorithm(case: SavedCase, saved: SavedMap) -> AlgorithmIdentificationSequence:
    """The method that made a map."""
    return AlgorithmIdentificationSequence(
        name=shortened(f"{PROGRAM}: {saved.record.title}", LONG_STRING),
        family=codes.DCM.ArtificialIntelligence,
        version=program_version(),
        source=PROGRAM,
        parameters={"method": saved.record.name, "settings": method_parameters(case, saved)},
    )


def shortened(text: str, length: int) -> str:
    """A text with at most `length` characters; an ellipsis stands for what is left out."""
    return text if len(text) <= length else f"{text[: length - 3]}..."


def complete(result: Dataset, source: DicomSource, statement: Statement, note: str = "") -> None:
    """Give an image its statement and a note as comment, and references to the real source."""
    result.ImageComments = shortened("\n".join(filter(None, (*statement.lines, note))), LONG_TEXT)
    correct_references(result, source)


@contextmanager
def made_quietly() -> Iterator[None]:
    """Drop warnings of the libraries: they are about the source's names, and quote them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def file_bytes(result: Dataset) -> bytes:
    """The result as a DICOM file (PS3.10)."""
    buffer = BytesIO()
    dcmwrite(buffer, result, enforce_file_format=True)
    return buffer.getvalue()
