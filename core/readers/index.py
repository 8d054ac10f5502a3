"""The list of readers, and what they find in a file or folder."""

from collections.abc import Callable
from pathlib import Path

from core.errors import InputError, NoImages, Unreadable
from core.images.slice import Identity, Slice
from core.readers.dicom import DicomReader
from core.readers.nifti import NiftiReader
from core.readers.picture import PictureReader
from core.readers.protocol import HEAD_BYTES, Reader, SeriesEntry

# The surest signature first.
READERS: tuple[Reader, ...] = (DicomReader(), NiftiReader(), PictureReader())


def index_path(
    path: Path, progress: Callable[[int, int], None] = lambda done, total: None
) -> list[SeriesEntry]:
    """What a file holds, or every file below a folder, sorted by path; `progress` is for a folder's files.

    In a folder, files that no reader claims or that cannot be read are passed over. Raises NoImages if
    nothing is left, and for a single file the InputError that says why.
    """
    if path.is_dir():
        return _index_folder(path, progress)
    reader = _reader_of(path)
    if reader is None:
        raise Unreadable(
            f"{path.name} is in none of the formats that are read.",
            "Open DICOM, NIfTI, PNG, JPEG, BMP or TIFF; unpack archives first.",
        )
    return list(reader.index(path))


def _index_folder(folder: Path, progress: Callable[[int, int], None]) -> list[SeriesEntry]:
    entries: dict[Path, SeriesEntry] = {}  # the two files of a NIfTI pair are one entry
    failures: list[InputError] = []
    paths = sorted(place for place in folder.rglob("*") if _is_nameable_file(place))
    for done, path in enumerate(paths, start=1):
        try:
            reader = _reader_of(path)
            entries.update((entry.path, entry) for entry in (reader.index(path) if reader else ()))
        except InputError as error:
            failures.append(error)
        progress(done, len(paths))
    if not entries:
        tried = f"; the first of {len(failures)} that failed: {failures[0].message}" if failures else "."
        raise NoImages(f"{folder.name} holds no image that can be read{tried}", "Open another folder.")
    return list(entries.values())


def _is_nameable_file(path: Path) -> bool:
    """A file whose name is text; one of other bytes could not be named to the person or in a result."""
    try:
        path.name.encode()
    except UnicodeEncodeError:
        return False
    return path.is_file()


def read(entry: SeriesEntry, frame: int) -> tuple[Slice, Identity]:
    """One frame of an entry. Raises an InputError."""
    reader = next(reader for reader in READERS if reader.name == entry.reader)
    return reader.read(entry, frame)


def _reader_of(path: Path) -> Reader | None:
    """The first reader that claims the content. Raises Unreadable if the name promises another format."""
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
    except OSError as error:
        raise Unreadable(f"{path.name} cannot be opened: {error.strerror}.") from None
    if not head:
        raise Unreadable(f"{path.name} is empty.")
    reader = next((reader for reader in READERS if reader.claims(head, path)), None)
    promised = next((other for other in READERS if path.name.lower().endswith(other.suffixes)), None)
    if reader is not None and promised is not None and promised is not reader:
        raise Unreadable(
            f"{path.name} is not what its name says: by its content it is a {reader.name} file.",
            "Rename it if that is what it should be.",
        )
    return reader
