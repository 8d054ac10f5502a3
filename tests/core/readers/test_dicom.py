"""DICOM: scale, window, inversion, geometry, colour and identity as they are read."""

from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset

from core.errors import NoImages, Refused, Truncated, Unreadable, Unsupported
from core.images.slice import Identity, Slice, Window
from core.images.windowing import displayed
from core.readers.dicom import DicomReader
from core.readers.index import index_path, read
from tests.core.readers.dicom_files import RAMP, dicom_file, items


def opened(path: Path, frame: int = 0) -> Slice:
    return read(index_path(path)[0], frame)[0]


def test_that_a_rescale_with_whole_numbers_keeps_whole_numbers(tmp_path: Path) -> None:
    image = opened(dicom_file(tmp_path / "a.dcm", RescaleSlope=2, RescaleIntercept=-1024))
    np.testing.assert_array_equal(image.values, RAMP.astype(int) * 2 - 1024)
    assert (image.values.dtype, image.unit, image.modality) == (np.int16, "HU", "CT")


def test_that_a_fractional_rescale_gives_float32(tmp_path: Path) -> None:
    path = dicom_file(tmp_path / "a.dcm", RescaleSlope="0.25", RescaleIntercept="-1.5", Modality="MR")
    image = opened(path)
    np.testing.assert_array_equal(image.values, (RAMP * 0.25 - 1.5).astype(np.float32))
    assert (image.values.dtype, image.unit) == (np.float32, "")


def test_that_a_slope_of_zero_is_left_out_and_noted(tmp_path: Path) -> None:
    image = opened(dicom_file(tmp_path / "a.dcm", RescaleSlope=0, RescaleIntercept=5))
    np.testing.assert_array_equal(image.values, RAMP)
    assert "RescaleSlope is 0" in image.notes[0]


def test_that_a_modality_table_is_looked_up(tmp_path: Path) -> None:
    stored = np.array([[0, 1, 2, 3]], np.uint16)
    table = items(LUTDescriptor=[4, 0, 16], LUTData=[10, 20, 40, 80], ModalityLUTType="OD")
    path = dicom_file(tmp_path / "a.dcm", stored)
    dataset = dcmread(path)
    dataset.ModalityLUTSequence = table
    dataset.ModalityLUTSequence[0]["LUTData"].VR = "US"
    dataset.ModalityLUTSequence[0]["LUTDescriptor"].VR = "US"
    dataset.save_as(path)
    image = opened(path)
    assert (image.values.tolist(), image.unit) == ([[10, 20, 40, 80]], "OD")


def test_that_monochrome1_inverts_the_display_and_not_the_values(tmp_path: Path) -> None:
    window = {"WindowCenter": 1650.5, "WindowWidth": 3301}
    plain = opened(dicom_file(tmp_path / "a.dcm", **window))
    inverted = opened(dicom_file(tmp_path / "b.dcm", PhotometricInterpretation="MONOCHROME1", **window))
    np.testing.assert_array_equal(inverted.values, plain.values)
    assert (plain.inverted, inverted.inverted) == (False, True)
    np.testing.assert_array_equal(displayed(inverted), 255 - displayed(plain))
    assert displayed(inverted)[0, 0] == 255


def test_that_all_windows_of_the_file_are_proposed_with_their_names(tmp_path: Path) -> None:
    image = opened(
        dicom_file(
            tmp_path / "a.dcm",
            WindowCenter=[40, -600, 50],
            WindowWidth=[400, 1500, 0],
            WindowCenterWidthExplanation=["SOFT", "LUNG", "NONE"],
        )
    )
    assert image.windows == (Window(40, 400, "SOFT"), Window(-600, 1500, "LUNG"))


def test_that_an_exact_window_is_distinguished(tmp_path: Path) -> None:
    path = dicom_file(
        tmp_path / "a.dcm", WindowCenter="0.5", WindowWidth="0.5", VOILUTFunction="LINEAR_EXACT"
    )
    assert opened(path).windows == (Window(0.5, 0.5, "", function="linear_exact"),)
    path = dicom_file(tmp_path / "b.dcm", WindowCenter="0.5", WindowWidth="0.5")
    assert opened(path).windows == ()


def test_that_a_rising_voi_table_is_proposed_as_the_window_over_its_rise(tmp_path: Path) -> None:
    path = dicom_file(tmp_path / "a.dcm")
    dataset = dcmread(path)
    dataset.VOILUTSequence = items(LUTDescriptor=[6, 100, 8], LUTData=[0, 0, 85, 170, 255, 255])
    for keyword in ("LUTData", "LUTDescriptor"):
        dataset.VOILUTSequence[0][keyword].VR = "US"
    dataset.save_as(path)
    (window,) = opened(path).windows
    assert (window.low, window.high) == (101, 104)


