"""The list of readers, and what they find in a file or folder."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from core.errors import InputError, NoImages, Unreadable
from core.images.slice import Identity, Slice
from core.readers.dicom import DicomReader
from core.readers.nifti import NiftiReader
from core.readers.picture import PictureReader
from core.readers.protocol import HEAD_BYTES, Contents, FailedFile, Reader, SeriesEntry
from core.readers.tiff import TiffReader

# The surest signature first.
READERS: tuple[Reader, ...] = (DicomReader(), NiftiReader(), PictureReader(), TiffReader())
_PICTURES = (PictureReader.name, TiffReader.name)


def index_path(
    path: Path, progress: Callable[[int, int], None] = lambda done, total: None
) -> list[SeriesEntry]:
    """The images in a file, or in every file below a folder, sorted by path. Raises as `contents_of`."""
    return list(contents_of(path, progress).entries)


def contents_of(path: Path, progress: Callable[[int, int], None] = lambda done, total: None) -> Contents:
    """What a file holds, or every file below a folder, sorted by path; `progress` is for a folder's files.

    In a folder, a file that cannot be read is a failure if its content or its name promises an image; all
    others, hidden ones among them, are passed over. Raises NoImages if there is no image at all, and for a
    single file the InputError that says why.
    """
    if path.is_dir():
        return _index_folder(path, progress)
    reader = _reader_of(path)
    if reader is None:
        raise Unreadable(
            f"{path.name} is in none of the formats that are read.",
            "Open DICOM, NIfTI, PNG, JPEG, BMP or TIFF; unpack archives first.",
        )
    return Contents(entries=tuple(reader.index(path)))


def _index_folder(folder: Path, progress: Callable[[int, int], None]) -> Contents:
    entries: dict[Path, SeriesEntry] = {}  # the two files of a NIfTI pair are one entry
    errors: list[tuple[Path, InputError]] = []
    paths = sorted(place for place in folder.rglob("*") if _is_nameable_file(place))
    for done, path in enumerate(paths, start=1):
        try:
            entries.update((entry.path, entry) for entry in _entries_in(path))
        except InputError as error:
            errors.append((path, error))
        progress(done, len(paths))
    if not entries:
        tried = f"; the first of {len(errors)} that failed: {errors[0][1].message}" if errors else "."
        raise NoImages(f"{folder.name} holds no image that can be read{tried}", "Open another folder.")
    failures = (FailedFile.of(path, error) for path, error in errors if _should_be_read(path, error))
    return Contents(entries=tuple(entries.values()), failures=tuple(failures))


def _entries_in(path: Path) -> Iterator[SeriesEntry]:
    """What a file of a folder holds, nothing where no reader claims it and its name promises none."""
    reader = _reader_of(path)
    if reader is not None:
        return reader.index(path)
    if _promised(path) is not None:
        raise Unreadable(f"{path.name} is in none of the formats that are read.", "Export it again.")
    return iter(())


def _should_be_read(path: Path, error: InputError) -> bool:
    """Whether a person would miss this file among the images of its folder.

    A DICOM directory or report is whole and holds no image; an empty file without an image's name is a
    mark that some program left.
    """
    if path.name.startswith(".") or isinstance(error, NoImages):
        return False
    return _promised(path) is not None or path.stat().st_size > 0


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
    image, identity = reader.read(entry, frame)
    promised = _promised(entry.path)
    if promised is None or promised is reader:
        return image, identity
    note = f"the name promises a {promised.name} file; by its content it is a {reader.name} file"
    return replace(image, notes=(*image.notes, note)), identity


def _promised(path: Path) -> Reader | None:
    """The reader whose format the file's name promises."""
    return next((reader for reader in READERS if path.name.lower().endswith(reader.suffixes)), None)


def _reader_of(path: Path) -> Reader | None:
    """The first reader that claims the content. Raises Unreadable for a picture that is named as DICOM."""
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
    except OSError as error:
        raise Unreadable(f"{path.name} cannot be opened: {error.strerror}.") from None
    if not head:
        raise Unreadable(f"{path.name} is empty.")
    reader = next((reader for reader in READERS if reader.claims(head, path)), None)
    if reader is not None and _promises_too_much(path, reader):
        raise Unreadable(
            f"{path.name} is not what its name says: by its content it is a {reader.name} file.",
            "Rename it if that is what it should be; it has no units and no place in the patient.",
        )
    return reader


def _promises_too_much(path: Path, reader: Reader) -> bool:
    """A picture that is named as DICOM: an export of a viewer, mostly, without the values of the original."""
    promised = _promised(path)
    return promised is not None and promised.name == DicomReader.name and reader.name in _PICTURES
