"""The stored pixel values of one frame of a DICOM file.

Decoders give samples as they are coded; the bits that count, their sign and the colour are decided here,
so that they are the same with every decoder.
"""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image
from pydicom.encaps import encapsulate
from pydicom.pixels.decoders.base import get_decoder
from pydicom.uid import HTJ2K, JPEG2000, UID, JPEGLSLossless, RLELossless

from core.arrays import Array
from core.errors import Truncated, Unreadable
from core.readers import gdcm_decoder
from core.readers.codestream import Codestream, Coding, codestream_of
from core.readers.decoding import DECODER_ERRORS
from core.readers.dicom_colour import as_rgb
from core.readers.dicom_format import PixelFormat, as_coded
from core.readers.dicom_fragments import bytes_of
from core.readers.dicom_frames import PixelData
from core.readers.dicom_names import syntax_name

_PLUGINS: dict[Coding, tuple[UID, str]] = {
    Coding.JPEG_LS: (JPEGLSLossless, "pyjpegls"),
    Coding.JPEG_2000: (JPEG2000, "pylibjpeg"),
    Coding.HTJ2K: (HTJ2K, "pylibjpeg"),
}
# The most bits of a packed number that can be unpacked.
_LARGEST_PACKED = 32


@dataclass(frozen=True, slots=True)
class StoredFrame:
    """One frame as stored.

    values: (rows, columns), or (rows, columns, 3) in RGB; only the stored bits. form: their format.
    container: (rows, columns), the same samples with all allocated bits, unsigned, where a grey frame has
    more of these than stored bits; else None.
    """

    values: Array
    form: PixelFormat
    container: Array | None = None


def stored_values(pixels: PixelData, frame: int) -> StoredFrame:
    """Read and decode one frame. Raises Unreadable, Unsupported or Truncated."""
    if pixels.coding is None:
        samples, form, coded = _uncompressed(pixels, frame), pixels.form, None
    else:
        samples, form, coded = _decoded(pixels, frame)
    if form.is_float:
        return StoredFrame(samples, form)
    values = _stored_bits(samples, form, coded)
    if form.samples == 3:
        rgb, notes = as_rgb(values, form, coded)
        return StoredFrame(rgb, form.with_notes(*notes))
    has_more_bits = form.stored < 8 * samples.dtype.itemsize
    return StoredFrame(values, form, samples if has_more_bits else None)


# Uncompressed


def _uncompressed(pixels: PixelData, frame: int) -> Array:
    """Samples with all allocated bits, unsigned (or floating-point), in native byte order."""
    form = pixels.form
    # With 1 bit a sample, a frame may start inside a byte.
    first, bits = (0, form.frame_bits) if pixels.frames else (frame * form.frame_bits, form.frame_bits)
    start, end = first // 8, -(-(first + bits) // 8)
    is_swapped = not pixels.file.is_little_endian and form.allocated <= 8 and _is_in_words(pixels)
    if is_swapped:
        start, end = start - start % 2, end + end % 2
    with pixels.file.stream() as stream:
        if pixels.frames:
            data = bytes_of(stream, pixels.frames[frame])
        else:
            stream.seek(pixels.start + start)
            data = stream.read(end - start)
    if is_swapped:
        data = np.frombuffer(data + bytes(len(data) % 2), ">u2").astype("<u2").tobytes()
    return _shaped(_numbers(data, first - 8 * start, form, pixels.file.is_little_endian), form)


def _is_in_words(pixels: PixelData) -> bool:
    """Whether bytes are written as 16-bit words, which swaps them in big endian (PS3.5 8.1.1)."""
    return pixels.file.pixel_element is not None and pixels.file.pixel_element.vr == "OW"


