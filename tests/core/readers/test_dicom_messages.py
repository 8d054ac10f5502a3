"""Messages about DICOM files that cannot be read: causes and names, no numbers, places or decoders."""

from pathlib import Path

import jpeg_ls
import numpy as np
import pytest
from pydicom.uid import (
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLSLossless,
)

from core.errors import InputError, Unreadable, Unsupported
from core.images.slice import Slice
from core.readers.index import index_path, read
from tests.core.readers.codecs import jpeg
from tests.core.readers.dicom_files import RAMP, compressed_file, dicom_file, relabelled

GREY8 = np.arange(48, dtype=np.uint8).reshape(6, 8) * 5


def opened(path: Path, frame: int = 0) -> Slice:
    return read(index_path(path)[0], frame)[0]


@pytest.mark.parametrize(
    ("syntax", "name"),
    [
        ("1.2.840.10008.1.2.4.110", "JPEG XL Lossless"),
        ("1.2.840.10008.1.2.4.111", "JPEG XL JPEG Recompression"),
        ("1.2.840.10008.1.2.4.112", "JPEG XL"),
        ("1.2.840.10008.1.2.8.1", "Deflated Image Frame Compression"),
        ("1.2.840.10008.1.2.4.95", "JPIP Referenced Deflate"),
        ("1.2.840.10008.1.2.7.1", "SMPTE ST 2110-20"),
        ("1.2.840.10008.1.2.4.205", "JPIP HTJ2K Referenced Deflate"),
        ("1.2.840.10008.1.2.4.102", "MPEG-4 AVC H.264 High Profile, Level 4.1"),
        ("1.2.840.113619.5.2", "a private transfer syntax"),
        ("1.2.3.4", "a private transfer syntax"),
        ("1.2.840.10008.1.2.99", "an unknown transfer syntax"),
    ],
)
def test_that_a_transfer_syntax_is_named_by_its_meaning(tmp_path: Path, syntax: str, name: str) -> None:
    path = compressed_file(tmp_path / "a.dcm", [b"\x00" * 100], JPEG2000Lossless, GREY8)
    with pytest.raises(Unsupported) as caught:
        index_path(relabelled(path, syntax) if len(syntax) <= 22 else _long_named(path, syntax))
    assert name in caught.value.message
    assert "1.2." not in str(caught.value)


def _long_named(path: Path, syntax: str) -> Path:
    text = syntax.encode() + bytes(len(syntax) % 2)
    stated = JPEG2000Lossless.encode()
    was = b"UI" + len(stated).to_bytes(2, "little") + stated
    path.write_bytes(path.read_bytes().replace(was, b"UI" + len(text).to_bytes(2, "little") + text))
    return path


def test_that_no_message_holds_a_path_an_object_a_uid_or_a_decoder(shared: Path, tmp_path: Path) -> None:
    messages: dict[str, str] = {}
    paths = [path for path in sorted((shared / "dicom").rglob("*")) if path.is_file()]
    for path in paths:
        try:
            message = ""
            for entry in index_path(path):
                image, _ = read(entry, entry.frames - 1)
                message += " ".join((*image.notes, *entry.notes, entry.no_volume, entry.title))
        except InputError as error:
            message = str(error)
        messages[path.name] = message.replace(path.name, "")
    banned = (
        "/",
        "<",
        "1.2.840",
        "gdcm",
        "pylibjpeg",
        "pydicom",
        "openjpeg",
        "pillow",
        "traceback",
        "exception",
    )
    wrong = {
        name: message for name, message in messages.items() if any(word in message.lower() for word in banned)
    }
    assert wrong == {}
    assert len(paths) > 400


NOISE = np.random.default_rng(0).integers(0, 256, (64, 64), np.uint8)


@pytest.mark.parametrize(
    ("data", "syntax"),
    [(jpeg(NOISE), JPEGBaseline8Bit), (bytes(jpeg_ls.encode_array(NOISE)), JPEGLSLossless)],
)
def test_that_damaged_data_are_reported_without_the_decoders_message(
    tmp_path: Path, data: bytes, syntax: str
) -> None:
    path = compressed_file(tmp_path / "a.dcm", [data[: len(data) // 3]], syntax, NOISE)
    with pytest.raises(InputError, match=r"^a\.dcm cannot be decoded: its JPEG\S* data (end|are)"):
        read(index_path(path)[0], 0)


@pytest.mark.parametrize(("keyword", "kind"), [(b"\x10\0\x10\0", b"PN"), (b"\x08\0\x60\0", b"CS")])
def test_that_an_unknown_kind_of_an_element_costs_no_image(
    tmp_path: Path, keyword: bytes, kind: bytes
) -> None:
    path = dicom_file(tmp_path / "a.dcm")
    data = path.read_bytes()
    assert keyword + kind in data
    path.write_bytes(data.replace(keyword + kind, keyword + b"ZZ"))
    image = opened(path)
    np.testing.assert_array_equal(image.values, RAMP)
    assert image.modality == "CT"


def test_that_a_missing_palette_is_the_reported_cause(tmp_path: Path) -> None:
    path = dicom_file(tmp_path / "a.dcm", GREY8, PhotometricInterpretation="PALETTE COLOR")
    with pytest.raises(Unreadable, match=r"^a\.dcm holds palette indices, but no complete palette\."):
        opened(path)


@pytest.mark.parametrize("damage", ["cut off", "length"])
def test_that_an_element_longer_than_the_file_is_the_reported_cause(tmp_path: Path, damage: str) -> None:
    """A length of 65,535 for a name shifts all that follows, so that lengths of gigabytes are read there."""
    path = dicom_file(tmp_path / "a.dcm")
    data = bytearray(path.read_bytes())
    name = data.index("Müller^Änne".encode())
    if damage == "cut off":
        data = data[: name + 5]
    else:
        data[name - 2 : name] = b"\xff\xff"
    path.write_bytes(data)
    with pytest.raises(Unreadable, match=r"^a\.dcm cannot be read: an element of its header extends beyond"):
        index_path(path)
