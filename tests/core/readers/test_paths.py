"""Unusual names, read-only folders, and what changes or disappears while it is read."""

import os
import shutil
import unicodedata
from pathlib import Path

import nibabel
import numpy as np
import pytest
import tifffile
from PIL import Image

from core.errors import InputError, NoImages
from core.readers.index import contents_of, index_path, read
from core.readers.process import ReaderProcess
from tests.core.readers.dicom_files import dicom_file

VALUES = np.random.default_rng(8).integers(0, 4096, (40, 48)).astype(np.uint16)
NAMES = (
    "name with  spaces",
    unicodedata.normalize("NFC", "Größe Übersicht"),
    unicodedata.normalize("NFD", "Größe Übersicht"),
    "脳の画像 대뇌",
    "rtl \u05de\u05d5\u05d7 \U0001f9e0",
    "percent%20#?&'quote",
    "-leading.dots..",
)


def write_dicom(path: Path, values: np.ndarray) -> None:
    dicom_file(path, values)


def write_nifti(path: Path, values: np.ndarray) -> None:
    nibabel.save(
        nibabel.Nifti1Image(values.T[:, :, None].repeat(3, axis=2).astype(np.int16), np.eye(4)), path
    )


def write_png(path: Path, values: np.ndarray) -> None:
    Image.fromarray((values % 256).astype(np.uint8)).save(path)


def write_tiff(path: Path, values: np.ndarray) -> None:
    tifffile.imwrite(path, values)


WRITERS = {
    ".dcm": write_dicom,
    ".nii": write_nifti,
    ".nii.gz": write_nifti,
    ".png": write_png,
    ".tif": write_tiff,
}


@pytest.fixture(scope="module")
def reader():
    with ReaderProcess() as process:
        yield process


def require_sentence(error: InputError, path: Path) -> None:
    """One sentence without a path, a code of the system, or a representation of an object."""
    assert str(path.parent) not in error.message + error.hint
    assert "\n" not in error.message
    assert error.message.endswith(".")
    for trace in ("Errno", "Traceback", "<", "object at", "Error("):
        assert trace not in error.message


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("suffix", WRITERS)
def test_that_unusual_names_of_files_and_folders_are_read(tmp_path, reader, name, suffix):
    folder = tmp_path / name
    folder.mkdir()
    path = folder / f"{name}{suffix}"
    WRITERS[suffix](path, VALUES)
    (entry,) = reader.index(folder)
    assert entry.path == path
    image, _ = reader.read(entry, 0)
    assert sorted(image.shape) == [40, 48]


def test_that_a_read_only_folder_is_read_and_stays_as_it_is(tmp_path, reader):
    folder = tmp_path / "read only"
    folder.mkdir()
    for suffix, write in WRITERS.items():
        write(folder / f"a{suffix}", VALUES)
    for path in folder.iterdir():
        path.chmod(0o444)
    folder.chmod(0o555)
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    entries = reader.index(folder)
    assert len(entries) == len(WRITERS)
    for entry in entries:
        reader.read(entry, 0)
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before
    folder.chmod(0o755)


@pytest.mark.parametrize("count_before", [0, 1, 3])
def test_that_a_folder_that_disappears_while_it_is_listed_gives_one_sentence_a_file(tmp_path, count_before):
    folder = tmp_path / "study"
    folder.mkdir()
    for suffix, write in WRITERS.items():
        write(folder / f"a{suffix}", VALUES)

    def on_step(step):
        if step.done == count_before:
            shutil.rmtree(folder)

    if count_before == 0:
        with pytest.raises(NoImages) as raised:
            contents_of(folder, on_step)
        require_sentence(raised.value, folder / "a")
        return
    contents = contents_of(folder, on_step)
    assert len(contents.entries) == count_before
    assert len(contents.failures) == len(WRITERS) - count_before
    for failure in contents.failures:
        require_sentence(failure.error(), folder / "a")


def test_that_a_folder_that_is_gone_before_it_is_listed_gives_one_sentence(tmp_path, reader):
    with pytest.raises(InputError) as raised:
        reader.index(tmp_path / "gone")
    require_sentence(raised.value, tmp_path / "gone")


@pytest.mark.parametrize("suffix", WRITERS)
def test_that_a_file_that_disappears_after_it_was_listed_gives_one_sentence(tmp_path, reader, suffix):
    path = tmp_path / f"a{suffix}"
    WRITERS[suffix](path, VALUES)
    (entry,) = reader.index(path)
    path.unlink()
    with pytest.raises(InputError) as raised:
        reader.read(entry, 0)
    require_sentence(raised.value, path)
    assert path.name in raised.value.message


@pytest.mark.parametrize("share", [0.0, 0.02, 0.3, 0.9])
@pytest.mark.parametrize("suffix", WRITERS)
def test_that_a_file_that_is_cut_between_two_slices_gives_one_sentence(tmp_path, reader, suffix, share):
    path = tmp_path / f"a{suffix}"
    WRITERS[suffix](path, VALUES)
    (entry,) = reader.index(path)
    reader.read(entry, 0)
    os.truncate(path, int(share * path.stat().st_size))
    try:
        image, _ = reader.read(entry, entry.frames - 1)
    except InputError as error:
        require_sentence(error, path)
    else:
        # What was read before may still be known.
        assert image.shape == (entry.rows, entry.columns)
        assert suffix in (".nii", ".nii.gz")


@pytest.mark.parametrize("suffix", WRITERS)
def test_that_a_file_that_is_replaced_by_another_image_is_never_mixed_with_it(tmp_path, reader, suffix):
    """Of another size: either the new image whole, or one sentence."""
    path, other = tmp_path / f"a{suffix}", tmp_path / f"b{suffix}"
    WRITERS[suffix](path, VALUES)
    WRITERS[suffix](other, VALUES[:20, :24] + 7)
    (entry,) = reader.index(path)
    (wanted,) = index_path(other)
    os.replace(other, path)
    wanted = wanted.model_copy(update={"path": path})
    try:
        image, _ = reader.read(entry, 0)
    except InputError as error:
        require_sentence(error, path)
    else:
        np.testing.assert_array_equal(image.values, read(wanted, 0)[0].values)


@pytest.mark.parametrize("suffix", WRITERS)
def test_that_a_file_that_becomes_another_format_gives_one_sentence(tmp_path, reader, suffix):
    path = tmp_path / f"a{suffix}"
    WRITERS[suffix](path, VALUES)
    (entry,) = reader.index(path)
    path.write_bytes(b"a text that is no image\n" * 40)
    with pytest.raises(InputError) as raised:
        reader.read(entry, 0)
    require_sentence(raised.value, path)
