"""The pictures of a report: the slice, maps over it, regions and measurements."""

from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np

from core.arrays import Array
from core.exports.report.content import ReportColourBar
from core.figures.blending import ColourScale, blended, coloured, enlarged, in_colour
from core.figures.colour_maps import DEFAULT_THRESHOLD
from core.figures.overlay import BAR_GREY, bar_numbers
from core.images.geometry import EdgeLetters, all_edge_letters
from core.images.grid_map import GridMap
from core.models.bundle import RESOURCES
from core.workspace.document import SavedMap, SavedMeasurement, SliceGeometry
from core.workspace.workspace import CaseData

if TYPE_CHECKING:
    from PIL import ImageDraw

FONTS = RESOURCES / "fonts"
# A larger picture is reduced: a page shows about so many pixels, and the time and size of a report follow.
LONGEST_SIDE, SMALLEST_SIDE = 720, 400
# The colours of regions and measurements in the window.
REGION, MEASUREMENT = (255, 77, 240), (255, 215, 94)
# The colours of the field around pictures, and of marks on it.
FIELD, MARK = (11, 12, 14), (195, 201, 210)
BAR_STEPS, BAR_COLUMNS, MARK_COLUMNS = 256, 10, 5


def slice_picture(data: CaseData) -> Array:
    """(rows, columns, 3) uint8 with square pixels: the slice as displayed, without a map."""
    return _with_proportions(_reduced_picture(data), data)


def map_picture(data: CaseData, saved: SavedMap) -> tuple[Array, ReportColourBar]:
    """(rows, columns, 3) uint8 with square pixels, the map over the slice; and its colours.

    The regions that its checks were made with are outlined.
    """
    values = data.values_of(saved)
    scale = ColourScale.of(values, saved.record.signed)
    picture = _reduced_picture(data)
    grid_map = _reduced_grid(data.case.grid.grid_map, picture.shape)
    mixed = _with_proportions(blended(picture, grid_map.to_slice(values), scale), data)
    for name in dict.fromkeys(each.region for each in saved.findings):
        region = data.region(name)
        if region is not None:
            mixed[_outline(_stretched(data.mask_of(region), mixed.shape))] = REGION
    return mixed, colour_bar(scale)


def input_picture(values: Array) -> Array:
    """(height, width, 3) uint8 of a network's input (height, width, channels), its range to 256 greys."""
    low, high = float(values.min()), float(values.max())
    greys = np.rint((values - low) / ((high - low) or 1.0) * 255).astype(np.uint8)
    return enlarged(in_colour(greys[..., 0] if greys.shape[2] != 3 else greys), 1.0, SMALLEST_SIDE)


def colour_bar(scale: ColourScale) -> ReportColourBar:
    """The colours of a scale over the grey of tissue, with their numbers.

    Triangles on its left mark the values from which on the map is drawn.
    """
    steps = np.linspace(scale.limit or 1.0, scale.low if scale.limit else 0.0, BAR_STEPS)[:, None]
    colours = coloured(steps, scale) if scale.limit else np.zeros((BAR_STEPS, 1, 4))
    opacity = colours[..., 3:]
    pixels = np.rint(255 * (BAR_GREY * (1 - opacity) + colours[..., :3] * opacity)).astype(np.uint8)
    extent = (scale.limit - scale.low) or 1.0
    pixels = np.repeat(pixels, BAR_COLUMNS, axis=1)
    marks = np.full((BAR_STEPS, MARK_COLUMNS, 3), FIELD, np.uint8)
    for sign in (-1, 1) if scale.signed else (1,):
        share = (sign * DEFAULT_THRESHOLD * scale.limit - scale.low) / extent
        distance = np.abs(np.arange(BAR_STEPS) - round((1 - share) * (BAR_STEPS - 1)))
        is_mark = distance[:, None] <= MARK_COLUMNS - 1 - np.arange(MARK_COLUMNS)
        marks[is_mark & (scale.limit > 0)] = MARK
    pixels = np.concatenate([marks, pixels], axis=1)
    ticks = tuple(((value - scale.low) / extent, words) for value, words in bar_numbers(scale))
    return ReportColourBar(pixels, ticks)


