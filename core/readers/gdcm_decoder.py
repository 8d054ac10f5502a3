"""GDCM called by itself, the last resort for DICOM pixel data.

It may abort the whole process on a hostile file: call it only where that is allowed to happen.
"""

from pathlib import Path

import gdcm
import numpy as np

from core.arrays import Array

# It decodes all frames at once.
SIZE_LIMIT = 2**30
_TYPES = {
    gdcm.PixelFormat.UINT8: np.uint8,
    gdcm.PixelFormat.INT8: np.int8,
    gdcm.PixelFormat.UINT12: np.uint16,
    gdcm.PixelFormat.INT12: np.int16,
    gdcm.PixelFormat.UINT16: np.uint16,
    gdcm.PixelFormat.INT16: np.int16,
    gdcm.PixelFormat.UINT32: np.uint32,
    gdcm.PixelFormat.INT32: np.int32,
}


def stored_values(path: Path, frame: int) -> Array:
    """(rows, columns) or (rows, columns, samples) as stored. Raises ValueError with the reason."""
    reader = gdcm.ImageReader()
    reader.SetFileName(str(path))
    if not reader.Read():
        raise ValueError("not readable as an image")
    image = reader.GetImage()
    samples_format = image.GetPixelFormat()
    kind = _TYPES.get(samples_format.GetScalarType())
    if kind is None:
        raise ValueError(f"samples of type {samples_format.GetScalarTypeAsString()}")
    columns, rows = image.GetDimension(0), image.GetDimension(1)
    frames = image.GetDimension(2) if image.GetNumberOfDimensions() > 2 else 1
    samples = samples_format.GetSamplesPerPixel()
    interpretation = image.GetPhotometricInterpretation().GetType()
    if samples != 1 and (
        interpretation != gdcm.PhotometricInterpretation.RGB or image.GetPlanarConfiguration()
    ):
        raise ValueError("colour that is not RGB pixel by pixel")
    size = columns * rows * frames * samples * np.dtype(kind).itemsize
    if size > SIZE_LIMIT:
        raise ValueError(f"{size} bytes in all frames, more than are decoded at once")
    text = image.GetBuffer()
    if text is None:
        raise ValueError("pixel data that it cannot decode")
    # The bindings give the bytes as text, undecodable ones as surrogates.
    values = np.frombuffer(text.encode("utf-8", "surrogateescape"), kind)
    shape = (frames, rows, columns) if samples == 1 else (frames, rows, columns, samples)
    return values.reshape(shape)[frame]
