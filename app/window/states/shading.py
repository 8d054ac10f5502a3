"""From a map to colours: which value gets full colour, and what lies under a position."""

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from core.arrays import Array, FloatArray
from core.figures.colour_maps import DEFAULT_THRESHOLD, ColourMap, colours_of, opacity_of
from core.images.grid_map import GridMap
from core.images.resample import in_cells

# A few extreme values would leave the rest of a gradient map in the dark; they share the full colour.
FULL_COLOUR_PERCENTILE = 99.5
# More than the screen shows is not computed.
LARGEST_PICTURE = 1024
# Diagonal lines (RGBA and pixels) where there is no value, such as what the network did not see.
HATCH, HATCH_GAP = (150, 150, 150, 110), (0, 0, 0, 0)
HATCH_PERIOD, HATCH_LINE = 12, 3
# Shares of full colour are told apart to this part of it.
FINE_STEPS = 2000


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """A map over a slice. values: (rows, columns) on the network's grid.

    full: the magnitude that gets full colour. cells: the grid on which the method really computed.
    subtitle: the parameters that differ from the default. unit: of the values. normalisation: how `full` was
    chosen, in words. no_share: why shares of the map's positive evidence mean nothing, in a sentence; empty
    where they do, and while the map still sharpens. is_for_or_against: whether the sign tells what supports
    the target from what opposes it.
    """

    values: FloatArray
    signed: bool
    cells: tuple[int, int]
    grid_map: GridMap
    full: float
    title: str = ""
    subtitle: str = ""
    target: str = ""
    layer: str = ""
    unit: str = ""
    normalisation: str = ""
    no_share: str = ""
    is_for_or_against: bool = True
    ranked: Array = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ranked", np.sort(self.values, axis=None))

    @property
    def name(self) -> str:
        """Title and parameters in one line."""
        return ", ".join(filter(None, (self.title, self.subtitle)))

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


def coloured(
    values: Array, full: float, signed: bool, name: ColourMap, threshold: float = DEFAULT_THRESHOLD
) -> Array:
    """RGBA uint8 (..., 4); NaN is hatched in grey, never a colour.

    threshold: the share of `full` below which nothing is drawn.
    """
    table = _table(signed, name, threshold)
    places = np.clip(values * (FINE_STEPS / full), -FINE_STEPS if signed else 0, FINE_STEPS)
    unknown = np.isnan(places)
    places[unknown] = 0.0
    at = np.rint(places).astype(np.int16)
    picture = np.take(table, at + FINE_STEPS if signed else at).view(np.uint8).reshape(*at.shape, 4)
    if unknown.any():
        picture[unknown] = HATCH_GAP
        diagonal = np.add.outer(np.arange(unknown.shape[0]), np.arange(unknown.shape[1]))
        picture[unknown & (diagonal % HATCH_PERIOD < HATCH_LINE)] = HATCH
    return picture


@lru_cache(maxsize=64)
def _table(signed: bool, name: ColourMap, threshold: float) -> Array:
    """RGBA as one uint32 for each of the shares, from the lowest to the highest."""
    share = np.arange(-FINE_STEPS if signed else 0, FINE_STEPS + 1) / FINE_STEPS
    opacity = np.rint(255 * opacity_of(share, threshold)).astype(np.uint8)
    table = np.concatenate([colours_of(share, signed, name), opacity[:, None]], axis=1)
    return np.ascontiguousarray(table).view(np.uint32)[:, 0]


def on_screen(overlay: Overlay, native_cells: bool) -> Array:
    """The map's values (rows, columns) float32 over the whole slice, at most about a million.

    They are smooth, or in the cells that the method computed; NaN where the network did not see the slice.
    """
    values = overlay.values.astype(np.float32)
    if native_cells:
        values = in_cells(values, overlay.cells)
    return _for_screen(overlay.grid_map).to_slice(values, smooth=not native_cells).astype(np.float32)


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
