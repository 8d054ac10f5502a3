"""A study of its own for a source that is no DICOM image: a patient without a name, the picture as image.

Its identifiers follow from the content of the source's file, so that all results of one file are one study.
"""

import hashlib
from collections.abc import Mapping
from uuid import NAMESPACE_OID, uuid5

import numpy as np
from highdicom import CoordinateSystemNames
from highdicom.sc import SCImage
from pydicom.dataset import Dataset
from pydicom.uid import SecondaryCaptureImageStorage

from core.errors import NotApplicable
from core.exports.contract import ExportSubject
from core.exports.dicom.identification import (
    ANY_ORIENTATION,
    NewInstance,
    complete,
    equipment,
    file_bytes,
    source_arguments,
)
from core.exports.dicom.source import UTF_8, DicomSource, decimals, dicom_source
from core.exports.dicom.source_format import NO_DICOM_SOURCE
from core.exports.statement import statement_of
from core.workspace.workspace import CaseData

NAME = "Anonymous^Research"
SERIES_NUMBER = 9800
NAME_DIGITS = 12
# DICOM has no sheared pixels: rows and columns must be at right angles, up to rounding.
RIGHT_ANGLE = 1e-4


def source_or_new_study(subject: ExportSubject, new_study: bool) -> DicomSource:
    """The DICOM source of a case; with `new_study` an image of a new study where it is no DICOM image.

    Raises NotApplicable where it is none and `new_study` is not set, and as `dicom_source` does.
    """
    source = dicom_source(subject)
    if source is not None:
        return source
    if not new_study:
        raise NotApplicable(*NO_DICOM_SOURCE)
    return _new_study_source(subject.data)


def _new_study_source(data: CaseData) -> DicomSource:
    """The slice of a case as an image of a new study."""
    case = data.case
    content = case.source.file_sha256
    header = Dataset()
    header.SpecificCharacterSet = UTF_8
    header.PatientName, header.PatientID = NAME, f"ANON-{content[:12].upper()}"
    for keyword in ("PatientBirthDate", "PatientSex", "AccessionNumber", "ReferringPhysicianName"):
        setattr(header, keyword, "")
    # Unknown, and the same in whatever is exported later into the study.
    header.StudyDate = header.StudyTime = ""
    header.StudyID, header.StudyInstanceUID = "1", _uid(content, "study")
    header.SeriesInstanceUID = _uid(content, "series")
    picture = hashlib.sha256(np.ascontiguousarray(data.picture).tobytes()).hexdigest()
    header.SOPInstanceUID = _uid(content, f"image {case.image.image.slice} {picture}")
    header.SOPClassUID = SecondaryCaptureImageStorage
    header.Modality, header.Laterality = "OT", ""
    header.Rows, header.Columns = case.geometry.shape
    affine = None
    if case.geometry.affine_lps_mm is not None:
        affine = np.array(case.geometry.affine_lps_mm)
        steps = np.linalg.norm(affine[:3, :3], axis=0)
        directions = affine[:3, :3] / steps
        if abs(directions[:, 1] @ directions[:, 2]) > RIGHT_ANGLE:
            affine = None
        else:
            header.ImagePositionPatient = decimals(affine[:3, 3])
            header.ImageOrientationPatient = decimals([*directions[:, 2], *directions[:, 1]])
            header.SliceThickness = decimals(steps[:1])[0]
            header.FrameOfReferenceUID = _uid(content, "frame of reference")
            header.PositionReferenceIndicator = ""
    if case.geometry.spacing_mm is not None:
        header.PixelSpacing = decimals(case.geometry.spacing_mm)
    return DicomSource(header, str(SecondaryCaptureImageStorage), None, affine, is_new=True)


def source_files(subject: ExportSubject) -> Mapping[str, bytes]:
    """The file of the source as an image of its new study; none where the source is a DICOM image.

    Its name stands for the slice and its picture. Raises as `dicom_source`.
    """
    source = source_or_new_study(subject, new_study=True)
    if not source.is_new:
        return {}
    digest = hashlib.sha256(source.instance_uid.encode()).hexdigest()
    return {f"dicom_source-{digest[:NAME_DIGITS]}.dcm": file_bytes(_source_image(subject, source))}


def _source_image(subject: ExportSubject, source: DicomSource) -> SCImage:
    """The slice as displayed."""
    header, picture = source.header, subject.data.picture
    instance = NewInstance(SERIES_NUMBER, 1, header.SeriesInstanceUID, header.SOPInstanceUID)
    result = SCImage(
        pixel_array=picture,
        photometric_interpretation="RGB" if picture.ndim == 3 else "MONOCHROME2",
        bits_allocated=8,
        coordinate_system=CoordinateSystemNames.PATIENT,
        patient_orientation=ANY_ORIENTATION,
        series_description="Picture of a source that is no DICOM image",
        **source_arguments(source),
        **instance.arguments,
        **equipment(),
    )
    for keyword in (
        *("ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing", "SliceThickness"),
        *("FrameOfReferenceUID", "PositionReferenceIndicator"),
    ):
        if keyword in header:
            result[keyword] = header[keyword]
    result.Laterality, result.PatientOrientation = "", source.patient_orientation
    complete(result, source, statement_of(ExportSubject(subject.data)))
    return result


def _uid(content: str, part: str) -> str:
    return f"2.25.{uuid5(NAMESPACE_OID, f'Saliscope {content} {part}').int}"
