"""Results are named after the slice that was explained: its own file, or its number where a file has more."""

from pathlib import Path

import numpy as np
import pytest

from core.workspace.file import read_workspace
from tests.core.readers.dicom_files import dicom_file

pytestmark = pytest.mark.usefixtures("quick_reader")


@pytest.fixture
def folders(saliscope, bundle, tmp_path):
    """The folders that `explain` leaves, each with the name of its workspace, in the order of the images."""

    def run(*arguments) -> list[tuple[str, str]]:
        options = ("--method", "edge", "--model", bundle, "--out", tmp_path / "out", "--json")
        images = saliscope("explain", *arguments, *options).document["images"]
        return [(image["folder"], next(n for n in image["files"] if ".saliscope" in n)) for image in images]

    return run


@pytest.fixture
def series(tmp_path: Path, generator: np.random.Generator) -> Path:
    """A series of three files of one slice each."""
    folder = tmp_path / "series"
    folder.mkdir()
    for number in range(3):
        dicom_file(
            folder / f"IM{number + 1}.dcm",
            generator.integers(0, 999, (32, 32)).astype(np.uint16),
            SOPInstanceUID=f"2.25.{number + 10}",
            SeriesInstanceUID="2.25.1",
            StudyInstanceUID="2.25.2",
            FrameOfReferenceUID="2.25.3",
            PatientName="Mustermann^Erika",
            InstanceNumber=number + 1,
            ImagePositionPatient=[0, 0, 3.0 * number],
            ImageOrientationPatient=[1, 0, 0, 0, 1, 0],
            PixelSpacing=[1, 1],
        )
    return folder


def test_that_a_slice_of_a_series_of_files_is_named_after_its_own_file(folders, series):
    assert folders(series, "--slice", 3) == [("IM3", "IM3.saliscope")]
    assert folders(series) == [("IM2", "IM2.saliscope")]
    every = folders(series, "--all-slices")
    assert [folder for folder, _ in every] == ["IM1", "IM2-2", "IM3-2"]


def test_that_the_workspace_notes_the_format_of_its_source(folders, series, picture, tmp_path):
    formats = []
    for image in (series, picture):
        ((folder, name),) = folders(image)
        (case,) = read_workspace(tmp_path / "out" / folder / name).document.cases
        formats.append(case.source.format)
    assert formats[0] == "DICOM"
    assert formats[1] not in ("", "DICOM")


def test_that_a_workspace_is_named_like_its_folder_also_where_that_is_numbered(folders, picture):
    assert folders(picture) == [("picture", "picture.saliscope")]
    assert folders(picture) == [("picture-2", "picture-2.saliscope")]


def test_that_a_slice_of_a_file_with_several_has_plane_and_number(folders, volume):
    assert folders(volume, "--slice", 2) == [("volume_slice002", "volume_slice002.saliscope")]
    expected = ("volume_coronal_slice012", "volume_coronal_slice012.saliscope")
    assert folders(volume, "--plane", "coronal", "--slice", 12) == [expected]


def test_that_slices_whose_files_name_the_patient_have_their_numbers(folders, series):
    for file in sorted(series.iterdir()):
        file.rename(series / f"Mustermann_{file.name}")
    assert folders(series, "--slice", 3) == [("image_slice003", "image_slice003.saliscope")]
