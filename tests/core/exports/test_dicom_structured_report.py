import pydicom
import pytest
from highdicom.sr import srread
from pydicom.sr.codedict import codes

from core.checks import CHECKS
from core.checks.contract import Finding
from core.errors import NotApplicable
from core.exports.dicom.report_codes import figure_concept, figure_unit
from core.exports.dicom_structured_report import DicomStructuredReport, DicomStructuredReportParams
from core.models.fit import Fit
from tests.core.exports.dicom_cases import NAME, case_of, source_file
from tests.core.exports.hard_cases import changed

PARAMETRIC_MAP, SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.30", "1.2.840.10008.5.1.4.1.1.7"
SEGMENTATION = "1.2.840.10008.5.1.4.1.1.66.4"


def report_files(subject, folder):
    exporter = DicomStructuredReport()
    exporter.applies(subject)
    paths = {}
    for suffix, content in exporter.files(subject, DicomStructuredReportParams()).items():
        paths[suffix] = folder / f"report{suffix}"
        paths[suffix].write_bytes(content)
    return paths


@pytest.fixture(scope="module")
def paths(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    subject, _ = case_of(source_file(folder / "source.dcm"))
    return report_files(subject, folder)


def groups_of(report):
    (measurements,) = [
        item for item in report.ContentSequence if item.ConceptNameCodeSequence[0].CodeValue == "126010"
    ]
    return list(measurements.ContentSequence)


def named(group, value):
    return [item for item in group.ContentSequence if item.ConceptNameCodeSequence[0].CodeValue == value]


def test_the_report_is_written_first_and_what_it_names_beside_it(paths):
    assert list(paths) == [".dcm", "-map-1.dcm", "-map-2.dcm", "-regions.dcm"]
    classes = [pydicom.dcmread(path).SOPClassUID for path in paths.values()]
    assert classes[1:] == [PARAMETRIC_MAP, PARAMETRIC_MAP, SEGMENTATION]


def test_each_map_is_contained_in_its_group_as_the_visual_explanation(paths):
    report = pydicom.dcmread(paths[".dcm"])
    maps = [pydicom.dcmread(paths[f"-map-{number}.dcm"]) for number in (1, 2)]
    explanations = [item for group in groups_of(report) for item in named(group, "130401")]
    assert {item.ConceptNameCodeSequence[0].CodingSchemeDesignator for item in explanations} == {"DCM"}
    assert {(item.RelationshipType, item.ValueType) for item in explanations} == {("CONTAINS", "IMAGE")}
    references = [item.ReferencedSOPSequence[0] for item in explanations]
    # Of both maps, and again of the first one with its finding in the region.
    assert [reference.ReferencedSOPInstanceUID for reference in references] == [
        maps[0].SOPInstanceUID,
        maps[1].SOPInstanceUID,
        maps[0].SOPInstanceUID,
    ]
    assert {reference.ReferencedSOPClassUID for reference in references} == {PARAMETRIC_MAP}


def test_all_files_are_of_one_study_and_every_reference_is_to_one_of_them_or_the_source(paths):
    source = pydicom.dcmread(paths[".dcm"].with_name("source.dcm"))
    results = [pydicom.dcmread(path) for path in paths.values()]
    classes = {str(one.SOPInstanceUID): one.SOPClassUID for one in [*results, source]}
    assert len(classes) == 5
    assert {one.StudyInstanceUID for one in results} == {source.StudyInstanceUID}
    references = [
        (item.value, parent.ReferencedSOPClassUID)
        for one in results
        for parent in datasets_of(one)
        for item in parent
        if item.keyword == "ReferencedSOPInstanceUID"
    ]
    assert references
    assert all(classes[uid] == class_uid for uid, class_uid in references)


def datasets_of(dataset):
    yield dataset
    for element in dataset:
        if element.VR == "SQ":
            for item in element.value:
                yield from datasets_of(item)


def test_prediction_and_probabilities_are_read_back(paths):
    group = srread(paths[".dcm"]).content.get_image_measurement_groups()[0]
    figures = {item.name.meaning: item.value for item in group.get_measurements()}
    assert figures == {"Probability of glioma": 0.75, "Probability of meningioma": 0.25}
    (predicted,) = [
        item for item in group[0].ContentSequence if item.name.meaning == "Class predicted by the model"
    ]
    assert predicted.value.meaning == "glioma"


def test_region_and_finding_are_read_back(paths):
    plain, with_finding = srread(paths[".dcm"]).content.get_planar_roi_measurement_groups()
    ((area,), (share,)) = plain.get_measurements(), with_finding.get_measurements()
    assert (area.name.meaning, area.value, area.unit.value) == ("Area", 10 * 15 * 2.0 * 1.0, "mm2")
    assert share.value == 0.4
    regions = pydicom.dcmread(paths["-regions.dcm"])
    uids = {group.tracking_uid for group in (plain, with_finding)}
    assert uids == {regions.SegmentSequence[0].TrackingUID}
    reference = plain.referenced_segmentation_frame[0].ReferencedSOPSequence[0]
    assert reference.ReferencedSOPInstanceUID == regions.SOPInstanceUID
    frame = regions.PerFrameFunctionalGroupsSequence[reference.ReferencedFrameNumber - 1]
    assert frame is not None
    assert regions.NumberOfFrames == 1


def test_the_answer_of_a_check_is_coded_and_its_sentence_kept(paths):
    group = groups_of(pydicom.dcmread(paths[".dcm"]))[-2]
    texts = [item.TextValue for item in named(group, "121106")]
    assert texts == ["evidence_inside: 40 % of the positive evidence lies in the region."]
    answers = [
        item.ConceptCodeSequence[0].CodeMeaning for item in group.ContentSequence if item.ValueType == "CODE"
    ]
    assert "Partly" in answers


def test_the_report_says_that_nobody_verified_it_and_what_it_is_for(paths):
    report = pydicom.dcmread(paths[".dcm"])
    assert (report.VerificationFlag, report.PreliminaryFlag) == ("UNVERIFIED", "PRELIMINARY")
    comments = [item.TextValue for item in named(groups_of(report)[0], "121106")]
    assert "For research and teaching; not a medical device." in comments
    assert str(report.PatientName) == NAME


def test_the_map_of_a_projection_is_explained_by_a_picture(tmp_path):
    path = source_file(tmp_path / "source.dcm", SOPClassUID="1.2.840.10008.5.1.4.1.1.1", Modality="CR")
    dataset = pydicom.dcmread(path)
    for keyword in ("ImagePositionPatient", "ImageOrientationPatient", "FrameOfReferenceUID"):
        del dataset[keyword]
    dataset.save_as(path)
    subject, _ = case_of(path)
    written = report_files(subject, tmp_path)
    picture = pydicom.dcmread(written["-map-1.dcm"])
    assert picture.SOPClassUID == SECONDARY_CAPTURE
    explanation = named(groups_of(pydicom.dcmread(written[".dcm"]))[1], "130401")[0]
    assert explanation.ReferencedSOPSequence[0].ReferencedSOPInstanceUID == picture.SOPInstanceUID


def test_a_case_without_a_map_has_no_report(tmp_path):
    subject, _ = case_of(source_file(tmp_path / "source.dcm"))
    object.__setattr__(subject.data, "case", subject.case.model_copy(update={"maps": ()}))
    with pytest.raises(NotApplicable, match="no map"):
        DicomStructuredReport().applies(subject)


def test_no_file_holds_private_elements_or_the_institution(paths):
    for path in paths.values():
        content = path.read_bytes()
        assert b"PID4711X" in content
        assert b"ZAPHOD PRIVATE" not in content
        assert b"Zaphod again" not in content
        assert b"Private Clinic" not in content


def test_a_drawn_distance_is_read_back_with_its_points_in_the_coordinates_of_dicom(paths):
    group = groups_of(pydicom.dcmread(paths[".dcm"]))[-1]
    (length,) = named(group, "410668003")
    measured = length.MeasuredValueSequence[0]
    assert (measured.NumericValue, measured.MeasurementUnitsCodeSequence[0].CodeValue) == (20, "mm")
    (coordinates,) = [item for item in length.ContentSequence if item.ValueType == "SCOORD"]
    # From (row 5, column 5) to (row 5, column 25), whose pixel centres are half a pixel further in DICOM.
    assert list(coordinates.GraphicData) == [5.5, 5.5, 25.5, 5.5]
    assert coordinates.ContentSequence[0].RelationshipType == "SELECTED FROM"


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ("fits", "The probabilities are calibrated."),
        ("does_not_fit", "Does not fit the model: the reliability of its probabilities is unknown here."),
    ],
)
def test_calibration_is_stated_only_of_an_image_that_fits(tmp_path, answer, sentence):
    subject, _ = case_of(source_file(tmp_path / "source.dcm"))
    prediction = subject.case.image.prediction.model_copy(update={"calibrated": True})
    fit = Fit(answer=answer, reasons=("Too small.",) if answer == "does_not_fit" else ())
    image = subject.case.image.model_copy(update={"fit": fit, "prediction": prediction})
    paths = report_files(changed(subject, image=image), tmp_path)
    group = groups_of(pydicom.dcmread(paths[".dcm"]))[0]
    comments = [item.TextValue for item in named(group, "121106")]
    assert sentence in comments
    assert ("The probabilities are calibrated." in comments) == (answer == "fits")


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_that_each_figure_of_a_check_has_a_title_of_its_own_that_is_not_cut(check):
    finding = Finding(metric=check.name, values={}, answer="yes", sentence="", parameters={})
    meanings = [figure_concept(finding, figure.name).meaning for figure in check.figures]
    assert not any(meaning.endswith("...") for meaning in meanings)
    assert len(set(meanings)) == len(meanings)


def test_that_counts_have_their_unit_and_shares_none():
    finding = Finding(metric="insertion", values={}, answer="yes", sentence="", parameters={})
    assert figure_unit(finding, "tied_pixels").value == "{pixels}"
    assert figure_unit(finding, "area") == codes.UCUM.NoUnits
