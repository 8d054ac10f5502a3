"""Which slice of a mask belongs to an image, and whether it fits: one rule for window and runs."""

from dataclasses import dataclass

from core.arrays import Array
from core.errors import IncompatibleInput
from core.images.geometry import SAME_PLACE, pixels_apart
from core.images.mask import Mask
from core.images.slice import Slice
from core.readers.protocol import SeriesEntry

HINT = "Choose a mask that was made for this image."
# A finding does not fill the image; its surroundings do.
MOST_COVERED = 0.9
EMPTY = "The mask is empty: it marks no pixel of this image."
# Of the rule by which masks are read: results by another one are made anew.
RULE = 3


@dataclass(frozen=True, slots=True)
class Region:
    """The marked pixels of an image, (rows, columns) bool, and what is to be known of them, in sentences."""

    mask: Array
    notes: tuple[str, ...] = ()


def mask_frame(mask: SeriesEntry, image: SeriesEntry, frame: int) -> int:
    """The frame of `mask` that belongs to frame `frame` of `image`, both counted from 0.

    A mask of one slice belongs to every slice, and one of one volume to every volume (time point). Raises
    IncompatibleInput for any other number of slices or volumes than the image's.
    """
    slices, wanted = (one.frames // one.volumes for one in (mask, image))
    for what, found, needed in (("slices", slices, wanted), ("volumes", mask.volumes, image.volumes)):
        if found not in (1, needed):
            raise IncompatibleInput(f"The mask has {found} {what}, the image {needed}.", HINT)
    volume, index = divmod(frame, wanted)
    return (volume * slices if mask.volumes > 1 else 0) + (index if slices > 1 else 0)


def mask_region(mask: Mask, image: Slice) -> Region:
    """The region of `mask` on the pixels of `image`, with the mask's own notes and those on how it fits.

    Raises IncompatibleInput for a mask of another size, or one that lies elsewhere in the patient. That it
    covers nothing or nearly all of the image, and that its place cannot be compared, stands in the notes.
    """
    if mask.shape != image.shape:
        sizes = [f"{columns} x {rows}" for rows, columns in (mask.shape, image.shape)]
        raise IncompatibleInput(f"The mask has {sizes[0]} pixels, the image {sizes[1]}.", HINT)
    notes = [*mask.notes]
    placed = mask.affine_lps_mm is not None and image.affine_lps_mm is not None
    apart = pixels_apart(mask.affine_lps_mm, image.affine_lps_mm, image.shape) if placed else None
    if apart is not None and apart > SAME_PLACE:
        raise IncompatibleInput(f"The mask lies {apart:.1f} pixels beside the image in the patient.", HINT)
    if unchecked := _place_note(mask, image):
        notes.append(unchecked)
    if mask.covered == 0:
        notes.append(EMPTY)
    if mask.covered > MOST_COVERED:
        # All but a few pixels is not all.
        share = f"{100 * mask.covered:.0f}" if mask.covered < 0.99 else f"{100 * mask.covered:.6g}"
        notes.append(f"The mask covers {share} % of the image; background and finding may be exchanged.")
    return Region(mask.region, tuple(notes))


def _place_note(mask: Mask | Slice, image: Slice) -> str:
    """What is to be told where the place of a mask cannot be checked; empty where it can.

    Pictures have no place in the patient, so for two of them there is nothing to check or to tell.
    """
    if mask.affine_lps_mm is not None and image.affine_lps_mm is not None:
        return ""
    if all(one.affine_lps_mm is None and one.spacing_mm is None for one in (mask, image)):
        return ""
    whose = "mask" if mask.affine_lps_mm is None else "image"
    return f"The position of the mask cannot be checked: the file of the {whose} gives no orientation."
