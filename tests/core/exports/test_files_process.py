"""The process that writes and reads workspaces and exports, over its real pipe."""

import errno
import os
import threading
from pathlib import Path

import numpy as np
import pytest

from core.exports import serve
from core.exports.messages import (
    Export,
    Exported,
    FilesHashed,
    HashFiles,
    LocateSources,
    ReadWorkspace,
    SaveWorkspace,
    SourcesLocated,
    WorkspaceRead,
    WorkspaceSaved,
)
from core.exports.process import start_files
from core.file_hash import file_sha256
from core.link import Cancel, CancelledJob, Child, Failed, Message, Received
from core.workspace.document import SourceRecord
from core.workspace.file import read_workspace
from tests.core.exports.large_workspace import large_workspace
from tests.core.exports.source_files import file_as_read, without_hash
from tests.core.workspace.example import example_workspace


@pytest.fixture(scope="module")
def child():
    process = start_files()
    yield process
    process.kill()


def answer(child: Child, request: Message, arrays=(), job: int = 1) -> Received:
    child.link.send(request, arrays, job)
    received = child.link.receive()
    assert received is not None
    assert received.job == job
    return received


def test_that_a_workspace_is_written_into_a_new_folder_and_read_again_to_the_bit(child, tmp_path) -> None:
    path, workspace = tmp_path / "new" / "a.saliscope", example_workspace()
    request, arrays = SaveWorkspace.of(workspace, path=path)
    assert isinstance(answer(child, request, arrays).message, WorkspaceSaved)
    _, message, arrays = answer(child, ReadWorkspace(path=path))
    assert isinstance(message, WorkspaceRead)
    again = message.workspace(arrays)
    assert again.document == workspace.document
    assert list(again.arrays) == list(workspace.arrays)
    for name, values in workspace.arrays.items():
        assert again.arrays[name].dtype == values.dtype
        np.testing.assert_array_equal(again.arrays[name], values)
    assert [file.name for file in path.parent.iterdir()] == ["a.saliscope"]


def failure(child: Child, request: Message, arrays=()) -> str:
    message = answer(child, request, arrays).message
    assert isinstance(message, Failed)
    assert message.exit_code in (2, 3, 6)
    return message.message


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: None, "cannot be read: there is no such file."),
        (Path.mkdir, "cannot be read: there is no such file."),
    ],
)
def test_that_a_file_that_cannot_be_read_is_told_in_one_sentence(child, tmp_path, make, words) -> None:
    path = tmp_path / "b.saliscope"
    make(path)
    assert failure(child, ReadWorkspace(path=path)) == f"b.saliscope {words}"


def test_that_a_place_that_cannot_be_written_keeps_the_earlier_file(child, tmp_path) -> None:
    (tmp_path / "file").write_bytes(b"earlier")
    request, arrays = SaveWorkspace.of(example_workspace(), path=tmp_path / "file" / "c.saliscope")
    assert "cannot be written" in failure(child, request, arrays)
    assert (tmp_path / "file").read_bytes() == b"earlier"


def test_that_an_export_of_what_is_not_there_is_refused_by_its_name(child, tmp_path) -> None:
    def request(**fields: str) -> tuple[Message, list]:
        values = {"exporter": "none_such", "case": "case-1", **fields}
        return Export.of(example_workspace(), folder=tmp_path, stem="a", **values)

    assert failure(child, *request()) == "There is no export 'none_such'."
    assert failure(child, *request(case="case-7")) == "The workspace has no case 'case-7'."
    assert failure(child, *request(map="map-7")) == "The case has no map 'map-7'."
    assert list(tmp_path.iterdir()) == []


def test_that_a_map_is_exported_with_the_hash_of_its_source(child, tmp_path) -> None:
    workspace, scan = without_hash(), tmp_path / "scan.dcm"
    scan.write_bytes(b"scan")
    choice = {"exporter": "map_npy", "case": "case-1", "map": "map-2", "folder": tmp_path / "out"}
    request, arrays = Export.of(workspace, **choice, stem="a", files={"case-1": file_as_read(scan)})
    message = answer(child, request, arrays).message
    assert isinstance(message, Exported)
    assert sorted((tmp_path / "out").iterdir()) == sorted(message.paths)
    np.testing.assert_array_equal(np.load(message.paths[0]), workspace.arrays["case-1-map-2"])
    texts = [path.read_text() for path in message.paths if path.suffix == ".json"]
    assert file_sha256(scan) in texts[0]


