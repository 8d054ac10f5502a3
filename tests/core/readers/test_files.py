"""A path that is not a regular file is refused before it is opened, and what a folder skips is named."""

import os
import stat
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.errors import NoImages, Unreadable
from core.readers import other_formats
from core.readers.files import files_below
from core.readers.index import READERS, contents_of, index_path, read
from core.readers.protocol import Contents, SeriesEntry, SkippedFile
from core.workspace.file import write_workspace
from tests.core.readers.dicom_files import dicom_file
from tests.core.workspace.example import example_workspace


def picture(path: Path) -> Path:
    Image.fromarray(np.zeros((2, 3), np.uint8)).save(path, format="PNG")
    return path


def pipe(path: Path) -> None:
    os.mkfifo(path)


def socket_file(path: Path) -> None:
    os.mknod(path, stat.S_IFSOCK | 0o600)


SPECIAL = {
    "a pipe (FIFO)": pipe,
    "a socket": socket_file,
    "a device": lambda path: path.symlink_to("/dev/zero"),
}


@pytest.mark.parametrize("kind", SPECIAL)
@pytest.mark.parametrize("name", ["x.dcm", "x.nii", "x.nii.gz", "x.png", "x"])
def test_that_a_path_that_is_not_a_regular_file_is_refused_unopened(
    tmp_path: Path, kind: str, name: str
) -> None:
    SPECIAL[kind](tmp_path / name)
    with pytest.raises(Unreadable) as raised:
        index_path(tmp_path / name)
    assert raised.value.message == f"{name} is {kind}, not a regular file."
    for reader in READERS:
        entry = SeriesEntry(path=tmp_path / name, reader=reader.name, title="", frames=1, rows=2, columns=2)
        with pytest.raises(Unreadable, match="not a regular file"):
            read(entry, 0)


