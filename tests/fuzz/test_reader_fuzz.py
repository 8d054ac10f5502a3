"""Damaged files: whatever is changed or cut, there is a slice or a typed error, and nothing else."""

import gzip
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pytest
import tifffile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from core.errors import InputError
from core.images.slice import Slice
from core.readers.codestream import Codestream
from core.readers.index import index_path, read
from tests.core.readers.dicom_files import dicom_file
from tests.core.readers.picture_files import png

PIXELS = np.arange(30, dtype=np.uint16).reshape(5, 6) * 1000
HEADER_BYTES = 700


def dicom(folder: Path) -> bytes:
    window = {
        "WindowCenter": [40, 50],
        "WindowWidth": [400, 500],
        "RescaleSlope": "2",
        "RescaleIntercept": "-3",
    }
    plane = {"ImagePositionPatient": [1, 2, 3], "ImageOrientationPatient": [1, 0, 0, 0, 1, 0]}
    path = dicom_file(folder / "whole", PIXELS, PixelSpacing=[1, 2], **window, **plane)
    return path.read_bytes()


def palette(folder: Path) -> bytes:
    tables = {
        f"{name}PaletteColorLookupTable{part}": value
        for name in ("Red", "Green", "Blue")
        for part, value in (("Descriptor", [4, 0, 8]), ("Data", b"\x00\x40\x80\xff"))
    }
    path = dicom_file(
        folder / "whole", np.eye(4, dtype=np.uint8), PhotometricInterpretation="PALETTE COLOR", **tables
    )
    return path.read_bytes()


def nifti(folder: Path) -> bytes:
    return nibabel.Nifti1Image(PIXELS.reshape(5, 3, 2).astype(np.int16), np.diag([2, 3, 4, 1])).to_bytes()


def picture(kind: str) -> Callable[[Path], bytes]:
    def written(folder: Path) -> bytes:
        stream = io.BytesIO()
        Image.fromarray((PIXELS >> 8).astype(np.uint8)).save(stream, format=kind)
        return stream.getvalue()

    return written


def tiff(**options: Any) -> Callable[[Path], bytes]:
    def written(folder: Path) -> bytes:
        tifffile.imwrite(folder / "whole", np.stack([(PIXELS >> 8).astype(np.uint8)] * 3), **options)
        return (folder / "whole").read_bytes()

    return written


def deep_png(folder: Path) -> bytes:
    return png(folder / "whole", np.stack([PIXELS, PIXELS], axis=-1), 16, 4).read_bytes()


FORMATS = {
    "a.dcm": dicom,
    "palette.dcm": palette,
    "a.nii": nifti,
    "a.nii.gz": nifti,
    "a.png": picture("PNG"),
    "a.jpg": picture("JPEG"),
    "a.bmp": picture("BMP"),
    "a.tif": picture("TIFF"),
    "stack.tif": tiff(photometric="minisblack"),
    "planes.tif": tiff(photometric="rgb", planarconfig="separate", tile=(16, 16), compression="zlib"),
    "imagej.tif": tiff(imagej=True, truncate=True),
    "deep.png": deep_png,
}


@pytest.fixture(autouse=True)
def _no_gdcm(monkeypatch: pytest.MonkeyPatch) -> None:
    """GDCM may abort the process that it runs in, which is why it runs in another one outside of tests."""

    def refused(data: bytes, header: Codestream) -> None:
        raise ValueError("not in this process")

    monkeypatch.setattr("core.readers.gdcm_decoder.frame_values", refused)


def outcome_of(path: Path) -> str:
    """The message of the typed error; anything else that is raised is the failure looked for."""
    try:
        images = [read(entry, entry.frames - 1)[0] for entry in index_path(path)]
    except InputError as error:
        return error.message
    return "slices" if images and all(isinstance(image, Slice) for image in images) else "nothing"


@pytest.mark.parametrize("name", FORMATS)
@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_that_a_damaged_file_gives_a_slice_or_a_typed_error(
    tmp_path: Path, name: str, data: st.DataObject
) -> None:
    content = bytearray(FORMATS[name](tmp_path))
    head = min(len(content), HEADER_BYTES)
    changes = st.lists(st.tuples(st.integers(0, head - 1), st.integers(0, 255)), max_size=6)
    for position, value in data.draw(changes):
        content[position] = value
    cut = data.draw(st.one_of(st.none(), st.integers(0, len(content))))
    path = tmp_path / name
    path.write_bytes(gzip.compress(content[:cut], 1) if name.endswith(".gz") else content[:cut])
    outcome = outcome_of(path)
    assert name in outcome or outcome == "slices"
