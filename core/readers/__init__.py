"""Readers, one file a format, and the index of a file or folder.

Decoding untrusted files belongs into the reader process; `ReaderProcess` in `core.readers.process` is its
face. The decoders are loaded when they are first asked for, so that the window, which only talks to that
process, never loads them.
"""

from typing import TYPE_CHECKING, Any

from core.readers.protocol import Contents, FailedFile, Reader, SeriesEntry

if TYPE_CHECKING:
    from core.readers.index import READERS, contents_of, index_path, read

__all__ = ["READERS", "Contents", "FailedFile", "Reader", "SeriesEntry", "contents_of", "index_path", "read"]


def __getattr__(name: str) -> Any:
    if name not in ("READERS", "contents_of", "index_path", "read"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from core.readers import index

    return getattr(index, name)
