"""Tiny DICOM files with known pixels, written by pydicom."""

from pathlib import Path
from typing import Any

import numpy as np
from pydicom import dcmread, dcmwrite
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence
from pydicom.uid import CTImageStorage, ExplicitVRBigEndian, ExplicitVRLittleEndian

RAMP = np.arange(12, dtype=np.uint16).reshape(3, 4) * 300


def items(**elements: Any) -> Sequence:
    """A sequence of one item."""
    item = Dataset()
    for keyword, value in elements.items():
        setattr(item, keyword, value)
    return Sequence([item])


def compressed_file(path: Path, frames: list[bytes], syntax: str, like: np.ndarray, **elements: Any) -> Path:
    """Write compressed frames, each in a fragment; the header is that of `like`, `elements` are set last."""
    dataset = dcmread(dicom_file(path, like, **elements))
    dataset.PixelData = encapsulate(frames, has_bot=False)
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.save_as(path)
    return path


def as_big_endian(path: Path, data: bytes, vr: str = "OW") -> Path:
    """Write the file in big endian; `data` are its pixel data as they then stand in the file."""
    dataset = dcmread(path)
    dataset.walk(lambda _, element: None)  # all values are read before their order changes
    dataset.PixelData = data
    dataset["PixelData"].VR = "OB" if vr == "OB" else "OW"
    dataset.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    dcmwrite(path, dataset, implicit_vr=False, little_endian=False, force_encoding=True)
    return path


def relabelled(path: Path, syntax: str) -> Path:
    """Change what the file says of its transfer syntax, and nothing else; at most as long as before."""
    data = path.read_bytes()
    stated = dcmread(path, stop_before_pixels=True).file_meta.TransferSyntaxUID.encode()
    place = data.index(stated)
    room = len(stated) + len(stated) % 2
    text = syntax.encode()
    assert len(text) <= room, "the new name does not fit"
    path.write_bytes(data[:place] + text + bytes(room - len(text)) + data[place + room :])
    return path


def dicom_file(path: Path, pixels: np.ndarray = RAMP, **elements: Any) -> Path:
    """Write (rows, columns), (frames, rows, columns) or (rows, columns, 3); `elements` are set last."""
    dataset = Dataset()
    dataset.SOPClassUID = CTImageStorage
    dataset.SOPInstanceUID = "1.2.826.0.1.1"
    dataset.Modality = "CT"
    dataset.PatientName = "Müller^Änne"
    dataset.PatientID = "4711"
    dataset.SpecificCharacterSet = "ISO_IR 192"
    colour = pixels.shape[-1] == 3
    dataset.Rows, dataset.Columns = pixels.shape[:2] if colour else pixels.shape[-2:]
    if pixels.ndim == 3 and not colour:
        dataset.NumberOfFrames = len(pixels)
    dataset.SamplesPerPixel = 3 if colour else 1
    if colour:
        dataset.PlanarConfiguration = 0
    dataset.PhotometricInterpretation = "RGB" if colour else "MONOCHROME2"
    dataset.BitsAllocated = dataset.BitsStored = 8 * pixels.dtype.itemsize
    dataset.HighBit = dataset.BitsStored - 1
    dataset.PixelRepresentation = int(pixels.dtype.kind == "i")
    data = pixels.tobytes()
    dataset.PixelData = data + bytes(len(data) % 2)
    dataset["PixelData"].VR = "OW"
    for keyword, value in elements.items():
        setattr(dataset, keyword, value)
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.save_as(path, enforce_file_format=True)
    return path
