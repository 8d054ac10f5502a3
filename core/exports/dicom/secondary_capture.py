"""A picture as a DICOM Secondary Capture (PS3.3 A.8.1) of the source's study."""

from highdicom import CoordinateSystemNames
from highdicom.sc import SCImage
from pydicom.dataset import Dataset

from core.arrays import Array
from core.exports.dicom.identification import (
    LONG_STRING,
    SHORT_TEXT,
    NewInstance,
    completed,
    contribution,
    equipment,
    method_parameters,
    shortened,
)
from core.exports.dicom.source import EXPECTED, DicomSource
from core.exports.statement import Statement
from core.images.geometry import edge_letters, opposite_letters
from core.workspace.document import SavedMap

SERIES_NUMBER = 9804
# highdicom asks for one; what is known of the source replaces it.
_ANY_ORIENTATION = ("L", "P")


def secondary_capture(
    picture: Array, saved: SavedMap, source: DicomSource, statement: Statement, instance: NewInstance
) -> SCImage:
    """The picture of a map. picture: (rows, columns, 3) uint8, with a margin, so without a position."""
    header = source.header
    arguments = instance.arguments | equipment()
    patient = {_argument(keyword): header[keyword].value for keyword in EXPECTED}
    result = SCImage(
        pixel_array=picture,
        photometric_interpretation="RGB",
        bits_allocated=8,
        coordinate_system=CoordinateSystemNames.PATIENT,
        patient_orientation=_ANY_ORIENTATION,
        study_instance_uid=header.StudyInstanceUID,
        contributing_equipment=[contribution(statement)],
        series_description=shortened(f"Research: picture of {saved.record.title}", LONG_STRING),
        **patient,
        **arguments,
    )
    result.copy_patient_and_study_information(header)
    # Empty where the source does not tell the side (type 2C).
    result.Laterality = header.Laterality
    result.PatientOrientation = _patient_orientation(source)
    result.DerivationDescription = shortened(
        f"{statement.program}, {saved.record.title}: {method_parameters(saved)}", SHORT_TEXT
    )
    # The picture's own text names nobody; the source's may.
    for keyword, stated in (
        ("BurnedInAnnotation", source.burned_in),
        ("RecognizableVisualFeatures", source.recognizable),
    ):
        if stated in ("YES", "NO"):
            setattr(result, keyword, stated)
    _refer_to(result, source)
    completed(result, source, statement)
    return result


def _argument(keyword: str) -> str:
    """`PatientBirthDate` as `patient_birth_date`, the way highdicom names its arguments."""
    words = keyword.replace("ID", "Id")
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in words).lstrip("_")


def _patient_orientation(source: DicomSource) -> list[str]:
    """The directions of rows and columns, from the position or as stated; empty where nothing tells them."""
    if source.affine_lps_mm is not None:
        top, left = edge_letters(source.affine_lps_mm)
        return [opposite_letters(left), opposite_letters(top)]
    return list(source.header.get("PatientOrientation") or [])


def _refer_to(result: Dataset, source: DicomSource) -> None:
    header = source.header
    reference = Dataset()
    reference.ReferencedSOPClassUID = header.SOPClassUID
    reference.ReferencedSOPInstanceUID = header.SOPInstanceUID
    result.SourceImageSequence = [reference]
    series = Dataset()
    series.SeriesInstanceUID = header.SeriesInstanceUID
    series.ReferencedInstanceSequence = [reference]
    result.ReferencedSeriesSequence = [series]
    if "LossyImageCompression" in header:
        for keyword in ("LossyImageCompression", "LossyImageCompressionRatio", "LossyImageCompressionMethod"):
            if keyword in header:
                setattr(result, keyword, header[keyword].value)
