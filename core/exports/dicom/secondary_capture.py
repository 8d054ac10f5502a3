"""A picture as a DICOM Secondary Capture (PS3.3 A.8.1) of the source's study."""

from highdicom import CoordinateSystemNames
from highdicom.sc import SCImage
from pydicom.dataset import Dataset

from core.arrays import Array
from core.exports.dicom.identification import (
    ANY_ORIENTATION,
    LONG_STRING,
    SHORT_TEXT,
    NewInstance,
    complete,
    contribution,
    equipment,
    method_parameters,
    shortened,
    source_arguments,
)
from core.exports.dicom.source import DicomSource
from core.exports.statement import Statement
from core.workspace.document import SavedCase, SavedMap

SERIES_NUMBER = 9804


def secondary_capture(
    picture: Array,
    case: SavedCase,
    saved: SavedMap,
    source: DicomSource,
    statement: Statement,
    instance: NewInstance,
) -> SCImage:
    """The picture of a map of a case, without a position because of its margin.

    picture: (rows, columns, 3) uint8.
    """
    header = source.header
    result = SCImage(
        pixel_array=picture,
        photometric_interpretation="RGB",
        bits_allocated=8,
        coordinate_system=CoordinateSystemNames.PATIENT,
        patient_orientation=ANY_ORIENTATION,
        contributing_equipment=[contribution(statement)],
        series_description=shortened(f"Research: picture of {saved.record.title}", LONG_STRING),
        **source_arguments(source),
        **instance.arguments,
        **equipment(),
    )
    result.copy_patient_and_study_information(header)
    # Empty where the source does not tell the side (type 2C).
    result.Laterality = header.Laterality
    result.PatientOrientation = source.patient_orientation
    result.DerivationDescription = shortened(
        f"{statement.program}, {saved.record.title}: {method_parameters(case, saved)}", SHORT_TEXT
    )
    # The picture's own text names nobody; the source's may.
    for keyword, stated in (
        ("BurnedInAnnotation", source.burned_in),
        ("RecognizableVisualFeatures", source.recognizable),
    ):
        if stated in ("YES", "NO"):
            setattr(result, keyword, stated)
    _refer_to(result, source)
    complete(result, source, statement, saved.record.no_share)
    return result


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
