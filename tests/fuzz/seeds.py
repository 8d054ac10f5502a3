"""The forty undamaged files that are then damaged: DICOM of every transfer syntax, NIfTI, pictures."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

_SAMPLES = np.random.default_rng(7).integers(0, 256, (48, 40), np.uint8)

# Below shared/data.
FILES = (
    "dicom/fo-dicom/GH340.dcm",  # ACR-NEMA, packed 12 bits
    "dicom/pydicom/test_files/rtdose_1frame.dcm",
    "dicom/highdicom/seg_image_ct_binary.dcm",
    "dicom/pydicom/test_files/MR_small_implicit.dcm",
    "dicom/fo-dicom/1403-OB.dcm",
    "field_cases/d25_square_anatomy.dcm",
    "dicom/pydicom/test_files/image_dfl.dcm",
    "dicom/pydicom/test_files/SC_rgb_small_odd_big_endian.dcm",
    "dicom/pydicom_data/HTJ2K_08_RGB.dcm",
    "dicom/pydicom_data/HTJ2KLossless_08_RGB.dcm",
    "dicom/pydicom/test_files/SC_rgb_jpeg_dcmtk.dcm",
    "dicom/fo-dicom/JPEGwithIcon.dcm",
    "dicom/pydicom/test_files/JPEG-lossy.dcm",
    "dicom/cornerstone/CT0012.fragmented_no_bot_jpeg_baseline.51.dcm",
    "dicom/cornerstone/CTImage.dcm_JPEGProcess6_8TransferSyntax_1.2.840.10008.1.2.4.53.dcm",
    "dicom/cornerstone/CTImage.dcm_JPEGProcess10_12TransferSyntax_1.2.840.10008.1.2.4.55.dcm",
    "dicom/cornerstone/CTImage.dcm_JPEGProcess14TransferSyntax_1.2.840.10008.1.2.4.57.dcm",
    "dicom/fo-dicom/GH184.dcm",  # JPEG Lossless
    "dicom/pydicom/test_files/MR_small_jpeg_ls_lossless.dcm",
    "dicom/highdicom/sm_image_jpegls.dcm",
    "dicom/pydicom/test_files/JPEGLSNearLossless_16.dcm",
    "dicom/pydicom/test_files/MR_small_jp2klossless.dcm",
    "dicom/pydicom/test_files/JPEG2000.dcm",
    "dicom/pydicom/test_files/SC_rgb_rle_16bit_2frame.dcm",
    "dicom/pydicom_data/emri_small_RLE.dcm",
    "dicom/pydicom_data/liver_j2k.dcm",  # single bits
    "dicom/cornerstone/no-pixel-spacing.dcm",  # palette, RLE
    "nifti/generated/int8.nii",
    "nifti/generated/scl_slope_inter.nii",
    "nifti/generated/rgb24.nii.gz",
    "nifti/generated/nifti2_uint16.nii.gz",
    "nifti/nibabel/example4d.nii.gz",
    "nifti/generated/pair.hdr",
    "field_cases/p01_grey16.png",
    "field_cases/p03_float64.tif",
)
_PAIRS = {".hdr": ".img"}


def _picture(kind: str, mode: str, **options: object) -> Callable[[], bytes]:
    def written() -> bytes:
        stream = io.BytesIO()
        Image.fromarray(_SAMPLES).convert(mode).save(stream, format=kind, **options)
        return stream.getvalue()

    return written


DRAWN = {
    "palette.png": _picture("PNG", "P"),
    "progressive.jpg": _picture("JPEG", "RGB", progressive=True),
    "grey.bmp": _picture("BMP", "L"),
    "lzw.tif": _picture("TIFF", "RGB", compression="tiff_lzw"),
    "deflate.tif": _picture("TIFF", "L", compression="tiff_adobe_deflate"),
}


def seeds(shared: Path) -> list[tuple[str, bytes]]:
    """Name and content of each, in a fixed order."""
    files = [(Path(name).name, (shared / name).read_bytes()) for name in FILES]
    return files + [(name, draw()) for name, draw in DRAWN.items()]


def other_half(shared: Path, name: str) -> tuple[str, bytes] | None:
    """The voxel file that belongs to a header."""
    path = next((shared / place for place in FILES if Path(place).name == name), None)
    if path is None or path.suffix not in _PAIRS:
        return None
    half = path.with_suffix(_PAIRS[path.suffix])
    return half.name, half.read_bytes()
