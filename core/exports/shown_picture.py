"""The picture of a case or map as the window shows it, as its exporters draw it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import Field

from core.exports.class_words import class_words
from core.exports.contract import ExportSubject
from core.exports.statement import statement_of
from core.figures.blending import ColourScale, MapStyle
from core.figures.colour_maps import DEFAULT_OPACITY, DEFAULT_THRESHOLD, ColourMap
from core.figures.map_lines import highest_mask
from core.figures.picture import MeasuredLine, OutlinedArea, PictureParts, picture_figure
from core.figures.wording import map_header, parameter_words
from core.images.geometry import all_edge_letters
from core.images.measuring import place_of_spacing
from core.images.outline import outline, outline_on_slice
from core.images.resample import in_cells
from core.network.parameters import Parameters
from core.number_text import percent, significant
from core.workspace.document import SavedCase

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# As in the window: no colour map has one that is like it.
REGION_COLOUR, TOP_COLOUR = "#ff4df0", "#ffffff"


class PictureParams(Parameters):
    """How the map lies over the slice, and what is drawn and written with it.

    Its first fields have the names of the overlay's settings in a workspace, which are taken where they are
    not given, so that the picture is the one that was shown.
    """

    opacity: float = Field(DEFAULT_OPACITY, ge=0, le=1, description="of full evidence")
    threshold: float = Field(
        DEFAULT_THRESHOLD, ge=0, le=1, description="share of full colour below which nothing is drawn"
    )
    colour_map: Literal["inferno", "viridis", "grey", "literature"] = Field(
        ColourMap.INFERNO.value, description="of maps without a sign; literature is jet, as in papers"
    )
    native_cells: bool = Field(False, description="show the grid that the method computed on")
    outline: bool = Field(False, description="outline the 10 % with the highest values")
    regions: bool = Field(True, description="outline regions and reference masks")
    measurements: bool = Field(True, description="draw distances and angles")
    caption: bool = Field(True, description="write prediction, parameters and display window below")


def shown_figure(subject: ExportSubject, params: PictureParams) -> "Figure":
    """The figure of the slice with the subject's map; the slice alone without one."""
    return picture_figure(picture_parts(subject, params))


def description_of(subject: ExportSubject) -> str:
    """The statement as text, for the metadata of a picture."""
    return "\n".join(statement_of(subject).lines)


def picture_parts(subject: ExportSubject, params: PictureParams) -> PictureParts:
    """What the picture shows."""
    case, saved = subject.case, subject.map
    geometry = case.geometry
    affine = None if geometry.affine_lps_mm is None else np.array(geometry.affine_lps_mm)
    spacing = geometry.spacing_mm
    values, scale, title = None, None, ("Image", _slice_words(case))
    if saved is not None:
        grid_values = subject.data.values_of(saved)
        scale = ColourScale.of(grid_values, saved.record.signed)
        shown = in_cells(grid_values, saved.record.cells) if params.native_cells else grid_values
        values = case.grid.grid_map.to_slice(shown, smooth=not params.native_cells)
        title = map_header(saved.record, class_words(subject.case))
    return PictureParts(
        displayed=subject.data.picture,
        title=title,
        caption=tuple(_caption(subject)) if params.caption else (),
        values=values,
        scale=scale,
        style=MapStyle(params.opacity, params.threshold, ColourMap(params.colour_map)),
        no_evidence="" if saved is None else saved.record.no_share,
        aspect=spacing[0] / spacing[1] if spacing is not None else geometry.stated_aspect or 1.0,
        column_mm=None if spacing is None else spacing[1],
        scale_words=place_of_spacing(case.image.image.spacing_source),
        letters=all_edge_letters(affine, geometry.orientation_letters),
        areas=tuple(_areas(subject, params)),
        measurements=_measured_lines(case) if params.measurements else (),
    )


def _areas(subject: ExportSubject, params: PictureParams) -> Iterator[OutlinedArea]:
    saved = subject.map
    if params.outline and saved is not None and not saved.record.no_share:
        values = subject.data.values_of(saved)
        highest = highest_mask(values, np.sort(values, axis=None))
        yield OutlinedArea(outline_on_slice(highest, subject.case.grid.grid_map), TOP_COLOUR)
    for region in subject.case.regions if params.regions else ():
        is_reference = region.origin == "reference"
        label = region.title or ("Reference mask" if is_reference else "Region")
        lines = outline(subject.data.mask_of(region))
        yield OutlinedArea(lines, REGION_COLOUR, label, is_dashed=is_reference)


def _measured_lines(case: SavedCase) -> tuple[MeasuredLine, ...]:
    return tuple(MeasuredLine(measured.points, measured.words) for measured in case.measurements)


def _caption(subject: ExportSubject) -> Iterator[str]:
    case, saved = subject.case, subject.map
    prediction, model, words_of = case.image.prediction, case.image.model, class_words(case)
    yield (
        f"Prediction: {words_of(prediction.class_name)} {percent(prediction.probability)}. "
        f"Model: {model.id}, version {model.version} ({model.weights_sha256[:12]})."
    )
    if saved is not None:
        values = "".join(f"{name} {words}, " for name, words in parameter_words(saved.record).items())
        target = saved.record.target.words_by(words_of)
        yield f"Parameters: {values}seed {saved.record.seed}. Target: {target}."
        if saved.record.partial is not None:
            yield f"The map is {saved.record.partial.words}."
    window = case.window
    shown = (
        ""
        if window is None
        else f" Display window: centre {significant(window.centre)}, width {significant(window.width)}"
        f"{' ' + window.unit if window.unit else ''}{', inverted' if window.inverted else ''}."
    )
    yield f"{_slice_words(case)}.{shown}"


def _slice_words(case: SavedCase) -> str:
    """Such as 'MR, slice 3 of 5, 60 x 40 pixels'."""
    image = case.image.image
    number = f"slice {image.slice} of {image.slices}" if image.slices > 1 else ""
    plane = f"{image.plane} plane" if image.plane else ""
    size = f"{image.columns} x {image.rows} pixels"
    return ", ".join(filter(None, (image.modality, plane, number, size)))
