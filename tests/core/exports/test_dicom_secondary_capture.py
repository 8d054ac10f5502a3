from pathlib import Path

import numpy as np
import pydicom
import pytest
import SimpleITK

from core.errors import InputError, NotApplicable
from core.exports.dicom.pictures import map_picture
from core.exports.dicom_secondary_capture import DicomSecondaryCapture, DicomSecondaryCaptureParams
from tests.core.exports.dicom_cases import NAME, case_of, source_file


def capture_file(subject, folder):
    exporter = DicomSecondaryCapture()
    exporter.applies(subject)
    path = folder / "capture.dcm"
    path.write_bytes(exporter.files(subject, DicomSecondaryCaptureParams())[".dcm"])
    return path


def test_the_picture_is_read_back_by_pydicom_and_simpleitk(tmp_path):
    subject, _ = case_of(source_file(tmp_path / "source.dcm"))
    path = capture_file(subject, tmp_path)
    expected = map_picture(subject.data, subject.map)
    np.testing.assert_array_equal(pydicom.dcmread(path).pixel_array, expected)
    np.testing.assert_array_equal(SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(str(path)))[0], expected)


@pytest.mark.parametrize("stated", ["YES", "NO", ""])
def test_text_in_the_source_that_may_name_the_patient_is_stated_as_the_source_does(tmp_path, stated):
    subject, _ = case_of(source_file(tmp_path / "source.dcm", BurnedInAnnotation=stated))
    assert pydicom.dcmread(capture_file(subject, tmp_path)).get("BurnedInAnnotation", "") == stated


def test_the_directions_of_rows_and_columns_are_those_of_the_slice(tmp_path):
    subject, _ = case_of(source_file(tmp_path / "source.dcm"))
    result = pydicom.dcmread(capture_file(subject, tmp_path))
    assert list(result.PatientOrientation) == ["LP", "F"]


def test_the_picture_names_its_source_and_how_it_was_made(tmp_path):
    path = source_file(tmp_path / "source.dcm")
    subject, _ = case_of(path)
    source, result = pydicom.dcmread(path), pydicom.dcmread(capture_file(subject, tmp_path))
    assert list(result.ImageType)[:2] == ["DERIVED", "SECONDARY"]
    assert result.SourceImageSequence[0].ReferencedSOPInstanceUID == source.SOPInstanceUID
    assert result.StudyInstanceUID == source.StudyInstanceUID
    assert "Grad-CAM" in result.DerivationDescription
    assert str(result.PatientName) == NAME


def test_colour_sources_are_shown_in_their_colours(tmp_path):
    pixels = np.zeros((40, 60, 3), np.uint8)
    pixels[..., 0] = 200
    path = source_file(tmp_path / "source.dcm", pixels, Modality="ES")
    dataset = pydicom.dcmread(path)
    for keyword in ("ImagePositionPatient", "ImageOrientationPatient", "FrameOfReferenceUID"):
        del dataset[keyword]
    dataset.save_as(path)
    subject, _ = case_of(path)
    picture = pydicom.dcmread(capture_file(subject, tmp_path)).pixel_array
    assert [200, 0, 0] in picture.reshape(-1, 3).tolist()


def test_a_tile_of_a_mosaic_is_refused_with_its_reason(tmp_path):
    dataset = pydicom.dcmread(source_file(tmp_path / "source.dcm", Modality="MR"))
    dataset.remove_private_tags()
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "M", "MOSAIC"]
    block = dataset.private_block(0x0019, "SIEMENS MR HEADER", create=True)
    block.add_new(0x0A, "US", 4)
    dataset.save_as(tmp_path / "source.dcm")
    subject, image = case_of(tmp_path / "source.dcm")
    assert image.shape == (20, 30)
    with pytest.raises(NotApplicable, match="mosaic"):
        capture_file(subject, tmp_path)


def test_a_damaged_source_is_an_input_error_without_its_path(tmp_path):

    path = source_file(tmp_path / "source.dcm")
    subject, _ = case_of(path)
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(InputError) as caught:
        capture_file(subject, tmp_path)
    assert str(tmp_path) not in str(caught.value)


def test_a_source_without_a_study_is_refused(tmp_path):
    path = source_file(tmp_path / "source.dcm")
    dataset = pydicom.dcmread(path)
    del dataset.StudyInstanceUID
    dataset.save_as(path)
    subject, _ = case_of(path)
    with pytest.raises(NotApplicable, match="StudyInstanceUID"):
        capture_file(subject, tmp_path)


def test_the_slice_of_a_folder_is_found_by_its_content(tmp_path):
    folder = tmp_path / "series"
    folder.mkdir()
    for number in range(3):
        source_file(
            folder / f"{number}.dcm",
            np.full((40, 60), number, np.uint16),
            SOPInstanceUID=f"1.2.826.0.1.9.{number}",
            ImagePositionPatient=list(
                np.array([-30.0, 12.0, 99.0]) + number * 4 * np.array([-0.6, 0.8, 0.0])
            ),
        )
    subject, image = case_of(folder, 2)
    result = pydicom.dcmread(capture_file(subject, Path(tmp_path)))
    number = int(image.values[0, 0])
    assert result.SourceImageSequence[0].ReferencedSOPInstanceUID == f"1.2.826.0.1.9.{number}"
