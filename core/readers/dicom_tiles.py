"""Mosaics: files in which the slices of one volume are the tiles of one large picture.

Siemens writes its echo planar images so (MOSAIC), United Imaging calls it a grid (VFRAME). Tiles run row by
row; the rest of the last rows is empty.
"""

from dataclasses import dataclass
from math import ceil, sqrt
from struct import error as struct_error
from struct import unpack_from
from typing import Any

import numpy as np
from pydicom.dataset import Dataset

from core.arrays import Array
from core.readers.dicom_headers import FrameHeader, as_numbers, label_of, spacing_of
from core.readers.instances import Point

_SIEMENS_COUNT, _SIEMENS_CREATOR = (0x0019, 0x100A), (0x0019, 0x0010)
_SIEMENS_HEADER, _SIEMENS_HEADER_CREATOR = (0x0029, 0x1010), (0x0029, 0x0010)
_UIH_COUNT, _UIH_SLICES, _UIH_CREATOR = (0x0065, 0x1050), (0x0065, 0x1051), (0x0065, 0x0010)
# No volume has more slices; a damaged number would ask for any amount of them.
_MOST_TILES = 4096
_MOST_TAGS = 128


@dataclass(frozen=True, slots=True)
class Tiles:
    """The tiles of one picture.

    rows, columns: of each tile. across: how many stand beside each other. positions: of the first pixel of
    each, LPS in mm; None where the header lacks what they follow from.
    """

    rows: int
    columns: int
    across: int
    count: int
    positions: tuple[Point, ...] | None

    def cut(self, picture: Array, tile: int) -> Array:
        """(rows, columns, ...): one tile of a picture (rows, columns, ...)."""
        down, right = divmod(tile, self.across)
        top, left = down * self.rows, right * self.columns
        return np.ascontiguousarray(picture[top : top + self.rows, left : left + self.columns])


def tiles_of(dataset: Dataset, rows: int, columns: int) -> Tiles | None:
    """The tiles of a picture of `rows` x `columns`; None if it is not made of tiles."""
    if label_of(dataset, "Modality") != "MR":
        return None
    return _uih_tiles(dataset, rows, columns) or _siemens_tiles(dataset, rows, columns)


def _siemens_tiles(dataset: Dataset, rows: int, columns: int) -> Tiles | None:
    if "MOSAIC" not in label_of(dataset, "ImageType"):
        return None
    csa = _csa_fields(dataset)
    count = _count(_private(dataset, _SIEMENS_COUNT, _SIEMENS_CREATOR, "SIEMENS"))
    count = count or _count(csa.get("NumberOfImagesInMosaic"))
    side = ceil(sqrt(count)) if count else 0
    if count < 2 or rows % side or columns % side:
        return None
    tile_rows, tile_columns = rows // side, columns // side
    normal = as_numbers(csa.get("SliceNormalVector"))
    positions = _siemens_positions(dataset, (rows, columns), (tile_rows, tile_columns), count, normal)
    return Tiles(tile_rows, tile_columns, side, count, positions)


def _siemens_positions(
    dataset: Dataset,
    picture: tuple[int, int],
    tile: tuple[int, int],
    count: int,
    stated_normal: tuple[float, ...],
) -> tuple[Point, ...] | None:
    """The stated position is that of a picture of full size around the same centre as the first slice."""
    header = FrameHeader(dataset, 0)
    corner = header.numbers("ImagePositionPatient", 3)
    orientation = header.numbers("ImageOrientationPatient", 6)
    spacing, _ = spacing_of(header)
    step = header.numbers("SpacingBetweenSlices", 1) or header.numbers("SliceThickness", 1)
    if corner is None or orientation is None or spacing is None or step is None:
        return None
    along_row, along_column = np.array(orientation[:3]), np.array(orientation[3:])
    normal = np.cross(along_row, along_column)
    if len(stated_normal) == 3 and normal @ np.array(stated_normal) < 0:
        normal = -normal
    first = (
        np.array(corner)
        + along_row * spacing[1] * (picture[1] - tile[1]) / 2
        + along_column * spacing[0] * (picture[0] - tile[0]) / 2
    )
    return tuple(_point(first + normal * abs(step[0]) * number) for number in range(count))


def _uih_tiles(dataset: Dataset, rows: int, columns: int) -> Tiles | None:
    count = _count(_private(dataset, _UIH_COUNT, _UIH_CREATOR, "Image Private Header"))
    if count < 2:
        return None
    across = ceil(sqrt(count))
    down = ceil(count / across)
    if rows % down or columns % across:
        return None
    items = _private(dataset, _UIH_SLICES, _UIH_CREATOR, "Image Private Header")
    stated = [FrameHeader(item, 0).numbers("ImagePositionPatient", 3) for item in items or ()]
    positions = [_point(np.array(position)) for position in stated if position is not None]
    has_all = len(positions) == count
    return Tiles(rows // down, columns // across, across, count, tuple(positions) if has_all else None)


def _point(values: Array) -> Point:
    return float(values[0]), float(values[1]), float(values[2])


def _count(value: Any) -> int:
    """A number of tiles, 0 for anything else."""
    numbers = as_numbers(value)
    is_count = len(numbers) == 1 and numbers[0].is_integer() and 0 < numbers[0] <= _MOST_TILES
    return int(numbers[0]) if is_count else 0


def _private(dataset: Dataset, tag: tuple[int, int], creator: tuple[int, int], prefix: str) -> Any:
    """The value of a private element, None unless its block is of the expected maker."""
    if tag not in dataset or creator not in dataset:
        return None
    return dataset[tag].value if str(dataset[creator].value).startswith(prefix) else None


def _csa_fields(dataset: Dataset) -> dict[str, list[str]]:
    """The fields of Siemens' CSA image header (version 2: SV10), their values as text; empty without one.

    A header of its own in little endian: a count of fields, each with a name of 64 bytes, and as many items
    as its count says, each a length and text, padded to 4 bytes.
    """
    data = _private(dataset, _SIEMENS_HEADER, _SIEMENS_HEADER_CREATOR, "SIEMENS CSA HEADER")
    if not isinstance(data, bytes) or data[:4] != b"SV10":
        return {}
    fields: dict[str, list[str]] = {}
    try:
        (count,) = unpack_from("<I", data, 8)
        place = 16
        for _ in range(min(count, _MOST_TAGS)):
            name, _, _, _, items, _ = unpack_from("<64si4siii", data, place)
            place += 84
            values, place = _csa_values(data, place, items)
            fields[name.split(b"\0")[0].decode("latin-1")] = values
    except struct_error:  # damaged: what came before counts
        pass
    return fields


def _csa_values(data: bytes, place: int, items: int) -> tuple[list[str], int]:
    values = []
    for _ in range(items):
        length = unpack_from("<4i", data, place)[1]
        place += 16
        text = data[place : place + max(0, length)].split(b"\0")[0].decode("latin-1").strip()
        if text:
            values.append(text)
        place += (max(0, length) + 3) // 4 * 4
    return values, place
