"""The list of readers, and what they find in a file or folder."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from core.errors import InputError, NoImages, Unreadable
from core.images.slice import Identity, Slice
from core.output import shown_name
from core.readers import other_formats
from core.readers.dicom import DicomReader
from core.readers.files import Place, head_of, is_text, places_below, require_file
from core.readers.nifti import NiftiReader
from core.readers.picture import PictureReader
from core.readers.protocol import Contents, FailedFile, Reader, SeriesEntry, SkippedFile
from core.readers.tiff import TiffReader

# The surest signature first.
READERS: tuple[Reader, ...] = (DicomReader(), NiftiReader(), PictureReader(), TiffReader())
_PICTURES = (PictureReader.name, TiffReader.name)
# One frame of these cannot be read without its whole volume.
_READ_BY_VOLUME = (NiftiReader.name,)
_WITHOUT_IMAGE = "holds no image"


@dataclass(frozen=True, slots=True)
class FolderStep:
    """A file of a folder that is looked into now, after `done` of `total`.

    before: what was found since the step before this one.
    """

    path: Path
    done: int
    total: int
    before: Contents


Begins = Callable[[FolderStep], None]


def index_path(path: Path) -> list[SeriesEntry]:
    """The images in a file, or in every file below a folder, sorted by path. Raises as `contents_of`."""
    return list(contents_of(path).entries)


def contents_of(path: Path, begins: Begins = lambda step: None, after: Path | None = None) -> Contents:
    """What a file holds, or every file below a folder, sorted by path.

    In a folder, a file that cannot be read is a failure if its content or its name promises an image, and
    is skipped if it is an archive, a video or an image of another format; all others, hidden ones among
    them, are passed over.

    begins: called before each file of a folder. after: leave out the files of a folder up to this one,
    where an earlier call broke off. Raises NoImages if there is no image at all (not where `after` is
    given), and for a single file the InputError that says why.
    """
    if os.path.isdir(path):  # unlike Path.is_dir, False where the way to it is forbidden
        found = _index_folder(path, begins, after)
        if after is None:
            found.require_images()
        return found
    head = head_of(path)
    reader = _reader_of(path, head)
    if reader is None:
        kind = other_formats.kind_of(path, head)
        what = f" ({kind})" if kind else ""
        raise Unreadable(
            f"{path.name} is not in a supported format{what}.",
            other_formats.hint_for(kind),
        )
    return Contents(entries=tuple(reader.index(path)))


def _index_folder(folder: Path, begins: Begins, after: Path | None) -> Contents:
    parts: list[Contents] = []
    told = 0
    places = places_below(folder)
    for done, place in enumerate(places):
        if after is not None and place.path <= after:
            continue
        if is_text(place.path):
            begins(FolderStep(place.path, done, len(places), Contents.joined(parts[told:])))
            told = len(parts)
        parts.append(_contents_in_folder(place, folder))
    return Contents.joined(parts)


def _contents_in_folder(place: Place, folder: Path) -> Contents:
    """What one file of a folder holds, or why it is missing among the images."""
    path = place.path
    hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
    if not is_text(path):
        named = Path(shown_name(path.name))
        return _skipped(named, "name that is no text") if not hidden else Contents(entries=())
    if place.error is not None:
        return _unopened(place, place.error, hidden)
    head = b""
    try:
        head = head_of(path)
        reader = _reader_of(path, head)
        if reader is not None:
            return Contents(entries=tuple(reader.index(path)))
        if _promised(path) is not None:
            raise Unreadable(f"{path.name} is not in a supported format.", "Export it again.")
    except NoImages:
        # A directory or report is whole; a person may still have counted on an image.
        return Contents(entries=()) if hidden else _skipped(path, _WITHOUT_IMAGE)
    except InputError as error:
        missed = not path.name.startswith(".") and (_promised(path) is not None or bool(head))
        return _failed(path, error) if missed else Contents(entries=())
    kind = "" if hidden else other_formats.kind_of(path, head)
    return _skipped(path, kind) if kind else Contents(entries=())


def _unopened(place: Place, error: Unreadable, hidden: bool) -> Contents:
    """A pipe, a broken link or a closed folder: a failure where its name promises an image or hides some."""
    if hidden:
        return Contents(entries=())
    if place.is_folder and not place.path.is_symlink():
        return _failed(place.path, error)
    if place.is_folder:
        return _skipped(place.path, "link to a folder, not followed")
    if _promised(place.path) is not None:
        return _failed(place.path, error)
    return Contents(entries=())


def _skipped(path: Path, kind: str) -> Contents:
    return Contents(entries=(), skipped=(SkippedFile(path=path, kind=kind),))


def _failed(path: Path, error: InputError) -> Contents:
    return Contents(entries=(), failures=(FailedFile.of(path, error),))


def read(entry: SeriesEntry, frame: int) -> tuple[Slice, Identity]:
    """One frame of an entry. Raises an InputError."""
    require_file(entry.path)
    reader = next(reader for reader in READERS if reader.name == entry.reader)
    image, identity = reader.read(entry, frame)
    promised = _promised(entry.path)
    if promised is None or promised is reader:
        return image, identity
    note = f"the name promises a {promised.name} file; by its content it is a {reader.name} file"
    return replace(image, notes=(*image.notes, note)), identity


def pixels_at_once(entry: SeriesEntry) -> int:
    """How many pixels or voxels are in memory while one frame is read, as the headers have it."""
    frames = entry.frames // entry.volumes if entry.reader in _READ_BY_VOLUME else 1
    return entry.rows * entry.columns * frames


def _promised(path: Path) -> Reader | None:
    """The reader whose format the file's name promises."""
    return next((reader for reader in READERS if path.name.lower().endswith(reader.suffixes)), None)


def _reader_of(path: Path, head: bytes) -> Reader | None:
    """The first reader that claims the content. Raises Unreadable for a picture that is named as DICOM."""
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
