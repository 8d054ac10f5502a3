"""ZIP archives: listed like folders, within limits, without the names in them on the disk."""

import io
import os
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.errors import NoImages, Refused, Unreadable
from core.readers import archive_folder as folders
from core.readers import archives
from core.readers.archive_folder import archive_folder, delete_without_program
from core.readers.index import contents_of, read
from core.readers.process import ReaderProcess
from tests.core.readers.dicom_files import dicom_file
from tests.core.readers.nifti_files import saved

NAME = "Zebedeeson"
VALUES = np.arange(2 * 3 * 4, dtype=np.int16).reshape(2, 3, 4)


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    """An archive folder of the test's own."""
    (tmp_path / "private").mkdir()
    archive_folder.cache_clear()
    monkeypatch.setenv(folders.FOLDER_VARIABLE, str(tmp_path / "private"))
    yield
    archive_folder.cache_clear()


def png_bytes(values: np.ndarray) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(values).save(stream, format="PNG")
    return stream.getvalue()


def zipped(path: Path, files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def dicom_bytes(folder: Path, number: int) -> bytes:
    place = {
        "ImagePositionPatient": [0, 0, 2 * number],
        "ImageOrientationPatient": [1, 0, 0, 0, 1, 0],
        "PixelSpacing": [1, 1],
        "SeriesInstanceUID": "1.2.3",
        "SOPInstanceUID": f"1.2.3.{number}",
    }
    return dicom_file(folder / "one.dcm", VALUES[number % 2], **place).read_bytes()


def names_below(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def test_that_an_archive_is_listed_like_a_folder_and_its_series_are_volumes(tmp_path) -> None:
    files = {f"{NAME}/study/IM{number}": dicom_bytes(tmp_path, number) for number in range(4)}
    files |= {f"{NAME}/film.png": png_bytes(np.zeros((4, 5), np.uint8)), f"{NAME}/notes.txt": b"text"}
    contents = contents_of(zipped(tmp_path / "study.zip", files))
    by_reader = {entry.reader: entry for entry in contents.entries}
    assert {name: entry.frames for name, entry in by_reader.items()} == {"DICOM": 4, "picture": 1}
    assert by_reader["DICOM"].has_planes
    np.testing.assert_array_equal(read(by_reader["DICOM"], 3)[0].values, VALUES[1])
    assert not contents.failures


def test_that_no_name_of_the_archive_is_written_to_the_disk(tmp_path) -> None:
    files = {f"{NAME}/{NAME}_1950.png": png_bytes(np.zeros((4, 5), np.uint8)), f"{NAME}.{NAME}": b"text"}
    path = zipped(tmp_path / f"{NAME}.zip", files)
    contents_of(path)
    names = names_below(tmp_path / "private")
    assert len(names) == 5  # the archive, two folders, two files
    assert not any(NAME.lower() in name.lower() for name in names)


def test_that_pairs_and_sequences_of_a_case_still_belong_together(tmp_path) -> None:
    affine = np.diag([-1, -1, 1, 1])
    names = [f"{NAME}_t1ce.nii.gz", f"{NAME}_flair.nii.gz", "pair.hdr"]
    for name in names:
        saved(tmp_path / name, VALUES, affine)
    files = {f"case/{path.name}": path.read_bytes() for path in tmp_path.glob("*.*")}
    contents = contents_of(zipped(tmp_path / "a.zip", files))
    roles = {entry.role: entry.keys.patient for entry in contents.entries}
    assert set(roles) == {"", "T1 post contrast", "FLAIR"}
    assert roles["FLAIR"] == roles["T1 post contrast"] != ""
    assert not contents.failures


def test_that_files_of_equal_stem_are_never_mistaken_for_each_other(tmp_path) -> None:
    files = {
        name: png_bytes(np.full((4, 4), number, np.uint8))
        for number, name in enumerate(["a/x.png", "b/x.png", "x.png", "x.PNG.one", "x", "X.png"])
    }
    contents = contents_of(zipped(tmp_path / "a.zip", files))
    assert sorted(read(entry, 0)[0].values[0, 0] for entry in contents.entries) == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    "name", ["../../escaped.png", "/escaped.png", "C:\\escaped.png", "..\\..\\escaped.png"]
)
def test_that_no_name_leads_out_of_the_folder(tmp_path, name) -> None:
    before = names_below(tmp_path.parent)
    path = zipped(tmp_path / "a.zip", {name: png_bytes(np.zeros((4, 4), np.uint8))})
    (entry,) = contents_of(path).entries
    assert (tmp_path / "private") in entry.path.parents
    added = {each for each in names_below(tmp_path.parent) - before if "/private/" not in each}
    assert {Path(each).name for each in added} == {"a.zip"}


def test_that_links_hidden_files_and_archives_in_archives_are_not_opened(tmp_path) -> None:
    picture = png_bytes(np.zeros((4, 4), np.uint8))
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("inside.png", picture)
    path = zipped(
        tmp_path / "a.zip", {"a.png": picture, "b.zip": inner.getvalue(), "__MACOSX/a.png": picture}
    )
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo("link.png")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    contents = contents_of(path)
    assert len(contents.entries) == 1
    assert [file.kind for file in contents.skipped] == ["archive"]


def test_that_an_archive_without_images_says_so(tmp_path) -> None:
    with pytest.raises(NoImages, match=r"^The archive holds no image that can be read\."):
        contents_of(zipped(tmp_path / "a.zip", {"a.txt": b"text"}))
    with pytest.raises(NoImages, match=r"^The archive holds no image"):
        contents_of(zipped(tmp_path / "empty.zip", {}))


def test_that_an_encrypted_archive_is_refused_in_one_sentence(tmp_path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.png": b"content"})
    content = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + offset] |= 1
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=r"^a\.zip is encrypted\. "):
        contents_of(path)


