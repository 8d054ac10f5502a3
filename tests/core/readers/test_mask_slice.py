"""Reference volumes: NIfTI label maps and DICOM segmentations give the mask of any slice."""

import os
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.pixels.utils import pack_bits
from pydicom.uid import SegmentationStorage

from core.errors import IncompatibleInput
from core.images.planes import plane_views
from core.images.slice import Slice
from core.images.slice_place import SlicePlace
from core.images.volume import Volume
from core.readers import mask_slice
from core.readers.index import index_path, read
from core.readers.mask_levels import levels_of
from core.readers.mask_slice import read_mask_slice
from core.readers.messages import CloseSeries, SeriesClosed
from core.readers.process import ReaderProcess
from core.readers.protocol import FrameSource, SeriesEntry
from core.readers.volume_cache import KEPT_VOLUMES
from core.readers.volumes import release
from tests.core.readers.dicom_files import dicom_file
from tests.core.readers.mask_files import LABELS, volume

LPS_OF_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])
SHAPE = (6, 8, 10)
# Slices of 3 mm, rows of 2 mm, columns of 1.5 mm.
AFFINE = np.array([[0.0, 0, 1.5, -20], [0, 2, 0, 30], [3, 0, 0, -10], [0, 0, 0, 1]])


def lps_volume(path: Path) -> Volume:
    """A NIfTI volume as (slices, rows, columns), read by nibabel alone."""
    image = nibabel.load(path)
    affine = (LPS_OF_RAS @ image.affine)[:, [2, 1, 0, 3]]
    return Volume(np.asarray(image.dataobj).transpose(2, 1, 0), affine)


def place_in(image: Slice, axis: int, index: int, slices: int) -> SlicePlace:
    return SlicePlace.of(image, frames=slices, frame=index if axis == 0 else None)


@pytest.mark.parametrize("case", ["TCGA-FG-6692", "TCGA-DU-7294"])
def test_that_a_label_map_follows_the_image_in_all_three_planes(shared: Path, case: str) -> None:
    folder = shared / "nifti" / "glioma" / case
    image, labels = lps_volume(folder / "t1ce.nii.gz"), lps_volume(folder / "seg.nii.gz")
    entry = index_path(folder / "seg.nii.gz")[0]
    marked = 0
    for view in plane_views(image.shape, image.affine_lps_mm):
        for index in range(0, view.count, 20):
            place = place_in(image.slice(view, index), view.axis, index, image.shape[0])
            expected = labels.slice(view, index).values
            mask = read_mask_slice(entry, place)
            np.testing.assert_array_equal(mask.region, expected > 0)
            np.testing.assert_array_equal(read_mask_slice(entry, place, (2.0,)).region, expected == 2)
            assert [label.value for label in mask.labels] == sorted(set(np.unique(labels.values)) - {0})
            marked += int(mask.region.sum())
    assert marked > 1000


def sequence_item(**elements: Any) -> list[Dataset]:
    item = Dataset()
    for keyword, value in elements.items():
        setattr(item, keyword, value)
    return [item]


def segmentation(path: Path, frames: list[tuple[int, int, np.ndarray]], **elements: Any) -> Path:
    """A DICOM segmentation of two segments; frames: (segment, slice of AFFINE, values (rows, columns))."""
    groups = []
    for segment, number, _ in frames:
        position = (AFFINE @ (number, 0, 0, 1))[:3].tolist()
        groups += sequence_item(
            PlanePositionSequence=sequence_item(ImagePositionPatient=position),
            SegmentIdentificationSequence=sequence_item(ReferencedSegmentNumber=segment),
        )
    shared_groups = sequence_item(
        PixelMeasuresSequence=sequence_item(PixelSpacing=[2, 1.5], SliceThickness=3, SpacingBetweenSlices=3),
        PlaneOrientationSequence=sequence_item(ImageOrientationPatient=[1, 0, 0, 0, 1, 0]),
    )
    pixels = np.stack([values for _, _, values in frames]).astype(np.uint8)
    if "SegmentationType" not in elements:
        packed = {"BitsAllocated": 1, "BitsStored": 1, "HighBit": 0, "PixelData": pack_bits(pixels)}
        elements = {"SegmentationType": "BINARY"} | packed
    return dicom_file(
        path,
        pixels,
        SOPClassUID=SegmentationStorage,
        Modality="SEG",
        SegmentSequence=[
            *sequence_item(SegmentNumber=1, SegmentLabel="Core"),
            *sequence_item(SegmentNumber=2, SegmentLabel="Oedema"),
        ],
        SharedFunctionalGroupsSequence=shared_groups,
        PerFrameFunctionalGroupsSequence=groups,
        **elements,
    )


def square(row: int, column: int, side: int = 3) -> np.ndarray:
    values = np.zeros(SHAPE[1:], np.uint8)
    values[row : row + side, column : column + side] = 1
    return values


