"""The areas of a mask in all slices of a series, against those of the labels themselves."""

from pathlib import Path

import numpy as np
import pytest

from core.errors import IncompatibleInput
from core.images.region import slice_areas
from core.readers.index import index_path
from core.readers.mask_areas import mask_areas
from core.readers.messages import MaskAreas, ReadMaskAreas
from core.readers.process import ReaderProcess
from tests.core.readers.dicom_files import dicom_file
from tests.core.readers.mask_files import volume
from tests.core.readers.test_mask_slice import AFFINE, FRAMES, SHAPE, lps_volume, segmentation


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_that_the_areas_of_a_label_map_are_those_of_its_labels(shared: Path, axis: int) -> None:
    folder = shared / "nifti" / "glioma" / "TCGA-FG-6692"
    mask, image = (index_path(folder / name)[0] for name in ("seg.nii.gz", "t1ce.nii.gz"))
    labels = lps_volume(folder / "seg.nii.gz").values
    assert mask_areas(mask, image, 0, axis) == tuple(slice_areas(labels, axis))
    assert mask_areas(mask, image, 0, axis, labels=(1.0,)) == tuple(slice_areas(labels == 1, axis))


@pytest.fixture
def image_folder(tmp_path) -> Path:
    """A series of SHAPE at AFFINE, one file a slice, in no order."""
    folder = tmp_path / "image"
    folder.mkdir()
    for number in (3, 0, 5, 1, 4, 2):
        position = (AFFINE @ (number, 0, 0, 1))[:3].tolist()
        dicom_file(
            folder / f"{number}.dcm",
            np.full(SHAPE[1:], number, np.uint16),
            SOPInstanceUID=f"1.2.3.{number}",
            SeriesInstanceUID="1.2.3",
            ImagePositionPatient=position,
            ImageOrientationPatient=[1, 0, 0, 0, 1, 0],
            PixelSpacing=[2, 1.5],
        )
    return folder


def test_that_a_segmentation_that_lacks_slices_has_areas_in_every_slice_of_the_image(
    tmp_path, image_folder
) -> None:
    mask = index_path(segmentation(tmp_path / "seg.dcm", FRAMES))[0]
    (image,) = index_path(image_folder)
    assert mask_areas(mask, image, 0, 0) == (0, 9, 0, 14, 9, 0)
    assert mask_areas(mask, image, 0, 0, labels=(2.0,)) == (0, 0, 0, 9, 9, 0)
    marked = np.zeros(SHAPE, bool)
    for _, number, values in FRAMES:
        marked[number] |= values > 0
    for axis in (1, 2):
        assert mask_areas(mask, image, 0, axis) == tuple(slice_areas(marked, axis))


def test_that_slices_that_are_no_volume_are_found_at_their_own_positions(tmp_path, image_folder) -> None:
    (image_folder / "2.dcm").unlink()
    mask = index_path(segmentation(tmp_path / "seg.dcm", FRAMES))[0]
    (image,) = index_path(image_folder)
    assert image.no_volume
    assert mask_areas(mask, image, 0, 0) == (0, 9, 14, 9, 0)


def test_that_a_mask_without_position_is_counted_by_number_and_across_no_other_axis(tmp_path) -> None:
    values = np.zeros((3, 8, 10), np.uint8)
    values[1, 2:4, 3:6], values[2, 1, 1] = 1, 2
    mask = index_path(volume(tmp_path / "mask.nii", list(values)))[0]
    image = index_path(volume(tmp_path / "image.nii", list(values)))[0].model_copy(
        update={"affine_lps_mm": None, "no_volume": "none"}
    )
    assert mask_areas(mask, image, 0, 0) == (0, 6, 1)
    assert mask_areas(mask, image, 0, 0, labels=(2.0,)) == (0, 0, 1)
    with pytest.raises(IncompatibleInput, match="only in the slices as they were acquired"):
        mask_areas(mask, image, 0, 1)


def test_that_the_reader_process_answers_with_all_areas_at_once(tmp_path, image_folder) -> None:
    path = segmentation(tmp_path / "seg.dcm", FRAMES)
    with ReaderProcess() as reader:
        (mask,), (image,) = reader.index(path), reader.index(image_folder)
        request = ReadMaskAreas(entry=mask, image=image, volume=0, axis=0)
        answer, _ = reader.ask(request, MaskAreas)
    assert answer.areas == (0, 9, 0, 14, 9, 0)