def test_that_archives_beyond_the_limits_are_refused_before_anything_is_written(
    tmp_path, monkeypatch
) -> None:
    path = zipped(tmp_path / "a.zip", {f"{number}.bin": b"0" * 100_000 for number in range(4)})
    for limit, value, words in (
        ("MOST_FILES", 3, "4 files, more than the supported 3"),
        ("MOST_BYTES", 399_999, "unpacked, more than the supported"),
        ("MOST_RATIO", 50, "packed more tightly than images can be"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(archives, limit, value)
            with pytest.raises(Refused, match=words):
                contents_of(path)
    assert names_below(tmp_path / "private") == set()


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.95])
def test_that_a_damaged_archive_is_one_sentence_and_leaves_nothing(tmp_path, cut) -> None:
    values = np.random.default_rng(0).integers(0, 255, (64, 64)).astype(np.uint8)
    path = zipped(tmp_path / "a.zip", {f"{number}.png": png_bytes(values) for number in range(3)})
    whole = path.read_bytes()
    path.write_bytes(whole[: int(cut * len(whole))])
    with pytest.raises(Unreadable, match=r"^a\.zip cannot be unpacked: it is damaged"):
        contents_of(path)
    changed = bytearray(whole)
    changed[200:260] = bytes(60)
    path.write_bytes(changed)
    with pytest.raises(Unreadable, match=r"^a\.zip cannot be unpacked: it is damaged"):
        contents_of(path)
    assert names_below(tmp_path / "private") == set()


@pytest.mark.parametrize("compression", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_that_damage_within_a_packed_file_is_never_taken_for_a_full_disk(tmp_path, compression) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (64, 64)).astype(np.uint8)
    path = zipped(tmp_path / "a.zip", {"a.png": png_bytes(noise)}, compression)
    content = bytearray(path.read_bytes())
    content[len(content) // 3 : len(content) // 2] = bytes(len(content) // 2 - len(content) // 3)
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=r"^a\.zip cannot be unpacked: it is damaged"):
        contents_of(path)


def test_that_files_whose_names_differ_in_a_separator_or_capitals_are_all_unpacked(tmp_path) -> None:
    values = {
        name: index for index, name in enumerate(("a_t1.png", "a-t1.png", "a_T1.png", "T1.png", "t1.png"))
    }
    files = {name: png_bytes(np.full((4, 4), level, np.uint8)) for name, level in values.items()}
    contents = contents_of(zipped(tmp_path / "a.zip", files))
    levels = {int(read(entry, 0)[0].values[0, 0]) for entry in contents.entries}
    assert levels == set(values.values())


def test_that_an_archive_is_unpacked_once_and_again_after_it_was_changed(tmp_path, monkeypatch) -> None:
    path = zipped(tmp_path / "a.zip", {"a.png": png_bytes(np.zeros((4, 4), np.uint8))})
    (first,) = contents_of(path).entries
    with monkeypatch.context() as patch:
        patch.setattr(archives, "_unpack", lambda *_: pytest.fail("unpacked again"))
        assert contents_of(path).entries == (first,)
    zipped(path, {"a.png": png_bytes(np.ones((5, 5), np.uint8))})
    (second,) = contents_of(path).entries
    assert (first.rows, second.rows) == (4, 5)


