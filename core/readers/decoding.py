"""The boundary to the decoders: whatever they raise on a bad file becomes a typed error."""

import gzip
import lzma
import os
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nibabel.filebasedimages import ImageFileError
from nibabel.spatialimages import HeaderDataError
from nibabel.wrapstruct import WrapStructError
from PIL import UnidentifiedImageError
from PIL.Image import DecompressionBombError
from pydicom.errors import BytesLengthException, InvalidDicomError

from core.errors import Refused, Truncated, Unreadable

# What pydicom and its plug-ins, nibabel, tifffile and Pillow raise on inconsistent files, as observed or
# documented. Named one by one, so that a bug of this program is not taken for a bad file.
DECODER_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BytesLengthException,
    EOFError,
    HeaderDataError,
    ImageFileError,
    InvalidDicomError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    WrapStructError,
    lzma.LZMAError,
    struct.error,
    zlib.error,
)
_PANIC = "the decoder reached an unexpected internal state"
_TRUNCATION_PHRASES = (
    "truncated",
    "end-of-stream",
    "end of file",
    "less than expected",
    "unexpected end",
    "but got",
)
# The first class that matches gives the cause; a decoder's message may quote the file or its folder, and
# stays in `__cause__`.
_CAUSES: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((zlib.error, lzma.LZMAError, gzip.BadGzipFile), "its compressed data are damaged"),
    ((NotImplementedError,), "no permitted decoder supports its encoding"),
    ((HeaderDataError, WrapStructError, struct.error), "a field of its header has an impossible value"),
    ((InvalidDicomError, ImageFileError, UnidentifiedImageError), "its header is invalid"),
    ((BytesLengthException, ArithmeticError, LookupError), "its fields contradict each other"),
)
_OTHER_CAUSE = "its content is damaged or its encoding is not supported"


@contextmanager
def decoding(path: Path, format_name: str) -> Iterator[None]:
    """Run a decoder on `path`; `format_name` for the message. Raises Unreadable, Truncated or Refused.

    The message names the cause by the class of the error, never by the decoder's message. Warnings are
    dropped: the reader's notes state what matters, and the text of a warning may quote the file.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with panics_as_errors():
                yield
        except (MemoryError, DecompressionBombError):
            raise Refused(
                f"{path.name} needs more memory than a file may take.", "Save a smaller copy of it."
            ) from None
        except DECODER_ERRORS as error:
            raise _typed(path, format_name, error) from error


@contextmanager
def panics_as_errors() -> Iterator[None]:
    """Turn the panic of a decoder written in Rust into a RuntimeError.

    PyO3 raises it as a PanicException, which is not an Exception and whose class cannot be imported.
    """
    try:
        yield
    except BaseException as error:
        error_class = type(error)
        if (error_class.__module__, error_class.__name__) != ("pyo3_runtime", "PanicException"):
            raise
        raise RuntimeError(_PANIC) from None


def _typed(path: Path, format_name: str, error: Exception) -> Unreadable | Truncated:
    if _is_truncated(error):
        return Truncated(f"{path.name} ends before its image does.", "Copy or download the file again.")
    if isinstance(error, OSError) and error.errno:
        return Unreadable(f"{path.name} cannot be opened: {os.strerror(error.errno)}.")
    return Unreadable(
        f"{path.name} cannot be decoded as {format_name}: {cause_of(error)}.",
        "The file is damaged or in another format; export it again from its source.",
    )


def cause_of(error: BaseException) -> str:
    """Why a decoder failed, as a clause; nothing in it comes from the decoder or the file."""
    if _is_truncated(error):
        return "it ends before its image does"
    return next((cause for kinds, cause in _CAUSES if isinstance(error, kinds)), _OTHER_CAUSE)


def _is_truncated(error: BaseException) -> bool:
    return isinstance(error, EOFError) or any(phrase in str(error).lower() for phrase in _TRUNCATION_PHRASES)
