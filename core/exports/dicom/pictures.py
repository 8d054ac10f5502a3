"""The picture of a map as the window shows it, as pixels."""

from io import BytesIO

import numpy as np
from PIL import Image

from core.arrays import Array
from core.exports.contract import ExportSubject
from core.exports.shown_picture import PictureParams, shown_figure
from core.figures.overlay import png_bytes


def shown_pixels(subject: ExportSubject, params: PictureParams) -> Array:
    """(rows, columns, 3) uint8: the slice with the subject's map, title, scale and what `params` adds."""
    return np.asarray(Image.open(BytesIO(png_bytes(shown_figure(subject, params)))).convert("RGB"))
