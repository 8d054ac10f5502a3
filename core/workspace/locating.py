"""Where the source of a case is now: files move, and a workspace is opened on other machines."""

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from core.errors import UnknownSample, Unreadable
from core.file_hash import sha256_if_readable
from core.output import shown_name
from core.samples import sample
from core.workspace.document import SourceRecord

HINT = "Name the file or its folder with --source."


def locate_source(source: SourceRecord, folder: Path | None, others: Sequence[Path] = ()) -> Path:
    """The file or folder of a source, which holds the slice to the byte.

    folder: of the workspace; None where it is not saved. others: files and folders in which a person looks
    for it; they come first. A folder is searched with all that is below it, that of the workspace without.
    Raises Unreadable if the source is missing or was changed.
    """
    places = list(_places(source, folder, others))
    for place in places:
        located = _located_at(place, source)
        if located is not None:
            return located
    if folder is not None:
        for file in _files(folder, is_deep=False):
            if sha256_if_readable(file) == source.file_sha256:
                return file
    name = shown_name(source.name) or "The source"
    if any(place.exists() for place in places):
        raise Unreadable(f"{name} has been changed since the workspace was made.", HINT)
    raise Unreadable(f"{name} is not where it was when the workspace was made.", HINT)


def _places(source: SourceRecord, folder: Path | None, others: Sequence[Path]) -> Iterator[Path]:
    """Where it may be, the likeliest place first."""
    yield from others
    if source.sample:
        with suppress(UnknownSample):  # of a version with other samples
            yield sample(source.sample).path
    if source.path:
        yield Path(source.path)
    if folder is not None:
        if source.relative_path:
            yield folder / source.relative_path
        if source.name:
            yield folder / Path(source.name).name


def _located_at(place: Path, source: SourceRecord) -> Path | None:
    """The place itself, or the file below it that has the name and the content of the source."""
    if place.is_file():
        return place if sha256_if_readable(place) == source.file_sha256 else None
    for file in _files(place, is_deep=True):
        if sha256_if_readable(file) == source.file_sha256:
            return file if file.name == source.name else place
    return None


def _files(folder: Path, is_deep: bool) -> Iterator[Path]:
    """Its regular files by name; those of folders below it as well."""
    for root, folders, names in os.walk(folder):
        folders.sort()
        yield from (Path(root, name) for name in sorted(names) if Path(root, name).is_file())
        if not is_deep:
            return
