import numpy as np
import pydicom
import pytest
import SimpleITK
from highdicom.seg import segread

from core.errors import NotApplicable
from core.exports.dicom_segmentation import DicomSegmentation, DicomSegmentationParams, top_mask
from tests.core.exports.dicom_cases import NAME, case_of, source_file


def segmentation_file(subject, folder, **options):
    exporter = DicomSegmentation()
    exporter.applies(subject)
    path = folder / "segmentation.dcm"
    path.write_bytes(exporter.files(subject, DicomSegmentationParams(**options))[".dcm"])
    return path


def with_record(subject, **changes):
    record = subject.map.record.model_copy(update=changes)
    object.__setattr__(subject, "map", subject.map.model_copy(update={"record": record}))
    return subject


def test_the_drawn_region_is_read_back_on_its_pixels(tmp_path):
    subject, _ = case_of(source_file(tmp_path / "source.dcm"))
    path = segmentation_file(subject, tmp_path, region="drawn")
    image = SimpleITK.ReadImage(str(path))
    mask = subject.data.mask_of(subject.case.regions[0])
    np.testing.assert_array_equal(SimpleITK.GetArrayFromImage(image)[0] > 0, mask)
    assert pydicom.dcmread(path).SegmentSequence[0].SegmentAlgorithmType == "MANUAL"


def test_pixels_lie_where_those_of_an_oblique_source_lie(tmp_path):
    subject, source = case_of(source_file(tmp_path / "source.dcm"))
    image = SimpleITK.ReadImage(str(segmentation_file(subject, tmp_path)))
    for row, column in ((0, 0), (0, 59), (39, 0), (39, 59)):
        position = image.TransformIndexToPhysicalPoint((column, row, 0))
        np.testing.assert_allclose(position, (source.affine_lps_mm @ [0, row, column, 1])[:3], atol=1e-3)


def test_the_top_region_holds_the_highest_values_of_the_grid(tmp_path):
    subject, _ = case_of(source_file(tmp_path / "source.dcm"))
    segments = segread(segmentation_file(subject, tmp_path, share_percent=25)).SegmentSequence
    assert segments[0].SegmentLabel == "Highest 25 % of Grad-CAM"
    mask = top_mask(subject, subject.map, 0.25)
    values = subject.case.grid.grid_map.to_slice(subject.data.values_of(subject.map), smooth=False)
    ranked = np.sort(subject.data.values_of(subject.map), axis=None)
    assert values[mask].min() == ranked[-16]  # a quarter of 8 x 8 cells
    assert np.nanmax(values[~mask]) < ranked[-16]
    image = SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(str(tmp_path / "segmentation.dcm")))[0]
    np.testing.assert_array_equal(image > 0, mask)


def test_values_against_the_target_are_never_in_the_top_region(tmp_path):
    subject, _ = case_of(source_file(tmp_path / "source.dcm"))
    subject.data.arrays["case-1-map-1"][:] -= 0.95
    mask = top_mask(subject, subject.map, 1.0)
    values = subject.case.grid.grid_map.to_slice(subject.data.values_of(subject.map), smooth=False)
    assert mask.any()
    assert (values[mask] > 0).all()
    assert not (values[~mask] > 0).any()


def test_a_map_without_positive_evidence_has_no_top_region(tmp_path):
    subject, _ = case_of(source_file(tmp_path / "source.dcm"))
    with pytest.raises(NotApplicable, match="No positive evidence"):
        segmentation_file(with_record(subject, maximum=0.0, signal=None), tmp_path)


def test_the_segment_claims_no_anatomy_and_names_its_algorithm(tmp_path):
    subject, _ = case_of(source_file(tmp_path / "source.dcm"))
    result = pydicom.dcmread(segmentation_file(subject, tmp_path))
    segment = result.SegmentSequence[0]
    assert segment.SegmentedPropertyCategoryCodeSequence[0].CodeValue == "309825002"
    assert segment.SegmentedPropertyTypeCodeSequence[0].CodeMeaning == "Image Region"
    assert "AnatomicRegionSequence" not in segment
    assert segment.SegmentAlgorithmType == "AUTOMATIC"
    algorithm = segment.SegmentationAlgorithmIdentificationSequence[0]
    assert algorithm.AlgorithmName == "Saliscope: Grad-CAM"
    assert "seed 3" in algorithm.AlgorithmParameters
    assert result.SegmentationType == "BINARY"


def test_a_projection_has_a_segmentation_on_its_pixels_without_a_position(tmp_path):
    path = source_file(tmp_path / "source.dcm", SOPClassUID="1.2.840.10008.5.1.4.1.1.1", Modality="CR")
    dataset = pydicom.dcmread(path)
    for keyword in ("ImagePositionPatient", "ImageOrientationPatient", "FrameOfReferenceUID"):
        del dataset[keyword]
    dataset.save_as(path)
    subject, _ = case_of(path)
    result = pydicom.dcmread(segmentation_file(subject, tmp_path, region="drawn"))
    assert "FrameOfReferenceUID" not in result
    np.testing.assert_array_equal(result.pixel_array > 0, subject.data.mask_of(subject.case.regions[0]))
    assert result.SourceImageSequence[0].ReferencedSOPClassUID == "1.2.840.10008.5.1.4.1.1.1"


def test_without_a_region_there_is_nothing_to_write(tmp_path):
    subject, _ = case_of(source_file(tmp_path / "source.dcm"))
    object.__setattr__(subject.data, "case", subject.case.model_copy(update={"regions": ()}))
    with pytest.raises(NotApplicable, match="no region"):
        segmentation_file(subject, tmp_path, region="drawn")


def test_the_patient_is_carried_over_without_private_elements(tmp_path):
    subject, _ = case_of(source_file(tmp_path / "source.dcm"))
    path = segmentation_file(subject, tmp_path)
    assert str(pydicom.dcmread(path).PatientName) == NAME
    assert b"ZAPHOD PRIVATE" not in path.read_bytes()
    assert b"Private Clinic" not in path.read_bytes()
