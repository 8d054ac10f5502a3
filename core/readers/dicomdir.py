"""DICOMDIR: the list of files on a medium, opened as the files that it names (PS3.3 F, PS3.10 8).

Only files in or below its own folder are opened, whatever it names.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from core.errors import Unreadable
from core.output import shown_name
from core.readers.files import FileBelow, file_at

# The SOP class of a DICOMDIR, which stands in the file meta information.
_DIRECTORY_CLASS = b"1.2.840.10008.1.3.10"
# No medium holds more; each is opened.
_MOST_FILES = 200_000
# A file identifier has at most 8 components of at most 8 letters (PS3.10 8.2); some programs write more.
_SHOWN_LETTERS = 40
_MOST_COMPONENTS = 16


def is_dicomdir(head: bytes) -> bool:
    """Whether a file with these first bytes is a DICOMDIR."""
    return head[128:132] == b"DICM" and _DIRECTORY_CLASS in head[:1024]


def files_named_by(path: Path) -> list[FileBelow]:
    """The files that a DICOMDIR names, sorted by path, each once; those that are missing have an error.

    Empty if it names none that exists. Raises an InputError if it cannot be read.
    """
    from core.readers.decoding import decoding
    from core.readers.dicom_file import open_dicom

    with decoding(path, "DICOM"):
        records = open_dicom(path).dataset.get("DirectoryRecordSequence") or ()
        names = [_components(record.get("ReferencedFileID")) for record in records[:_MOST_FILES]]
    folder = path.parent
    files = {}
    for parts in names:
        if parts:
            file = _file_below(folder, parts)
            files[file.path] = file
    if all(file.error is not None for file in files.values()):
        return []
    return sorted(files.values(), key=lambda file: file.path)


def _components(value: Any) -> tuple[str, ...]:
    parts = value if isinstance(value, Sequence) and not isinstance(value, str) else [value or ""]
    return tuple(filter(None, (str(part).strip() for part in parts)))


def _file_below(folder: Path, parts: tuple[str, ...]) -> FileBelow:
    name = shown_name(parts[-1])
    if not _is_safe(parts):
        return _outside(folder / name)
    path = folder
    try:
        for part in parts:
            path = _child(path, part)
        if not path.resolve().is_relative_to(folder.resolve()):
            return _outside(path)
    except (OSError, ValueError):  # such as a name longer than a file system allows
        reason = Unreadable(f"{name[:_SHOWN_LETTERS]} is no valid file name, but its DICOMDIR names it.")
        return FileBelow(folder / name[:_SHOWN_LETTERS], reason, is_expected=True)
    return replace(file_at(path), is_expected=True)


def _outside(path: Path) -> FileBelow:
    reason = f"{shown_name(path.name)} is outside of the folder of its DICOMDIR, and was not opened."
    return FileBelow(path, Unreadable(reason), is_expected=True)


def _is_safe(parts: tuple[str, ...]) -> bool:
    return len(parts) <= _MOST_COMPONENTS and all(
        part not in ("", ".", "..")
        and PurePosixPath(part).name == part
        and "\\" not in part
        and "\0" not in part
        for part in parts
    )


def _child(folder: Path, name: str) -> Path:
    """The file or folder of this name; in other case where a copy from the medium changed it."""
    path = folder / name
    if path.exists():
        return path
    for other in (name.lower(), name.upper()):
        if (folder / other).exists():
            return folder / other
    return path