def test_that_such_files_are_named_in_a_folder_where_their_name_promises_an_image(tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    for name in ("b.dcm", "c", ".d.png"):
        pipe(tmp_path / name)
    (tmp_path / "e.png").symlink_to(tmp_path / "gone.png")
    (tmp_path / "f.png").symlink_to(tmp_path / "f.png")
    (tmp_path / "g.png").symlink_to(tmp_path / "a.png")
    contents = contents_of(tmp_path)
    assert [entry.path.name for entry in contents.entries] == ["a.png", "g.png"]
    assert [failure.message for failure in contents.failures] == [
        "b.dcm is a pipe (FIFO), not a regular file.",
        "e.png is a link that leads to no file.",
        "f.png is a link that leads to no file.",
    ]


def test_that_the_header_of_a_voxel_file_is_no_pipe_either(tmp_path: Path) -> None:
    (tmp_path / "b.img").write_bytes(bytes(600))
    pipe(tmp_path / "b.hdr")
    with pytest.raises(Unreadable, match=r"b\.img is not in a supported format"):
        index_path(tmp_path / "b.img")


def test_that_a_circle_of_folders_ends_and_is_named(tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    (tmp_path / "deep").mkdir()
    picture(tmp_path / "deep" / "b.png")
    (tmp_path / "deep" / "again").symlink_to(tmp_path)
    contents = contents_of(tmp_path)
    assert [entry.path.name for entry in contents.entries] == ["a.png", "b.png"]
    assert [(file.path.name, file.kind) for file in contents.skipped] == [
        ("again", "link to a folder, not followed")
    ]


def test_that_a_folder_that_may_not_be_listed_is_named_and_the_rest_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture(tmp_path / "a.png")
    for name in ("closed", ".closed"):
        (tmp_path / name).mkdir()
    scandir = os.scandir

    def forbidding(path: str) -> object:
        if Path(path).name.endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr("os.scandir", forbidding)
    contents = contents_of(tmp_path)
    assert [entry.path.name for entry in contents.entries] == ["a.png"]
    assert [failure.message for failure in contents.failures] == [
        "The folder closed cannot be listed: Permission denied."
    ]
    with pytest.raises(Unreadable, match=r"^The folder cannot be listed: Permission denied\."):
        contents_of(tmp_path / "closed")


def test_that_a_file_below_a_forbidden_folder_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(path: Path, **how: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("os.path.isdir", lambda path: False)
    monkeypatch.setattr(Path, "stat", forbidden)
    with pytest.raises(Unreadable, match=r"^a\.dcm cannot be opened: Permission denied\."):
        contents_of(tmp_path / "a.dcm")


def test_that_files_whose_names_are_not_valid_text_are_skipped_with_their_folder(tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    closed = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe"))
    closed.mkdir()
    picture(closed / "b.png")
    contents = contents_of(tmp_path)
    assert [entry.path.name for entry in contents.entries] == ["a.png"]
    assert [(file.path.name, file.kind) for file in contents.skipped] == [
        ("b.png", "name with undecodable characters")
    ]
    contents.model_dump_json().encode()


ARCHIVE, VIDEO, OTHER = "archive", "video", "unsupported image format"
BY_NAME = {
    ARCHIVE: ("a.zip", "b.tar", "c.TAR.GZ", "d.tgz", "e.7z", "f.rar", "g.txt.gz", "h.zst"),
    OTHER: ("a.nrrd", "b.mha", "c.mhd", "d.nii.zst", "e.mgz", "f.webp", "g.GIF", "h.jp2", "i.svs"),
    VIDEO: ("a.mp4", "b.avi", "c.mov"),
    "": (
        "a.txt",
        "b.csv",
        "c.json",
        "d.xml",
        "e.md",
        "LICENSE",
        "f.pdf",
        "Thumbs.db",
        "g.docx",
        "desktop.ini",
    ),
}
BY_CONTENT = {
    ARCHIVE: (b"PK\x03\x04rest", b"\x1f\x8b\x08", b"7z\xbc\xaf\x27\x1c", bytes(257) + b"ustar\x00"),
    OTHER: (
        b"NRRD0005\n",
        b"GIF89a",
        b"RIFF\0\0\0\0WEBP",
        b"\0\0\0\x0cjP  \r\n\x87\n",
        b"\0\0\0\x18ftypheic",
    ),
    VIDEO: (b"RIFF\0\0\0\0AVI ", b"\0\0\0\x18ftypisom", b"\x1a\x45\xdf\xa3"),
    "": (b"%PDF-1.7", b"plain text", b"RIFF\0\0\0\0WAVE", b""),
}


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in BY_NAME for name in BY_NAME[kind]])
def test_that_a_file_extension_identifies_what_is_not_read(kind: str, name: str) -> None:
    assert other_formats.kind_of(Path(name), b"anything") == kind


@pytest.mark.parametrize(("kind", "head"), [(kind, head) for kind in BY_CONTENT for head in BY_CONTENT[kind]])
def test_that_the_first_bytes_identify_what_is_not_read(kind: str, head: bytes) -> None:
    assert other_formats.kind_of(Path("a"), head) == kind
    assert other_formats.kind_of(Path("a.docx"), head) == ""


def test_that_a_folder_names_what_it_skips_and_passes_over_notes_and_hidden_files(tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    for name in ("study.zip", "t1.nrrd", "notes.txt", "table.csv", ".hidden.zip", "film.mp4"):
        (tmp_path / name).write_bytes(b"anything")
    (tmp_path / "__MACOSX").mkdir()
    (tmp_path / "nameless").write_bytes(b"Rar!\x1a\x07\x00")
    contents = contents_of(tmp_path)
    assert {file.path.name: file.kind for file in contents.skipped} == {
        "film.mp4": VIDEO,
        "nameless": ARCHIVE,
        "study.zip": ARCHIVE,
        "t1.nrrd": OTHER,
    }
    assert contents.failures == ()
    assert contents.files == 1
    assert (
        contents.named_skipped(2) == "4 files were skipped: film.mp4 (video), nameless (archive), and 2 more."
    )


def test_that_dicom_without_an_image_is_skipped_by_name(tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    path = dicom_file(tmp_path / "report.dcm")
    path.write_bytes(path.read_bytes()[: -24 - 12])  # as many as the pixel data and their element's head
    contents = contents_of(tmp_path)
    assert contents.named_skipped() == "1 file was skipped: report.dcm (holds no image)."


def test_that_a_folder_without_images_names_what_it_skipped(tmp_path: Path) -> None:
    folder = tmp_path / "set"
    folder.mkdir()
    (folder / "study.zip").write_bytes(b"PK\x03\x04")
    sentence = r"^The folder holds no image that can be read\. 1 file was skipped: study\.zip \(archive\)\."
    with pytest.raises(NoImages, match=sentence):
        contents_of(folder)


def test_that_a_single_archive_is_called_one(tmp_path: Path) -> None:
    (tmp_path / "study.zip").write_bytes(b"PK\x03\x04")
    with pytest.raises(Unreadable) as raised:
        contents_of(tmp_path / "study.zip")
    assert str(raised.value) == (
        "study.zip cannot be unpacked: it is damaged or packed in an unusual way."
        " Copy it again, or unpack it and open its contents."
    )
    (tmp_path / "study.7z").write_bytes(b"7z\xbc\xaf\x27\x1c")
    with pytest.raises(Unreadable) as raised:
        contents_of(tmp_path / "study.7z")
    assert str(raised.value) == (
        "study.7z is not in a supported format (archive). Unpack it and open its contents."
    )


@pytest.mark.parametrize("name", ["case.saliscope", "Case.SALISCOPE"])
def test_that_a_workspace_is_no_image_and_no_archive_of_images(tmp_path: Path, name: str) -> None:
    write_workspace(tmp_path / name, example_workspace())
    with pytest.raises(Unreadable) as raised:
        contents_of(tmp_path / name)
    assert str(raised.value) == (
        f"{name} is a workspace, not an image."
        " Open it in the window, or name it to `saliscope replay` or `saliscope export`."
    )
    with pytest.raises(NoImages, match=rf"1 file was skipped: {name} \(workspace\)\."):
        contents_of(tmp_path)


def test_that_no_more_names_are_given_than_find_room() -> None:
    skipped = tuple(SkippedFile(path=Path(f"/Surname Given/{at}.zip"), kind="archive") for at in range(2000))
    sentence = Contents(entries=(), skipped=skipped).named_skipped()
    assert sentence == (
        "2,000 files were skipped: 0.zip (archive), 1.zip (archive), 2.zip (archive), and 1,997 more."
    )
    assert Contents(entries=()).named_skipped() == ""


def test_that_places_are_sorted_as_they_are_compared(tmp_path: Path) -> None:
    for name in ("b/a.png", "b.png", "B/z.png", "b-c/d.png"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    paths = [file.path for file in files_below(tmp_path)]
    assert len(paths) == 4
    assert all(first < second for first, second in pairwise(paths))
