"""DICOM scaling and display: rescale, look-up tables, windows, polarity and proportions."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset

from core.images.slice import Slice, Window
from core.images.windowing import displayed
from core.readers.index import index_path, read
from tests.core.readers.dicom_files import RAMP, as_big_endian, dicom_file, items

STORED = np.arange(256, dtype=np.uint8).reshape(16, 16)


def opened(path: Path, frame: int = 0) -> Slice:
    return read(index_path(path)[0], frame)[0]


def with_table(
    path: Path,
    sequence: str,
    descriptor: list[int],
    data: Any,
    descriptor_vr: str = "US",
    data_vr: str = "US",
) -> Path:
    """Add one table to the sequence of this name."""
    dataset = dcmread(path)
    item = Dataset()
    item.add_new("LUTDescriptor", descriptor_vr, descriptor)
    item.add_new("LUTData", data_vr, data)
    setattr(dataset, sequence, [*dataset.get(sequence, []), item])
    dataset.save_as(path)
    return path


# Rescale


@pytest.mark.parametrize(
    ("elements", "expected", "unit", "notes"),
    [
        ({"RescaleIntercept": -1024}, RAMP.astype(int) - 1024, "HU", 1),
        ({"RescaleIntercept": -1024, "RescaleSlope": None}, RAMP.astype(int) - 1024, "HU", 1),
        ({"RescaleSlope": 2}, RAMP * 2, "HU", 0),
        ({"RescaleSlope": 2, "RescaleIntercept": None}, RAMP * 2, "HU", 0),
        ({"RescaleSlope": None, "RescaleIntercept": None}, RAMP, "", 0),
    ],
)
def test_that_what_is_missing_of_a_rescale_does_nothing(
    tmp_path: Path, elements: dict[str, Any], expected: np.ndarray, unit: str, notes: int
) -> None:
    image = opened(dicom_file(tmp_path / "a.dcm", **elements))
    np.testing.assert_array_equal(image.values, expected)
    assert (image.unit, len(image.notes)) == (unit, notes)


@pytest.mark.parametrize(("keyword", "default"), [("RescaleSlope", 1), ("RescaleIntercept", 0)])
@pytest.mark.parametrize("text", [b"1,5 ", b"abc ", b"NaN ", b"1\\2 "])
def test_that_an_unreadable_rescale_is_noted_with_the_value_that_was_used(
    tmp_path: Path, keyword: str, default: int, text: bytes
) -> None:
    path = dicom_file(tmp_path / "a.dcm", **{keyword: "7777"})
    path.write_bytes(path.read_bytes().replace(b"7777", text))
    image = opened(path)
    np.testing.assert_array_equal(image.values, RAMP)
    assert f"{keyword} is unreadable: {default} was used" in image.notes
    assert image.unit == ""


def test_that_an_empty_slope_of_a_frame_is_one(tmp_path: Path) -> None:
    group = Dataset()
    group.PixelValueTransformationSequence = items(RescaleSlope=None, RescaleIntercept=-5)
    path = dicom_file(tmp_path / "a.dcm", SharedFunctionalGroupsSequence=[group], Modality="MR")
    np.testing.assert_array_equal(opened(path).values, RAMP.astype(int) - 5)


# Look-up tables


@pytest.mark.parametrize("descriptor_vr", ["US", "SS"])
def test_that_the_first_input_of_a_table_has_the_sign_of_the_pixels(
    tmp_path: Path, descriptor_vr: str
) -> None:
    signed = np.array([[-3, -2, -1, 0]], np.int16)
    first = -3 if descriptor_vr == "SS" else 65533
    path = dicom_file(tmp_path / "a.dcm", signed)
    with_table(path, "ModalityLUTSequence", [4, first, 16], [40, 30, 20, 10], descriptor_vr)
    assert opened(path).values.tolist() == [[40, 30, 20, 10]]
    unsigned = np.array([[40000, 40001, 40002, 39999]], np.uint16)
    first = 40000 - 65536 if descriptor_vr == "SS" else 40000
    path = dicom_file(tmp_path / "b.dcm", unsigned)
    with_table(path, "ModalityLUTSequence", [3, first, 16], [7, 8, 9], descriptor_vr)
    assert opened(path).values.tolist() == [[7, 8, 9, 7]]


def test_that_a_table_of_0_entries_has_65536(tmp_path: Path) -> None:
    stored = np.array([[0, 1, 65534, 65535]], np.uint16)
    entries = np.arange(65536)[::-1].astype("<u2").tobytes()
    path = dicom_file(tmp_path / "a.dcm", stored)
    with_table(path, "ModalityLUTSequence", [0, 0, 16], entries, data_vr="OW")
    assert opened(path).values.tolist() == [[65535, 65534, 1, 0]]


@pytest.mark.parametrize("big_endian", [False, True])
@pytest.mark.parametrize("packed", [False, True])
def test_that_entries_of_8_bits_may_share_a_word(tmp_path: Path, big_endian: bool, packed: bool) -> None:
    stored = np.array([[0, 1, 2, 3, 4]], np.uint16)
    entries = np.array([50, 40, 30, 20, 10], np.uint8)
    words = np.append(entries, np.uint8(0)).view("<u2") if packed else entries.astype(np.uint16)
    path = dicom_file(tmp_path / "a.dcm", stored, Modality="MR")
    order = ">u2" if big_endian else "<u2"
    with_table(path, "ModalityLUTSequence", [5, 0, 8], words.astype(order).tobytes(), data_vr="OW")
    if big_endian:
        as_big_endian(path, stored.astype(">u2").tobytes())
    assert opened(path).values.tolist() == [entries.tolist()]


def test_that_packed_entries_given_as_numbers_are_unpacked(tmp_path: Path) -> None:
    path = dicom_file(tmp_path / "a.dcm", np.array([[0, 1, 2, 3]], np.uint16))
    with_table(path, "ModalityLUTSequence", [4, 0, 8], [40 << 8 | 10, 200 << 8 | 90])
    assert opened(path).values.tolist() == [[10, 40, 90, 200]]


def test_that_a_broken_table_is_left_out_with_a_note(tmp_path: Path) -> None:
    for sequence, table_name in (("ModalityLUTSequence", "Modality LUT"), ("VOILUTSequence", "VOI LUT")):
        path = dicom_file(tmp_path / "a.dcm")
        image = opened(with_table(path, sequence, [400, 0, 16], [1, 2, 3]))
        np.testing.assert_array_equal(image.values, RAMP)
        assert image.windows == ()
        assert any(table_name in note and "left out" in note for note in image.notes)


def test_that_a_voi_table_is_applied_entry_by_entry(tmp_path: Path) -> None:
    # Up, down and up again: no window could show it.
    entries = np.where(STORED.ravel() % 2 == 0, 255 - STORED.ravel(), STORED.ravel() // 2)
    path = dicom_file(tmp_path / "a.dcm", STORED, Modality="MR")
    image = opened(with_table(path, "VOILUTSequence", [256, 0, 8], entries.astype(int).tolist()))
    np.testing.assert_array_equal(displayed(image).ravel(), entries)
    np.testing.assert_array_equal(displayed(image, inverted=True).ravel(), 255 - entries)


def test_that_a_table_counts_from_its_first_input_and_ends_flat(tmp_path: Path) -> None:
    stored = np.array([[0, 900, 1000, 1001, 1002, 4000]], np.uint16)
    path = dicom_file(tmp_path / "a.dcm", stored, RescaleSlope=1, RescaleIntercept=-1024)
    # In HU: 1000 stored is -24. US and SS mean the same first input.
    for first, vr in ((-24, "SS"), (65536 - 24, "US")):
        image = opened(with_table(path, "VOILUTSequence", [3, first, 16], [0, 32768, 65535], vr))
        assert displayed(image).tolist() == [[0, 0, 0, 128, 255, 255]]


def test_that_a_table_of_10_bits_fills_the_display(tmp_path: Path) -> None:
    path = dicom_file(tmp_path / "a.dcm", np.array([[0, 1, 2, 2]], np.uint16), Modality="MR")
    image = opened(with_table(path, "VOILUTSequence", [3, 0, 10], [0, 512, 1023]))
    assert displayed(image).tolist() == [[0, 128, 255, 255]]


def test_that_a_table_after_a_fractional_rescale_takes_the_nearest_entry(tmp_path: Path) -> None:
    path = dicom_file(
        tmp_path / "a.dcm", np.array([[0, 1, 2, 3]], np.uint16), RescaleSlope="0.5", Modality="MR"
    )
    image = opened(with_table(path, "VOILUTSequence", [3, 0, 8], [0, 100, 200]))
    assert displayed(image).tolist() == [[0, 0, 100, 200]]  # halves go to the even entry


def test_that_monochrome1_turns_the_table_round(tmp_path: Path) -> None:
    path = dicom_file(tmp_path / "a.dcm", STORED, PhotometricInterpretation="MONOCHROME1", Modality="MR")
    image = opened(with_table(path, "VOILUTSequence", [256, 0, 8], list(range(256))))
    np.testing.assert_array_equal(displayed(image), 255 - STORED)


def test_that_each_table_is_a_window_after_the_files_windows(tmp_path: Path) -> None:
    path = dicom_file(tmp_path / "a.dcm", STORED, WindowCenter=40, WindowWidth=80, Modality="MR")
    for end in (255, 99):
        with_table(path, "VOILUTSequence", [2, 10, 8], [0, end])
    windows = opened(path).windows
    assert windows[0] == Window(40, 80)
    assert [window.table.shades for window in windows[1:] if window.table] == [(0, 255), (0, 99)]
    assert (windows[1].centre, windows[1].width) == (10.5, 1)


# Windows


def test_that_a_window_that_is_unreadable_takes_no_other_with_it(tmp_path: Path) -> None:
    path = dicom_file(
        tmp_path / "a.dcm",
        WindowCenter=["40", "111", "50"],
        WindowWidth=[400, 1500, 350],
        WindowCenterWidthExplanation=["A", "B", "C"],
    )
    path.write_bytes(path.read_bytes().replace(b"40\\111\\50", b"40\\1,1\\50"))
    image = opened(path)
    assert image.windows == (Window(40, 400, "A"), Window(50, 350, "C"))
    assert image.notes == ("window 2 of the file is unreadable and was left out",)


def test_that_twelve_windows_are_twelve(tmp_path: Path) -> None:
    path = dicom_file(tmp_path / "a.dcm", WindowCenter=list(range(12)), WindowWidth=[10] * 12)
    assert [window.centre for window in opened(path).windows] == list(range(12))


def test_that_a_sigmoid_is_the_one_of_the_standard(tmp_path: Path) -> None:
    window = {"WindowCenter": 1650, "WindowWidth": 800, "VOILUTFunction": "SIGMOID"}
    image = opened(dicom_file(tmp_path / "a.dcm", **window))
    expected = 255 / (1 + np.exp(-4 * (RAMP.astype(float) - 1650) / 800))
    np.testing.assert_array_equal(displayed(image), np.rint(expected))
    inverted = opened(dicom_file(tmp_path / "b.dcm", PhotometricInterpretation="MONOCHROME1", **window))
    np.testing.assert_array_equal(displayed(inverted), 255 - np.rint(expected))


def test_that_a_window_narrower_than_one_is_only_for_exact_functions(tmp_path: Path) -> None:
    for function, count in (("SIGMOID", 1), ("LINEAR_EXACT", 1), ("LINEAR", 0)):
        path = dicom_file(tmp_path / "a.dcm", WindowCenter=1, WindowWidth="0.5", VOILUTFunction=function)
        assert len(opened(path).windows) == count


def test_that_an_unknown_function_is_linear_with_a_note(tmp_path: Path) -> None:
    image = opened(dicom_file(tmp_path / "a.dcm", WindowCenter=1, WindowWidth=9, VOILUTFunction="CUBIC"))
    assert image.windows == (Window(1, 9),)
    assert "VOILUTFunction" in image.notes[0]


def test_that_each_frame_has_its_own_windows_and_functions(tmp_path: Path) -> None:
    groups = []
    for frame, function in enumerate(("LINEAR", "SIGMOID")):
        group = Dataset()
        group.FrameVOILUTSequence = items(WindowCenter=frame, WindowWidth=50, VOILUTFunction=function)
        groups.append(group)
    path = dicom_file(tmp_path / "a.dcm", np.stack([RAMP, RAMP]), PerFrameFunctionalGroupsSequence=groups)
    assert opened(path, 0).windows == (Window(0, 50),)
    assert opened(path, 1).windows == (Window(1, 50, "", "sigmoid"),)


# Polarity and proportions


@pytest.mark.parametrize(
    ("photometric", "shape", "inverted"),
    [
        ("MONOCHROME1", "INVERSE", True),
        ("MONOCHROME1", "IDENTITY", True),
        ("MONOCHROME1", None, True),
        ("MONOCHROME2", "INVERSE", True),
        ("MONOCHROME2", "IDENTITY", False),
        ("MONOCHROME2", None, False),
    ],
)
def test_that_inverse_presentation_is_no_second_inversion(
    tmp_path: Path, photometric: str, shape: str | None, inverted: bool
) -> None:
    elements = {"PhotometricInterpretation": photometric, "PresentationLUTShape": shape}
    assert opened(dicom_file(tmp_path / "a.dcm", **elements)).inverted is inverted


def test_that_colour_is_never_inverted(tmp_path: Path) -> None:
    colour = np.zeros((2, 2, 3), np.uint8)
    image = opened(dicom_file(tmp_path / "a.dcm", colour, PresentationLUTShape="INVERSE"))
    assert not image.inverted


@pytest.mark.parametrize(
    ("elements", "stated", "aspect"),
    [
        ({"PixelAspectRatio": [4, 3]}, 4 / 3, 4 / 3),
        ({"PixelAspectRatio": [1, 2], "PixelSpacing": [3, 1]}, None, 3),
        ({"PixelAspectRatio": [1, 2], "PixelSpacing": [0, 1]}, 1 / 2, 1 / 2),
        ({"PixelAspectRatio": [0, 2]}, None, 1),
        ({"PixelAspectRatio": [-4, 3]}, None, 1),
        ({"PixelAspectRatio": [1000, 1]}, None, 1),
        ({"PixelSpacing": [1000, 1]}, None, 1),
        ({"PixelSpacing": [-1, -1]}, None, 1),
        ({"PixelSpacing": [2]}, None, 1),
        ({"PixelSpacing": [2, 0], "ImagerPixelSpacing": [2, 1]}, None, 2),
    ],
)
def test_that_pixels_have_the_proportions_that_the_file_gives(
    tmp_path: Path, elements: dict[str, Any], stated: float | None, aspect: float
) -> None:
    image = opened(dicom_file(tmp_path / "a.dcm", **elements))
    assert (image.stated_aspect, image.pixel_aspect) == (stated, aspect)
    is_used = image.spacing_source == "PixelSpacing" or "PixelSpacing" not in elements
    assert bool(image.notes) is not is_used


@pytest.mark.parametrize(
    "elements",
    [
        {"PhotometricInterpretation": "MONOCHROME1"},
        {"PresentationLUTShape": "INVERSE"},
        {"VOILUTFunction": "SIGMOID", "WindowCenter": 40, "WindowWidth": 80},
    ],
    ids=lambda elements: next(iter(elements)),
)
def test_that_terms_in_small_letters_mean_the_same(tmp_path: Path, elements: dict[str, Any]) -> None:
    path = dicom_file(tmp_path / "a.dcm", **elements)
    right, term = opened(path), str(next(iter(elements.values()))).encode()
    path.write_bytes(path.read_bytes().replace(term, term.lower()))
    image = opened(path)
    assert (image.inverted, image.windows, image.notes) == (right.inverted, right.windows, ())
    assert image.inverted or image.windows[0].function == "sigmoid"


@pytest.mark.parametrize(
    ("centres", "widths", "window_count", "note"),
    [
        ([40], [0], 0, "window 1 of the file has an impossible width and was left out"),
        ([40, 50], [80, -5], 1, "window 2 of the file has an impossible width and was left out"),
        ([40], [0.5], 0, "window 1 of the file has an impossible width and was left out"),
        ([40, 50], [80], 1, "the file gives 2 centres and 1 widths of windows"),
    ],
)
def test_that_a_window_that_is_left_out_is_reported(
    tmp_path: Path, centres: list[float], widths: list[float], window_count: int, note: str
) -> None:
    image = opened(dicom_file(tmp_path / "a.dcm", WindowCenter=centres, WindowWidth=widths))
    assert len(image.windows) == window_count
    assert image.notes == (note,)
