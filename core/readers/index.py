"""The list of readers, and the contents of a file or folder.

Importing it loads no decoder: the window asks it for the endings of image files.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from core.errors import InputError, NoImages, Unreadable
from core.images.slice import Identity, Slice
from core.number_text import counted
from core.output import shown_name
from core.readers import other_formats
from core.readers.archives import UnpackCallback, is_archive, unpacked
from core.readers.dicom import DicomReader
from core.readers.dicomdir import files_named_by, is_dicomdir
from core.readers.files import FileBelow, files_below, head_of, is_text, require_file
from core.readers.grouping import grouped
from core.readers.header_tags import Tag
from core.readers.instances import Instance
from core.readers.nifti import NiftiReader
from core.readers.picture import PictureReader
from core.readers.protocol import Contents, FailedFile, Reader, SeriesEntry, SkippedFile
from core.readers.tiff import TiffReader

# The surest signature first.
READERS: tuple[Reader, ...] = (DicomReader(), NiftiReader(), PictureReader(), TiffReader())
_WITHOUT_IMAGE = "holds no image"


@dataclass(frozen=True, slots=True)
class FolderStep:
    """A file of a folder that is about to be indexed, after `done` of `total`.

    before: the contents of the files since the step before this one.
    """

    path: Path
    done: int
    total: int
    before: Contents


StepCallback = Callable[[FolderStep], None]


def image_suffixes() -> tuple[str, ...]:
    """The endings that files of all formats usually have, in lower case, in the order of the readers."""
    return tuple(suffix for reader in READERS for suffix in reader.suffixes)


def openable_suffixes() -> tuple[str, ...]:
    """The endings of all that can be opened: those of images, and of archives with images."""
    return *image_suffixes(), ".zip"


def certain_suffixes() -> tuple[str, ...]:
    """The endings that no format uses but those that are read."""
    return tuple(suffix for suffix in image_suffixes() if suffix not in other_formats.SHARED_SUFFIXES)


def name_without_suffix(name: str) -> str:
    """A file name without the ending of an image format.

    Other endings stay: the names of DICOM files are full of dots.
    """
    endings = sorted(image_suffixes(), key=len, reverse=True)  # .nii.gz before a .gz
    ending = next((suffix for suffix in endings if name.lower().endswith(suffix)), "")
    return name[: len(name) - len(ending)]


def index_path(path: Path) -> list[SeriesEntry]:
    """The images in a file, or in every file below a folder, sorted by path. Raises as `contents_of`."""
    return list(contents_of(path).entries)


def contents_of(
    path: Path,
    on_step: StepCallback = lambda step: None,
    after: Path | None = None,
    on_unpacked: UnpackCallback = lambda number, total: None,
) -> Contents:
    """What a file holds, or every file below a folder, as series; sorted by the path of their first file.

    A DICOMDIR holds the files that it names, of those in or below its folder; a ZIP archive is a folder.

    In a folder, a file that cannot be read is a failure if its content or its name is that of an image, and
    is skipped if it is an archive, a video or an image of another format; all others, hidden ones among
    them, are passed over.

    on_step: called before each file of a folder; on_unpacked: while an archive is unpacked. after: leave out
    the files of a folder up to this one, where an earlier call was interrupted; the instances are then not
    grouped. Raises NoImages if there is
    no image at all (not where `after` is given), and for a single file Unreadable or another InputError with
    the reason.
    """
    if os.path.isdir(path):  # unlike Path.is_dir, False where a parent folder is not accessible
        return _indexed_files(path, files_below(path), on_step, after)
    head = head_of(path)
    if is_dicomdir(head):
        files = files_named_by(path)
        if files:
            return _indexed_files(path.parent, files, on_step, after)
    if is_archive(path, head):
        folder = unpacked(path, image_suffixes(), on_unpacked)
        return _indexed_files(folder, files_below(folder), on_step, after, "archive")
    reader = _reader_for(path, head)
    if reader is None:
        kind = other_formats.kind_of(path, head)
        raise Unreadable(other_formats.refusal_of(path.name, kind), other_formats.hint_for(kind))
    return grouped(_indexed(reader, path))


def _indexed(reader: Reader, path: Path) -> Contents:
    """What a reader finds in one file; instances are not grouped yet."""
    items = list(reader.index(path))
    return Contents(
        entries=tuple(item for item in items if isinstance(item, SeriesEntry)),
        instances=tuple(item for item in items if isinstance(item, Instance)),
    )


def _indexed_files(
    folder: Path,
    files: list[FileBelow],
    on_step: StepCallback,
    after: Path | None,
    container: str = "folder",
) -> Contents:
    """The contents of files of a folder, as `contents_of`. container: what a person opened."""
    parts: list[Contents] = []
    reported_count = 0
    for number, file in enumerate(files):
        if after is not None and file.path <= after:
            continue
        if is_text(file.path):
            on_step(FolderStep(file.path, number, len(files), Contents.joined(parts[reported_count:])))
            reported_count = len(parts)
        parts.append(_contents_in_folder(file, folder))
    contents = Contents.joined(parts)
    if after is not None:  # to be grouped together with what was listed before
        return contents
    contents = grouped(contents)
    contents.require_images(container)
    return contents


def _contents_in_folder(file: FileBelow, folder: Path) -> Contents:
    """What one file of a folder holds, or why it is missing among the images."""
    path = file.path
    is_hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
    if not is_text(path):
        readable_path = Path(shown_name(path.name))
        return (
            Contents(entries=()) if is_hidden else _skipped(readable_path, "name with undecodable characters")
        )
    if file.error is not None:
        return _inaccessible(file, file.error, is_hidden)
    head = b""
    try:
        head = head_of(path)
        reader = _reader_for(path, head)
        if reader is not None:
            return _indexed(reader, path)
        if _reader_by_name(path) is not None:
            raise Unreadable(f"{path.name} is not in a supported format.", "Export it again.")
    except NoImages:
        # A DICOMDIR or a report is intact; a person may still have expected an image.
        return Contents(entries=()) if is_hidden else _skipped(path, _WITHOUT_IMAGE)
    except InputError as error:
        is_image = not path.name.startswith(".") and (_reader_by_name(path) is not None or bool(head))
        return _failed(path, error) if is_image else Contents(entries=())
    kind = "" if is_hidden else other_formats.kind_of(path, head)
    return _skipped(path, kind) if kind else Contents(entries=())


def _inaccessible(file: FileBelow, error: Unreadable, is_hidden: bool) -> Contents:
    """A pipe, broken link or closed folder: a failure if it is named as an image or may contain some."""
    if is_hidden:
        return Contents(entries=())
    if file.is_expected or (file.is_folder and not file.path.is_symlink()):
        return _failed(file.path, error)
    if file.is_folder:
        return _skipped(file.path, "link to a folder, not followed")
    if _reader_by_name(file.path) is not None:
        return _failed(file.path, error)
    return Contents(entries=())


def _skipped(path: Path, kind: str) -> Contents:
    return Contents(entries=(), skipped=(SkippedFile(path=path, kind=kind),))


def _failed(path: Path, error: InputError) -> Contents:
    return Contents(entries=(), failures=(FailedFile.of(path, error),))


def read(entry: SeriesEntry, frame: int) -> tuple[Slice, Identity]:
    """One frame of an entry, counted from 0. Raises an InputError."""
    if not 0 <= frame < entry.frames:
        name = shown_name(entry.path.name)
        raise Unreadable(f"{name} has {counted(entry.frames, 'frame')}, so no frame {frame}.")
    path = entry.source(frame).path
    require_file(path)
    reader = reader_named(entry.reader)
    image, identity = reader.read(entry, frame)
    expected_reader = _reader_by_name(path)
    if expected_reader is None or expected_reader is reader:
        return image, identity
    note = f"the file name suggests a {expected_reader.name} file, but the content is a {reader.name} file"
    return replace(image, notes=(*image.notes, note)), identity


def tags_of(entry: SeriesEntry, frame: int, with_identity: bool) -> tuple[Tag, ...]:
    """The header of a frame's file, as `Reader.tags`. Raises an InputError."""
    source = entry.source(frame)
    require_file(source.path)
    return reader_named(entry.reader).tags(source, with_identity)


