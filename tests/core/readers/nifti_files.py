"""NIfTI files for the tests, and their frames."""

import gzip
from pathlib import Path
from typing import Any

import nibabel
import numpy as np

from core.images.slice import Slice
from core.readers.index import index_path, read

SHAPE = (3, 4, 5)
MARK = (1, 2, 4)
RAS_TO_LPS = np.array([-1, -1, 1])


def saved(path: Path, values: np.ndarray, affine: np.ndarray | None = None, **fields: Any) -> Path:
    """Write a volume; `fields` are set in the header's bytes, past the checks that keep it consistent."""
    data = nibabel.Nifti1Image(values, np.eye(4) if affine is None else affine).to_bytes()
    header = nibabel.Nifti1Header(data[:348], check=False)
    for name, value in fields.items():
        header[name] = value
    data = header.binaryblock + data[348:]
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def frames(path: Path) -> list[Slice]:
    (entry,) = index_path(path)
    return [read(entry, frame)[0] for frame in range(entry.frames)]


def marked() -> np.ndarray:
    values = np.zeros(SHAPE, np.int16)
    values[MARK] = 7
    return values


def place_of_mark(images: list[Slice]) -> np.ndarray:
    (marked_slice,) = [image for image in images if (image.values == 7).any()]
    row, column = np.argwhere(marked_slice.values == 7)[0]
    assert marked_slice.affine_lps_mm is not None
    return (marked_slice.affine_lps_mm @ [0, row, column, 1])[:3]
