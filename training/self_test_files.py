"""Makes the DICOM files of the self-test: `python -m training.self_test_files`.

HTJ2K is written by imagecodecs, which is no dependency: install it for this (version 2026.3.6 was used).
"""

import tempfile
from io import BytesIO
from pathlib import Path

import gdcm
import numpy as np
from PIL import Image
from pydicom import dcmread
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    JPEG2000,
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLSLossless,
    JPEGLSNearLossless,
    MRImageStorage,
    RLELossless,
)

from core.arrays import Array
from core.readers.process import ReaderProcess
from core.samples import sample
from core.self_test.stored_files import FOLDER, IMAGE_NAME, LIST_NAME, StoredFile, StoredFiles, values_hash

ROOT = "2.25.2718281828459045235360287471352662497"
BIG_ENDIAN_NAME = "explicit_big_endian.dcm"
# By pydicom's own encoders and its plug-ins.
BY_PYDICOM = {
    "rle_lossless.dcm": RLELossless,
    "jpeg_ls_lossless.dcm": JPEGLSLossless,
    "jpeg_ls_near_lossless.dcm": JPEGLSNearLossless,
    "jpeg_2000_lossless.dcm": JPEG2000Lossless,
    "jpeg_2000.dcm": JPEG2000,
}
BY_GDCM = {
    "jpeg_extended.dcm": gdcm.TransferSyntax.JPEGExtendedProcess2_4,
    "jpeg_lossless.dcm": gdcm.TransferSyntax.JPEGLosslessProcess14,
    "jpeg_lossless_first_order.dcm": gdcm.TransferSyntax.JPEGLosslessProcess14_1,
}
# Reversible or not, by imagecodecs in the order of resolutions (RPCL).
HTJ2K = {
    "htj2k_lossless.dcm": ("1.2.840.10008.1.2.4.201", True),
    "htj2k_lossless_rpcl.dcm": ("1.2.840.10008.1.2.4.202", True),
    "htj2k.dcm": ("1.2.840.10008.1.2.4.203", False),
}
TITLES = {
    "1.2.840.10008.1.2.1.98": "Encapsulated Uncompressed Explicit VR Little Endian",
    "1.2.840.10008.1.2.4.55": "JPEG Full Progression (Process 10 and 12, retired)",
}


def phantom() -> Array:
    """Concentric rings with a bar, (48, 40) uint16 of 12 bits."""
    rows, columns = np.mgrid[:48, :40]
    rings = 1500 + 1200 * np.cos(np.hypot(rows - 20, columns - 18) / 3)
    rings[30:36, 8:34] += 1000
    return rings.clip(0, 4095).astype(np.uint16)


def colour_phantom() -> Array:
    """The same in three colours, (48, 40, 3) uint8."""
    grey = (phantom() / 16).astype(np.uint8)
    return np.stack([grey, grey[::-1], 255 - grey], axis=-1)


def head() -> Array:
    """The sample of a glioma, (128, 128) uint16."""
    with Image.open(sample("brain_glioma").path) as picture:
        return np.asarray(picture.convert("L").resize((128, 128), Image.Resampling.BOX), dtype=np.uint16)


