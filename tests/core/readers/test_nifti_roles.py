"""Co-registered NIfTI files of a case, known by their names, their folder and their grid."""

from pathlib import Path

import numpy as np
import pytest

from core.readers.index import index_path
from core.readers.protocol import SeriesEntry
from tests.core.readers.nifti_files import marked, saved


def entry_of(folder: Path, name: str, shift: float = 0.0) -> SeriesEntry:
    folder.mkdir(exist_ok=True)
    affine = np.diag([-1.0, -1, 1, 1])
    affine[0, 3] = shift
    return index_path(saved(folder / name, marked(), affine))[0]


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("BraTS19_2013_1_t1.nii", "T1"),
        ("BraTS19_2013_1_t1ce.nii.gz", "T1 post contrast"),
        ("BraTS19_2013_1_t2.nii.gz", "T2"),
        ("BraTS19_2013_1_FLAIR.NII.GZ", "FLAIR"),
        ("BraTS19_2013_1_seg.nii.gz", "segmentation"),
        ("BraTS-GLI-00005-100-t1n.nii.gz", "T1"),
        ("BraTS-GLI-00005-100-t1c.nii.gz", "T1 post contrast"),
        ("BraTS-GLI-00005-100-t2w.nii.gz", "T2"),
        ("BraTS-GLI-00005-100-t2f.nii.gz", "FLAIR"),
        ("BraTS-GLI-00005-100-seg.nii.gz", "segmentation"),
        ("t1ce.nii.gz", "T1 post contrast"),
        ("at1.nii.gz", ""),
        ("t1_brain.nii.gz", ""),
    ],
)
def test_that_the_name_gives_the_role(tmp_path: Path, name: str, role: str) -> None:
    assert entry_of(tmp_path, name).role == role


def test_that_sequences_of_one_case_belong_together_and_others_do_not(tmp_path: Path) -> None:
    t1, flair = (entry_of(tmp_path / "a", f"case1_{name}.nii") for name in ("t1", "flair"))
    others = [entry_of(tmp_path / "a", "case2_t1.nii"), entry_of(tmp_path / "b", "case1_t1.nii")]
    assert t1.keys == flair.keys
    assert t1.keys.patient == t1.keys.study != ""
    assert len({entry.keys.patient for entry in (t1, *others)}) == 3
    assert len({entry.keys.frame_of_reference for entry in (t1, *others)}) == 3


def test_that_files_of_another_grid_have_another_frame_of_reference(tmp_path: Path) -> None:
    t1, shifted = entry_of(tmp_path, "t1.nii"), entry_of(tmp_path, "t2.nii", shift=3)
    rounded = entry_of(tmp_path, "flair.nii", shift=1e-5)
    assert t1.keys.frame_of_reference == rounded.keys.frame_of_reference
    assert t1.keys.frame_of_reference != shifted.keys.frame_of_reference
    assert t1.keys.patient == shifted.keys.patient


def test_that_files_without_a_role_share_a_grid_but_no_patient(tmp_path: Path) -> None:
    image, label = (entry_of(tmp_path, name) for name in ("image.nii", "label.nii"))
    assert image.keys == label.keys
    assert (image.keys.patient, image.keys.study) == ("", "")
    assert image.keys.frame_of_reference != ""


def test_that_the_shared_glioma_case_is_one_case(shared: Path) -> None:
    entries = index_path(shared / "nifti" / "glioma" / "TCGA-FG-6692")
    assert sorted(entry.role for entry in entries) == [
        "FLAIR",
        "T1",
        "T1 post contrast",
        "T2",
        "segmentation",
    ]
    assert len({entry.keys for entry in entries}) == 1


def test_that_keys_name_neither_folder_nor_file(tmp_path: Path) -> None:
    entry = entry_of(tmp_path / "Meier", "Anna_t1.nii")
    assert not any(name in entry.keys.model_dump_json() for name in ("Meier", "Anna", "anna"))
