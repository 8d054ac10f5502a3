"""GDCM, the last decoder to be tried for compressed DICOM frames.

It may abort the process on a malicious file: call it only in the reader process, after the frame's own
header was checked, and never with run lengths of single bits.
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
# Neither changes the samples: they are returned as coded.
_GREY, _COLOUR = "MONOCHROME2", "RGB"


def frame_values(data: bytes, header: Codestream) -> Array:
    """Samples as coded, unsigned: (rows, columns) or (rows, columns, samples). Raises ValueError."""
    syntax = _SYNTAXES.get(header.coding)
    if syntax is None or header.precision > 16:
        raise ValueError(f"{header.coding} of {header.precision} bits")
    dtype = np.uint8 if header.precision <= 8 else np.uint16
    text = _image(data, header, syntax, 8 * np.dtype(dtype).itemsize).GetBuffer()
    if text is None:
        raise ValueError("pixel data that it cannot decode")
    # The bindings return the bytes as text, with undecodable ones as surrogates.
    values = np.frombuffer(text.encode("utf-8", "surrogateescape"), dtype)
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
