"""Regions of a slice as a DICOM Segmentation (PS3.3 A.51), one segment each, without a claim of anatomy."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from highdicom import AlgorithmIdentificationSequence
from highdicom.seg import Segmentation, SegmentationTypeValues, SegmentDescription
from pydicom.sr.codedict import codes

from core.arrays import Array
from core.exports.dicom.identification import (
    LONG_STRING,
    PROGRAM,
    NewInstance,
    complete,
    contribution,
    equipment,
    map_algorithm,
    new_uid,
    shortened,
)
from core.exports.dicom.source import DicomSource
from core.exports.statement import Statement
from core.number_text import exact_percent
from core.workspace.document import SavedCase, SavedMap, SavedRegion

SERIES_NUMBER = 9802


@dataclass(frozen=True, slots=True)
class Segment:
    """A region to be written. mask: (rows, columns) bool. algorithm: None for one drawn by a person."""

    label: str
    mask: Array
    algorithm_type: str
    algorithm: AlgorithmIdentificationSequence | None = None
    tracking_uid: str = ""


def top_segment(case: SavedCase, saved: SavedMap, mask: Array, share_percent: float) -> Segment:
    """The region of a map's highest values, found without a person. mask: (rows, columns) bool."""
    label = f"Highest {exact_percent(share_percent / 100)} of {saved.record.title}"
    return Segment(label, mask, "AUTOMATIC", map_algorithm(case, saved), new_uid())


def region_segment(region: SavedRegion, mask: Array) -> Segment:
    """A region that was drawn, or read from a file of which nobody knows here how it was made.

    mask: (rows, columns) bool.
    """
    label = region.title or f"Region {region.id}"
    if region.origin == "drawn":
        return Segment(label, mask, "MANUAL", None, new_uid())
    unknown = AlgorithmIdentificationSequence(
        name="Unknown: read from a reference file",
        family=codes.DCM.ManualProcessing,
        version="unknown",
        source=PROGRAM,
    )
    return Segment(label, mask, "SEMIAUTOMATIC", unknown, new_uid())


def segmentation(
    segments: Sequence[Segment], source: DicomSource, statement: Statement, instance: NewInstance
) -> Segmentation:
    """The regions as one object of the source's study; on its pixels where it has no position."""
    # Segments may overlap, so each has a plane of its own: (1, rows, columns, segments).
    pixels = np.stack([segment.mask for segment in segments], axis=-1)[None].astype(np.uint8)
    result = Segmentation(
        source_images=[source.header],
        pixel_array=pixels,
        segmentation_type=SegmentationTypeValues.BINARY,
        segment_descriptions=[_description(number, one) for number, one in enumerate(segments, 1)],
        content_label="REGION",
        content_description=shortened(", ".join(one.label for one in segments), LONG_STRING),
        omit_empty_frames=False,
        contributing_equipment=[contribution(statement)],
        series_description="Research: regions",
        **instance.arguments,
        **equipment(),
    )
    if not source.has_place:
        result.PatientOrientation = source.patient_orientation
    complete(result, source, statement)
    return result


def _description(number: int, segment: Segment) -> SegmentDescription:
    """Category and type say that it is a region of the image and nothing of what is there."""
    return SegmentDescription(
        segment_number=number,
        segment_label=shortened(segment.label, LONG_STRING),
        segmented_property_category=codes.SCT.SpatialAndRelationalConcept,
        segmented_property_type=codes.DCM.ImageRegion,
        algorithm_type=segment.algorithm_type,
        algorithm_identification=segment.algorithm,
        tracking_uid=segment.tracking_uid or new_uid(),
        tracking_id=shortened(segment.label, LONG_STRING),
    )
