"""Which reader gets a file, and what a folder holds."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pydicom.uid import MediaStorageDirectoryStorage

from core.errors import NoImages, Unreadable
from core.readers.index import READERS, contents_of, image_suffixes, index_path, name_without_suffix, read
from core.readers.other_formats import SHARED_SUFFIXES
from tests.core.readers.dicom_files import dicom_file


def picture(path: Path) -> Path:
    Image.fromarray(np.zeros((2, 3), np.uint8)).save(path, format="PNG")
    return path


def test_that_a_folder_is_searched_deeply_in_order_and_other_files_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "öffnen 開く").mkdir()
    picture(tmp_path / "öffnen 開く" / "a b.png")
    dicom_file(tmp_path / "z.dcm")
    (tmp_path / "notes.txt").write_text("nothing")
    (tmp_path / "empty.dcm").touch()
    (tmp_path / "broken.png").write_bytes(picture(tmp_path / "whole.png").read_bytes()[:20])
    entries = index_path(tmp_path)
    names = [(entry.path.name, entry.reader) for entry in entries]
    assert names == [("whole.png", "picture"), ("z.dcm", "DICOM"), ("a b.png", "picture")]


def test_that_a_folder_names_the_images_that_cannot_be_read_and_no_other_files(tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    (tmp_path / "b.png").write_bytes((tmp_path / "a.png").read_bytes()[:20])  # no size any more
    (tmp_path / "c.dcm").touch()
    (tmp_path / "d.dcm").write_bytes(b"not what the name says")
    (tmp_path / "e").write_bytes((tmp_path / "a.png").read_bytes()[:20])  # its content promises an image
    for name in ("notes.txt", "report.pdf", "f"):
        (tmp_path / name).write_bytes(b"%PDF no image")
    for name in (".DS_Store", ".gitkeep", ".hidden.dcm", "empty"):
        (tmp_path / name).touch()
    dicom_file(tmp_path / "DICOMDIR", SOPClassUID=MediaStorageDirectoryStorage)
    contents = contents_of(tmp_path)
    assert [entry.path.name for entry in contents.entries] == ["a.png"]
    failed = {failure.path.name: failure for failure in contents.failures}
    assert list(failed) == ["b.png", "c.dcm", "d.dcm", "e"]
    assert failed["c.dcm"].message == "c.dcm is empty."
    assert isinstance(failed["d.dcm"].error(), Unreadable)
    assert str(failed["d.dcm"].error()).startswith("d.dcm is not in a supported format.")
    assert contents.files == 5
    assert index_path(tmp_path) == list(contents.entries)


def test_that_a_folder_without_images_states_what_failed(tmp_path: Path) -> None:
    with pytest.raises(NoImages, match="holds no image that can be read"):
        index_path(tmp_path)
    (tmp_path / "a.dcm").write_bytes(b"")
    with pytest.raises(NoImages, match=r"a\.dcm is empty"):
        index_path(tmp_path)


def test_that_a_missing_path_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="No such file"):
        index_path(tmp_path / "missing.png")


def test_that_content_decides_and_a_misleading_file_name_is_noted(tmp_path: Path) -> None:
    assert index_path(picture(tmp_path / "picture"))[0].reader == "picture"
    assert index_path(picture(tmp_path / "a.jpg"))[0].title == "PNG"
    (dicom,) = index_path(dicom_file(tmp_path / "film.png"))
    assert dicom.reader == "DICOM"
    note = "the file name suggests a picture file, but the content is a DICOM file"
    assert note in read(dicom, 0)[0].notes
    for name, suggested in (("a.nii", "NIfTI"), ("b.tif", "TIFF")):
        (entry,) = index_path(picture(tmp_path / name))
        note = f"the file name suggests a {suggested} file, but the content is a picture file"
        assert read(entry, 0)[0].notes == (note,)
    assert read(index_path(tmp_path / "a.jpg")[0], 0)[0].notes == ()


@pytest.mark.parametrize("form", ["PNG", "TIFF"])
def test_that_a_picture_named_as_dicom_is_refused(tmp_path: Path, form: str) -> None:
    Image.fromarray(np.zeros((2, 3), np.uint8)).save(tmp_path / "a.dcm", format=form)
    with pytest.raises(Unreadable, match="not a DICOM file, although it is named as one"):
        index_path(tmp_path / "a.dcm")


def test_that_readers_have_different_names_and_endings() -> None:
    suffixes = [suffix for reader in READERS for suffix in reader.suffixes]
    assert len(set(suffixes)) == len(suffixes)
    assert len({reader.name for reader in READERS}) == len(READERS)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
@pytest.mark.parametrize(
    "head", [b"", b"\x00", b"BM", b"\x08\x00\x05", b"PK\x03\x04" + bytes(100), b"a" * 400]
)
def test_that_no_reader_claims_a_file_that_is_not_an_image(reader: object, head: bytes) -> None:
    assert not reader.claims(head, Path("a.nii"))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("scan.nii.gz", "scan"),
        ("scan.img", "scan"),
        ("1.2.840.113619.2", "1.2.840.113619.2"),
        ("1.2.840.IMA", "1.2.840"),
        ("Schädel 図像.DCM", "Schädel 図像"),
        ("a.png.tiff", "a.png"),
        (".png", ""),
        ("bad\udcff.png", "bad\udcff"),
        ("notes.txt", "notes.txt"),
    ],
)
def test_that_only_the_ending_of_an_image_format_is_left_out_of_a_name(name: str, stem: str) -> None:
    assert name_without_suffix(name) == stem


def test_that_an_ending_that_several_formats_use_makes_no_file_a_failure(tmp_path: Path) -> None:
    for suffix in SHARED_SUFFIXES:
        assert suffix in image_suffixes()
        (tmp_path / f"file{suffix}").write_bytes(b"of another program")
    picture(tmp_path / "a.png")
    contents = contents_of(tmp_path)
    assert [entry.path.name for entry in contents.entries] == ["a.png"]
    assert contents.failures == ()


def test_that_listing_the_file_extensions_of_images_loads_no_decoder(repository: Path) -> None:
    code = (
        "import json, sys; from core.readers.index import image_suffixes;"
        "print(json.dumps([image_suffixes(), sorted(sys.modules)]))"
    )
    command = [sys.executable, "-c", code]
    output = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=True).stdout
    suffixes, modules = json.loads(output)
    assert {".dcm", ".nii.gz", ".png", ".tiff"} <= {*suffixes}
    assert {"pydicom", "nibabel", "PIL", "tifffile", "gdcm"}.isdisjoint(modules)


def test_that_every_decoder_is_loaded_before_the_first_file(repository: Path) -> None:
    """Else it would take memory of the first file's share."""
    code = (
        "import json, sys; from core.readers.decoders import load_decoders; load_decoders();"
        "print(json.dumps(sorted(sys.modules)))"
    )
    command = [sys.executable, "-c", code]
    modules = json.loads(
        subprocess.run(command, cwd=repository, capture_output=True, text=True, check=True).stdout
    )
    assert {"pydicom", "nibabel", "PIL", "tifffile", "gdcm"} <= {*modules}