@pytest.mark.parametrize(
    ("elements", "spacing", "source"),
    [
        ({"PixelSpacing": [2, 3], "ImagerPixelSpacing": [4, 5]}, (2, 3), "PixelSpacing"),
        ({"ImagerPixelSpacing": [4, 5]}, (4, 5), "ImagerPixelSpacing"),
        ({"PixelSpacing": [0, 3]}, None, ""),
        ({}, None, ""),
    ],
)
def test_that_spacing_names_its_source(
    tmp_path: Path, elements: dict[str, list[float]], spacing: tuple[float, float] | None, source: str
) -> None:
    image = opened(dicom_file(tmp_path / "a.dcm", **elements))
    assert (image.spacing_mm, image.spacing_source) == (spacing, source)


def test_that_a_pixel_keeps_its_place_in_the_patient(tmp_path: Path) -> None:
    plane = {"ImagePositionPatient": [-10, 20, 5], "ImageOrientationPatient": [0, 1, 0, 0, 0, -1]}
    image = opened(dicom_file(tmp_path / "a.dcm", PixelSpacing=[2, 3], SliceThickness=4, **plane))
    assert image.affine_lps_mm is not None
    # Row 1 is 2 mm towards the feet, column 2 is 6 mm towards the back.
    assert (image.affine_lps_mm @ [0, 1, 2, 1]).tolist() == [-10, 26, 3, 1]


def test_that_detector_spacing_makes_no_place_in_the_patient(tmp_path: Path) -> None:
    plane = {"ImagePositionPatient": [0, 0, 0], "ImageOrientationPatient": [1, 0, 0, 0, 1, 0]}
    assert opened(dicom_file(tmp_path / "a.dcm", ImagerPixelSpacing=[2, 3], **plane)).affine_lps_mm is None


def test_that_each_frame_of_an_enhanced_file_has_its_own_scale_and_place(tmp_path: Path) -> None:
    def groups(frame: int) -> Dataset:
        group = Dataset()
        group.PixelValueTransformationSequence = items(
            RescaleSlope=frame + 1, RescaleIntercept=0, RescaleType="US"
        )
        group.PlanePositionSequence = items(ImagePositionPatient=[0, 0, 7 * frame])
        group.FrameVOILUTSequence = items(WindowCenter=100 * frame, WindowWidth=50)
        return group

    shared = Dataset()
    shared.PixelMeasuresSequence = items(PixelSpacing=[2, 3], SliceThickness=7)
    shared.PlaneOrientationSequence = items(ImageOrientationPatient=[1, 0, 0, 0, 1, 0])
    path = dicom_file(
        tmp_path / "a.dcm",
        np.stack([RAMP, RAMP + 1]),
        PerFrameFunctionalGroupsSequence=[groups(0), groups(1)],
        SharedFunctionalGroupsSequence=[shared],
    )
    image = opened(path, 1)
    np.testing.assert_array_equal(image.values, (RAMP + 1) * 2)
    assert image.windows == (Window(100, 50),)
    assert image.spacing_mm == (2, 3)
    assert image.affine_lps_mm is not None
    assert image.affine_lps_mm[:3, 3].tolist() == [0, 0, 7]


def test_that_a_frame_beyond_the_last_is_refused(tmp_path: Path) -> None:
    entry = index_path(dicom_file(tmp_path / "a.dcm", np.stack([RAMP, RAMP])))[0]
    assert entry.frames == 2
    for frame in (-1, 2):
        with pytest.raises(Unreadable, match=f"so no frame {frame}"):
            read(entry, frame)


def test_that_deep_colour_becomes_8_bits_with_a_note(tmp_path: Path) -> None:
    colour = np.array([[[0x1234, 0xFFFF, 0x00FF]]], np.uint16)
    image = opened(dicom_file(tmp_path / "a.dcm", colour))
    assert (image.values.dtype, image.values.tolist()) == (np.uint8, [[[0x12, 0xFF, 0x00]]])
    assert image.notes == ("colour was reduced from 16 to 8 bits",)


def test_that_ybr_becomes_rgb(tmp_path: Path) -> None:
    # PS3.3 C.7.6.3.1.2: grey has both chromas at 128; pure red is (76, 85, 255).
    colour = np.array([[[90, 128, 128], [76, 85, 255]]], np.uint8)
    image = opened(dicom_file(tmp_path / "a.dcm", colour, PhotometricInterpretation="YBR_FULL"))
    assert np.abs(image.values.astype(int) - [[[90, 90, 90], [255, 0, 0]]]).max() <= 1


