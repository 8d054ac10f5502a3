"""What DICOM files state beside the pixels: overlays, orientation, calibration, burned-in text, loss."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset

from core.images.measuring import place_of_spacing
from core.images.slice import Slice
from core.readers.dicom_overlays import OUTSIDE_NOTE, UNREADABLE_NOTE, overlay_of
from core.readers.index import index_path, read
from core.readers.process import ReaderProcess
from tests.core.readers.dicom_files import RAMP, dicom_file

# (rows, columns) of the image that RAMP is.
SHAPE = (3, 4)


def image_of(path: Path, frame: int = 0) -> Slice:
    return read(index_path(path)[0], frame)[0]


def overlay_elements(planes: np.ndarray, group: int = 0x6000, **numbers: int) -> dict[int, tuple[str, Any]]:
    """Elements of an overlay group: planes (frames, rows, columns) of bools, packed without gaps."""
    data = np.packbits(planes.ravel(), bitorder="little").tobytes()
    first = group << 16
    return {
        first | 0x0010: ("US", planes.shape[1]),
        first | 0x0011: ("US", planes.shape[2]),
        first | 0x0015: ("IS", len(planes)),
        first | 0x0050: ("SS", [numbers.get("top", 1), numbers.get("left", 1)]),
        first | 0x0051: ("US", numbers.get("first_frame", 1)),
        first | 0x0100: ("US", 1),
        first | 0x3000: ("OW", data + bytes(len(data) % 2)),
    }


def with_overlay(path: Path, pixels: np.ndarray, elements: dict[int, tuple[str, Any]]) -> Path:
    dataset = dcmread(dicom_file(path, pixels))
    for tag, (vr, value) in elements.items():
        dataset.add_new(tag, vr, value)
    dataset.save_as(path)
    return path


def test_that_two_overlay_planes_are_shown_together(tmp_path: Path) -> None:
    first, second = (np.zeros((1, *SHAPE), bool) for _ in range(2))
    first[0, 0, 1] = second[0, 2, 3] = True
    elements = overlay_elements(first) | overlay_elements(second, group=0x6002)
    overlay = image_of(with_overlay(tmp_path / "a.dcm", RAMP, elements)).overlay
    assert overlay is not None
    np.testing.assert_array_equal(np.argwhere(overlay), [[0, 1], [2, 3]])


def test_that_an_overlay_belongs_to_its_frames(tmp_path: Path) -> None:
    planes = np.zeros((2, *SHAPE), bool)
    planes[0, 0, 0] = planes[1, 1, 2] = True  # 12 pixels a plane: the second starts within a byte
    path = with_overlay(
        tmp_path / "a.dcm", np.stack([RAMP, RAMP, RAMP]), overlay_elements(planes, first_frame=2)
    )
    overlays = [image_of(path, frame).overlay for frame in range(3)]
    assert overlays[0] is None
    assert [np.argwhere(overlay).tolist() for overlay in overlays[1:] if overlay is not None] == [
        [[0, 0]],
        [[1, 2]],
    ]


def test_that_an_overlay_that_starts_outside_of_the_image_is_cut(tmp_path: Path) -> None:
    plane = np.ones((1, 2, 2), bool)
    image = image_of(with_overlay(tmp_path / "a.dcm", RAMP, overlay_elements(plane, top=0, left=4)))
    assert image.overlay is not None
    np.testing.assert_array_equal(np.argwhere(image.overlay), [[0, 3]])
    assert image.notes == (OUTSIDE_NOTE,)


def test_that_the_words_of_an_overlay_are_swapped_in_big_endian_files() -> None:
    plane = np.zeros((1, *SHAPE), bool)
    plane[0, 0, 1] = True
    dataset = Dataset()
    for tag, (vr, value) in overlay_elements(plane).items():
        dataset.add_new(tag, vr, value[::-1] if vr == "OW" else value)
    overlay, _ = overlay_of(dataset, 0, SHAPE, is_little_endian=False)
    np.testing.assert_array_equal(overlay, plane[0])


@pytest.mark.parametrize("damaged", [{0x60000010: ("US", 400)}, {0x60000015: ("LO", "many")}])
def test_that_an_overlay_with_impossible_numbers_is_left_out_and_told(
    tmp_path: Path, damaged: dict[int, tuple[str, Any]]
) -> None:
    elements = overlay_elements(np.ones((1, *SHAPE), bool)) | damaged
    image = image_of(with_overlay(tmp_path / "a.dcm", RAMP, elements))
    assert image.overlay is None
    assert image.notes == (UNREADABLE_NOTE,)


@pytest.mark.parametrize("name", ["pydicom/test_files/examples_overlay.dcm", "dcm4che/ovly_p01.dcm"])
def test_that_the_overlay_of_a_real_file_is_the_one_that_pydicom_gives(shared: Path, name: str) -> None:
    path = shared / "dicom" / name
    dataset = dcmread(path)
    groups = [group for group in range(0x6000, 0x6020, 2) if (group, 0x3000) in dataset]
    expected = np.any([dataset.overlay_array(group) > 0 for group in groups], axis=0)
    assert expected.any()
    overlay = image_of(path).overlay
    assert overlay is not None
    np.testing.assert_array_equal(overlay, expected)


def test_that_an_overlay_and_letters_cross_to_another_process(tmp_path: Path) -> None:
    path = with_overlay(tmp_path / "a.dcm", RAMP, overlay_elements(np.ones((1, *SHAPE), bool)))
    with ReaderProcess() as reader:
        image, _ = reader.read(reader.index(path)[0], 0)
    assert image.overlay is not None
    assert image.overlay.all()


@pytest.mark.parametrize(
    ("stated", "letters"),
    [
        (["L", "F"], ("H", "R", "F", "L")),
        (["P", "FR"], ("HL", "A", "FR", "P")),
        (["A", ""], None),
        (["X", "F"], None),
        (["LR", "F"], None),
        (["L"], None),
    ],
)
def test_that_letters_come_from_the_patient_orientation_where_no_position_is_known(
    tmp_path: Path, stated: list[str], letters: tuple[str, ...] | None
) -> None:
    image = image_of(dicom_file(tmp_path / "a.dcm", PatientOrientation=stated))
    assert image.edge_letters == letters


def test_that_the_position_goes_before_the_patient_orientation(tmp_path: Path) -> None:
    place = {"ImagePositionPatient": [0, 0, 0], "ImageOrientationPatient": [1, 0, 0, 0, 1, 0]}
    path = dicom_file(tmp_path / "a.dcm", PatientOrientation=["P", "F"], PixelSpacing=[1, 1], **place)
    assert image_of(path).edge_letters == ("A", "R", "P", "L")


@pytest.mark.parametrize(
    ("elements", "source", "place", "words"),
    [
        ({"PixelSpacing": [0.2, 0.2]}, "PixelSpacing", "", ""),
        ({"ImagerPixelSpacing": [0.2, 0.2]}, "ImagerPixelSpacing", "at the detector", ""),
        ({"NominalScannedPixelSpacing": [0.2, 0.2]}, "NominalScannedPixelSpacing", "on the scanned film", ""),
        (
            {"PixelSpacing": [0.2, 0.2], "ImagerPixelSpacing": [0.2, 0.2]},
            "ImagerPixelSpacing",
            "at the detector",
            "",
        ),
        (
            {
                "PixelSpacing": [0.2, 0.2],
                "ImagerPixelSpacing": [0.2, 0.2],
                "PixelSpacingCalibrationType": "FIDUCIAL",
            },
            "PixelSpacing",
            "",
            "calibrated by an object of known size",
        ),
        (
            {"PixelSpacing": [2, 2], "ImagerPixelSpacing": [2, 2], "ImagePositionPatient": [0, 0, 0]},
            "PixelSpacing",
            "",
            "",
        ),
        (
            {"PixelSpacing": [0.15, 0.15], "PixelSpacingCalibrationType": "GEOMETRY"},
            "PixelSpacing",
            "",
            "an assumed distance",
        ),
        (
            {"ImagerPixelSpacing": [0.2, 0.2], "EstimatedRadiographicMagnificationFactor": 1.5},
            "ImagerPixelSpacing",
            "at the detector",
            "magnified about 1.5 times",
        ),
        ({}, "", "", ""),
    ],
)
def test_that_a_spacing_at_the_detector_is_told_from_one_in_the_patient(
    tmp_path: Path, elements: dict[str, Any], source: str, place: str, words: str
) -> None:
    image = image_of(dicom_file(tmp_path / "a.dcm", **elements))
    assert (image.spacing_source, place_of_spacing(image.spacing_source)) == (source, place)
    assert words in " ".join(image.notes)
    assert bool(image.notes) == bool(words)


def test_that_burned_in_text_and_loss_are_told(tmp_path: Path) -> None:
    loss = {"LossyImageCompression": "01", "LossyImageCompressionRatio": [8, 2]}
    assert image_of(dicom_file(tmp_path / "a.dcm", BurnedInAnnotation="YES", **loss)).notes == (
        "text is part of the pixels and may name the patient",
        "the image was compressed with loss by a ratio of 8 and then 2",
    )
    plain = {"BurnedInAnnotation": "NO", "LossyImageCompression": "00"}
    assert image_of(dicom_file(tmp_path / "b.dcm", **plain)).notes == ()
