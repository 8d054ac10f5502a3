"""What the tests of masks share: a marked region, files that hold it, and how well two regions agree."""

from pathlib import Path

import nibabel
import numpy as np

from core.images.mask import Mask
from core.readers.index import index_path
from core.readers.mask import read_mask

ROWS, COLUMNS = 96, 120


def disc(row: float, column: float, radius: float) -> np.ndarray:
    rows, columns = np.ogrid[:ROWS, :COLUMNS]
    return (rows - row) ** 2 + (columns - column) ** 2 < radius**2


FINDING = disc(40, 70, 20) | disc(70, 30, 9)
LABELS = disc(40, 70, 20) * 1 + disc(70, 30, 9) * 2 + disc(20, 25, 6) * 3
ALL_LABELS = LABELS > 0


def mask_of(path: Path, frame: int = 0) -> Mask:
    return read_mask(index_path(path)[0], frame)


def overlap(region: np.ndarray, expected: np.ndarray) -> float:
    return (region & expected).sum() / (region | expected).sum()


def volume(path: Path, slices: list[np.ndarray]) -> Path:
    stored = np.stack([values.T for values in slices], axis=-1)
    nibabel.save(nibabel.Nifti1Image(stored, np.diag([-1.0, -1.0, 1.0, 1.0])), path)
    return path
