"""`saliscope info`: what was read, with the patient's identity only on request."""

import numpy as np
import pydicom
import pytest
from pydicom.dataset import FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

from core.readers.process import ReaderProcess
from core.readers.protocol import Contents, FrameSource, SeriesEntry
from core.results.info import InfoDocument


@pytest.fixture
def dicom(tmp_path):
    """A CT slice of a person, with rescale and spacing."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = CTImageStorage
    meta.MediaStorageSOPInstanceUID = "1.2.3"
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset = pydicom.Dataset()
    dataset.file_meta = meta
    dataset.SOPClassUID, dataset.SOPInstanceUID = CTImageStorage, "1.2.3"
    dataset.PatientName, dataset.PatientID, dataset.Modality = "Doe^Jane", "4711", "CT"
    dataset.Rows, dataset.Columns, dataset.SamplesPerPixel = 12, 10, 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.BitsAllocated = dataset.BitsStored = 16
    dataset.HighBit, dataset.PixelRepresentation = 15, 0
    dataset.RescaleSlope, dataset.RescaleIntercept = 2, -1000
    dataset.PixelSpacing = [0.5, 0.25]
    dataset.PixelData = np.arange(120, dtype=np.uint16).tobytes()
    path = tmp_path / "slice.dcm"
    dataset.save_as(path, enforce_file_format=True)
    return path


def test_that_a_slice_is_described_in_modality_values_without_identity(saliscope, dicom):
    ran = saliscope("info", dicom, "--json")
    (entry,) = InfoDocument.model_validate(ran.document).images
    assert (entry.file, entry.modality, entry.rows, entry.columns) == ("slice.dcm", "CT", 12, 10)
    assert (entry.shown.minimum, entry.shown.maximum, entry.shown.unit) == (-1000, -762, "HU")
    assert entry.shown.spacing_mm == (0.5, 0.25)
    assert entry.identity is None
    text = saliscope("info", dicom).out
    assert "-1000 to -762 HU" in text
    for secret in ("Doe", "4711"):
        assert secret not in ran.out + text


def test_that_padding_is_counted_and_takes_no_part_in_the_values(saliscope, dicom):
    dataset = pydicom.dcmread(dicom)
    dataset.add_new("PixelPaddingValue", "US", 119)
    dataset.WindowCenter, dataset.WindowWidth, dataset.VOILUTFunction = 3, 4, "SIGMOID"
    dataset.save_as(dicom)
    (entry,) = InfoDocument.model_validate(saliscope("info", dicom, "--json").document).images
    assert (entry.shown.minimum, entry.shown.maximum, entry.shown.padding) == (-1000, -764, 1)
    assert entry.shown.windows[0].function == "sigmoid"
    text = saliscope("info", dicom).out
    assert "1 pixel holds no image" in text
    assert "centre 3, width 4, sigmoid" in text


def test_that_identity_is_shown_on_request(saliscope, dicom):
    identity = saliscope("info", dicom, "--identity", "--json").document["images"][0]["identity"]
    assert identity["patient_id"] == "4711"
    assert "Doe" in saliscope("info", dicom, "--identity").out


def test_that_the_middle_slice_of_a_volume_is_read(saliscope, volume):
    (entry,) = saliscope("info", volume, "--json").document["images"]
    assert (entry["slices"], entry["shown"]["slice"]) == (5, 3)


def test_that_a_series_is_one_row_with_its_size_and_spacing(monkeypatch, saliscope, volume, picture):
    affine = ((0.0, 0.0, 0.5, 0.0), (0.0, 0.75, 0.0, 0.0), (4.0, 0.0, 0.0, -20.0), (0.0, 0.0, 0.0, 1.0))
    sources = tuple(FrameSource(path=volume.parent / f"{number}.dcm") for number in range(6))
    series = SeriesEntry(
        path=volume.parent / "0.dcm",
        reader="DICOM",
        title="Brain",
        modality="MR",
        role="T1",
        frames=6,
        rows=7,
        columns=8,
        volumes=2,
        sources=sources,
        affine_lps_mm=affine,
        notes=("Two slices are missing.",),
    )
    other = series.model_copy(
        update={"title": "Scout", "affine_lps_mm": None, "path": volume.parent / "9.dcm"}
    )
    monkeypatch.setattr(ReaderProcess, "contents", lambda reader, path: Contents(entries=(series, other)))
    first, _ = saliscope("info", volume.parent).out.splitlines()
    assert [cell.strip() for cell in first.split("  ") if cell] == [
        "0.dcm", "MR", "Brain", "T1", "3 x 7 x 8", "2 volumes", "4 x 0.75 x 0.5 mm axial",
        "Two slices are missing.",
    ]  # fmt: skip
    record, unknown = InfoDocument.model_validate(saliscope("info", volume.parent, "--json").document).images
    assert (record.files, record.slices, record.volumes, record.plane) == (6, 3, 2, "axial")
    assert (record.slice_spacing_mm, record.pixel_spacing_mm) == (4, (0.75, 0.5))
    assert (unknown.plane, unknown.slice_spacing_mm, unknown.pixel_spacing_mm) == ("", None, None)


def test_that_a_folder_is_listed(saliscope, dicom, picture, volume):
    images = saliscope("info", dicom.parent, "--json").document["images"]
    assert [image["file"] for image in images] == ["picture.png", "slice.dcm", "volume.nii.gz"]
    assert all(image["shown"] is None for image in images)
    assert len(saliscope("info", dicom.parent).out.splitlines()) == 3


def test_that_a_file_of_a_folder_that_cannot_be_read_stands_in_its_place(saliscope, dicom, picture):
    (dicom.parent / "radius.dcm").touch()
    ran = saliscope("info", dicom.parent, "--json")
    assert ran.code == 7
    images = ran.document["images"]
    assert [image["file"] for image in images] == ["picture.png", "radius.dcm", "slice.dcm"]
    assert images[1]["error"]["code"] == "unreadable"
    assert ran.one_error.startswith("radius.dcm is empty.")


def test_that_what_a_folder_skips_is_counted_and_named(saliscope, dicom):
    for name in ("study.zip", "t1.nrrd", "notes.txt"):
        (dicom.parent / name).write_bytes(b"anything")
    ran = saliscope("info", dicom.parent, "--json")
    assert ran.code == 0
    assert ran.document["skipped"] == [
        {"file": "study.zip", "kind": "archive"},
        {"file": "t1.nrrd", "kind": "unsupported image format"},
    ]
    assert ran.err == (
        "saliscope: note: 2 files were skipped: study.zip (archive), t1.nrrd (unsupported image format).\n"
    )


def test_that_the_header_is_listed_with_the_identity_hidden_unless_switched_on(saliscope, dicom, volume):
    text = saliscope("info", dicom, "--tags").out
    assert "(0028,0010)" in text
    assert "Patient's Name" in text
    assert "Doe" not in text
    (record,) = InfoDocument.model_validate(saliscope("info", dicom, "--tags", "--json").document).images
    hidden = {tag.name for tag in record.tags if tag.is_hidden}
    assert {"Patient's Name", "Patient ID", "SOP Instance UID"} <= hidden
    assert "Doe^Jane" in saliscope("info", dicom, "--tags", "--identity").out
    (record,) = InfoDocument.model_validate(saliscope("info", volume, "--tags", "--json").document).images
    assert {tag.name: tag.value for tag in record.tags}["dim"] == "3 48 40 5 1 1 1 1"


def test_that_folders_and_files_of_any_script_are_listed(saliscope, dicom):
    folder = dicom.parent / "Größe 患者 α"
    folder.mkdir()
    dicom.rename(folder / "Schädel ß 頭.dcm")
    ran = saliscope("info", folder, "--json")
    assert (ran.code, ran.document["images"][0]["file"]) == (0, "Schädel ß 頭.dcm")
