"""The mask of a slice, found by the slice's position; by its number where there is none.

Label maps and DICOM segmentations are read as a whole and cut where the image has the slice.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.errors import IncompatibleInput
from core.images.geometry import spacing_mm
from core.images.label_volume import LabelVolume, grid_of_frames
from core.images.mask import Mask, MaskLabel, label_notes
from core.images.region import HINT, mask_frame
from core.images.slice_place import SlicePlace
from core.readers.dicom import DicomReader
from core.readers.index import read
from core.readers.mask import labels_in, mask_file_states, read_image_and_mask, read_mask
from core.readers.protocol import SeriesEntry
from core.readers.volume_cache import KEPT_VOLUMES, KeptKey

if TYPE_CHECKING:
    from core.readers.dicom_segmentation import LabelFrame

# Frames lie on a grid if each is within this share of a pixel of it; headers are rounded.
GRID_SHARE = 0.1
# More slices than any scan has: positions that far apart are an error.
MOST_SLICES = 100_000


def read_mask_slice(entry: SeriesEntry, place: SlicePlace, labels: Collection[float] = ()) -> Mask:
    """The mask of the slice at `place`, on its pixels; empty where the mask has nothing there.

    Of a mask or a slice without a position the frame of the same number is taken, on the mask's own pixels.
    labels: only these labels of the mask; all of them by default.

    Raises IncompatibleInput for a mask on another grid, beside the image, or with another number of slices;
    an InputError as `read` does.
    """
    if entry.volumes not in (1, place.volumes):
        raise IncompatibleInput(f"The mask has {entry.volumes} volumes, the image {place.volumes}.", HINT)
    volume = place.volume if entry.volumes > 1 else 0
    labelled = _kept_labels(entry, volume).volume if place.affine is not None else None
    if labelled is not None:
        return labelled.at(place, labels)
    if place.frame is None:
        raise IncompatibleInput(
            "The mask has no position, so that it can be shown only in the slices as they were acquired.",
            "Show the image in the plane of its acquisition.",
        )
    return read_mask(entry, mask_frame(entry, place, place.frame), labels)


@dataclass(frozen=True, slots=True)
class _KeptLabels:
    """The labels of a volume of a mask; None where its frames have no position or lie on no regular grid."""

    volume: LabelVolume | None


def _kept_labels(entry: SeriesEntry, volume: int) -> _KeptLabels:
    """As computed by an earlier call, unless one of the files was changed. Raises an InputError."""
    key = KeptKey(_KeptLabels, (*entry.origin, volume))
    if (kept := KEPT_VOLUMES.get(key)) is not None:
        return kept
    states = mask_file_states(entry)
    labels = _KeptLabels(_label_volume(entry, volume))
    KEPT_VOLUMES.keep(key, labels, states, 0 if labels.volume is None else labels.volume.size_bytes)
    return labels


def _label_volume(entry: SeriesEntry, volume: int) -> LabelVolume | None:
    """As `_KeptLabels.volume`."""
    if read(entry, volume * entry.slices)[0].affine_lps_mm is None:
        return None
    segmentation = _segmentation(entry)
    labels, frames, notes = segmentation or _label_map(entry, volume)
    affines = [frame.affine_lps_mm for frame in frames if frame.affine_lps_mm is not None]
    if len(affines) < len(frames):
        return None
    tolerance_mm = GRID_SHARE * min(spacing_mm(affines[0]))
    grid = grid_of_frames(affines, tolerance_mm, may_lack_frames=segmentation is not None)
    if grid is None or grid[1].max() > MOST_SLICES:
        return None
    affine, places = grid
    codes = np.stack([frame.codes for frame in frames])
    return LabelVolume(codes, places, affine, labels, notes, may_lack_frames=segmentation is not None)


_Labelled = tuple[tuple[MaskLabel, ...], "list[LabelFrame]", tuple[str, ...]]


def _segmentation(entry: SeriesEntry) -> _Labelled | None:
    """Labels, frames and notes of a DICOM segmentation; None for any other file."""
    if entry.reader != DicomReader.name:
        return None
    from core.readers.dicom_segmentation import segmentation_of

    segmentation = segmentation_of(entry.path)
    if segmentation is None:
        return None
    segments, frames = segmentation
    return segments, frames, ()


def _label_map(entry: SeriesEntry, volume: int) -> _Labelled:
    """Labels, frames and notes of a mask whose values are its labels."""
    from core.readers.dicom_segmentation import LabelFrame, codes_of

    first = volume * entry.slices
    labels = labels_in(entry, first)
    values_of_labels = np.array([label.value for label in labels])
    frames = []
    notes: dict[str, None] = {}  # in their order, each once
    for number in range(first, first + entry.slices):
        image, mask = read_image_and_mask(entry, number)
        codes = codes_of(mask.region, 1, len(labels))
        if len(labels) > 1:
            codes[mask.region] = np.searchsorted(values_of_labels, image.values[mask.region]) + 1
        frames.append(LabelFrame(codes, image.affine_lps_mm))
        notes |= dict.fromkeys(mask.notes)
    of_labels = label_notes([label.value for label in labels])  # the volume adds those on chosen ones
    return labels, frames, tuple(note for note in notes if note not in of_labels)