def test_that_documents_stored_as_archives_are_not_unpacked(tmp_path) -> None:
    path = zipped(tmp_path / "letter.docx", {"a.png": png_bytes(np.zeros((4, 4), np.uint8))})
    with pytest.raises(Unreadable, match=r"letter\.docx is not in a supported format"):
        contents_of(path)


def test_that_the_reader_process_unpacks_files_larger_than_its_log_may_be(tmp_path) -> None:
    values = np.random.default_rng(0).integers(0, 255, (1500, 1500)).astype(np.uint8)
    path = zipped(tmp_path / "a.zip", {"a.png": png_bytes(values)})
    with ReaderProcess() as reader:
        (entry,) = reader.contents(path).entries
        np.testing.assert_array_equal(reader.read(entry, 0)[0].values, values)
    assert entry.path.exists()  # it is the program's, not the process's


def test_that_the_folder_outlives_a_reader_process_but_not_a_program_that_was_killed(tmp_path) -> None:
    delete_without_program(os.getppid())
    assert archive_folder().is_dir()
    delete_without_program(program=-1)
    assert not archive_folder().exists()


MAKES_A_FOLDER = """
import sys
from core.readers.archive_folder import archive_folder
(archive_folder() / "scan.dcm").write_bytes(b"1")
print(archive_folder(), flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("end", ["runs on", "was killed", "ended by itself"])
def test_that_what_a_killed_program_left_is_deleted_at_the_next_start(tmp_path, monkeypatch, end) -> None:
    monkeypatch.delenv(folders.FOLDER_VARIABLE)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(folders.tempfile, "tempdir", str(tmp_path))
    archive_folder.cache_clear()
    command = [sys.executable, "-c", MAKES_A_FOLDER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        folder = Path(program.stdout.readline().strip())
        assert folder.parent == tmp_path
        assert (folder / "scan.dcm").exists()
        if end == "was killed":
            program.kill()
        elif end == "ended by itself":
            program.stdin.close()
        if end != "runs on":
            program.wait()
        assert folder.exists() == (end != "ended by itself")
        with ReaderProcess() as reader:
            reader.contents(zipped(tmp_path / "a.zip", {"a.png": png_bytes(np.zeros((4, 4), np.uint8))}))
        assert (folder / "scan.dcm").exists() == (end == "runs on")
        program.kill()
    assert archive_folder().exists()


def test_that_nothing_is_deleted_but_folders_of_killed_programs(tmp_path, monkeypatch) -> None:
    """A link, a file and a folder of the same kind of name, and a folder that another program is making."""
    outside = tmp_path / "patients"
    name = folders._PREFIX
    for folder in (outside, tmp_path / f"{name}new", tmp_path / f"{name}old", tmp_path / "saliscope-other"):
        folder.mkdir()
        (folder / "scan.dcm").write_bytes(b"1")
    for folder in (outside, tmp_path / f"{name}old", tmp_path / "saliscope-other"):
        (folder / folders._LOCK).touch()
    (tmp_path / f"{name}link").symlink_to(outside)
    (tmp_path / f"{name}file").touch()
    folders.delete_left_folders()
    assert sorted(path.name for path in tmp_path.iterdir() if path.exists()) == [
        "patients",
        "private",
        f"{name}file",
        f"{name}link",
        f"{name}new",
        "saliscope-other",
    ]
    assert (outside / "scan.dcm").exists()


def test_that_the_reader_process_gets_the_folder_of_the_program(tmp_path, monkeypatch) -> None:
    monkeypatch.delenv(folders.FOLDER_VARIABLE)
    monkeypatch.setattr(folders.tempfile, "tempdir", str(tmp_path))
    archive_folder.cache_clear()
    path = zipped(tmp_path / "a.zip", {"a.png": png_bytes(np.zeros((4, 4), np.uint8))})
    with ReaderProcess() as reader:
        (entry,) = reader.contents(path).entries
    assert archive_folder() in entry.path.parents
    assert archive_folder().parent == tmp_path
    assert stat.S_IMODE(archive_folder().stat().st_mode) == 0o700
