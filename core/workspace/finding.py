"""Finding the image of a case again: where it was, beside the workspace, or where a person says it is."""

import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from core.errors import InputError, SourceChanged, SourceMissing, UnknownSample
from core.file_hash import sha256_if_readable
from core.readers.process import ReaderProcess
from core.readers.protocol import SeriesEntry
from core.readers.slice_choice import ChosenSlice
from core.samples import Sample, sample
from core.workspace.document import SavedCase, SourceRecord
from core.workspace.places import FilesBeside, noted_places
from core.workspace.sources import CaseSource, read_source, source_file

HINT = "Locate it: its file or a folder that holds it (on the command line by --source)."


class SourceFinder:
    """Finds the images of one workspace's cases; what it has listed and hashed it remembers.

    folder: of the workspace. located: a file or folder that a person named, which is tried first.
    """

    def __init__(self, reader: ReaderProcess, folder: Path, located: Path | None = None) -> None:
        self._reader, self._folder, self._located = reader, folder.absolute(), located
        self._entries: Callable[[Path], tuple[SeriesEntry, ...]] = cache(self._listed)
        self._sha256: Callable[[Path], str] = cache(sha256_if_readable)
        self._beside = FilesBeside(self._folder, self._sha256)

    def find(self, case: SavedCase) -> CaseSource:
        """The slice of a case, from a file with the same bytes.

        Raises SourceMissing, SourceChanged if a file that was named has other bytes, and what reading the
        slice raises.
        """
        is_changed = False
        for path in self._places(case):
            try:
                entries = self._entries(path)
            except InputError:
                entries = ()  # it may be there and no image any more
            for entry in _by_likeness(entries, case.source):
                chosen = self._chosen(entry, case)
                if chosen is not None:
                    bundled = _sample(case.source)
                    return read_source(self._reader, path, entry, chosen, bundled, self._sha256)
            is_changed = is_changed or (os.path.isfile(path) and _is_meant(path, case.source))
        name = case.source.name or case.source.sample
        which = f"The image of {case.id} ({name})" if name else f"The image of {case.id}"
        if is_changed:
            raise SourceChanged(f"{which} is no longer the file that it was: its SHA-256 differs.", HINT)
        if not (case.source.path or case.source.relative_path or case.source.sample):
            raise SourceMissing(f"{which} was not found: the workspace does not say where it lies.", HINT)
        raise SourceMissing(f"{which} is not where it was when the workspace was saved.", HINT)

    def _places(self, case: SavedCase) -> Iterator[Path]:
        """Files and folders that may hold the image, the likeliest first."""
        source = case.source
        if self._located is not None:
            yield self._located.absolute()
        bundled = _sample(source)
        if bundled is not None:
            yield bundled.path
        yield from noted_places(source, self._folder)
        beside = self._beside.file(source, case.image.image.file)
        if beside is not None:
            yield beside
            if case.image.image.slices > 1:  # the other slices may lie beside it
                yield self._folder

    def _chosen(self, entry: SeriesEntry, case: SavedCase) -> ChosenSlice | None:
        """The slice of a series that is the one of the case; None if none is."""
        axis, sha256 = case.source.axis, case.source.file_sha256
        count = entry.volume_shape[axis]
        volume, index = divmod(case.image.image.slice - 1, count)
        if volume < entry.volumes and (axis == 0 or entry.has_planes):
            chosen = ChosenSlice(axis=axis, index=index, volume=volume)
            if self._sha256(source_file(entry, chosen)) == sha256:
                return chosen
        if axis != 0:
            return None
        # Of a series with another number of files: the only slice of the file.
        paths = [entry.source(frame).path for frame in range(entry.frames)] if entry.sources else [entry.path]
        frames = [frame for frame, path in enumerate(paths) if self._sha256(path) == sha256]
        if len(frames) != 1 or (not entry.sources and entry.frames > 1):
            return None
        volume, index = divmod(frames[0], count)
        return ChosenSlice(index=index, volume=volume)

    def _listed(self, path: Path) -> tuple[SeriesEntry, ...]:
        return self._reader.contents(path).entries


def _is_meant(path: Path, source: SourceRecord) -> bool:
    """Whether a file is where the image was, or has its name; a person may also name that of another case."""
    return str(path) == source.path or path.name == source.name


def _by_likeness(entries: tuple[SeriesEntry, ...], source: SourceRecord) -> list[SeriesEntry]:
    return sorted(entries, key=lambda entry: entry.key != source.series)


def _sample(source: SourceRecord) -> Sample | None:
    try:
        return sample(source.sample) if source.sample else None
    except UnknownSample:
        return None