def _numbers(data: bytes, skip: int, form: PixelFormat, is_little_endian: bool) -> Array:
    """The samples of one frame after `skip` bits."""
    count, order = form.frame_bits // form.allocated, "<" if is_little_endian else ">"
    if form.is_float:
        return np.frombuffer(data, f"{order}f{form.allocated // 8}", count).astype(f"f{form.allocated // 8}")
    if form.allocated in (8, 16, 32, 64):
        size = form.allocated // 8
        return np.frombuffer(data, f"{order}u{size}", count, skip // 8).astype(f"u{size}")
    if form.allocated > _LARGEST_PACKED:
        raise ValueError(f"{form.allocated} bits a sample")
    bits = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")
    if form.allocated == 1:
        return bits[skip : skip + count]
    packed = bits[skip : skip + count * form.allocated].reshape(count, form.allocated)
    places = np.uint32(1) << np.arange(form.allocated, dtype=np.uint32)
    kind = np.uint16 if form.allocated <= 16 else np.uint32
    return (packed @ places).astype(kind)


def _shaped(numbers: Array, form: PixelFormat) -> Array:
    rows, columns = form.rows, form.columns
    if form.samples == 1:
        return numbers.reshape(rows, columns)
    if form.photometric == "YBR_FULL_422":  # Y1 Y2 Cb Cr, for two neighbouring pixels
        pairs = numbers.reshape(-1, 4)
        pixels = np.stack([pairs[:, [0, 2, 3]], pairs[:, [1, 2, 3]]], axis=1)
        return pixels.reshape(rows, columns, 3)
    if form.is_planar:
        return np.moveaxis(numbers.reshape(3, rows, columns), 0, 2)
    return numbers.reshape(rows, columns, 3)


# Compressed


def _decoded(pixels: PixelData, frame: int) -> tuple[Array, PixelFormat, Codestream | None]:
    """Samples as coded, their format, and the frame's own header."""
    form, name = pixels.form, pixels.file.path.name
    with pixels.file.stream() as stream:
        data = bytes_of(stream, pixels.frames[frame])
    if pixels.coding is Coding.RLE:
        coded = Codestream(Coding.RLE, form.rows, form.columns, form.samples, form.allocated)
    else:
        codestream = codestream_of(data)
        if codestream is None:
            raise _damaged(pixels, frame, None)
        coded, form = codestream, as_coded(form, codestream, name)
    reason: BaseException | None = None
    for decoder in _decoders(coded):
        try:
            samples = decoder(data, coded)
        except DECODER_ERRORS as error:
            reason = reason or error
            continue
        if samples.shape[:2] == (form.rows, form.columns) and samples.ndim == (3 if form.samples == 3 else 2):
            return samples, form, coded
    raise _damaged(pixels, frame, reason)


def _damaged(pixels: PixelData, frame: int, reason: BaseException | None) -> Unreadable | Truncated:
    name, frame_name = pixels.file.path.name, f"frame {frame + 1} of " if pixels.form.frames > 1 else ""
    data_name = f"{frame_name}its {pixels.coding} data" if pixels.coding else f"{frame_name}its pixel data"
    if reason is not None and _is_cut_short(reason):
        return Truncated(
            f"{name} cannot be decoded: {data_name} end too early.", "Copy or download the file again."
        )
    return Unreadable(
        f"{name} cannot be decoded: {data_name} are damaged, or no permitted decoder supports their encoding"
        f" ({syntax_name(pixels.file.syntax)}).",
        "Save it uncompressed or as JPEG Lossless; if that fails too, it is damaged.",
    )


def _is_cut_short(reason: BaseException) -> bool:
    return isinstance(reason, EOFError) or "truncated" in str(reason).lower()


Decoder = Callable[[bytes, Codestream], Array]


def _decoders(coded: Codestream) -> tuple[Decoder, ...]:
    """Those that support the coding, the safest first; GDCM may end the process, so it comes last."""
    if coded.coding is Coding.RLE:
        return (_by_run_lengths,)
    if coded.coding is Coding.JPEG:
        return (
            (_by_pillow, gdcm_decoder.frame_values) if coded.precision == 8 else (gdcm_decoder.frame_values,)
        )
    if coded.coding in _PLUGINS:
        return _by_plugin, gdcm_decoder.frame_values
    return (gdcm_decoder.frame_values,)


def _by_pillow(data: bytes, coded: Codestream) -> Array:
    with Image.open(BytesIO(data), formats=("JPEG",)) as image:
        if coded.samples == 3 and coded.space != "RGB":
            _keep_luminance(image, coded)
        return np.asarray(image)


def _keep_luminance(image: Image.Image, coded: Codestream) -> None:
    """Decode the samples as coded: the conversion to RGB is done here, equally for all decoders."""
    image.draft("YCbCr", (coded.columns, coded.rows))


def _by_run_lengths(data: bytes, coded: Codestream) -> Array:
    return _by_pydicom(data, coded, RLELossless, "pydicom")


def _by_plugin(data: bytes, coded: Codestream) -> Array:
    return _by_pydicom(data, coded, *_PLUGINS[coded.coding])


def _by_pydicom(data: bytes, coded: Codestream, syntax: UID, plugin: str) -> Array:
    bits = next(size for size in (8, 16, 32) if coded.precision <= size)
    options: dict[str, Any] = {
        "pixel_keyword": "PixelData",
        "number_of_frames": 1,
        "rows": coded.rows,
        "columns": coded.columns,
        "samples_per_pixel": coded.samples,
        "bits_allocated": bits,
        "bits_stored": coded.precision,
        "pixel_representation": 0,
        "planar_configuration": 0,
        "photometric_interpretation": "MONOCHROME2" if coded.samples == 1 else "RGB",
        # The stored bits and their sign are extracted below, equally for all decoders.
        "correct_unused_bits": False,
        "apply_j2k_sign_correction": False,
        "apply_jls_sign_correction": False,
    }
    decoder = get_decoder(syntax)
    values, _ = decoder.as_array(
        encapsulate([data]), index=0, raw=True, validate=False, decoding_plugin=plugin, **options
    )
    return np.asarray(values)


# Bits


def _stored_bits(samples: Array, form: PixelFormat, coded: Codestream | None) -> Array:
    """The stored bits of the samples, without others such as overlays in the high bits, and with their sign.

    PS3.5 8.1.1: BitsStored bits end with HighBit. Compressed samples may have fewer bits than that.
    """
    available = form.allocated if coded is None else coded.precision
    shift = form.high_bit + 1 - form.stored if available > form.high_bit else 0
    bits, sign = form.stored, form.stored
    if coded is not None and coded.coding in (Coding.JPEG_LS, Coding.JPEG_2000, Coding.HTJ2K):
        # These may be coded as signed or unsigned, whatever the pixels are.
        bits = sign = min(bits, available)
    values = _container(samples, form)
    if shift:
        values = values >> values.dtype.type(shift)
    if bits < 8 * values.dtype.itemsize:
        values = values & values.dtype.type(2**bits - 1)
    if not form.is_signed or form.samples == 3:
        return values
    signed = values.view(f"i{values.dtype.itemsize}")
    if sign < 8 * signed.dtype.itemsize:
        # Shifted to the top and back, the sign fills the bits above it.
        room = signed.dtype.type(8 * signed.dtype.itemsize - sign)
        signed = (signed << room) >> room
    return signed


def _container(samples: Array, form: PixelFormat) -> Array:
    """Unsigned, in the size of BitsAllocated."""
    size = next((size for size in (1, 2, 4) if form.allocated <= 8 * size), 8)
    unsigned = np.ascontiguousarray(samples).view(f"u{samples.dtype.itemsize}")
    return unsigned if samples.dtype.itemsize == size else unsigned.astype(f"u{size}")
