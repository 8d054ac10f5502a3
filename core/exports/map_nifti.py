"""A map as NIfTI in the geometry of its source, so that it lies on the images in any viewer."""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal, final

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.exports.class_words import target_words
from core.exports.contract import Exporter, ExportSubject, required_map
from core.exports.map_document import map_json
from core.exports.statement import statement_of
from core.network.parameters import Parameters
from core.workspace.document import SavedMap, SliceGeometry
from core.workspace.geometry import filled_volume

# NIfTI-1: the code of positions in the scanner, and of none; the extension for plain text (code 6).
SCANNER, UNKNOWN, COMMENT = 1, 0, 6
# Bytes of the header's fields.
DESCRIPTION_BYTES, INTENT_BYTES = 79, 15
# From NIfTI's (column, row, slice) to (slice, row, column), and from LPS to RAS.
REVERSED_INDICES = np.eye(4)[[2, 1, 0, 3]]
LPS_TO_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])
# A qform cannot hold a shear, and rounds rotations near half a turn coarsely: farther off, it has code 0.
CLOSE_MM = 1e-3
POSITIONED = "Positions are those of the source, in RAS."
UNPOSITIONED = "The source states no position in the patient: qform and sform have code 0."


class MapNiftiParams(Parameters):
    """Which voxels there are, what those without a value hold, and how values lie between grid positions."""

    extent: Literal["volume", "slice"] = Field(
        "volume", description="all slices of the series, of which one holds the map, or that slice alone"
    )
    outside: Literal["nan", "zero"] = Field(
        "nan", description="the value of voxels that the network did not see"
    )
    interpolation: Literal["linear", "nearest"] = Field(
        "linear", description="between positions of the network's grid"
    )


@dataclass(frozen=True, slots=True)
class PlacedValues:
    """Voxels (slices, rows, columns) float32 and their position.

    affine_lps_mm: (4, 4), (slice, row, column, 1) to LPS in mm. has_position: whether that is the position in
    the patient, or the spacing alone. sentences: what the voxels are; short: the same in a few words.
    """

    voxels: Array
    affine_lps_mm: Array
    has_position: bool
    sentences: tuple[str, ...]
    short: str


@final
class MapNifti(Exporter):
    """The map resampled to the pixels of the slice, at its position in the patient."""

    name = "map_nifti"
    title = "Map as NIfTI"
    summary = (
        "The map on the slice's own pixels, positioned as the source (.nii.gz), for viewers and scripts."
    )
    suffix = ".nii.gz"
    scope = "map"
    Params = MapNiftiParams

    def applies(self, subject: ExportSubject) -> None:
        required_map(subject)

    def suffixes(self, subject: ExportSubject) -> tuple[str, ...]:
        return self.suffix, ".json"

    def files(self, subject: ExportSubject, params: Any) -> Mapping[str, bytes]:
        saved = required_map(subject)
        placed = placed_values(subject, saved, params)
        facts = map_json(subject, saved, placed.sentences)
        return {".nii.gz": _nifti_bytes(subject, saved, placed), ".json": facts}


def placed_values(subject: ExportSubject, saved: SavedMap, params: MapNiftiParams) -> PlacedValues:
    """The map on the slice's pixels, in its volume or as a single slice."""
    geometry = subject.case.geometry
    fill = np.nan if params.outside == "nan" else 0.0
    is_linear = params.interpolation == "linear"
    on_slice = subject.case.grid.grid_map.to_slice(subject.data.values_of(saved), smooth=is_linear)
    on_slice = np.where(np.isnan(on_slice), fill, on_slice).astype(np.float32)
    outside = "NaN" if params.outside == "nan" else "0"
    sentences: tuple[str, ...] = (
        f"float32 on the pixels of the slice, {params.interpolation} interpolation of the network's grid; "
        f"{outside} where the network did not see the slice.",
    )
    volume = geometry.volume
    if params.extent == "slice" or volume is None:
        affine, has_position = _slice_affine(geometry)
        position = POSITIONED if has_position else UNPOSITIONED
        sentences = (*sentences, "A single slice.", position)
        return PlacedValues(on_slice[None], affine, has_position, sentences, "single slice")
    count = volume.shape[volume.axis]
    filled = (
        f"Of {count} slices along axis {'kji'[volume.axis]}, number {volume.index} (counted from 0) holds "
        f"the map; all others are {outside}."
    )
    return PlacedValues(
        filled_volume(on_slice, volume, fill),
        np.array(volume.affine_lps_mm),
        True,
        (*sentences, filled, POSITIONED),
        f"slice {volume.index} of 0-{count - 1} filled, rest {outside}",
    )


def _slice_affine(geometry: SliceGeometry) -> tuple[Array, bool]:
    """(4, 4) in LPS of a slice alone, and whether it is its position in the patient."""
    if geometry.affine_lps_mm is not None:
        return np.array(geometry.affine_lps_mm), True
    by_row, by_column = geometry.spacing_mm or (geometry.stated_aspect or 1.0, 1.0)
    return np.diag([1.0, by_row, by_column, 1.0]), False


def _nifti_bytes(subject: ExportSubject, saved: SavedMap, placed: PlacedValues) -> bytes:
    import nibabel

    make_image: Any = nibabel.Nifti1Image  # it has no types
    affine = LPS_TO_RAS @ placed.affine_lps_mm @ REVERSED_INDICES
    image = make_image(placed.voxels.transpose(2, 1, 0), affine if placed.has_position else None)
    header = image.header
    if placed.has_position:
        image.set_sform(affine, SCANNER)
        image.set_qform(affine, SCANNER)
        if _farthest(affine - header.get_qform(), image.shape) > CLOSE_MM:
            header["qform_code"] = UNKNOWN
    else:
        header.set_zooms(np.linalg.norm(affine[:3, :3], axis=0))
    is_in_mm = placed.has_position or subject.case.geometry.spacing_mm is not None
    header.set_xyzt_units("mm" if is_in_mm else "unknown")
    record = saved.record
    description = f"{record.title}, {target_words(subject.case, saved)}; {placed.short}; research use"
    header["descrip"] = _cut(description, DESCRIPTION_BYTES)
    header["intent_name"] = _cut(record.title, INTENT_BYTES)
    statement = "\n".join((*statement_of(subject).lines, *placed.sentences)).encode("utf-8")
    header.extensions.append(nibabel.nifti1.Nifti1Extension(COMMENT, statement))
    # Without a time of writing, the same map gives the same bytes; most voxels are equal and need no more.
    return gzip.compress(image.to_bytes(), compresslevel=1, mtime=0)


def _farthest(difference: Array, shape: tuple[int, ...]) -> float:
    """The longest of the offsets that a difference of affines (4, 4) makes at the corners of a volume."""
    corners = np.array([[*corner, 1] for corner in product(*((0, size - 1) for size in shape))])
    return float(np.linalg.norm(difference[:3] @ corners.T, axis=0).max())


def _cut(text: str, size: int) -> bytes:
    """A text in at most `size` bytes of UTF-8; no character is cut in two."""
    return text.encode("utf-8")[:size].decode("utf-8", "ignore").encode("utf-8")
