"""The stored DICOM files: one of each transfer syntax, and the lossless ones hold the same pixels."""

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.uid import JPEG2000TransferSyntaxes, JPEGLSTransferSyntaxes, JPEGTransferSyntaxes

from core.readers import dicom_frames
from core.readers.process import ReaderProcess
from core.self_test import decoding
from core.self_test.decoding import decoding_trials
from core.self_test.stored_files import FOLDER, IMAGE_NAME, WITHOUT_ENCODER, stored_files, values_hash
from core.self_test.trial import record_of
from training.self_test_files import phantom

NATIVE = {
    "1.2.840.10008.1.2",
    "1.2.840.10008.1.2.1",
    "1.2.840.10008.1.2.1.99",
    "1.2.840.10008.1.2.2",
    "1.2.840.10008.1.2.1.98",
    "1.2.840.10008.1.2.5",
}
LOSSY = ("jpeg_2000.dcm", "htj2k.dcm", "jpeg_baseline.dcm", "jpeg_extended.dcm", "jpeg_ls_near_lossless.dcm")


def test_that_each_supported_transfer_syntax_has_a_file_or_no_encoder() -> None:
    supported = NATIVE | {
        *map(str, (*JPEGTransferSyntaxes, *JPEGLSTransferSyntaxes, *JPEG2000TransferSyntaxes)),
        *dicom_frames._JPEG,
        *dicom_frames._LOSSLESS,
        *dicom_frames._HTJ2K,
    }
    stored = {each.syntax for each in stored_files()}
    assert stored | set(WITHOUT_ENCODER) == supported
    assert not stored & set(WITHOUT_ENCODER)


def test_that_the_lossless_ones_hold_the_phantom() -> None:
    expected = values_hash(phantom())
    others = {each.file for each in stored_files() if each.values_sha256 != expected}
    assert others == {IMAGE_NAME, "jpeg_progressive.dcm", *LOSSY}


def test_that_they_are_small_name_nobody_and_are_what_the_list_says() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 200_000
    assert {path.name for path in FOLDER.glob("*.dcm")} == {each.file for each in stored_files()}
    for stored in stored_files():
        dataset = dcmread(stored.path)
        assert dataset.file_meta.TransferSyntaxUID == stored.syntax
        assert (dataset.PatientName, dataset.PatientID, dataset.StudyDate) == ("", "", "")


def test_that_the_hash_depends_on_shape_and_values() -> None:
    values = np.arange(6.0).reshape(2, 3)
    assert values_hash(values) == values_hash(values.astype(np.uint8))
    assert len({values_hash(values), values_hash(values.T), values_hash(values + 1)}) == 3


@pytest.mark.parametrize("is_changed", [False, True])
def test_that_every_file_decodes_to_its_hash_and_another_hash_fails(monkeypatch, is_changed) -> None:
    files = stored_files()
    if is_changed:
        files = tuple(each.model_copy(update={"values_sha256": "0" * 64}) for each in files[:2])
        monkeypatch.setattr(decoding, "stored_files", lambda: files)
    with ReaderProcess() as reader:
        records = [record_of(trial) for trial in decoding_trials(reader)]
    assert len(records) == len(files)
    assert {record.has_passed for record in records} == {not is_changed}
    assert {record.code for record in records} == ({"trial_failed"} if is_changed else {""})


@pytest.mark.parametrize("text", [None, "[]", "{", '[{"file": 1}]'])
def test_that_a_damaged_or_empty_list_is_a_trial_that_fails(monkeypatch, tmp_path, text) -> None:
    if text is not None:
        (tmp_path / "files.json").write_text(text)
    monkeypatch.setattr("core.self_test.stored_files.FOLDER", tmp_path)
    (record,) = map(record_of, decoding_trials(ReaderProcess()))
    assert (record.has_passed, record.code) == (False, "unreadable")
    assert "list of the self-test's files" in record.sentence
