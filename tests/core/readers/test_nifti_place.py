"""The position of NIfTI voxels from sform, qform, or neither."""

from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pytest

from core.images.geometry import pixels_apart
from tests.core.readers.nifti_files import MARK, RAS_TO_LPS, frames, marked, place_of_mark, saved

TURNED = np.array([[0, -2, 0, 10], [3, 0, 0, -20], [0, 0, 4, 30], [0, 0, 0, 1]], float)
BROKEN_SFORMS = {
    "not a number": {"srow_x": [np.nan] * 4},
    "infinite": {"srow_z": [0, 0, np.inf, 0]},
    "zero": {name: [0, 0, 0, 0] for name in ("srow_x", "srow_y", "srow_z")},
    "flat": {"srow_y": [0, -2, 0, 10], "srow_x": [0, -2, 0, 10]},
    "too large": {"srow_x": [1e20, 0, 0, 0]},
    "too far": {"srow_x": [0, -2, 0, 1e12]},
}
BROKEN_QFORMS = {
    "not a number": {"quatern_b": np.nan},
    "longer than 1": {"quatern_c": 1.5},
    "no voxel size": {"pixdim": [1, 0, 3, 4, 1, 1, 1, 1]},
    "an infinite voxel size": {"pixdim": [1, 3, np.inf, 4, 1, 1, 1, 1]},
    "an infinite offset": {"qoffset_x": np.inf},
}


def placed(path: Path, sform: np.ndarray | None, qform: np.ndarray | None, **fields: Any) -> Path:
    image = nibabel.Nifti1Image(marked(), None)
    image.header.set_sform(sform, 0 if sform is None else 1)
    image.header.set_qform(qform, 0 if qform is None else 1)
    data = image.to_bytes()
    header = nibabel.Nifti1Header(data[:348], check=False)
    for name, value in fields.items():
        header[name] = value
    path.write_bytes(header.binaryblock + data[348:])
    return path


@pytest.mark.parametrize("fields", BROKEN_SFORMS.values(), ids=BROKEN_SFORMS)
def test_that_the_qform_replaces_a_broken_sform(tmp_path: Path, fields: dict[str, Any]) -> None:
    images = frames(placed(tmp_path / "a.nii", TURNED, TURNED, **fields))
    assert place_of_mark(images) == pytest.approx((TURNED @ [*MARK, 1])[:3] * RAS_TO_LPS, abs=1e-4)
    assert images[0].notes == ("the sform cannot be used: the qform was used instead",)


@pytest.mark.parametrize("fields", BROKEN_QFORMS.values(), ids=BROKEN_QFORMS)
def test_that_the_sform_replaces_a_broken_qform(tmp_path: Path, fields: dict[str, Any]) -> None:
    images = frames(placed(tmp_path / "a.nii", TURNED, TURNED, **fields))
    assert place_of_mark(images) == pytest.approx((TURNED @ [*MARK, 1])[:3] * RAS_TO_LPS, abs=1e-4)
    assert images[0].notes == ("the qform cannot be used: the sform was used instead",)


@pytest.mark.parametrize("qform", BROKEN_QFORMS.values(), ids=BROKEN_QFORMS)
def test_that_two_broken_ones_are_an_unknown_place(tmp_path: Path, qform: dict[str, Any]) -> None:
    image = frames(placed(tmp_path / "a.nii", TURNED, TURNED, **BROKEN_SFORMS["zero"], **qform))[0]
    assert image.affine_lps_mm is None
    assert image.notes[0] == "its sform and qform cannot be used"
    assert "no orientation" in image.notes[1]
    assert (image.spacing_mm is None) == ("pixdim" in qform)
    assert pixels_apart(image.affine_lps_mm, np.eye(4), image.shape) is None


def test_that_sform_and_qform_that_contradict_each_other_are_reported(tmp_path: Path) -> None:
    moved = TURNED.copy()
    moved[0, 3] += 7
    image = frames(placed(tmp_path / "a.nii", TURNED, moved))[0]
    assert image.notes == ("sform and qform place the image up to 7.0 mm apart: the sform was used",)
    moved[0, 3] = TURNED[0, 3] + 0.5
    assert frames(placed(tmp_path / "a.nii", TURNED, moved))[0].notes == ()


@pytest.mark.parametrize(
    ("pixdim", "handed"),
    [([0, 3, 2, 4], 1), ([5, 3, 2, 4], 1), ([-1, 3, 2, 4], -1), ([1, -3, -2, -4], 1)],
    ids=str,
)
def test_that_odd_voxel_sizes_of_a_qform_are_read_as_the_standard_has_it(
    tmp_path: Path, pixdim: list[float], handed: int
) -> None:
    images = frames(placed(tmp_path / "a.nii", None, TURNED, pixdim=[*pixdim, 1, 1, 1, 1]))
    expected = TURNED.copy()
    expected[2, 2] *= handed
    assert place_of_mark(images) == pytest.approx((expected @ [*MARK, 1])[:3] * RAS_TO_LPS, abs=1e-4)


def test_that_an_unknown_unit_is_reported_and_taken_as_mm(tmp_path: Path) -> None:
    image = frames(saved(tmp_path / "a.nii", marked(), np.diag([-2, -3, 4, 1]), xyzt_units=5))[0]
    assert image.spacing_mm == (3, 2)
    assert image.notes == ("the unit of length is unknown (code 5): mm was assumed",)
