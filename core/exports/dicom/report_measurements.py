"""Distances and angles that a person drew, as a measurement group of a report (TID 1501)."""

from typing import Any

import numpy as np
from highdicom.sr import (
    CoordinatesForMeasurement,
    GraphicTypeValues,
    Measurement,
    MeasurementsAndQualitativeEvaluations,
    SourceImageForRegion,
    TrackingIdentifier,
)
from pydicom.sr.codedict import codes

from core.exports.dicom.identification import new_uid
from core.exports.dicom.report_codes import PIXELS
from core.exports.dicom.source import DicomSource
from core.images.measuring import angle_degrees, distance
from core.images.slice import Slice
from core.workspace.document import SavedMeasurement
from core.workspace.workspace import CaseData

# In DICOM the corner of the first pixel is at 0, here its centre (PS3.3 C.18.6).
_FIRST_CENTRE = 0.5


def drawn_measurements(data: CaseData, source: DicomSource) -> Any | None:
    """The group of all of them; None without any."""
    drawn = data.case.measurements
    if not drawn:
        return None
    return MeasurementsAndQualitativeEvaluations(
        tracking_identifier=TrackingIdentifier(new_uid(), "Distances and angles drawn by a person"),
        method=codes.DCM.ManualProcessing,
        measurements=[_measurement(data, source, one) for one in drawn],
    )


def _measurement(data: CaseData, source: DicomSource, drawn: SavedMeasurement) -> Measurement:
    geometry = data.case.geometry
    plane = Slice(data.picture, spacing_mm=geometry.spacing_mm, stated_aspect=geometry.stated_aspect)
    if drawn.kind == "distance":
        name, value = codes.SCT.Length, distance(plane, drawn.points[0], drawn.points[1])
        unit = codes.UCUM.Millimeter if geometry.spacing_mm is not None else PIXELS
    else:
        name, unit = codes.SCT.Angle, codes.UCUM.Degree
        value = angle_degrees(plane, drawn.points[0], drawn.points[1], drawn.points[2])
    points = np.array([(column, row) for row, column in drawn.points]) + _FIRST_CENTRE
    frames = None if source.frame is None else [source.frame]
    return Measurement(
        name=name,
        value=float(value),
        unit=unit,
        referenced_coordinates=[
            CoordinatesForMeasurement(
                graphic_type=GraphicTypeValues.POLYLINE,
                graphic_data=points,
                source_image=SourceImageForRegion(source.class_uid, source.instance_uid, frames),
            )
        ],
    )
