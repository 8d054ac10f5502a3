"""The message about a refused file: its name, one sentence, and no text of libraries or of the file."""

import builtins
import csv
import gzip
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import jpeg_ls
import nibabel
import numpy as np
import pytest
import tifffile
from PIL import Image
from pydicom.datadict import tag_for_keyword
from pydicom.uid import JPEGBaseline8Bit, JPEGLSLossless, RLELossless

from core.errors import InputError
from core.readers.decoding import DECODER_ERRORS, cause_of, decoding
from core.readers.index import index_path, read
from core.readers.process import ReaderProcess
from tests.core.readers.codecs import jpeg, rle
from tests.core.readers.dicom_files import as_big_endian, compressed_file, dicom_file
from tests.core.readers.picture_files import tiff

FOLDER = "SURNAME_GIVEN_1950"
PATIENT = "Xylander^Quentin"
RAMP = np.arange(64, dtype=np.uint8).reshape(8, 8)
CLASS_NAMES = [name for name in dir(builtins) if name.endswith(("Error", "Exception", "Warning"))]
CLASS_NAMES += [kind.__name__ for kind in DECODER_ERRORS]
DECODERS = ("pydicom", "nibabel", "tifffile", "Pillow", "PIL.", "libtiff", "zlib", "numpy", "struct.")
MARKS = (FOLDER, "Xylander", "Quentin", "\\", "<", ">", "object at", "0x", "Traceback", "Errno", "\n")
# Between these a sentence would end; a name of a file may hold a full stop.
SENTENCE_END = re.compile(r"[.!?] [A-Z]")


def faults_of(message: str, path: Path) -> list[str]:
    """The parts that a message about a refused file must not contain."""
    rest = message.replace(path.name, "")
    faults = [mark for mark in MARKS if mark in rest]
    # A slash between words belongs to names of the standard (Main Profile / Main Level), not to a path.
    faults += re.findall(r"\S*/\S+", rest)
    faults += [name for name in (*CLASS_NAMES, *DECODERS) if re.search(rf"\b{re.escape(name)}", rest)]
    if SENTENCE_END.search(message):
        faults.append("two sentences")
    if not message.endswith("."):
        faults.append("no full stop")
    return faults


@pytest.fixture(scope="module")
def reader() -> Iterator[ReaderProcess]:
    with ReaderProcess() as process:
        yield process


@pytest.mark.parametrize("name", ["dicom", "nifti"])
def test_that_no_refused_file_of_the_shared_sets_has_more_in_its_message(
    shared: Path, reader: ReaderProcess, name: str
) -> None:
    with (shared / name / "index.csv").open(encoding="utf-8", newline="") as stream:
        refused = [row["file"] for row in csv.DictReader(stream) if row["expect"].startswith("refused")]
    faults = {}
    for file in refused:
        try:
            for entry in reader.index(shared / name / file):
                reader.read(entry, 0)
        except InputError as error:
            if wrong := faults_of(error.message, shared / name / file):
                faults[file] = (error.message, wrong)
    assert faults == {}
    assert len(refused) > 5


def whole_files(folder: Path) -> dict[str, bytes]:
    """A small NIfTI file, and a small picture of each format, by its name; DICOM with names of a patient."""
    volume = nibabel.Nifti1Image(np.arange(60, dtype=np.int16).reshape(3, 4, 5), np.eye(4)).to_bytes()
    files = {"a.nii": volume, "a.nii.gz": gzip.compress(volume)}
    for name, form in (("a.png", "PNG"), ("a.jpg", "JPEG"), ("a.bmp", "BMP")):
        Image.fromarray(RAMP).save(folder / "whole", format=form)
        files[name] = (folder / "whole").read_bytes()
    for name, options in (
        ("a.tif", {}),
        ("deflate.tif", {"compression": "zlib"}),
        ("big.tif", {"bigtiff": True}),
    ):
        tifffile.imwrite(folder / "whole", RAMP, **options)
        files[name] = (folder / "whole").read_bytes()
    for name, compression in (("lzw.tif", "tiff_lzw"), ("jpeg.tif", "jpeg"), ("fax.tif", "group4")):
        picture = Image.fromarray(RAMP > 30) if compression == "group4" else Image.fromarray(RAMP)
        picture.save(folder / "whole", format="TIFF", compression=compression)
        files[name] = (folder / "whole").read_bytes()
    return files | dicom_files(folder)


def dicom_files(folder: Path) -> dict[str, bytes]:
    """DICOM files plain, in big endian and compressed, in which many elements hold a person's name."""
    identity = dict.fromkeys(("PatientName", "PatientID", "PatientComments", "StudyDescription"), PATIENT)
    places = {name: folder / name for name in ("plain.dcm", "rle.dcm", "ls.dcm", "jpeg.dcm", "big.dcm")}
    dicom_file(places["plain.dcm"], RAMP.astype(np.uint16), WindowCenter=20, WindowWidth=9, **identity)
    compressed_file(places["rle.dcm"], [rle(RAMP)], RLELossless, RAMP, **identity)
    compressed_file(places["ls.dcm"], [bytes(jpeg_ls.encode_array(RAMP))], JPEGLSLossless, RAMP, **identity)
    compressed_file(places["jpeg.dcm"], [jpeg(RAMP)], JPEGBaseline8Bit, RAMP, **identity)
    as_big_endian(dicom_file(places["big.dcm"], RAMP, **identity), RAMP.tobytes(), "OB")
    return {name: path.read_bytes() for name, path in places.items()}