# The frames lie in no order, slices 0, 2 and 5 have none, and the segments overlap in slice 3.
FRAMES = [(2, 3, square(2, 4)), (1, 1, square(0, 0)), (1, 3, square(1, 3)), (2, 4, square(5, 7))]


@pytest.mark.parametrize("labels", [(), (1.0,), (2.0,)])
def test_that_a_segmentation_marks_its_slices_in_all_planes_and_no_others(tmp_path, labels) -> None:
    entry = index_path(segmentation(tmp_path / "seg.dcm", FRAMES))[0]
    expected = np.zeros(SHAPE, bool)
    for segment, number, values in FRAMES:
        if not labels or segment in labels:
            expected[number] |= values > 0
    image = Volume(expected, AFFINE)
    for view in plane_views(SHAPE, AFFINE):
        for index in range(view.count):
            shown = image.slice(view, index)
            mask = read_mask_slice(entry, place_in(shown, view.axis, index, SHAPE[0]), labels)
            np.testing.assert_array_equal(mask.region, shown.values)
    assert [(label.value, label.name) for label in mask.labels] == [(1, "Core"), (2, "Oedema")]
    assert expected.sum() > 0


def test_that_half_of_the_highest_fraction_is_marked(tmp_path) -> None:
    values = np.arange(80, dtype=np.uint8).reshape(SHAPE[1:])
    kind = {"SegmentationType": "FRACTIONAL", "MaximumFractionalValue": 100}
    entry = index_path(segmentation(tmp_path / "seg.dcm", [(1, 2, values)], **kind))[0]
    shown = Volume(np.zeros(SHAPE), AFFINE).slice(plane_views(SHAPE, AFFINE)[0], 2)
    region = read_mask_slice(entry, place_in(shown, 0, 2, SHAPE[0])).region
    np.testing.assert_array_equal(region, values >= 50)


@pytest.mark.parametrize(
    "name",
    ["pydicom_data/liver.dcm", "highdicom/seg_image_ct_binary.dcm", "pydicom/test_files/liver_1frame.dcm"],
)
def test_that_segmentations_of_others_are_read_at_the_position_of_each_frame(shared: Path, name: str) -> None:
    entry = index_path(shared / "dicom" / name)[0]
    for number in range(entry.frames):
        stored = read(entry, number)[0]
        # An image of other slices: the number of the frame says nothing.
        place = SlicePlace.of(stored, frames=40, frame=7)
        np.testing.assert_array_equal(read_mask_slice(entry, place).region, stored.values > 0)
        affine = stored.affine_lps_mm.copy()
        affine[:3, 3] += 50 * affine[:3, 0]
        beyond = SlicePlace.of(Slice(stored.values, affine_lps_mm=affine), frames=40, frame=7)
        assert not read_mask_slice(entry, beyond).region.any()


def test_that_a_mask_without_position_is_found_by_its_number_in_acquired_slices_only(tmp_path) -> None:
    labels = LABELS.astype(np.uint8)
    entry = index_path(volume(tmp_path / "mask.nii", [0 * labels, labels]))[0]
    picture = Slice(LABELS)  # a picture has no position
    masks = [
        read_mask_slice(entry, SlicePlace.of(picture, frames=2, frame=number)).region for number in (0, 1)
    ]
    assert (masks[0].any(), (masks[1] == (LABELS > 0)).all()) == (False, True)
    with pytest.raises(IncompatibleInput, match="only in the slices as they were acquired"):
        read_mask_slice(entry, SlicePlace.of(picture, frames=2, frame=None))


def test_that_chosen_labels_of_a_mask_without_position_are_the_region_in_every_slice(tmp_path) -> None:
    labels = LABELS.astype(np.uint8)
    first = np.where(labels == 2, 2, 0).astype(np.uint8)
    entry = index_path(volume(tmp_path / "mask.nii", [first, labels]))[0]
    for number, values in enumerate((first, labels)):
        place = SlicePlace.of(Slice(LABELS), frames=2, frame=number)
        for chosen in ((1,), (2,), (1, 3)):
            mask = read_mask_slice(entry, place, chosen)
            np.testing.assert_array_equal(mask.region, np.isin(values, chosen))
            assert [label.value for label in mask.labels] == [1, 2, 3]


def test_that_the_reader_process_answers_with_region_and_labels(tmp_path) -> None:
    path = segmentation(tmp_path / "seg.dcm", FRAMES)
    shown = Volume(np.zeros(SHAPE), AFFINE).slice(plane_views(SHAPE, AFFINE)[0], 3)
    place = place_in(shown, 0, 3, SHAPE[0])
    with ReaderProcess() as reader:
        mask = reader.read_mask(reader.index(path)[0], place)
    expected = read_mask_slice(index_path(path)[0], place)
    np.testing.assert_array_equal(mask.region, expected.region)
    assert (mask.labels, mask.notes) == (expected.labels, expected.notes)
    assert mask.region.sum() == 14  # two squares of nine pixels share four


