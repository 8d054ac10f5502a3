"""Compressed images for tests, written by other programs' encoders."""

from io import BytesIO
from pathlib import Path

import gdcm
import numpy as np
from PIL import Image
from pydicom import dcmread
from pydicom.encaps import get_frame
from pydicom.pixels.encoders import RLELosslessEncoder

from tests.core.readers.dicom_files import dicom_file


def jpeg(pixels: np.ndarray, **options: object) -> bytes:
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=95, **options)
    return buffer.getvalue()


def j2k(pixels: np.ndarray, **options: object) -> bytes:
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG2000", no_jp2=True, **options)
    return buffer.getvalue()


def rle(pixels: np.ndarray) -> bytes:
    colour = pixels.ndim == 3
    return RLELosslessEncoder.encode(
        pixels,
        encoding_plugin="pydicom",
        rows=pixels.shape[0],
        columns=pixels.shape[1],
        samples_per_pixel=3 if colour else 1,
        bits_allocated=8 * pixels.dtype.itemsize,
        bits_stored=8 * pixels.dtype.itemsize,
        pixel_representation=0,
        photometric_interpretation="RGB" if colour else "MONOCHROME2",
        planar_configuration=0,
        number_of_frames=1,
    )


def lossless(pixels: np.ndarray, folder: Path) -> bytes:
    """JPEG Lossless; GDCM alone writes it."""
    reader, change, writer = gdcm.ImageReader(), gdcm.ImageChangeTransferSyntax(), gdcm.ImageWriter()
    reader.SetFileName(str(dicom_file(folder / "plain.dcm", pixels, Modality="MR")))
    assert reader.Read()
    change.SetTransferSyntax(gdcm.TransferSyntax(gdcm.TransferSyntax.JPEGLosslessProcess14_1))
    change.SetInput(reader.GetImage())
    assert change.Change()
    writer.SetFile(reader.GetFile())
    writer.SetImage(change.GetOutput())
    writer.SetFileName(str(folder / "coded.dcm"))
    assert writer.Write()
    return get_frame(dcmread(folder / "coded.dcm").PixelData, 0, number_of_frames=1)


def without_marks(data: bytes, ids: bytes = b"") -> bytes:
    """A JPEG without its application segments; its components get new numbers."""
    out, at = data[:2], 2
    while data[at + 1] != 0xDA:
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        segment = bytearray(data[at:end])
        if segment[1] == 0xC0 and ids:
            segment[10::3] = ids
        if not 0xE0 <= segment[1] <= 0xEF:
            out += bytes(segment)
        at = end
    scan = bytearray(data[at:])
    if ids:
        scan[5:11:2] = ids
    return out + bytes(scan)
