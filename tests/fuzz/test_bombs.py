"""Small files that claim, or unpack to, far more than they are: none takes more memory than stated."""

import gzip
import io
import struct
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import nibabel
import numpy as np
from PIL import Image
from pydicom import dcmread
from pydicom.encaps import encapsulate
from pydicom.uid import JPEG2000Lossless, JPEGBaseline8Bit, JPEGLSLossless, RLELossless

from core.errors import InputError
from tests.core.readers.dicom_files import dicom_file
from tests.fuzz.mutations import MEMORY_BYTES, Memory, Watched

# As large as one picture may be.
SIDE = 10_000


def zeros(size: int, wbits: int, head: bytes = b"") -> bytes:
    """A deflate stream of `head` and `size` zero bytes; 16 MiB of them are the same few bytes each time."""
    packer = zlib.compressobj(9, zlib.DEFLATED, wbits)
    start = packer.compress(head) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(2**24)) + packer.flush(zlib.Z_FULL_FLUSH)
    return start + block * (size // 2**24) + packer.flush()


def nifti_header(shape: tuple[int, ...], kind: type) -> bytes:
    header = nibabel.Nifti1Header()
    header.set_data_shape(shape)
    header.set_data_dtype(kind)
    header["vox_offset"], header["magic"] = 352, b"n+1"
    return header.binaryblock + bytes(4)


def more_than_claimed(path: Path) -> None:
    """A gzipped volume of 8 voxels a side, behind which two gigabytes follow."""
    path.write_bytes(zeros(2**31, 31, nifti_header((8, 8, 8), np.int16)))


def claimed_and_missing(path: Path) -> None:
    """A gzipped volume as large as one may be, of which the file holds a part."""
    path.write_bytes(zeros(2**27, 31, nifti_header((512, 512, 1024), np.int16)) + bytes(2**22))


def far_volume(path: Path) -> None:
    """A gzipped series whose frames lie behind two gigabytes of others."""
    path.write_bytes(zeros(2**31, 31, nifti_header((64, 64, 64, 4096), np.int16)))


def deflated(path: Path) -> None:
    """A deflated data set of two gigabytes."""
    dicom_file(path)
    dataset = dcmread(path)
    dataset.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.1.99"
    stream = io.BytesIO()
    dataset.save_as(stream)
    content = stream.getvalue()
    group = content.find(b"\x02\x00\x00\x00UL\x04\x00")
    start = group + 12 + struct.unpack("<I", content[group + 8 : group + 12])[0]
    data_set = zlib.decompress(content[start:], -15)
    at = data_set.index(b"\xe0\x7f\x10\x00OW")
    pixel_data = data_set[: at + 8] + struct.pack("<I", 2**31)
    path.write_bytes(content[:start] + zeros(2**31, -15, pixel_data))


def encapsulated(syntax: str, frame: bytes) -> Callable[[Path], None]:
    """A DICOM file of a few pixels around a frame that claims many."""

    def written(path: Path) -> None:
        dicom_file(path, np.zeros((8, 8), np.uint8))
        dataset = dcmread(path)
        dataset.file_meta.TransferSyntaxUID = syntax
        dataset.PixelData = encapsulate([frame])
        dataset["PixelData"].VR = "OB"
        dataset.save_as(path)

    return written


def jpeg(rows: int, columns: int) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(np.zeros((8, 8), np.uint8)).save(stream, format="JPEG")
    content = bytearray(stream.getvalue())
    at = content.index(b"\xff\xc0")
    content[at + 5 : at + 9] = struct.pack(">HH", rows, columns)
    return bytes(content)


def jpeg_2000() -> bytes:
    sizes = struct.pack(">HIIIIIIIIH", 0, 60_000, 60_000, 0, 0, 60_000, 60_000, 0, 0, 1) + bytes((7, 1, 1))
    return b"\xff\x4f\xff\x51" + struct.pack(">H", len(sizes) + 2) + sizes + b"\xff\xd9"


# 65,535 pixels square, of 16 bits.
JPEG_LS = bytes.fromhex("ffd8 fff7 000b 10 ffff ffff 01 011100 ffda 0008 01 0100 00 00 00 00 ffd9")


def wide_rows(path: Path) -> None:
    """Run lengths of four bytes for an image of 10,000 pixels a side."""
    encapsulated(RLELossless, struct.pack("<16I", 1, 64, *([0] * 14)) + b"\x81\x00")(path)
    dataset = dcmread(path)
    dataset.Rows = dataset.Columns = SIDE
    dataset.save_as(path)


def png(mode: str, colour: int, channels: int) -> Callable[[Path], None]:
    """A picture whose rows are missing but for the first."""

    def written(path: Path) -> None:
        def chunk(kind: bytes, content: bytes) -> bytes:
            return (
                struct.pack(">I", len(content))
                + kind
                + content
                + struct.pack(">I", zlib.crc32(kind + content))
            )

        head = struct.pack(">IIBBBBB", SIDE, SIDE, 8, colour, 0, 0, 0)
        rows = zeros(2**28, 15) if mode == "whole" else zlib.compress(bytes(1 + SIDE * channels))
        path.write_bytes(
            b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
        )

    return written


def png_text(path: Path) -> None:
    """A picture of a few pixels beside a compressed comment of a gigabyte."""
    Image.fromarray(np.zeros((8, 8), np.uint8)).save(path)
    content = path.read_bytes()
    comment = b"Comment\0\0" + zeros(2**30, 15)
    chunk = struct.pack(">I", len(comment)) + b"zTXt" + comment
    chunk += struct.pack(">I", zlib.crc32(b"zTXt" + comment))
    path.write_bytes(content[:33] + chunk + content[33:])


def tiff(path: Path) -> None:
    """One deflated strip of a gigabyte for an image of a few pixels."""
    Image.fromarray(np.zeros((8, 8), np.uint8)).save(path, compression="tiff_adobe_deflate")
    content = bytearray(path.read_bytes())
    strip = zeros(2**30, 15)
    start = len(content)
    directory = struct.unpack("<I", content[4:8])[0]
    for entry in range(struct.unpack("<H", content[directory : directory + 2])[0]):
        at = directory + 2 + 12 * entry
        tag = struct.unpack("<H", content[at : at + 2])[0]
        if tag in (273, 279):  # where the strip lies, and how long it is
            content[at + 2 : at + 12] = struct.pack("<HII", 4, 1, start if tag == 273 else len(strip))
    path.write_bytes(bytes(content) + strip)


BOMBS: dict[str, Callable[[Path], None]] = {
    "more_than_claimed.nii.gz": more_than_claimed,
    "claimed_and_missing.nii.gz": claimed_and_missing,
    "far_volume.nii.gz": far_volume,
    "gzip_in_gzip.nii.gz": lambda path: path.write_bytes(gzip.compress(zeros(2**30, 31))),
    "deflated.dcm": deflated,
    "jpeg.dcm": encapsulated(JPEGBaseline8Bit, jpeg(65_500, 65_500)),
    "jpeg_2000.dcm": encapsulated(JPEG2000Lossless, jpeg_2000()),
    "jpeg_ls.dcm": encapsulated(JPEGLSLossless, JPEG_LS),
    "run_lengths.dcm": wide_rows,
    "grey.png": png("short", 0, 1),
    "colours_and_alpha.png": png("short", 6, 4),
    "whole.png": png("whole", 0, 1),
    "comment.png": png_text,
    "picture.jpg": lambda path: path.write_bytes(jpeg(65_500, 65_500)),
    "large.jpg": lambda path: path.write_bytes(jpeg(SIDE, SIDE)),
    "strip.tif": tiff,
}


def peak_of(reader: Watched, path: Path) -> int:
    """The most memory of the reader process while a file was read or refused; a hang is a failure."""
    reader.lost = None
    memory = Memory(reader)
    with memory.watched(), suppress(InputError):
        for entry in reader.index(path):
            reader.read(entry, entry.frames - 1)
    # A decoder that ended by a signal has cost its file alone.
    assert reader.lost is None or (reader.lost.exit_code or 0) < 0
    return memory.peak


def test_that_small_files_of_large_claims_take_bounded_memory(tmp_path: Path) -> None:
    good = dicom_file(tmp_path / "good")
    peaks: dict[str, int] = {}
    with Watched() as reader:
        for name, make in BOMBS.items():
            make(tmp_path / name)
            assert (tmp_path / name).stat().st_size < 2**24
            peaks[name] = peak_of(reader, tmp_path / name)
            assert len(reader.index(good)) == 1
            (tmp_path / name).unlink()
    assert {name: peak for name, peak in peaks.items() if peak >= MEMORY_BYTES} == {}
