import numpy as np
import pydicom
import pytest
import SimpleITK
from highdicom.pm.sop import pmread
from pydicom.uid import CTImageStorage, EnhancedMRImageStorage

from core.errors import NotApplicable, Unreadable
from core.exports.dicom_parametric_map import DicomParametricMap, DicomParametricMapParams
from core.results.records import PartialRecord
from tests.core.exports.dicom_cases import (
    FRAME_OF_REFERENCE,
    NAME,
    NUMBER,
    ORIENTATION,
    case_of,
    map_on_slice,
    source_file,
    with_map,
)
from tests.core.readers.dicom_files import items


def parametric_map_file(subject, folder, **options):
    exporter = DicomParametricMap()
    exporter.applies(subject)
    path = folder / "map.dcm"
    path.write_bytes(exporter.files(subject, DicomParametricMapParams(**options))[".dcm"])
    return path


def enhanced_source(path, count=3):
    """An enhanced image whose frames are 5 mm apart, the last one first."""
    pixels = np.arange(count * 40 * 60, dtype=np.uint16).reshape(count, 40, 60)
    frames = pydicom.Sequence()
    for number in range(count):
        position = np.array([-30.125, 12.0625, 99.875]) + 5 * (count - number) * np.cross(
            ORIENTATION[:3], ORIENTATION[3:]
        )
        frames += items(PlanePositionSequence=items(ImagePositionPatient=position.round(6).tolist()))
    shared = items(
        PlaneOrientationSequence=items(ImageOrientationPatient=ORIENTATION),
        PixelMeasuresSequence=items(PixelSpacing=[2.0, 1.0], SliceThickness=4.0),
    )
    source_file(
        path,
        pixels,
        SOPClassUID="1.2.840.10008.5.1.4.1.1.2.1",
        SharedFunctionalGroupsSequence=shared,
        PerFrameFunctionalGroupsSequence=frames,
    )
    dataset = pydicom.dcmread(path)
    for keyword in ("ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing", "SliceThickness"):
        del dataset[keyword]
    dataset.save_as(path)
    return path


def test_the_values_lie_on_the_pixels_of_the_slice_and_are_those_of_the_map(tmp_path):
    subject, _ = case_of(source_file(tmp_path / "source.dcm"))
    expected = map_on_slice(subject)
    result = pmread(parametric_map_file(subject, tmp_path))
    values = result.pixel_array if result.pixel_array.ndim == 2 else result.pixel_array[0]
    is_inside = np.isfinite(expected)
    assert not is_inside.all()
    assert is_inside.any()
    np.testing.assert_array_equal(values[is_inside], expected[is_inside].astype(np.float32))
    assert set(values[~is_inside]) == {result.FloatPixelPaddingValue}
    assert result.FloatPixelPaddingValue < expected[is_inside].min()


def test_a_map_that_covers_the_whole_slice_has_no_padding_value(tmp_path):
    subject, _ = case_of(source_file(tmp_path / "source.dcm"))
    grid = subject.case.grid.model_copy(update={"box": (-0.5, -0.5, 39.5, 59.5)})
    object.__setattr__(subject.data, "case", subject.case.model_copy(update={"grid": grid}))
    assert "FloatPixelPaddingValue" not in pydicom.dcmread(parametric_map_file(subject, tmp_path))


def test_that_itk_refuses_the_class_of_the_object_and_not_its_pixels_as_the_help_says(tmp_path):
    """If this fails, ITK has learned to read Parametric Maps: test values and positions by it, too."""
    subject, source = case_of(source_file(tmp_path / "source.dcm"))
    result = pydicom.dcmread(parametric_map_file(subject, tmp_path))
    with pytest.raises(RuntimeError, match="ImageIO"):
        SimpleITK.ReadImage(str(tmp_path / "map.dcm"))
    for keyword in ("FloatPixelData", "FloatPixelPaddingValue", "FloatPixelPaddingRangeLimit"):
        del result[keyword]
    result.add_new("PixelData", "OW", np.arange(40 * 60, dtype=np.uint16).tobytes())
    result.BitsAllocated = result.BitsStored = 16
    result.HighBit, result.PixelRepresentation = 15, 0
    result.save_as(tmp_path / "integers.dcm")
    with pytest.raises(RuntimeError, match="ImageIO"):
        SimpleITK.ReadImage(str(tmp_path / "integers.dcm"))
    result.SOPClassUID = result.file_meta.MediaStorageSOPClassUID = EnhancedMRImageStorage
    result.save_as(tmp_path / "image.dcm")
    image = SimpleITK.ReadImage(str(tmp_path / "image.dcm"))
    assert SimpleITK.GetArrayFromImage(image).ravel().tolist() == list(range(40 * 60))
    np.testing.assert_allclose(image.GetOrigin(), source.affine_lps_mm[:3, 3], atol=1e-6)