def without_end(data: bytes, generator: np.random.Generator) -> bytes:
    return data[: int(generator.integers(1, len(data)))]


def with_other_bytes(data: bytes, generator: np.random.Generator) -> bytes:
    changed = bytearray(data)
    for place in generator.integers(0, len(data), 8):
        changed[place] = generator.integers(0, 256)
    return bytes(changed)


def with_a_broken_middle(data: bytes, generator: np.random.Generator) -> bytes:
    start, end = sorted(generator.integers(0, len(data), 2))
    return data[:start] + generator.bytes(end - start) + data[end:]


@pytest.mark.parametrize("damage", [without_end, with_other_bytes, with_a_broken_middle])
def test_that_no_damaged_file_has_more_in_its_message(
    tmp_path: Path,
    generator: np.random.Generator,
    damage: Callable[[bytes, np.random.Generator], bytes],
) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir()
    faults, refusals, texts = {}, 0, []
    with ReaderProcess() as reader_process:  # a decoder may end on damaged DICOM, and the process with it
        for name, data in whole_files(tmp_path).items():
            for _ in range(25):
                (folder / name).write_bytes(damage(data, generator))
                try:
                    (entry,) = reader_process.index(folder / name)
                    image, _ = reader_process.read(entry, 0)
                except InputError as error:
                    refusals += 1
                    texts.append(error.hint)
                    if wrong := faults_of(error.message, folder / name):
                        faults[error.message] = wrong
                else:
                    texts += [entry.title, entry.modality, image.modality, image.unit, *image.notes]
                    texts += [window.name for window in image.windows]
    assert faults == {}
    assert [words for words in texts if "Xyl" in words or "Quen" in words] == []
    assert refusals > 50


def test_that_a_field_of_the_right_answers_names_no_folder(tmp_path: Path) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir()
    path = tiff(folder / "scan.tif", (8, 8), RAMP.tobytes(), t259=7)  # no JPEG in it
    (entry,) = index_path(path)
    with pytest.raises(InputError) as refused:
        read(entry, 0)
    assert str(refused.value).startswith("scan.tif cannot be decoded as a picture: ")
    assert FOLDER not in str(refused.value)


@pytest.mark.parametrize("kind", DECODER_ERRORS, ids=lambda kind: kind.__name__)
def test_that_a_decoders_message_stays_in_the_cause(tmp_path: Path, kind: type[Exception]) -> None:
    path = tmp_path / FOLDER / "scan.tif"
    message = f"cannot identify <_io.BufferedReader name='{path}'>"
    with pytest.raises(InputError) as refused, decoding(path, "a picture"):
        raise kind(message)
    assert faults_of(refused.value.message, path) == []
    assert isinstance(refused.value.__cause__, kind)
    assert faults_of(f"scan.tif: {cause_of(kind(message))}.", path) == []


@pytest.mark.parametrize(
    "element", ["Modality", "BodyPartExamined", "WindowCenterWidthExplanation", "RescaleType"]
)
@pytest.mark.parametrize("more", range(2, 60, 2))
def test_that_an_element_that_includes_the_next_ones_shows_none_of_their_text(
    tmp_path: Path, element: str, more: int
) -> None:
    """The length of an element is damaged, so that its text goes on through the patient's name."""
    texts = {element: "AB", "Modality": "CT"} | {element: "CT" if element == "Modality" else "AB"}
    path = dicom_file(tmp_path / "a.dcm", RAMP.astype(np.uint16), WindowCenter=9, WindowWidth=9, **texts)
    data = path.read_bytes()
    place = data.index(tag_bytes(element)) + 6
    swallowed = tag_bytes("PatientName") + b"PN" + len(PATIENT).to_bytes(2, "little") + PATIENT.encode()
    path.write_bytes(
        data[:place]
        + (2 + more).to_bytes(2, "little")
        + data[place + 2 : place + 4]
        + swallowed
        + data[place + 4 :]
    )
    try:
        (entry,) = index_path(path)
        image, _ = read(entry, 0)
    except InputError as error:
        words_shown = [error.message, error.hint]
    else:
        words_shown = [entry.title, entry.modality, image.modality, image.unit, *image.notes]
        words_shown += [window.name for window in image.windows]
    assert [words for words in words_shown if "Xy" in words or "PN" in words] == []


def tag_bytes(keyword: str) -> bytes:
    number = tag_for_keyword(keyword)
    assert number is not None
    return (number >> 16).to_bytes(2, "little") + (number & 0xFFFF).to_bytes(2, "little")
