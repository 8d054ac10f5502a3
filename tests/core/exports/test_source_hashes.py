"""The hashes of sources: of the content that was read, whatever lies at the path later."""

from pathlib import Path

from core.exports.messages import SaveWorkspace, SourceFile
from core.exports.serve import answer
from core.file_hash import file_sha256
from core.workspace.file import read_workspace
from core.workspace.workspace import Workspace
from tests.core.exports.source_files import file_as_read, without_hash
from tests.core.workspace.example import SHA256, example_workspace


def saved_hash(path: Path, file: SourceFile, workspace: Workspace) -> str:
    """The hash of the only source in a workspace that is saved with its file."""
    request, arrays = SaveWorkspace.of(workspace, path=path, files={"case-1": file})
    answer(request, arrays)
    (case,) = read_workspace(path).document.cases
    assert case.source.file_sha256 == case.image.image.sha256
    return case.source.file_sha256


def test_that_a_known_hash_stays_whatever_lies_at_the_path_now(tmp_path) -> None:
    scan = tmp_path / "scan.dcm"
    scan.write_bytes(b"other content")
    file = file_as_read(scan)
    assert saved_hash(tmp_path / "a.saliscope", file, example_workspace()) == SHA256
    scan.unlink()
    assert saved_hash(tmp_path / "a.saliscope", file, example_workspace()) == SHA256


def test_that_a_file_that_was_changed_after_its_slice_was_read_has_no_hash(tmp_path) -> None:
    scan = tmp_path / "scan.dcm"
    scan.write_bytes(b"scan")
    file = file_as_read(scan)
    scan.write_bytes(b"scan that was changed")
    assert saved_hash(tmp_path / "a.saliscope", file, without_hash()) == ""
    assert saved_hash(tmp_path / "a.saliscope", SourceFile(path=scan), without_hash()) == ""


def test_that_a_hash_that_was_computed_once_outlives_its_file(tmp_path) -> None:
    scan = tmp_path / "scan.dcm"
    scan.write_bytes(b"scan")
    file, sha256 = file_as_read(scan), file_sha256(scan)
    assert saved_hash(tmp_path / "a.saliscope", file, without_hash()) == sha256
    scan.write_bytes(b"scan that was changed")
    assert saved_hash(tmp_path / "a.saliscope", file, without_hash()) == sha256
    scan.unlink()
    assert saved_hash(tmp_path / "a.saliscope", file, without_hash()) == sha256