def test_nearest_interpolation_repeats_the_values_of_the_grid(tmp_path):
    subject, _ = case_of(source_file(tmp_path / "source.dcm"))
    dataset = pydicom.dcmread(parametric_map_file(subject, tmp_path, interpolation="nearest"))
    stored = np.frombuffer(dataset.FloatPixelData, np.float32)
    values = set(stored[stored != dataset.FloatPixelPaddingValue].tolist())
    assert values == set(subject.data.values_of(subject.map).ravel().tolist())


def test_pixels_lie_where_those_of_an_oblique_source_lie(tmp_path):
    subject, source = case_of(source_file(tmp_path / "source.dcm"))
    result = pmread(parametric_map_file(subject, tmp_path))
    affine = result.get_volume_geometry().affine
    np.testing.assert_allclose(affine[:3, 1:], source.affine_lps_mm[:3, 1:], atol=1e-6)
    groups = result.PerFrameFunctionalGroupsSequence[0]
    position = groups.PlanePositionSequence[0].ImagePositionPatient
    np.testing.assert_allclose(position, [-30.125, 12.0625, 99.875], atol=1e-9)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_frame_of_an_enhanced_source_is_named_and_its_position_taken(tmp_path, number):
    subject, source = case_of(enhanced_source(tmp_path / "source.dcm"), number)
    path = parametric_map_file(subject, tmp_path)
    result = pmread(path)
    affine = result.get_volume_geometry().affine
    np.testing.assert_allclose(affine[:3, 1:], source.affine_lps_mm[:3, 1:], atol=1e-6)
    dataset = pydicom.dcmread(path)
    groups = dataset.PerFrameFunctionalGroupsSequence[0]
    derivation = groups.get("DerivationImageSequence") or (
        dataset.SharedFunctionalGroupsSequence[0].DerivationImageSequence
    )
    for reference in (dataset.SourceImageSequence[0], derivation[0].SourceImageSequence[0]):
        # The frames were written last one first, and the series counts them by position.
        positions = pydicom.dcmread(tmp_path / "source.dcm").PerFrameFunctionalGroupsSequence
        frame = positions[reference.ReferencedFrameNumber - 1].PlanePositionSequence[0]
        np.testing.assert_allclose(frame.ImagePositionPatient, source.affine_lps_mm[:3, 3], atol=1e-5)
        assert reference.ReferencedSOPClassUID == "1.2.840.10008.5.1.4.1.1.2.1"
    instance = dataset.ReferencedSeriesSequence[0].ReferencedInstanceSequence[0]
    assert "ReferencedFrameNumber" not in instance


def test_the_result_is_in_the_study_of_the_source_under_new_identifiers(tmp_path):
    path = source_file(tmp_path / "source.dcm")
    subject, _ = case_of(path)
    source, result = pydicom.dcmread(path), pydicom.dcmread(parametric_map_file(subject, tmp_path))
    for keyword in ("StudyInstanceUID", "StudyDate", "StudyTime", "StudyID", "AccessionNumber"):
        assert result[keyword].value == source[keyword].value
    assert result.FrameOfReferenceUID == FRAME_OF_REFERENCE
    assert result.SOPInstanceUID != source.SOPInstanceUID
    assert result.SeriesInstanceUID != source.SeriesInstanceUID
    reference = result.SourceImageSequence[0]
    assert reference.ReferencedSOPInstanceUID == source.SOPInstanceUID
    assert reference.ReferencedSOPClassUID == CTImageStorage
    again = pydicom.dcmread(parametric_map_file(subject, tmp_path))
    assert again.SOPInstanceUID != result.SOPInstanceUID


def test_the_patient_is_carried_over_and_nothing_else_that_names_someone(tmp_path):
    subject, _ = case_of(source_file(tmp_path / "source.dcm"))
    path = parametric_map_file(subject, tmp_path)
    result = pydicom.dcmread(path)
    assert (str(result.PatientName), result.PatientID, result.PatientSex) == (NAME, NUMBER, "O")
    content = path.read_bytes()
    assert b"Zaphod again" not in content
    assert b"ZAPHOD PRIVATE" not in content
    assert b"Private Clinic" not in content
    assert not [element for element in result.iterall() if element.tag.is_private]


def test_the_file_says_what_it_is_and_how_it_was_made(tmp_path):
    subject, _ = case_of(source_file(tmp_path / "source.dcm"))
    result = pydicom.dcmread(parametric_map_file(with_map(subject, 1), tmp_path))
    assert result.ContentQualification == "RESEARCH"
    assert result.RecognizableVisualFeatures == "NO"
    assert "not a medical device" in result.ImageComments
    assert "Integrated Gradients" in result.ImageComments
    assert "steps 8" in result.ImageComments
    mapping = result.SharedFunctionalGroupsSequence[0].RealWorldValueMappingSequence[0]
    assert mapping.LUTExplanation == "Integrated Gradients: logit"
    assert mapping.QuantityDefinitionSequence[0].ConceptCodeSequence[0].CodeValue == "130404"
    assert (mapping.RealWorldValueSlope, mapping.RealWorldValueIntercept) == (1, 0)


