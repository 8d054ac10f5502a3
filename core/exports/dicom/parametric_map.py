"""A map as a DICOM Parametric Map (PS3.3 A.75): float values on the pixels of the source's slice."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from highdicom import VOILUTFunctionValues, VOILUTTransformation
from highdicom.pm import DerivedPixelContrastValues, ParametricMap, RealWorldValueMapping
from pydicom.sr.codedict import codes

from core.arrays import Array
from core.errors import NotApplicable
from core.exports.class_words import target_words
from core.exports.dicom.identification import (
    LONG_STRING,
    SHORT_TEXT,
    NewInstance,
    complete,
    contribution,
    equipment,
    explanation_code,
    method_parameters,
    shortened,
)
from core.exports.dicom.source import DicomSource
from core.exports.statement import Statement
from core.workspace.document import SavedCase, SavedMap

Interpolation = Literal["linear", "nearest"]
SERIES_NUMBER = 9801


@dataclass(frozen=True, slots=True)
class PlacedMap:
    """A map of a case and its values (rows, columns) on the slice; NaN outside of the network's input.

    interpolation: between the positions of the network's grid.
    """

    case: SavedCase
    saved: SavedMap
    values: Array
    interpolation: Interpolation = "linear"


def parametric_map(
    placed: PlacedMap, source: DicomSource, statement: Statement, instance: NewInstance
) -> ParametricMap:
    """The map as an object of the source's study. Raises NotApplicable for a source without a position."""
    if not source.has_place:
        raise NotApplicable(
            "The source states no position in a frame of reference, which a Parametric Map must have.",
            "Export a DICOM report or a Secondary Capture instead.",
        )
    saved = placed.saved
    stored, padding = _with_padding(placed.values)
    low, high = float(np.nanmin(placed.values)), float(np.nanmax(placed.values))
    result = ParametricMap(
        source_images=[source.header],
        pixel_array=stored,
        contains_recognizable_visual_features=False,
        real_world_value_mappings=[_mapping(saved, low, high)],
        voi_lut_transformations=[
            VOILUTTransformation(
                window_center=(low + high) / 2,
                window_width=(high - low) or 1.0,
                voi_lut_function=VOILUTFunctionValues.LINEAR_EXACT,  # the others need widths from 1 on
            )
        ],
        content_label="EXPLANATION",
        content_description=shortened(
            f"{saved.record.title} of the {target_words(placed.case, saved)}", LONG_STRING
        ),
        content_qualification="RESEARCH",
        derived_pixel_contrast=DerivedPixelContrastValues.QUANTITY,
        derivation=explanation_code(saved),
        contributing_equipment=[contribution(statement)],
        series_description=shortened(f"Research: {saved.record.title}", LONG_STRING),
        **instance.arguments,
        **equipment(),
    )
    if padding is not None:
        result.FloatPixelPaddingValue = result.FloatPixelPaddingRangeLimit = padding
    for groups in (result.SharedFunctionalGroupsSequence, result.PerFrameFunctionalGroupsSequence):
        for item in groups:
            for derivation in item.get("DerivationImageSequence", ()):
                derivation.DerivationDescription = shortened(
                    f"{statement.program}, {saved.record.title}: {method_parameters(placed.case, saved)}; "
                    f"{placed.interpolation} interpolation between the positions of the network's grid.",
                    SHORT_TEXT,
                )
    # Empty where the source does not tell the side (type 2C).
    result.Laterality = source.header.Laterality
    complete(result, source, statement, saved.record.no_share)
    return result


def _with_padding(values: Array) -> tuple[Array, float | None]:
    """float32 with a value below all others in the place of NaN, and that value; None if none is needed."""
    stored = values.astype(np.float32)
    is_outside = np.isnan(stored)
    if not is_outside.any():
        return stored, None
    low, high = float(np.nanmin(stored)), float(np.nanmax(stored))
    padding = np.float32(low - ((high - low) or 1.0))
    stored[is_outside] = padding
    return stored, float(padding)


def _mapping(saved: SavedMap, low: float, high: float) -> RealWorldValueMapping:
    """Stored values are the map's own; their unit is a word that no coding scheme has."""
    unit = saved.record.unit or "no unit"
    return RealWorldValueMapping(
        lut_label="MAP",
        lut_explanation=shortened(f"{saved.record.title}: {unit}", LONG_STRING),
        unit=codes.UCUM.NoUnits,
        value_range=(low, high),
        slope=1,
        intercept=0,
        quantity_definition=explanation_code(saved),
    )
