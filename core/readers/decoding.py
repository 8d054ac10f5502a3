"""The edge between decoders and us: whatever they throw at a bad file becomes a typed error."""

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nibabel.filebasedimages import ImageFileError
from nibabel.spatialimages import HeaderDataError
from nibabel.wrapstruct import WrapStructError
from PIL.Image import DecompressionBombError
from pydicom.errors import BytesLengthException, InvalidDicomError

from core.errors import Refused, Truncated, Unreadable

# What pydicom and its plug-ins, nibabel and Pillow were seen to raise, or are documented to raise, on
# files that contradict themselves. Named one by one, so that an error of ours elsewhere stays one.
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
    struct.error,
    zlib.error,
)
_PANIC = "the decoder found itself in a state that it does not know"
_CUT_SHORT = ("truncated", "end-of-stream", "end of file", "less than expected", "unexpected end", "but got")


@contextmanager
def decoding(path: Path, what: str) -> Iterator[None]:
    """Run a decoder on `path`; `what` names the format. Raises Unreadable, Truncated or Refused.

    Warnings are dropped: what matters of them is said by the reader's notes, and their text may quote
    the file.
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
    reason = reason_of(error)
    if isinstance(error, EOFError) or any(words in str(error).lower() for words in _CUT_SHORT):
        return Truncated(
            f"{path.name} ends before its image does: {reason}.", "Copy or download the file again."
        )
    if isinstance(error, OSError) and error.strerror:
        return Unreadable(f"{path.name} cannot be opened: {error.strerror}.")
    return Unreadable(
        f"{path.name} cannot be decoded as {what}: {reason}.",
        "The file is damaged or of another kind; export it again from its source.",
    )


def reason_of(error: BaseException) -> str:
    """A decoder's complaint in one line, cut to what fits a sentence."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
    return "; ".join(lines)[:300].rstrip(" .:;")
