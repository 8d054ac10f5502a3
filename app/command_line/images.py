"""The images that were named on the command line: opened one by one, each failing by itself."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from app.failure import error_record, print_error, print_note
from core.errors import Cancelled, IncompatibleInput, ModelError, NoSlice, SaliscopeError, UsageError
from core.images.slice import Slice
from core.output import shown_name
from core.readers.index import name_without_suffix
from core.readers.protocol import Contents, FailedFile, SeriesEntry
from core.readers.slice_choice import ChosenSlice, SliceChoice
from core.results.explanation import ExplainedImage
from core.results.image import FailedImage, ImageRecord
from core.samples import Sample, sample
from core.workspace.making import PATHS_ONLY, name_without_person
from core.workspace.sources import CaseSource, read_source, readable_sha256, source_file

if TYPE_CHECKING:
    from core.readers.process import ReaderProcess

SOME_FAILED, ALL_FAILED = 7, 3
# The least digits of a slice's number in names, so that they sort by number.
SLICE_DIGITS = 3
RecordT = TypeVar("RecordT")


@dataclass(frozen=True, slots=True)
class NamedImage:
    """What was named: a file or folder, or a bundled sample with its file."""

    path: Path
    sample: Sample | None = None


@dataclass(frozen=True, slots=True)
class OpenedSlice:
    """One slice with where it came from; `label` names the folder of its results."""

    label: str
    source: CaseSource

    @property
    def image(self) -> Slice:
        """The slice."""
        return self.source.image

    @property
    def record(self) -> ImageRecord:
        """The record of it that documents hold."""
        return self.source.record

    @property
    def sample(self) -> Sample | None:
        """The bundled sample, if it is one."""
        return self.source.sample


def named_images(paths: Sequence[Path], sample_ids: Sequence[str]) -> list[NamedImage]:
    """Files first, then samples, each in the order of their options. Raises UsageError or UnknownSample."""
    images = [NamedImage(path) for path in paths]
    images += [NamedImage(bundled.path, bundled) for bundled in map(sample, sample_ids)]
    if not images:
        raise UsageError("No image is named.", "Name files or folders, or a bundled sample with --sample ID.")
    return images


@dataclass(slots=True)
class ImageRecords(Generic[RecordT]):
    """The records in the order of the images; one that failed leaves its error in its place."""

    records: list[RecordT | FailedImage] = field(default_factory=list)
    exit_codes: list[int] = field(default_factory=list)

    @contextmanager
    def failing_alone(self, name: str) -> Iterator[None]:
        """An error within is printed on standard error and recorded; the other images go on."""
        try:
            yield
        except SaliscopeError as error:
            if isinstance(error, (Cancelled, ModelError)) and not isinstance(error, IncompatibleInput):
                raise  # a model that cannot be loaded would fail for every image
            self.add_failure(name, error)

    def add_failure(self, name: str, error: SaliscopeError) -> None:
        """Print an error on standard error and record it in the place of its image."""
        print_error(str(error))
        self.exit_codes.append(error.exit_code)
        self.records.append(FailedImage(file=name, error=error_record(error)))

    @property
    def exit_code(self) -> int:
        """0, SOME_FAILED, or where all failed the code they share, else ALL_FAILED.

        An image of which a method failed counts as failed in part.
        """
        if not self.exit_codes:
            has_failed_method = any(
                isinstance(record, ExplainedImage) and record.failed for record in self.records
            )
            return SOME_FAILED if has_failed_method else 0
        if len(self.exit_codes) < len(self.records):
            return SOME_FAILED
        return self.exit_codes[0] if len(set(self.exit_codes)) == 1 else ALL_FAILED


def for_each_image(
    images: Sequence[NamedImage], choice: SliceChoice, work: Callable[[OpenedSlice], RecordT]
) -> ImageRecords[RecordT]:
    """The record that `work` returns for every image. Raises Cancelled, and ModelError."""
    from core.readers.process import ReaderProcess

    results: ImageRecords[RecordT] = ImageRecords()
    with ReaderProcess() as reader:
        for named in images:
            contents = Contents(entries=())
            # The name of a folder may be that of a patient.
            file_name = "" if os.path.isdir(named.path) else shown_name(named.path.name)
            with results.failing_alone(file_name):
                contents = reader.contents(named.path)
            hash_of = cache(readable_sha256)  # all slices of a volume may be in one file
            for entry in readable_entries(contents, results):
                chosen_slices: tuple[ChosenSlice, ...] = ()
                with results.failing_alone(shown_name(entry.path.name)):
                    chosen_slices = _chosen_slices(entry, choice)
                for chosen in chosen_slices:
                    with results.failing_alone(shown_name(source_file(entry, chosen).name)):
                        results.records.append(work(_opened(reader, named, entry, chosen, hash_of)))
    return results


def opened_image(named: NamedImage, choice: SliceChoice) -> OpenedSlice:
    """One slice of the first series under a name. Raises InputError, ResourceError or UsageError."""
    from core.readers.process import ReaderProcess

    with ReaderProcess() as reader:
        entry = reader.index(named.path)[0]
        (chosen,) = _chosen_slices(entry, choice)
        return _opened(reader, named, entry, chosen, cache(readable_sha256))


def _chosen_slices(entry: SeriesEntry, choice: SliceChoice) -> tuple[ChosenSlice, ...]:
    try:
        return choice.slices(entry)
    except NoSlice as error:
        raise UsageError(error.message, error.hint) from None


def readable_entries(contents: Contents, results: ImageRecords[Any]) -> Iterator[SeriesEntry]:
    """The images of a folder, sorted by path; a file that could not be read leaves its error in its place.

    What was skipped is printed in one line on standard error.
    """
    if contents.skipped:
        print_note(contents.named_skipped())
    files: list[SeriesEntry | FailedFile] = [*contents.entries, *contents.failures]
    for file in sorted(files, key=lambda file: file.path):
        if isinstance(file, FailedFile):
            results.add_failure(shown_name(file.path.name), file.error())
        else:
            yield file


def _opened(
    reader: "ReaderProcess",
    named: NamedImage,
    entry: SeriesEntry,
    chosen: ChosenSlice,
    hash_of: Callable[[Path], str],
) -> OpenedSlice:
    source = read_source(reader, named.path, entry, chosen, named.sample, hash_of)
    cleared = _without_person(source)
    is_name_shared = cleared is not source or not _has_file_alone(entry, chosen)
    return OpenedSlice(_label(cleared, is_name_shared), cleared)


def _label(source: CaseSource, is_name_shared: bool) -> str:
    """The name of the file that holds the slice, or of the sample.

    is_name_shared: whether other slices of the series have the same name; plane and number follow it then.
    """
    record = source.record
    name = source.sample.id if source.sample else name_without_suffix(record.file)
    if record.slices == 1 or not is_name_shared:
        return name
    digits = max(SLICE_DIGITS, len(str(record.slices)))
    return "_".join(filter(None, (name, record.plane, f"slice{record.slice:0{digits}}")))


def _has_file_alone(entry: SeriesEntry, chosen: ChosenSlice) -> bool:
    """Whether no other slice is in the file of a slice."""
    if chosen.axis or not entry.sources:
        return False
    path = source_file(entry, chosen)
    return sum(source.path == path for source in entry.sources) == 1


def _without_person(source: CaseSource) -> CaseSource:
    """The source under a name that does not name the patient of its header; a note tells of it."""
    file = name_without_person(source.record.file, source.identity, PATHS_ONLY)
    if file == source.record.file:
        return source
    print_note(f"The name of the file names the patient; the results call it {file}.")
    return replace(source, record=source.record.model_copy(update={"file": file}))
