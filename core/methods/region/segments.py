"""Overlapping segments for region methods, each made larger: Felzenszwalb at six scales, SLIC in volumes."""

import math
from collections.abc import Iterator, Sequence

import numpy as np

from core.arrays import Array
from core.errors import NotApplicable, NotFinite
from core.methods.superpixels import slic_labels

# PAIR's constants, which made the published figures; scale and size hold on a 224 x 224 image in [-1, 1].
SCALES = (50, 100, 150, 250, 500, 1200)
SIGMA = 0.8
SMALLEST = 150
SIDE = 224
# Felzenszwalb's graph is one of pictures. Volumes are cut by SLIC at as many sizes, into about so many parts.
SUPERVOXELS = (200, 100, 50, 25, 12, 6)


def segment_masks(x: Array, radius: int) -> list[Array]:
    """The segments of an input (*grid, channels) at all scales, each dilated by a disc, in volumes by a ball.

    radius: of that, in input pixels. Each mask is its pixels' flat indices in ascending order.
    Source: Felzenszwalb and Huttenlocher 2004, doi 10.1023/B:VISI.0000022288.19776.77.
    Raises NotFinite for NaN or infinite pixels, NotApplicable for an image of one value.
    """
    return list(dilated_masks(label_images(x), radius))


def label_images(x: Array) -> list[Array]:
    """Integer labels (*grid,) for each scale, of an input (*grid, channels).

    Raises NotFinite for NaN or infinite pixels, NotApplicable for an image of one value.
    """
    low, high = float(x.min()), float(x.max())
    if not (np.isfinite(low) and np.isfinite(high)):
        raise NotFinite("The image holds values that are not finite numbers.", "Repair it in the source.")
    if low == high:
        raise NotApplicable(
            f"The image has no segments: all its pixels are {low:g}.", "Choose a method without segments."
        )
    share = (x - low) / (high - low)
    if x.ndim != 3:
        return [slic_labels(share, count) for count in SUPERVOXELS]
    return _by_felzenszwalb(share * 2 - 1)


def _by_felzenszwalb(scaled: Array) -> list[Array]:
    """Of a picture (height, width, channels) in [-1, 1]."""
    # Imported late: the window lists the methods and never runs one.
    from skimage.segmentation import felzenszwalb

    square = _resized(scaled, (SIDE, SIDE), order=3, anti_aliasing=True)
    by_scale = []
    for scale in SCALES:
        labels = felzenszwalb(square, scale=scale, sigma=SIGMA, min_size=SMALLEST)
        by_scale.append(_resized(labels, scaled.shape[:2], order=0, anti_aliasing=False).astype(int))
    return by_scale


def _resized(values: Array, size: tuple[int, ...], order: int, anti_aliasing: bool) -> Array:
    from skimage.transform import resize

    # scikit-image's way and not ours: the published segments depend on its cubic and its rounding.
    return resize(  # type: ignore[no-untyped-call]
        values, size, order=order, mode="constant", preserve_range=True, anti_aliasing=anti_aliasing
    )


def dilated_masks(labels: Sequence[Array], radius: int) -> Iterator[Array]:
    """The flat indices of each label of each image (*grid,), dilated by a disc or ball of `radius`.

    Every label is worked on in its own bounding box, which is what makes this fast.
    """
    from scipy.ndimage import find_objects

    for image in labels:
        for label, box in enumerate(find_objects(image - image.min() + 1), start=int(image.min())):
            if box is None:
                continue
            starts = [max(part.start - radius, 0) for part in box]
            larger = tuple(slice(start, part.stop + radius) for start, part in zip(starts, box, strict=True))
            places = np.nonzero(dilated(image[larger] == label, radius))
            shifted = [place + start for place, start in zip(places, starts, strict=True)]
            yield np.ravel_multi_index(shifted, image.shape)


def dilated(mask: Array, radius: int) -> Array:
    """(*grid,) bool: a mask of that shape dilated by the disc or ball of places within `radius`.

    A disc is a stack of rows, a ball one of discs: the mask is widened row by row once, and the right width
    is taken for each row.
    """
    widened = [mask]
    for reach in range(1, min(radius, mask.shape[-1] - 1) + 1):
        wider = widened[-1].copy()
        wider[..., reach:] |= mask[..., :-reach]
        wider[..., :-reach] |= mask[..., reach:]
        widened.append(wider)
    return _stacked(widened, radius**2, mask.ndim - 1)


def _stacked(widened: Sequence[Array], square: int, axes: int) -> Array:
    """(*grid,) dilated within the last axis and `axes` before it, by places whose squared distance fits.

    widened: by each reach along the last axis, the mask dilated along it.
    """
    reach = math.isqrt(square)
    if axes == 0:
        return widened[min(reach, len(widened) - 1)]
    result = _stacked(widened, square, axes - 1).copy()
    onto = np.moveaxis(result, -1 - axes, 0)
    for step in range(1, min(reach, len(onto) - 1) + 1):
        part = np.moveaxis(_stacked(widened, square - step**2, axes - 1), -1 - axes, 0)
        onto[step:] |= part[:-step]
        onto[:-step] |= part[step:]
    return result
