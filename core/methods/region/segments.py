"""Overlapping segments of an image for region methods: Felzenszwalb at six scales, each made larger."""

from collections.abc import Iterator, Sequence

import numpy as np

from core.arrays import Array
from core.errors import NotApplicable, NotFinite

# PAIR's constants, which made the published figures; scale and size hold on a 224 x 224 image in [-1, 1].
SCALES = (50, 100, 150, 250, 500, 1200)
SIGMA = 0.8
SMALLEST = 150
SIDE = 224


def segment_masks(x: Array, radius: int) -> list[Array]:
    """The segments of an input (height, width, channels) at all scales, each dilated by a disc.

    radius: the disc's, in input pixels. Each mask is its pixels' flat indices in ascending order.
    Source: Felzenszwalb and Huttenlocher 2004, doi 10.1023/B:VISI.0000022288.19776.77.
    Raises NotFinite for NaN or infinite pixels, NotApplicable for an image of one value.
    """
    return list(dilated_masks(label_images(x), radius))


def label_images(x: Array) -> list[Array]:
    """One image (height, width) of integer labels for each scale, of an input (height, width, channels).

    Raises NotFinite for NaN or infinite pixels, NotApplicable for an image of one value.
    """
    # Imported late: the window lists the methods and never runs one.
    from skimage.segmentation import felzenszwalb

    low, high = float(x.min()), float(x.max())
    if not (np.isfinite(low) and np.isfinite(high)):
        raise NotFinite("The image holds values that are not finite numbers.", "Repair it in the source.")
    if low == high:
        raise NotApplicable(
            f"The image has no segments: all its pixels are {low:g}.", "Choose a method without segments."
        )
    scaled = (x - low) / (high - low) * 2 - 1
    square = _resized(scaled, (SIDE, SIDE), order=3, anti_aliasing=True)
    by_scale = []
    for scale in SCALES:
        labels = felzenszwalb(square, scale=scale, sigma=SIGMA, min_size=SMALLEST)
        by_scale.append(_resized(labels, x.shape[:2], order=0, anti_aliasing=False).astype(int))
    return by_scale


def _resized(values: Array, size: tuple[int, ...], order: int, anti_aliasing: bool) -> Array:
    from skimage.transform import resize

    # scikit-image's way and not ours: the published segments depend on its cubic and its rounding.
    return resize(  # type: ignore[no-untyped-call]
        values, size, order=order, mode="constant", preserve_range=True, anti_aliasing=anti_aliasing
    )


def dilated_masks(labels: Sequence[Array], radius: int) -> Iterator[Array]:
    """The flat indices of each label of each image (height, width), dilated by a disc of `radius`.

    Every label is worked on in its own bounding box, which is what makes this fast.
    """
    from scipy.ndimage import find_objects

    for image in labels:
        width = image.shape[1]
        for label, box in enumerate(find_objects(image - image.min() + 1), start=int(image.min())):
            if box is None:
                continue
            top, left = (max(part.start - radius, 0) for part in box)
            near = image[top : box[0].stop + radius, left : box[1].stop + radius] == label
            rows, columns = np.nonzero(dilated(near, radius))
            yield (rows + top) * width + (columns + left)


def dilated(mask: Array, radius: int) -> Array:
    """(height, width) bool: a mask of that shape dilated by the disc row^2 + column^2 <= radius^2.

    The disc is a stack of rows: the mask is widened row by row once, and the right width is taken
    for each row of the disc.
    """
    height, width = mask.shape
    widened = [mask]
    for reach in range(1, min(radius, width - 1) + 1):
        wider = widened[-1].copy()
        wider[:, reach:] |= mask[:, :-reach]
        wider[:, :-reach] |= mask[:, reach:]
        widened.append(wider)
    result = widened[-1].copy()
    for down in range(1, min(radius, height - 1) + 1):
        row = widened[min(int(np.sqrt(radius**2 - down**2)), len(widened) - 1)]
        result[down:] |= row[:-down]
        result[:-down] |= row[down:]
    return result
