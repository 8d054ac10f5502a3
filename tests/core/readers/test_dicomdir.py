"""A DICOMDIR is opened as the files that it names, and never leads out of its folder."""

from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import MediaStorageDirectoryStorage

from core.errors import NoImages
from core.readers.index import contents_of
from core.readers.process import ReaderProcess
from tests.core.readers.dicom_files import RAMP, dicom_file


def dicomdir(folder: Path, *names: list[str]) -> Path:
    records = []
    for parts in names:
        record = Dataset()
        record.DirectoryRecordType = "IMAGE"
        record.ReferencedFileID = parts
        records.append(record)
    path = dicom_file(
        folder / "DICOMDIR",
        SOPClassUID=MediaStorageDirectoryStorage,
        DirectoryRecordSequence=Sequence(records),
    )
    return path


def slices(folder: Path, *names: str) -> None:
    folder.mkdir(exist_ok=True)
    for number, name in enumerate(names):
        dicom_file(
            folder / name,
            RAMP,
            SOPInstanceUID=f"1.2.{number}",
            SeriesInstanceUID="1.9",
            ImagePositionPatient=[0, 0, 2.0 * number],
            ImageOrientationPatient=[1, 0, 0, 0, 1, 0],
            PixelSpacing=[1, 1],
        )


def test_that_a_dicomdir_is_the_series_of_the_files_that_it_names(tmp_path: Path) -> None:
    slices(tmp_path / "IMAGES", "IM1", "IM2", "IM3")
    dicom_file(tmp_path / "not-named", RAMP)
    path = dicomdir(tmp_path, ["IMAGES", "IM2"], ["IMAGES", "IM1"], ["IMAGES", "IM3"])
    with ReaderProcess() as reader:
        (entry,) = reader.index(path)
        np.testing.assert_array_equal(reader.read(entry, 2)[0].values, RAMP)
    assert entry.volume_shape == (3, 3, 4)
    assert entry.source(1).path == tmp_path / "IMAGES" / "IM2"


@pytest.mark.filterwarnings("ignore:Invalid value for VR CS")
def test_that_names_in_other_case_and_missing_files_are_told_apart(tmp_path: Path) -> None:
    slices(tmp_path / "images", "im1")
    contents = contents_of(dicomdir(tmp_path, ["IMAGES", "IM1"], ["IMAGES", "IM2.DCM"]))
    assert [entry.path.name for entry in contents.entries] == ["im1"]
    assert [failure.path.name for failure in contents.failures] == ["IM2.DCM"]


@pytest.mark.filterwarnings("ignore:Invalid value for VR CS")
@pytest.mark.parametrize("parts", [["..", "OUTSIDE"], ["IMAGES", "..", "..", "OUTSIDE"], ["LINK", "OUTSIDE"]])
def test_that_no_file_outside_of_its_folder_is_opened(tmp_path: Path, parts: list[str]) -> None:
    folder = tmp_path / "medium"
    slices(folder, "IM1")
    slices(tmp_path, "OUTSIDE")
    (folder / "LINK").symlink_to(tmp_path)
    contents = contents_of(dicomdir(folder, ["IM1"], parts))
    assert [entry.path.name for entry in contents.entries] == ["IM1"]
    assert [failure.path.name for failure in contents.failures] == ["OUTSIDE"]


def test_that_a_dicomdir_whose_files_are_missing_is_no_image(tmp_path: Path) -> None:
    with pytest.raises(NoImages, match="DICOMDIR is a DICOMDIR, a list of files, not an image"):
        contents_of(dicomdir(tmp_path, ["IMAGES", "IM1"]))


@pytest.mark.filterwarnings("ignore:Invalid value for VR CS", "ignore:The value length")
def test_that_a_name_that_no_file_can_have_costs_that_file_alone(tmp_path: Path) -> None:
    slices(tmp_path / "IMAGES", "IM1")
    contents = contents_of(dicomdir(tmp_path, ["IMAGES", "IM1"], ["IMAGES", "X" * 300]))
    assert len(contents.failures) == 1
    assert "no valid file name" in contents.failures[0].message
    assert len(contents.failures[0].message) < 120
