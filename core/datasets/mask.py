"""Which slice of a mask belongs to an image, and where it is above 0: one rule for window and runs."""

from core.arrays import Array
from core.errors import IncompatibleInput
from core.images.geometry import SAME_PLACE, pixels_apart
from core.images.slice import Slice
from core.readers.protocol import SeriesEntry

HINT = "Choose a mask that was made for this image."


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


def place_note(mask: Slice, image: Slice) -> str:
    """What is to be told where the place of a mask cannot be checked; empty where it can.

    Pictures have no place in the patient, so for two of them there is nothing to check or to tell.
    """
    if mask.affine_lps_mm is not None and image.affine_lps_mm is not None:
        return ""
    if all(one.affine_lps_mm is None and one.spacing_mm is None for one in (mask, image)):
        return ""
    whose = "mask" if mask.affine_lps_mm is None else "image"
    return f"The position of the mask cannot be checked: the file of the {whose} gives no orientation."


def mask_region(mask: Slice, image: Slice) -> Array:
    """(rows, columns) bool on the pixels of `image`: where any channel of `mask` is above 0.

    Raises IncompatibleInput for a mask of another size, or one that lies elsewhere in the patient.
    """
    if mask.shape != image.shape:
        sizes = [f"{columns} x {rows}" for rows, columns in (mask.shape, image.shape)]
        raise IncompatibleInput(f"The mask has {sizes[0]} pixels, the image {sizes[1]}.", HINT)
    apart = pixels_apart(mask.affine_lps_mm, image.affine_lps_mm, image.shape)
    if apart is not None and apart > SAME_PLACE:
        raise IncompatibleInput(f"The mask lies {apart:.1f} pixels beside the image in the patient.", HINT)
    values = mask.values if mask.values.ndim == 2 else mask.values.max(axis=2)
    found: Array = values > 0
    return found
