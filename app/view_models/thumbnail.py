"""Small pictures for lists."""

from dataclasses import replace

import numpy as np

from core.arrays import Array
from core.images.slice import Slice
from core.images.windowing import displayed

SIDE = 96


def thumbnail(image: Slice, side: int = SIDE) -> Array:
    """(rows, columns, 3) uint8, at most `side` a side, every pixel a mean over its field."""
    # Four values for each pixel to come are enough, and spare a large image its percentiles.
    skip = max(1, max(image.shape) // (4 * side))
    image = replace(image, values=image.values[::skip, ::skip])
    shown = displayed(image)
    shown = np.repeat(shown[..., None], 3, axis=2) if shown.ndim == 2 else shown
    step = max(1, -(-max(image.shape) // side))
    rows, columns = (max(1, size // step) * step for size in image.shape)
    if rows > image.shape[0] or columns > image.shape[1]:
        return np.ascontiguousarray(shown[::step, ::step])  # a strip too thin to average
    fields = shown[:rows, :columns].reshape(rows // step, step, columns // step, step, 3)
    return np.ascontiguousarray(fields.mean(axis=(1, 3)).astype(np.uint8))
