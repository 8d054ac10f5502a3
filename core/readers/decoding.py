"""The edge between decoders and us: whatever they throw at a bad file becomes a typed error."""

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

# What pydicom and its plug-ins, nibabel, tifffile and Pillow were seen to raise, or are documented to
# raise, on files that contradict themselves. Named one by one, so that an error of ours elsewhere stays one.
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
_PANIC = "the decoder found itself in a state that it does not know"
_CUT_SHORT = ("truncated", "end-of-stream", "end of file", "less than expected", "unexpected end", "but got")
# The first class that fits names the cause; what a decoder says may quote the file or its folder, and
# stays in `__cause__`.
_CAUSES: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((zlib.error, lzma.LZMAError, gzip.BadGzipFile), "its compressed data are damaged"),
    ((NotImplementedError,), "it is in a form that no permitted decoder reads"),
    ((HeaderDataError, WrapStructError, struct.error), "a field of its header has an impossible value"),
    ((InvalidDicomError, ImageFileError, UnidentifiedImageError), "its header is damaged or of another kind"),
    ((BytesLengthException, ArithmeticError, LookupError), "its fields contradict each other"),
)
_OTHER_CAUSE = "its content is damaged or in a form that is not read"


@contextmanager
def decoding(path: Path, what: str) -> Iterator[None]:
    """Run a decoder on `path`; `what` names the format. Raises Unreadable, Truncated or Refused.

    The message names the cause by the kind of error, never by the decoder's words. Warnings are dropped:
    what matters of them is said by the reader's notes, and their text may quote the file.
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
            raise _typed(path, what, error) from error


@contextmanager
def panics_as_errors() -> Iterator[None]:
    """Turn the panic of a decoder written in Rust into a RuntimeError.

    PyO3 raises it as a PanicException, which is no Exception, and gives no way to import its class.
    """
    try:
        yield
    except BaseException as error:
        kind = type(error)
        if (kind.__module__, kind.__name__) != ("pyo3_runtime", "PanicException"):
            raise
        raise RuntimeError(_PANIC) from None


def _typed(path: Path, what: str, error: Exception) -> Unreadable | Truncated:
    if _is_cut_short(error):
        return Truncated(f"{path.name} ends before its image does.", "Copy or download the file again.")
    if isinstance(error, OSError) and error.errno:
        return Unreadable(f"{path.name} cannot be opened: {os.strerror(error.errno)}.")
    return Unreadable(
        f"{path.name} cannot be decoded as {what}: {cause_of(error)}.",
        "The file is damaged or of another kind; export it again from its source.",
    )


def cause_of(error: BaseException) -> str:
    """Why a decoder failed, as a clause in plain words; nothing in it comes from the decoder or the file."""
    if _is_cut_short(error):
        return "it ends before its image does"
    return next((cause for kinds, cause in _CAUSES if isinstance(error, kinds)), _OTHER_CAUSE)


def _is_cut_short(error: BaseException) -> bool:
    return isinstance(error, EOFError) or any(words in str(error).lower() for words in _CUT_SHORT)