@pytest.mark.parametrize("wide", [False, True])
def test_that_a_palette_is_looked_up(tmp_path: Path, wide: bool) -> None:
    entry = (lambda values: np.array(values, "<u2") << 8) if wide else (lambda values: np.array(values, "u1"))
    tables = {
        f"{name}PaletteColorLookupTable{part}": value
        for name, column in (("Red", [0, 255]), ("Green", [10, 20]), ("Blue", [30, 40]))
        for part, value in (("Descriptor", [2, 0, 16 if wide else 8]), ("Data", entry(column).tobytes()))
    }
    path = dicom_file(
        tmp_path / "a.dcm", np.array([[1, 0]], np.uint8), PhotometricInterpretation="PALETTE COLOR", **tables
    )
    assert opened(path).values.tolist() == [[[255, 20, 40], [0, 10, 30]]]


def test_that_identity_is_apart_from_slice_and_title(tmp_path: Path) -> None:
    (entry,) = index_path(dicom_file(tmp_path / "a.dcm", SeriesDescription="Müller head", SeriesNumber=3))
    image, identity = read(entry, 0)
    assert identity == Identity(
        patient_name="Müller^Änne", patient_id="4711", series_description="Müller head"
    )
    assert entry.title == "CT, series 3"
    assert "ller" not in repr(image)


def test_that_a_file_without_preamble_is_dicom(tmp_path: Path) -> None:
    path = dicom_file(tmp_path / "a.dcm")
    path.write_bytes(path.read_bytes()[132:])
    np.testing.assert_array_equal(opened(path).values, RAMP)
    assert not DicomReader().claims(b"The quick brown fox jumps over", path)


def test_that_a_wrong_size_is_refused_before_memory_is_taken(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="65535 x 65535"):
        index_path(dicom_file(tmp_path / "a.dcm", Rows=65535, Columns=65535))


def test_that_missing_pixels_are_noticed_in_the_index(tmp_path: Path) -> None:
    path = dicom_file(tmp_path / "a.dcm")
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(Truncated):
        index_path(path)


def test_that_a_document_is_named_as_what_it_is(tmp_path: Path) -> None:
    path = dicom_file(tmp_path / "a.dcm", SOPClassUID="1.2.840.10008.5.1.4.1.1.104.1")
    dataset = dcmread(path)
    del dataset.PixelData
    dataset.save_as(path)
    with pytest.raises(NoImages, match="Encapsulated PDF"):
        index_path(path)


def test_that_an_unknown_transfer_syntax_is_named(tmp_path: Path) -> None:
    path = dicom_file(tmp_path / "a.dcm")
    path.write_bytes(path.read_bytes().replace(b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.1.2.7\0"))
    with pytest.raises(Unsupported, match="an unknown transfer syntax"):
        index_path(path)


def test_that_a_deflated_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.readers.dicom_file.EXPANSION_LIMIT", 2**20)
    path = dicom_file(tmp_path / "a.dcm", np.zeros((1024, 1024), np.uint16))
    dataset = dcmread(path)
    dataset.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.1.99"
    dataset.save_as(path)
    assert path.stat().st_size < 2**16
    with pytest.raises(Refused, match="unpacks to more than 1 MiB"):
        index_path(path)


def test_that_an_unsupported_colour_space_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unsupported, match="HSV"):
        index_path(dicom_file(tmp_path / "a.dcm", PhotometricInterpretation="HSV"))


def test_that_gdcm_reads_what_pydicom_refuses_as_the_original(shared: Path) -> None:
    # 12-bit JPEG is lossy: the same CT slice, but for rounding by some HU.
    folder = shared / "dicom" / "cornerstone"
    original = opened(folder / "CTImage.dcm").values.astype(float)
    (lossy,) = folder.glob("CTImage.dcm_JPEGProcess2_4*")
    inside = original > -1100
    assert np.corrcoef(opened(lossy).values[inside], original[inside])[0, 1] > 0.999


def test_that_a_missing_end_mark_is_forgiven_for_one_frame_only(shared: Path) -> None:
    assert opened(shared / "dicom" / "fo-dicom" / "GH1339.dcm").shape == (320, 320)
    with pytest.raises(Truncated, match="or before the end of their sequence"):
        index_path(shared / "dicom" / "pydicom_data" / "emri_small_jpeg_2k_lossless_too_short.dcm")


def test_that_a_fragment_cut_short_is_truncated(shared: Path, tmp_path: Path) -> None:
    content = (shared / "dicom" / "pydicom_data" / "US1_J2KR.dcm").read_bytes()
    path = tmp_path / "a.dcm"
    path.write_bytes(content[:-1000])
    with pytest.raises(Truncated, match="bytes are missing"):
        index_path(path)
