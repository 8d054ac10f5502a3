"""Small pictures for lists."""

from dataclasses import replace

import numpy as np

from core.arrays import Array
from core.images.slice import Slice
from core.images.windowing import displayed

SIDE = 96


def thumbnail(image: Slice, side: int = SIDE) -> Array:
    """(rows, columns, 3) uint8, at most `side` a side, every pixel a mean over its field."""
    # Four values for each pixel to come are enough.
    skip = max(1, max(image.shape) // (4 * side))
    padding = image.padding[::skip, ::skip] if image.padding is not None else None
    image = replace(image, values=image.values[::skip, ::skip], padding=padding)
    shown = displayed(image)
    step = max(1, -(-max(image.shape) // side))
    rows, columns = (max(1, size // step) * step for size in image.shape)
    if rows > image.shape[0] or columns > image.shape[1]:
        small = shown[::step, ::step]  # a strip too thin to average
    else:
        fields = shown[:rows, :columns].reshape(rows // step, step, columns // step, step, *shown.shape[2:])
        small = fields.mean(axis=(1, 3)).astype(np.uint8)
    if small.ndim == 2:
        small = np.repeat(small[..., None], 3, axis=2)
    return np.ascontiguousarray(_in_proportion(small, image.pixel_aspect, side))


def _in_proportion(picture: Array, aspect: float, side: int) -> Array:
    """The picture as its pixels are shaped, still at most `side` a side: rows or columns are repeated."""
    if aspect == 1:
        return picture
    rows, columns = picture.shape[0] * max(aspect, 1.0), picture.shape[1] * max(1 / aspect, 1.0)
    scale = min(1.0, side / max(rows, columns))
    sizes = (max(1, round(rows * scale)), max(1, round(columns * scale)))
    places = ((np.arange(size) * count // size) for size, count in zip(sizes, picture.shape[:2], strict=True))
    repeated: Array = picture[np.ix_(*places)]
    return repeated