def test_that_a_slice_of_one_value_counts_as_every_other_slice() -> None:
    values = np.array([[0, 0, 2], [0, 5, 5], [0, 0, 0]])
    for constant in (0, 3, np.inf):
        alone, both = levels_of([values]), levels_of([values, np.full((3, 3), constant)])
        expected = dict(zip(alone.levels, alone.counts, strict=True))
        if np.isfinite(constant):
            expected[constant] = expected.get(constant, 0) + 9
        assert dict(zip(both.levels, both.counts, strict=True)) == expected
        assert both.flat.sum() - alone.flat.sum() == (9 if np.isfinite(constant) else 0)


def shown_place(index: int = 3) -> SlicePlace:
    shown = Volume(np.zeros(SHAPE), AFFINE).slice(plane_views(SHAPE, AFFINE)[0], index)
    return place_in(shown, 0, index, SHAPE[0])


def test_that_further_slices_of_a_mask_decode_nothing(tmp_path, monkeypatch) -> None:
    (entry,) = index_path(segmentation(tmp_path / "seg.dcm", FRAMES))
    first = read_mask_slice(entry, shown_place())
    for name in ("read", "read_image_and_mask", "_label_volume"):
        monkeypatch.setattr(mask_slice, name, lambda *_: pytest.fail("the mask was decoded again"))
    np.testing.assert_array_equal(read_mask_slice(entry, shown_place()).region, first.region)
    assert not read_mask_slice(entry, shown_place(1)).region.all()


def label_series(folder: Path) -> SeriesEntry:
    """A label map of one file a slice."""
    paths = []
    for index in range(SHAPE[0]):
        place = {
            "ImagePositionPatient": (AFFINE @ [index, 0, 0, 1])[:3].tolist(),
            "ImageOrientationPatient": [1, 0, 0, 0, 1, 0],
            "PixelSpacing": [2, 1.5],
        }
        path = folder / f"{index}.dcm"
        paths.append(dicom_file(path, square(2, 2).astype(np.uint8), **place))
    (first,) = index_path(paths[0])
    sources = tuple(FrameSource(path=path) for path in paths)
    return first.model_copy(update={"frames": SHAPE[0], "sources": sources})


def test_that_a_change_of_any_file_of_a_mask_is_noticed(tmp_path) -> None:
    entry = label_series(tmp_path)
    assert read_mask_slice(entry, shown_place()).region[2:5, 2:5].all()
    header = {
        "ImagePositionPatient": (AFFINE @ [3, 0, 0, 1])[:3].tolist(),
        "ImageOrientationPatient": [1, 0, 0, 0, 1, 0],
        "PixelSpacing": [2, 1.5],
    }
    dicom_file(tmp_path / "3.dcm", square(4, 5).astype(np.uint8), **header)
    changed = read_mask_slice(entry, shown_place()).region
    assert changed[4:7, 5:8].all()
    assert not changed[2, 2]


def test_that_a_changed_file_of_voxels_beside_its_header_is_noticed(tmp_path) -> None:
    values = np.zeros(SHAPE, np.uint8)
    values[3, 2, 2] = 1
    affine = LPS_OF_RAS @ AFFINE[:, [2, 1, 0, 3]]
    path = tmp_path / "mask.hdr"

    def save() -> None:
        nibabel.save(nibabel.Nifti1Pair(values.transpose(2, 1, 0), affine), path)

    save()
    (entry,) = index_path(path)
    assert read_mask_slice(entry, shown_place()).region.sum() == 1
    header = path.read_bytes(), path.stat()
    values[3, 4:6, 4:6] = 1
    save()
    path.write_bytes(header[0])
    os.utime(path, ns=(header[1].st_atime_ns, header[1].st_mtime_ns))
    image = path.with_suffix(".img")
    os.utime(image, ns=(image.stat().st_atime_ns, image.stat().st_mtime_ns + 10**9))
    assert read_mask_slice(entry, shown_place()).region.sum() == 5


def test_that_what_is_kept_of_a_mask_counts_and_is_released_with_it(tmp_path) -> None:
    KEPT_VOLUMES.make_room(2**62)
    (entry,) = index_path(segmentation(tmp_path / "seg.dcm", FRAMES))
    read_mask_slice(entry, shown_place())
    assert KEPT_VOLUMES.kept_bytes >= len(FRAMES) * SHAPE[1] * SHAPE[2]
    release(entry)
    assert KEPT_VOLUMES.kept_bytes == 0
    with ReaderProcess() as reader:
        reader.read_mask(entry, shown_place())
        assert reader.ask(CloseSeries(entry=entry), SeriesClosed)[0].kept_bytes == 0