def reader_named(name: str) -> Reader:
    """The reader that made an entry, by its name."""
    return next(reader for reader in READERS if reader.name == name)


def pixels_at_once(entry: SeriesEntry) -> int:
    """How many pixels or voxels are in memory while one frame is read, according to the headers."""
    return entry.rows * entry.columns * entry.frames_at_once


def _reader_by_name(path: Path) -> Reader | None:
    """The reader of the format that the file's name stands for; None where several formats use the ending."""
    name = path.name.lower()
    if name.endswith(other_formats.SHARED_SUFFIXES):
        return None
    return next((reader for reader in READERS if name.endswith(reader.suffixes)), None)


def _reader_for(path: Path, head: bytes) -> Reader | None:
    """The first reader that claims the content. Raises Unreadable for a picture that is named as DICOM."""
    if not head:
        raise Unreadable(f"{path.name} is empty.")
    reader = next((reader for reader in READERS if reader.claims(head, path)), None)
    if reader is not None and reader.is_picture and isinstance(_reader_by_name(path), DicomReader):
        # Mostly an export of a viewer, which does not have the values of the original.
        raise Unreadable(
            f"{path.name} is not a DICOM file, although it is named as one: its content is a {reader.name}"
            " file.",
            "Rename it if that is intended; such a file has neither units nor a patient position.",
        )
    return reader