def test_that_a_cancelled_save_ends_between_two_steps_and_leaves_nothing(child, tmp_path) -> None:
    """A pipe is written in place of a file, so that the save begins and cannot end."""
    path = tmp_path / "d.saliscope"
    path.write_bytes(b"earlier")
    pipe = tmp_path / f".d.saliscope.{child.pid}.part"
    os.mkfifo(pipe)
    request, arrays = SaveWorkspace.of(large_workspace(), path=path)
    child.link.send(request, arrays, 5)
    reader = os.open(pipe, os.O_RDONLY)  # waits until the save has opened it
    child.link.send(Cancel(), job=5)
    received = child.link.receive()
    os.close(reader)
    assert received is not None
    assert (received.job, type(received.message)) == (5, CancelledJob)
    assert [file.name for file in tmp_path.iterdir()] == ["d.saliscope"]
    assert path.read_bytes() == b"earlier"
    assert isinstance(
        answer(child, *SaveWorkspace.of(example_workspace(), path=path)).message, WorkspaceSaved
    )


def test_that_a_save_is_finished_after_the_window_has_gone(tmp_path) -> None:
    process = start_files()
    path = tmp_path / "e.saliscope"
    process.link.send(*SaveWorkspace.of(example_workspace(), path=path))
    threading.Thread(target=process.link.close).start()
    assert process.outcome(wait_s=60).exit_code == 0
    assert path.stat().st_size > 0
    process.kill()


def located(child: Child, folder: Path, **fields: str) -> Path | None:
    source = SourceRecord(**{"name": "scan.png", "file_sha256": "", **fields})
    message = answer(child, LocateSources(folder=folder, sources=(source,))).message
    assert isinstance(message, SourcesLocated)
    return message.paths[0]


def test_that_sources_are_located_by_path_from_the_workspace_by_name_and_by_hash(child, tmp_path) -> None:
    folder, elsewhere = tmp_path / "workspaces", tmp_path / "images"
    folder.mkdir()
    elsewhere.mkdir()
    scan = elsewhere / "scan.png"
    scan.write_bytes(b"scan")
    assert located(child, folder, path=str(scan)) == scan
    assert located(child, folder, path="/gone/scan.png", relative_path="../images/scan.png") == scan
    assert located(child, folder, path="/gone/scan.png") is None
    assert located(child, elsewhere, path="/gone/scan.png") == scan
    sha256 = file_sha256(scan)
    other = {"name": "image.png", "file_sha256": sha256}
    assert located(child, elsewhere, **other) == scan
    assert located(child, elsewhere, name="image.png", file_sha256="ab" * 32) is None
    hashes = answer(child, HashFiles(paths=(scan, elsewhere / "gone.png"))).message
    assert hashes == FilesHashed(hashes=(sha256, ""))


@pytest.mark.parametrize("path", ["/" + "a" * 300, "/gone/\0.png", "/gone/" + "a/" * 5000 + "b.png"])
def test_that_a_noted_path_that_no_file_can_have_is_a_missing_source(child, tmp_path, path) -> None:
    assert located(child, tmp_path, path=path, relative_path=path) is None
    assert located(child, tmp_path, path=path, name="a" * 300) is None
    (tmp_path / "scan.png").write_bytes(b"scan")
    assert located(child, tmp_path, path=path) == tmp_path / "scan.png"


def test_that_a_folder_that_may_not_be_entered_is_a_missing_source(tmp_path, monkeypatch) -> None:
    """In this process, as an administrator may enter every folder."""

    def refuse(path: object, **_: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    source = SourceRecord(name="scan.png", path="/private/scan.png", file_sha256="ab" * 32)
    monkeypatch.setattr(os, "stat", refuse)
    assert serve.answer(LocateSources(folder=tmp_path, sources=(source,)), []) == (
        SourcesLocated(paths=(None,)),
        [],
    )


def test_that_no_file_of_a_large_folder_is_hashed_twice(tmp_path, monkeypatch) -> None:
    """In this process; neither for another source nor for another request."""
    for number in range(1100):
        (tmp_path / f"{number}.bin").touch()
    paths: list[Path] = []
    monkeypatch.setattr(serve, "sha256_if_readable", lambda path: paths.append(path) or "cd" * 32)
    sources = (SourceRecord(name="a.png", file_sha256="ab" * 32),) * 3
    for _ in range(2):
        serve.answer(LocateSources(folder=tmp_path, sources=sources), [])
    assert len(paths) == len(set(paths)) == 1100


def test_that_the_hash_of_each_source_is_filled_in(child, tmp_path) -> None:
    scan, path = tmp_path / "scan.dcm", tmp_path / "a.saliscope"
    scan.write_bytes(b"scan")
    files = {"case-1": file_as_read(scan)}
    request, arrays = SaveWorkspace.of(without_hash(), path=path, files=files)
    assert isinstance(answer(child, request, arrays).message, WorkspaceSaved)
    (case,) = read_workspace(path).document.cases
    assert case.source.file_sha256 == case.image.image.sha256 == file_sha256(scan)