def marked_picture(data: CaseData) -> Array:
    """(rows, columns, 3) uint8 with square pixels: the slice with outlines of its regions and measurements.

    Regions and measurements have their numbers, both counted from 1.
    """
    from PIL import Image, ImageDraw

    picture = slice_picture(data)
    picture = np.ascontiguousarray(picture)
    scale = picture.shape[0] / data.picture.shape[0], picture.shape[1] / data.picture.shape[1]
    corners = []
    for region in data.case.regions:
        mask = _stretched(data.mask_of(region), picture.shape)
        picture[_outline(mask)] = REGION
        corners.append(np.argwhere(mask)[0].tolist() if mask.any() else [0, 0])
    image = Image.fromarray(picture)
    draw = ImageDraw.Draw(image)
    for number, (row, column) in enumerate(corners, 1):
        _write(draw, f"{number}", (column, row), REGION)
    for number, measurement in enumerate(data.case.measurements, 1):
        _draw_measurement(draw, measurement, scale, f"m{number}")
    return np.asarray(image)


def letters_of(geometry: SliceGeometry) -> EdgeLetters | None:
    """The patient's sides at the four edges; None if unknown."""
    affine = None if geometry.affine_lps_mm is None else np.array(geometry.affine_lps_mm)
    return all_edge_letters(affine, geometry.orientation_letters)


def pixel_aspect(geometry: SliceGeometry) -> float:
    """Height of a pixel divided by its width: from the spacing, else as stated, else 1."""
    if geometry.spacing_mm is not None:
        return geometry.spacing_mm[0] / geometry.spacing_mm[1]
    return geometry.stated_aspect or 1.0


def png_of(pixels: Array) -> bytes:
    """PNG of (rows, columns, 3) uint8; the same pixels give the same bytes."""
    from PIL import Image

    buffer = BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(buffer, format="PNG", compress_level=6)
    return buffer.getvalue()


def _reduced_picture(data: CaseData) -> Array:
    """The slice in colour, with square pixels at most LONGEST_SIDE long; each pixel the mean of its area."""
    from PIL import Image

    picture, aspect = data.picture, pixel_aspect(data.case.geometry)
    height, width = picture.shape[0] * max(aspect, 1.0), picture.shape[1] * max(1 / aspect, 1.0)
    factor = LONGEST_SIDE / max(height, width)
    if factor >= 1:
        return in_colour(picture)
    rows, columns = (max(1, round(size * factor)) for size in picture.shape[:2])
    image = Image.fromarray(np.ascontiguousarray(picture))
    return in_colour(np.asarray(image.resize((columns, rows), Image.Resampling.BOX)))


def _reduced_grid(grid_map: GridMap, shape: tuple[int, ...]) -> GridMap:
    """The same grid on a slice of another size."""
    by_row, by_column = (new / old for new, old in zip(shape[:2], grid_map.slice_shape, strict=True))
    top, left, bottom, right = grid_map.box
    box = (
        (top + 0.5) * by_row - 0.5,
        (left + 0.5) * by_column - 0.5,
        (bottom + 0.5) * by_row - 0.5,
        (right + 0.5) * by_column - 0.5,
    )
    return replace(grid_map, slice_shape=(shape[0], shape[1]), box=box)


def _with_proportions(picture: Array, data: CaseData) -> Array:
    return enlarged(picture, pixel_aspect(data.case.geometry), SMALLEST_SIDE)


def _stretched(mask: Array, shape: tuple[int, ...]) -> Array:
    """A mask (rows, columns) repeated or thinned to `shape`."""
    rows = (np.arange(shape[0]) * mask.shape[0]) // shape[0]
    columns = (np.arange(shape[1]) * mask.shape[1]) // shape[1]
    return mask[rows][:, columns]


def _outline(mask: Array) -> Array:
    """(rows, columns) bool: the pixels of a mask within two of its border."""
    inner = mask.copy()
    for _ in range(2):
        padded = np.pad(inner, 1)
        inner = inner & padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    return mask & ~inner


def _draw_measurement(
    draw: "ImageDraw.ImageDraw", measurement: SavedMeasurement, scale: tuple[float, float], name: str
) -> None:
    places = [((column + 0.5) * scale[1], (row + 0.5) * scale[0]) for row, column in measurement.points]
    draw.line(places, fill=MEASUREMENT, width=3)
    for x, y in places:
        draw.ellipse((x - 5, y - 5, x + 5, y + 5), outline=MEASUREMENT, width=2)
    _write(draw, name, places[len(places) // 2], MEASUREMENT)


def _write(
    draw: "ImageDraw.ImageDraw", words: str, place: tuple[float, float], colour: tuple[int, int, int]
) -> None:
    from PIL import ImageFont

    font = ImageFont.truetype(str(FONTS / "InterTabular-SemiBold.ttf"), 22)
    x, y = place[0] + 8, place[1] + 8
    draw.text((x, y), words, fill=colour, font=font, stroke_width=3, stroke_fill=(0, 0, 0))
