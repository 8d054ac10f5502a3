"""Several maps of one slice in rows, each in its own colour scale, with a caption below."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np

from core.arrays import Array
from core.figures.blending import ColourScale, blended, enlarged
from core.figures.overlay import FOOTER, png_bytes
from core.images.grid_map import GridMap
from core.images.resample import resampled
from core.images.slice import Slice
from core.images.windowing import displayed

COLUMNS, SIDE_INCHES, DPI = 6, 1.9, 150
CAPTION_INCHES, TITLE_INCHES, GAP_INCHES, FOOTER_INCHES = 0.52, 0.45, 0.12, 0.3


@dataclass(frozen=True, slots=True, eq=False)
class SheetMap:
    """values: (rows, columns) on the grid of a layer. caption: its lines below the picture."""

    values: Array
    caption: str


def contact_sheet_png(image: Slice, grid_map: GridMap, maps: Sequence[SheetMap], title: str) -> bytes:
    """PNG of the maps over the whole slice, from left to right and from top to bottom.

    Each is brought to the network's grid linearly, and its full colour is its own largest magnitude.
    """
    from matplotlib.figure import Figure

    ground = displayed(image)
    columns, rows = min(COLUMNS, len(maps)), ceil(len(maps) / COLUMNS)
    wide, tall = SIDE_INCHES + GAP_INCHES, SIDE_INCHES + CAPTION_INCHES
    width, height = columns * wide + GAP_INCHES, TITLE_INCHES + rows * tall + FOOTER_INCHES
    width = max(width, 4.5)
    figure = Figure(figsize=(width, height), dpi=DPI, facecolor="white")
    figure.text(GAP_INCHES / width, 1 - 0.28 / height, title, fontsize=9, parse_math=False)
    for number, each in enumerate(maps):
        left = GAP_INCHES + (number % columns) * wide
        bottom = height - TITLE_INCHES - (number // columns) * tall - SIDE_INCHES
        place = (left / width, bottom / height, SIDE_INCHES / width, SIDE_INCHES / height)
        axes = figure.add_axes(place)
        axes.imshow(_picture(image, ground, grid_map, each.values))
        axes.set_axis_off()
        below = (bottom - 0.06) / height
        figure.text(
            (left + SIDE_INCHES / 2) / width, below, each.caption, fontsize=7, ha="center", va="top",
            parse_math=False,
        )  # fmt: skip
    figure.text(GAP_INCHES / width, 0.1 / height, FOOTER, fontsize=6, color="0.35")
    return png_bytes(figure)


def _picture(image: Slice, ground: Array, grid_map: GridMap, values: Array) -> Array:
    on_grid = resampled(values, grid_map.grid)
    scale = ColourScale.of(on_grid, bool((on_grid < 0).any()))
    picture = blended(ground, grid_map.to_slice(on_grid), scale)
    return np.ascontiguousarray(enlarged(picture, image.pixel_aspect, 1))