def dataset_of(pixels: Array, number: int, bits: int) -> Dataset:
    """An image without a patient in Explicit VR Little Endian; (rows, columns) or (rows, columns, 3)."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID = MRImageStorage
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID = UID(f"{ROOT}.{number}")
    dataset.StudyInstanceUID = dataset.FrameOfReferenceUID = f"{ROOT}.0"
    dataset.SeriesInstanceUID = f"{ROOT}.0.{number}"
    dataset.StudyDate = dataset.StudyTime = dataset.AccessionNumber = dataset.StudyID = ""
    dataset.PatientName = dataset.PatientID = dataset.PatientBirthDate = dataset.PatientSex = ""
    dataset.ReferringPhysicianName = ""
    dataset.Modality, dataset.SeriesNumber, dataset.InstanceNumber = "MR", number, 1
    dataset.ImageOrientationPatient, dataset.ImagePositionPatient = [1, 0, 0, 0, 1, 0], [-96, -96, 10]
    dataset.PixelSpacing, dataset.SliceThickness = [1.5, 1.5], 5
    dataset.Rows, dataset.Columns = pixels.shape[:2]
    dataset.SamplesPerPixel = 3 if pixels.ndim == 3 else 1
    if pixels.ndim == 3:
        dataset.PlanarConfiguration = 0
    dataset.PhotometricInterpretation = "RGB" if pixels.ndim == 3 else "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored = 8 * pixels.dtype.itemsize, bits
    dataset.HighBit, dataset.PixelRepresentation = bits - 1, 0
    dataset.PixelData = pixels.tobytes()
    dataset["PixelData"].VR = "OW" if pixels.dtype.itemsize == 2 else "OB"
    return dataset


def write_all(folder: Path) -> None:
    """Every file, into `folder`."""
    grey, names = phantom(), iter(range(1, 99))
    dataset_of(head(), next(names), 12).save_as(folder / IMAGE_NAME, enforce_file_format=True)
    plain = dataset_of(grey, next(names), 12)
    plain.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    plain.save_as(folder / "implicit_little_endian.dcm", enforce_file_format=True)
    deflated = dataset_of(grey, next(names), 12)
    deflated.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    deflated.save_as(folder / "deflated.dcm", enforce_file_format=True)
    big = dataset_of(grey.byteswap(), next(names), 12)
    big.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    big.save_as(folder / BIG_ENDIAN_NAME, enforce_file_format=True)
    for name, syntax in BY_PYDICOM.items():
        coded = dataset_of(grey, next(names), 12)
        error = 3 if syntax == JPEGLSNearLossless else None
        ratio: list[float] | None = [4] if syntax == JPEG2000 else None
        coded.compress(syntax, generate_instance_uid=False, jls_error=error, j2k_cr=ratio)
        coded.save_as(folder / name, enforce_file_format=True)
    for name, syntax in BY_GDCM.items():
        _write_by_gdcm(folder / name, dataset_of(grey, next(names), 12), syntax)
    _write_frame(folder / "encapsulated.dcm", grey, next(names), grey.tobytes(), "1.2.840.10008.1.2.1.98")
    colours = colour_phantom()
    baseline = _jpeg(colours)
    _write_frame(folder / "jpeg_baseline.dcm", colours, next(names), baseline, "1.2.840.10008.1.2.4.50")
    progressive = _jpeg(colours, progressive=True)
    _write_frame(folder / "jpeg_progressive.dcm", colours, next(names), progressive, "1.2.840.10008.1.2.4.55")
    _write_htj2k(folder, grey, next(names))


def _jpeg(colours: Array, **options: bool) -> bytes:
    buffer = BytesIO()
    Image.fromarray(colours).save(buffer, "JPEG", quality=90, subsampling=0, **options)
    return buffer.getvalue()


def _write_frame(path: Path, pixels: Array, number: int, frame: bytes, syntax: str) -> None:
    dataset = dataset_of(pixels, number, 8 if pixels.ndim == 3 else 12)
    if pixels.ndim == 3:
        dataset.PhotometricInterpretation = "YBR_FULL"
    dataset.PixelData = encapsulate([frame])
    dataset["PixelData"].VR = "OB"
    dataset.file_meta.TransferSyntaxUID = UID(syntax)
    dataset.save_as(path, enforce_file_format=True)


def _write_htj2k(folder: Path, grey: Array, number: int) -> None:
    from imagecodecs import htj2k_encode

    for place, (name, (syntax, is_reversible)) in enumerate(HTJ2K.items()):
        frame = htj2k_encode(grey, reversible=is_reversible)
        _write_frame(folder / name, grey, number + place, frame, syntax)


def _write_by_gdcm(path: Path, dataset: Dataset, syntax: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.dcm"
        dataset.save_as(plain, enforce_file_format=True)
        reader, change, writer = gdcm.ImageReader(), gdcm.ImageChangeTransferSyntax(), gdcm.ImageWriter()
        reader.SetFileName(str(plain))
        change.SetTransferSyntax(gdcm.TransferSyntax(syntax))
        if not reader.Read():
            raise RuntimeError("GDCM cannot read what pydicom wrote")
        change.SetInput(reader.GetImage())
        if not change.Change():
            raise RuntimeError(f"GDCM cannot write {path.name}")
        writer.SetFile(reader.GetFile())
        writer.SetImage(change.GetOutput())
        writer.SetFileName(str(path))
        if not writer.Write():
            raise RuntimeError(f"GDCM cannot write {path.name}")


def list_of(folder: Path) -> tuple[StoredFile, ...]:
    """The files in `folder` with the hashes of what the reader decodes now."""
    listed = []
    with ReaderProcess() as reader:
        for path in sorted(folder.glob("*.dcm")):
            (entry,) = reader.index(path)
            image, _ = reader.read(entry, 0)
            syntax = str(dcmread(path, stop_before_pixels=True).file_meta.TransferSyntaxUID)
            title = TITLES.get(syntax, UID(syntax).name)
            listed.append(
                StoredFile(
                    file=path.name, syntax=syntax, title=title, values_sha256=values_hash(image.values)
                )
            )
    return tuple(listed)


def main() -> None:
    """Make files and list anew."""
    write_all(FOLDER)
    (FOLDER / LIST_NAME).write_bytes(StoredFiles.dump_json(list_of(FOLDER), indent=2) + b"\n")


if __name__ == "__main__":
    main()
