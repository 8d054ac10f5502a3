"""Results of sources that are no DICOM images: refused, or a study of its own by choice."""

from dataclasses import replace

import nibabel
import numpy as np
import pydicom
import pytest
from PIL import Image

from core.errors import NotApplicable
from core.exports.dicom_parametric_map import DicomParametricMap
from core.exports.dicom_secondary_capture import DicomSecondaryCapture
from core.exports.dicom_segmentation import DicomSegmentation
from core.exports.dicom_structured_report import DicomStructuredReport
from core.exports.writing import export
from tests.core.exports.dicom_cases import case_of

ALL = (DicomParametricMap(), DicomSegmentation(), DicomStructuredReport(), DicomSecondaryCapture())


def nifti_case(folder):
    affine = np.array([[0.0, -2.0, 0.0, 40.0], [1.5, 0.0, 0.0, -30.0], [0.0, 0.0, 3.0, 7.0], [0, 0, 0, 1]])
    values = np.arange(40 * 60 * 5, dtype=np.int16).reshape(60, 40, 5)
    path = folder / "head.nii.gz"
    nibabel.save(nibabel.Nifti1Image(values, affine), path)
    return case_of(path, 3)


def picture_case(folder):
    path = folder / "picture.png"
    Image.fromarray(np.arange(2400, dtype=np.uint16).reshape(40, 60).astype(np.uint8)).save(path)
    return case_of(path)


def results_of(exporter, subject, **options):
    exporter.applies(subject)
    params = exporter.Params(new_study=True, **options)
    contents = dict(exporter.files(subject, params))
    ((_, contents["source"]),) = exporter.shared_files(subject, params).items()
    return {
        name: pydicom.dcmread(pydicom.filebase.DicomBytesIO(content)) for name, content in contents.items()
    }


@pytest.mark.parametrize("exporter", ALL, ids=lambda exporter: exporter.name)
def test_without_the_choice_the_source_is_refused_with_the_reason(tmp_path, exporter):
    subject, _ = nifti_case(tmp_path)
    with pytest.raises(NotApplicable, match="no DICOM image") as caught:
        exporter.files(subject, exporter.Params())
    assert "new_study" in caught.value.hint


def test_the_map_of_a_nifti_file_lies_where_the_slice_lies(tmp_path):
    from highdicom.pm import ParametricMap

    subject, image = nifti_case(tmp_path)
    results = results_of(DicomParametricMap(), subject)
    geometry = ParametricMap.from_dataset(results[".dcm"]).get_volume_geometry()
    np.testing.assert_allclose(geometry.affine[:3, 1:], image.affine_lps_mm[:3, 1:], atol=1e-6)
    assert results["source"].ImagePositionPatient == pytest.approx(image.affine_lps_mm[:3, 3])


def test_the_patient_has_no_name_and_the_source_is_an_image_of_the_study(tmp_path):
    subject, _ = nifti_case(tmp_path)
    for exporter in ALL:
        results = results_of(exporter, subject)
        source = results["source"]
        np.testing.assert_array_equal(source.pixel_array, subject.data.picture)
        for result in results.values():
            assert str(result.PatientName) == "Anonymous^Research"
            assert result.StudyInstanceUID == source.StudyInstanceUID
        if "SourceImageSequence" in results[".dcm"]:
            reference = results[".dcm"].SourceImageSequence[0]
            assert reference.ReferencedSOPInstanceUID == source.SOPInstanceUID


def test_all_results_of_one_file_are_one_study_and_those_of_another_are_not(tmp_path):
    subject, _ = nifti_case(tmp_path)
    other, _ = picture_case(tmp_path)
    studies = [
        results_of(DicomSecondaryCapture(), case)[".dcm"].StudyInstanceUID
        for case in (subject, subject, other)
    ]
    assert studies[0] == studies[1] != studies[2]


def test_a_picture_has_a_report_and_no_parametric_map(tmp_path):
    subject, _ = picture_case(tmp_path)
    results = results_of(DicomStructuredReport(), subject)
    assert results["-map-1.dcm"].SOPClassUID == pydicom.uid.SecondaryCaptureImageStorage
    with pytest.raises(NotApplicable, match="no position"):
        DicomParametricMap().applies(subject)


def test_another_slice_of_the_file_is_another_image_of_the_study(tmp_path):
    subject, _ = nifti_case(tmp_path)
    other, _ = case_of(subject.source, 4)
    first, second = (results_of(DicomSecondaryCapture(), case)["source"] for case in (subject, other))
    assert first.SOPInstanceUID != second.SOPInstanceUID
    assert first.SeriesInstanceUID == second.SeriesInstanceUID


@pytest.mark.parametrize("exporter", ALL, ids=lambda exporter: exporter.name)
def test_that_a_source_of_another_format_is_refused_before_it_is_looked_for(tmp_path, exporter):
    subject, _ = nifti_case(tmp_path)
    noted = replace(with_format(subject, "NIfTI"), source=None)
    with pytest.raises(NotApplicable, match="no DICOM image") as caught:
        exporter.applies_with(noted, exporter.Params())
    assert "new_study" in caught.value.hint
    exporter.applies_with(noted, exporter.Params(new_study=True))
    for name in ("", "DICOM"):  # a workspace of before the format was noted, and a DICOM source
        exporter.applies_with(with_format(noted, name), exporter.Params())


def test_that_the_source_of_a_new_study_is_written_once_into_a_folder(tmp_path):
    subject, _ = nifti_case(tmp_path)
    names = [
        path.name
        for exporter in ALL
        for path in export(exporter, subject, tmp_path / "out", exporter.name, {"new_study": True})
    ]
    (source,) = (name for name in names if name.startswith("dicom_source-"))
    read = {path.name: pydicom.dcmread(path) for path in (tmp_path / "out").iterdir()}
    assert sorted(names) == sorted(read)
    assert {str(result.StudyInstanceUID) for result in read.values()} == {str(read[source].StudyInstanceUID)}
    assert {(result.StudyDate, result.StudyTime) for result in read.values()} == {("", "")}
    other, _ = case_of(subject.source, 4)
    added = export(DicomSecondaryCapture(), other, tmp_path / "out", "other", {"new_study": True})
    assert [path.name.startswith("dicom_source-") for path in added] == [False, True]


def test_that_the_files_of_a_structured_report_are_known_before(tmp_path):
    subject, _ = nifti_case(tmp_path)
    exporter = DicomStructuredReport()
    assert exporter.suffixes(subject) == tuple(exporter.files(subject, exporter.Params(new_study=True)))


def with_format(subject, name):
    source = subject.case.source.model_copy(update={"format": name})
    data = replace(subject.data, case=subject.case.model_copy(update={"source": source}))
    return replace(subject, data=data)
