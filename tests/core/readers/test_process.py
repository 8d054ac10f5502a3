"""The reader process: the same answers as in this process, and limits that hold."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.errors import NoImages, Refused, Unreadable
from core.images.slice import Identity, Slice
from core.link import Link, LinkError
from core.readers import serve
from core.readers.index import contents_of, index_path, read
from core.readers.messages import ANSWERS, REQUESTS, FileStarted, FrameRead, Indexed, IndexPath
from core.readers.process import TIME_VARIABLE, ReaderProcess, start_reader
from tests.core.readers.dicom_files import RAMP, dicom_file


def test_that_a_frame_is_transferred_completely(tmp_path: Path) -> None:
    plane = {"ImagePositionPatient": [1, 2, 3], "ImageOrientationPatient": [1, 0, 0, 0, 1, 0]}
    path = dicom_file(
        tmp_path / "Schädel 頭 1.dcm",
        np.stack([RAMP, RAMP + 1]),
        PixelSpacing=[1, 2],
        RescaleSlope="0.5",
        RescaleIntercept="0",
        WindowCenter=40,
        WindowWidth=400,
        PhotometricInterpretation="MONOCHROME1",
        **plane,
    )
    with ReaderProcess() as reader:
        (entry,) = reader.index(path)
        image, identity = reader.read(entry, 1)
    assert [entry] == index_path(path)
    expected, expected_identity = read(entry, 1)
    assert identity == expected_identity
    assert identity.patient_name == "Müller^Änne"
    np.testing.assert_array_equal(image.values, expected.values)
    np.testing.assert_array_equal(image.affine_lps_mm, expected.affine_lps_mm)
    for name in ("modality", "unit", "windows", "inverted", "spacing_mm", "spacing_source", "notes"):
        assert getattr(image, name) == getattr(expected, name)


def test_that_the_failures_of_a_folder_cross_with_their_errors(tmp_path: Path) -> None:
    dicom_file(tmp_path / "a.dcm")
    (tmp_path / "b.dcm").touch()
    with ReaderProcess() as reader:
        contents = reader.contents(tmp_path)
    assert contents == contents_of(tmp_path)
    (failure,) = contents.failures
    assert (failure.path, failure.message) == (tmp_path / "b.dcm", "b.dcm is empty.")


def test_that_errors_come_back_typed_and_the_process_lives_on(tmp_path: Path) -> None:
    path = dicom_file(tmp_path / "a.dcm")
    with ReaderProcess() as reader:
        (entry,) = reader.index(path)
        with pytest.raises(Unreadable, match="so no frame 5"):
            reader.read(entry, 5)
        (tmp_path / "empty").mkdir()
        with pytest.raises(NoImages):
            reader.index(tmp_path / "empty")
        np.testing.assert_array_equal(reader.read(entry, 0)[0].values, RAMP)


def test_that_a_folder_reports_its_progress_file_by_file(tmp_path: Path) -> None:
    for name in "abc":
        dicom_file(tmp_path / name)
    child = start_reader()
    child.link.send(IndexPath(path=tmp_path), job=5)
    frames = [received for _ in range(4) if (received := child.link.receive())]
    child.kill()
    messages = [frame.message for frame in frames]
    assert [frame.job for frame in frames] == [5] * 4
    assert all(isinstance(message, FileStarted) for message in messages[:3])
    assert [(m.path.name, m.done, m.total) for m in messages[:3]] == [
        ("a", 0, 3),
        ("b", 1, 3),
        ("c", 2, 3),
    ]
    before = [[instance.path.name for instance in m.before.instances] for m in messages[:3]]
    assert before == [[], ["a"], ["b"]]
    assert isinstance(messages[3], Indexed)
    assert [entry.path.name for entry in messages[3].entries] == ["a", "b", "c"]


def test_that_the_final_time_limit_restarts_with_each_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "abc":
        dicom_file(tmp_path / name)
    request_bytes = io.BytesIO()
    Link(io.BytesIO(), request_bytes, ANSWERS).send(IndexPath(path=tmp_path))
    link = Link(io.BytesIO(request_bytes.getvalue()), io.BytesIO(), REQUESTS)
    armed: list[float] = []
    monkeypatch.setattr(serve, "own_link", lambda incoming: link)
    for name in ("_limit_memory", "_allow_memory"):
        monkeypatch.setattr(serve, name, lambda limit_bytes: None)
    monkeypatch.setattr(serve, "_clear_standard_error", lambda: None)
    monkeypatch.setattr(serve, "_limit_time", armed.append)
    monkeypatch.setattr("logging.disable", lambda level: None)
    monkeypatch.setenv(TIME_VARIABLE, "40")
    serve.main()
    assert armed == [40, 40, 40, 40, 0]


def test_that_an_unexpected_answer_is_ignored(tmp_path: Path) -> None:
    path = dicom_file(tmp_path / "a.dcm")
    with ReaderProcess() as reader:
        assert reader._child is not None
        reader._child.link.send(IndexPath(path=tmp_path / "missing"), job=99)
        assert reader.index(path) == index_path(path)


def test_that_memory_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("1", (10_000, 10_000)).save(path)
    with ReaderProcess(memory_limit_bytes=2**29) as reader:
        (entry,) = reader.index(path)
        with pytest.raises(Refused, match=r"a\.png needs more memory"):
            reader.read(entry, 0)


def test_that_arrays_of_no_slice_are_a_link_error() -> None:
    message, arrays = FrameRead.of(Slice(np.zeros((2, 2))), Identity())
    for wrong in ([], [np.zeros(3)], [arrays[0], np.zeros((4, 4))], [arrays[0]] * 3):
        with pytest.raises(LinkError):
            message.frame(wrong)
