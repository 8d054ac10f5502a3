"""Where sources are looked for: paths that a file notes, as far as they are safe, and the folder beside."""

from pathlib import Path

import pytest

from core.workspace import places
from core.workspace.document import SourceRecord
from core.workspace.places import FilesBeside, noted_places

REMOTE = (
    r"\\host\share\a.dcm",
    "//host/share/a.dcm",
    r"\/host\share\a.dcm",
    r"\\?\UNC\host\share\a.dcm",
    r"\\.\PhysicalDrive0",
    r"\??\UNC\host\share\a.dcm",
    "/??/UNC/host/share/a.dcm",
)


@pytest.mark.parametrize("path", REMOTE)
def test_that_a_path_of_another_computer_or_device_is_not_looked_at(path):
    """Windows would log on to the computer that the file names."""
    source = SourceRecord(name="a.dcm", path=path, relative_path=path, file_sha256="")
    assert list(noted_places(source, Path("/work"))) == []


def test_that_local_paths_are_noted_the_one_from_the_workspace_first():
    source = SourceRecord(name="a", path="/data/a.dcm", relative_path="../images/a.dcm", file_sha256="")
    assert list(noted_places(source, Path("/work/out"))) == [Path("/work/images/a.dcm"), Path("/data/a.dcm")]


@pytest.fixture
def hashed(tmp_path):
    """Files whose hash is their content, and the names of those that were hashed, in their order."""
    for name in "abcde":
        (tmp_path / name).write_text(f"{name}{name}")
    names: list[str] = []

    def sha256_of(path: Path) -> str:
        names.append(path.name)
        return path.read_text()

    return FilesBeside(tmp_path, sha256_of), names


def source_of(sha256: str) -> SourceRecord:
    return SourceRecord(name="", file_sha256=sha256)


def test_that_the_files_beside_are_hashed_once_for_all_sources_and_no_more_than_needed(hashed, tmp_path):
    beside, names = hashed
    assert beside.file(source_of("cc"), "d") == tmp_path / "c"
    assert names == ["d", "a", "b", "c"]
    assert [beside.file(source_of(sha256), "b") for sha256 in ("aa", "none", "other", "ee")] == [
        tmp_path / "a",
        None,
        None,
        tmp_path / "e",
    ]
    assert names == ["d", "a", "b", "c", "e"]
    assert beside.file(source_of(""), "a") is None


def test_that_of_two_files_with_the_same_bytes_the_one_of_the_name_is_taken(hashed, tmp_path):
    beside, _ = hashed
    (tmp_path / "d").write_text("aa")
    assert beside.file(source_of("aa"), "") == tmp_path / "a"
    assert beside.file(source_of("aa"), "d") == tmp_path / "d"
    assert beside.file(source_of("aa"), "../d") == tmp_path / "a"


@pytest.mark.parametrize(("limit", "value"), [("MOST_FILES", 3), ("MOST_BYTES", 6)])
def test_that_the_limits_hold_for_all_sources_together(hashed, tmp_path, monkeypatch, limit, value):
    _, names = hashed
    monkeypatch.setattr(places, limit, value)
    beside = FilesBeside(tmp_path, lambda path: names.append(path.name) or path.read_text())
    located = [beside.file(source_of(sha256), "e") for sha256 in ("bb", "cc", "aa")]
    assert located == [tmp_path / "b", None, tmp_path / "a"]
    assert names == ["e", "a", "b"]