def test_class_activation_is_named_as_such(tmp_path):
    subject, _ = case_of(source_file(tmp_path / "source.dcm"))
    result = pydicom.dcmread(parametric_map_file(subject, tmp_path))
    mapping = result.SharedFunctionalGroupsSequence[0].RealWorldValueMappingSequence[0]
    code = mapping.QuantityDefinitionSequence[0].ConceptCodeSequence[0]
    assert (code.CodeValue, code.CodeMeaning) == ("130403", "Gradient-weighted class activation")


def test_the_lowest_value_shown_white_changes_nothing_of_the_map(tmp_path):
    plain, _ = case_of(source_file(tmp_path / "a.dcm"))
    inverted, image = case_of(source_file(tmp_path / "b.dcm", PhotometricInterpretation="MONOCHROME1"))
    assert image.inverted
    first, second = (pydicom.dcmread(parametric_map_file(case, tmp_path)) for case in (plain, inverted))
    assert first.FloatPixelData == second.FloatPixelData
    assert second.PhotometricInterpretation == "MONOCHROME2"


def test_a_control_map_is_refused(tmp_path):
    subject, _ = case_of(source_file(tmp_path / "source.dcm"))
    random = subject.map.model_copy(
        update={"record": subject.map.record.model_copy(update={"name": "random"})}
    )
    object.__setattr__(subject, "map", random)
    with pytest.raises(NotApplicable, match="control map"):
        DicomParametricMap().applies(subject)


def test_an_image_without_a_position_is_refused_before_anything_is_read(tmp_path):
    path = source_file(tmp_path / "source.dcm")
    dataset = pydicom.dcmread(path)
    del dataset.ImagePositionPatient
    dataset.save_as(path)
    subject, _ = case_of(path)
    with pytest.raises(NotApplicable, match="no position in the patient"):
        DicomParametricMap().applies(subject)


def test_an_image_without_a_frame_of_reference_is_refused(tmp_path):
    path = source_file(tmp_path / "source.dcm")
    dataset = pydicom.dcmread(path)
    del dataset.FrameOfReferenceUID
    dataset.save_as(path)
    subject, _ = case_of(path)
    with pytest.raises(NotApplicable, match="frame of reference"):
        parametric_map_file(subject, tmp_path)


def test_a_slice_cut_across_the_stored_ones_is_refused(tmp_path):
    subject, _ = case_of(source_file(tmp_path / "source.dcm"))
    image = subject.case.image.image.model_copy(update={"plane": "coronal"})
    case = subject.case.model_copy(update={"image": subject.case.image.model_copy(update={"image": image})})
    object.__setattr__(subject.data, "case", case)
    with pytest.raises(NotApplicable, match="cut across"):
        DicomParametricMap().applies(subject)


def test_a_changed_source_is_refused(tmp_path):
    path = source_file(tmp_path / "source.dcm")
    subject, _ = case_of(path)
    source_file(path, PatientID="9")
    with pytest.raises(Unreadable, match="does not hold the image that was explained"):
        parametric_map_file(subject, tmp_path)


def with_record(subject, **changes):
    record = subject.map.record.model_copy(update=changes)
    object.__setattr__(subject, "map", subject.map.model_copy(update={"record": record}))
    return subject


def test_a_part_of_a_map_and_what_the_method_chose_by_itself_are_stated(tmp_path):
    subject, _ = case_of(source_file(tmp_path / "source.dcm"))
    partial = PartialRecord(done=120, total=500, draws="masks")
    path = parametric_map_file(with_record(subject, partial=partial, choices={"layer": "conv5"}), tmp_path)
    content = path.read_bytes()
    assert b"layer conv5" in content
    assert b"partial: 120 of 500 masks" in content


def test_a_map_without_positive_evidence_says_so(tmp_path):
    subject, _ = case_of(source_file(tmp_path / "source.dcm"))
    result = pydicom.dcmread(parametric_map_file(with_record(subject, maximum=0.0), tmp_path))
    assert result.ImageComments.endswith("No positive evidence for the logit of glioma.")


def test_a_de_identified_source_gives_a_result_that_says_how(tmp_path):
    method = items(CodeValue="113100", CodingSchemeDesignator="DCM", CodeMeaning="Basic Profile")
    path = source_file(
        tmp_path / "source.dcm", PatientIdentityRemoved="YES", DeidentificationMethodCodeSequence=method
    )
    result = pydicom.dcmread(parametric_map_file(case_of(path)[0], tmp_path))
    assert result.PatientIdentityRemoved == "YES"
    assert result.DeidentificationMethodCodeSequence[0].CodeValue == "113100"
    source_file(path, PatientIdentityRemoved="YES")
    assert "PatientIdentityRemoved" not in pydicom.dcmread(parametric_map_file(case_of(path)[0], tmp_path))


def test_an_animal_keeps_its_species_and_owner(tmp_path):
    path = source_file(tmp_path / "source.dcm", PatientSpeciesDescription="Dog", ResponsiblePerson="Doe^J")
    result = pydicom.dcmread(parametric_map_file(case_of(path)[0], tmp_path))
    assert (result.PatientSpeciesDescription, str(result.ResponsiblePerson)) == ("Dog", "Doe^J")
    assert "PatientBreedDescription" in result
