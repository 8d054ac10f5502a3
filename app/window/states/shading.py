"""From a map to colours: which value gets full colour, and what lies under a position."""

from dataclasses import dataclass, field

import numpy as np

from core.arrays import Array, FloatArray
from core.figures.colour_maps import STEPS, ColourMap, one_sided_table, signed_table
from core.images.grid_map import GridMap

# A few extreme values would leave the rest of a gradient map in the dark; they share the full colour.
FULL_COLOUR_PERCENTILE = 99.5
# More than the screen shows is not computed.
LARGEST_PICTURE = 1024
# Diagonal lines (RGBA and pixels) where there is no value, such as what the network did not see.
HATCH, HATCH_GAP = (150, 150, 150, 110), (0, 0, 0, 0)
HATCH_PERIOD, HATCH_LINE = 12, 3


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """A map over a slice. values: (rows, columns) on the network's grid.

    full: the magnitude that gets full colour. cells: the grid on which the method really computed.
    unit: of the values. normalisation: how `full` was chosen, in words. no_share: why shares of the map's
    positive evidence mean nothing, in a sentence; empty where they do, and while the map still sharpens.
    """

    values: FloatArray
    signed: bool
    cells: tuple[int, int]
    grid_map: GridMap
    full: float
    title: str = ""
    target: str = ""
    layer: str = ""
    unit: str = ""
    normalisation: str = ""
    no_share: str = ""
    ranked: Array = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ranked", np.sort(self.values, axis=None))

    @property
    def has_positive_evidence(self) -> bool:
        return not self.no_share and bool(self.ranked.size and self.ranked[-1] > 0)

    def at(self, row: float, column: float) -> tuple[float, float] | None:
        """Value and rank (share of the map's values below it) at a slice position; None outside."""
        down, across = (round(place) for place in self.grid_map.to_grid(row, column))
        rows, columns = self.values.shape
        if not (0 <= down < rows and 0 <= across < columns):
            return None
        value = float(self.values[down, across])
        return value, float(np.searchsorted(self.ranked, value)) / self.ranked.size


def full_colour(values: Array) -> float:
    """The magnitude that gets full colour when a map is shown by itself; 1 for a map of zeros."""
    magnitudes = np.abs(values)
    chosen = float(np.percentile(magnitudes, FULL_COLOUR_PERCENTILE))
    return chosen or float(magnitudes.max()) or 1.0


def coloured(values: Array, full: float, signed: bool, name: ColourMap) -> Array:
    """RGBA uint8 (rows, columns, 4); NaN is hatched in grey, never a colour."""
    table = signed_table() if signed else one_sided_table(name)
    low = -full if signed else 0.0
    places = np.clip((values - low) * ((STEPS - 1) / (full - low)), 0, STEPS - 1)
    unknown = np.isnan(places)
    picture: Array = table[np.rint(np.where(unknown, 0.0, places)).astype(np.intp)]
    if unknown.any():
        picture[unknown] = HATCH_GAP
        diagonal = np.add.outer(np.arange(unknown.shape[0]), np.arange(unknown.shape[1]))
        picture[unknown & (diagonal % HATCH_PERIOD < HATCH_LINE)] = HATCH
    return picture


def shaded(overlay: Overlay, name: ColourMap, native_cells: bool) -> Array:
    """The overlay over the whole slice as RGBA; smooth, or in the cells the method computed."""
    grid_map = _for_screen(overlay.grid_map)
    values = overlay.values.astype(np.float32)
    if native_cells:
        values = in_cells(values, overlay.cells)
    return coloured(grid_map.to_slice(values, smooth=not native_cells), overlay.full, overlay.signed, name)


def in_cells(values: Array, cells: tuple[int, int]) -> Array:
    """Each grid value replaced by the one at the middle of its cell; the shape stays."""
    rows, columns = (_middles(size, count) for size, count in zip(values.shape, cells, strict=True))
    return values[np.ix_(rows, columns)]


def _middles(size: int, count: int) -> Array:
    if count >= size:
        return np.arange(size)
    cell = np.minimum(((np.arange(size) + 0.5) * count / size).astype(int), count - 1)
    return np.clip(np.floor((cell + 0.5) * size / count).astype(int), 0, size - 1)


def _for_screen(grid_map: GridMap) -> GridMap:
    """The same field over a slice of at most LARGEST_PICTURE pixels a side."""
    shrink = max(grid_map.slice_shape) / LARGEST_PICTURE
    if shrink <= 1:
        return grid_map
    shape = tuple(max(1, round(side / shrink)) for side in grid_map.slice_shape)
    by = tuple(new / old for new, old in zip(shape, grid_map.slice_shape, strict=True))
    edges = [(edge + 0.5) * by[index % 2] - 0.5 for index, edge in enumerate(grid_map.box)]
    box = edges[0], edges[1], edges[2], edges[3]
    return GridMap(grid_map.grid, (shape[0], shape[1]), box, grid_map.turn)
