"""GDCM called by itself, the last resort for compressed DICOM frames.

It may abort the whole process on a hostile file: call it only where that is allowed to happen, after the
frame's own header was checked, and never with run lengths of single bits.
"""

import gdcm
import numpy as np
from pydicom.uid import JPEG2000, JPEGExtended12Bit, JPEGLosslessSV1, JPEGLSLossless

from core.arrays import Array
from core.readers.codestream import Codestream, Coding

_SYNTAXES = {
    Coding.JPEG: JPEGExtended12Bit,
    Coding.JPEG_LOSSLESS: JPEGLosslessSV1,
    Coding.JPEG_LS: JPEGLSLossless,
    Coding.JPEG_2000: JPEG2000,
}
# Neither is applied to the samples: they come as they are coded.
_GREY, _COLOUR = "MONOCHROME2", "RGB"


def frame_values(data: bytes, header: Codestream) -> Array:
    """(rows, columns) or (rows, columns, samples) unsigned, as coded. Raises ValueError with the reason."""
    syntax = _SYNTAXES.get(header.coding)
    if syntax is None or header.precision > 16:
        raise ValueError(f"{header.coding} of {header.precision} bits")
    kind = np.uint8 if header.precision <= 8 else np.uint16
    text = _image(data, header, syntax, 8 * np.dtype(kind).itemsize).GetBuffer()
    if text is None:
        raise ValueError("pixel data that it cannot decode")
    # The bindings give the bytes as text, undecodable ones as surrogates.
    values = np.frombuffer(text.encode("utf-8", "surrogateescape"), kind)
    shape = (header.rows, header.columns)
    return values.reshape(shape if header.samples == 1 else (*shape, header.samples))


def _image(data: bytes, header: Codestream, syntax: str, allocated: int) -> "gdcm.Image":
    fragment = gdcm.Fragment()
    fragment.SetByteStringValue(data)
    fragments = gdcm.SequenceOfFragments.New()
    fragments.AddFragment(fragment)
    element = gdcm.DataElement(gdcm.Tag(0x7FE0, 0x0010))
    element.SetValue(fragments.__ref__())
    image = gdcm.Image()
    image.SetNumberOfDimensions(2)
    image.SetDimensions((header.columns, header.rows, 1))
    image.SetDataElement(element)
    interpretation = gdcm.PhotometricInterpretation.GetPIType(_GREY if header.samples == 1 else _COLOUR)
    image.SetPhotometricInterpretation(gdcm.PhotometricInterpretation(interpretation))
    if header.samples > 1:
        image.SetPlanarConfiguration(0)
    image.SetTransferSyntax(gdcm.TransferSyntax(gdcm.TransferSyntax.GetTSType(str(syntax))))
    precision = header.precision
    image.SetPixelFormat(gdcm.PixelFormat(header.samples, allocated, precision, precision - 1, 0))
    return image
