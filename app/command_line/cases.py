"""From what was named on the command line to slices, each failing by itself."""

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from app.command_line.failure import error_record, say_error, say_note
from core.errors import Cancelled, IncompatibleInput, ModelError, SaliscopeError, Unreadable, UsageError
from core.images.slice import Slice
from core.output import shown_name
from core.readers.protocol import Contents, FailedFile, SeriesEntry
from core.results.explanation import ExplainedImage
from core.results.image import FailedImage, ImageRecord
from core.samples import Sample, sample

if TYPE_CHECKING:
    from core.readers.process import ReaderProcess

SOME_FAILED, ALL_FAILED = 7, 3
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Source:
    """What was named: a file or folder, or a bundled sample with its file."""

    path: Path
    sample: Sample | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One slice with its record; `label` names its results."""

    label: str
    image: Slice
    record: ImageRecord
    sample: Sample | None


def sources(images: Sequence[Path], sample_ids: Sequence[str]) -> list[Source]:
    """Files first, then samples, each in the order given. Raises UsageError or UnknownSample."""
    found = [Source(path) for path in images]
    found += [Source(one.path, one) for one in map(sample, sample_ids)]
    if not found:
        raise UsageError("No image is named.", "Name files or folders, or a bundled sample with --sample ID.")
    return found


@dataclass(slots=True)
class Places(Generic[Result]):
    """The results in the order of the images; one that failed leaves its error in its place."""

    results: list[Result | FailedImage] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)

    @contextmanager
    def failing_alone(self, name: str) -> Iterator[None]:
        """An error within is said on standard error and kept; the rest goes on."""
        try:
            yield
        except SaliscopeError as error:
            if isinstance(error, (Cancelled, ModelError)) and not isinstance(error, IncompatibleInput):
                raise  # a model that cannot be loaded would fail for every image
            self.fail(name, error)

    def fail(self, name: str, error: SaliscopeError) -> None:
        """Say an error on standard error and keep it in the place of its image."""
        say_error(str(error))
        self.codes.append(error.exit_code)
        self.results.append(FailedImage(file=name, error=error_record(error)))

    @property
    def exit_code(self) -> int:
        """0, SOME_FAILED, or where all failed the code they share, else ALL_FAILED.

        An image of which a method failed is done in part.
        """
        if not self.codes:
            partly = any(isinstance(one, ExplainedImage) and one.failed for one in self.results)
            return SOME_FAILED if partly else 0
        if len(self.codes) < len(self.results):
            return SOME_FAILED
        return self.codes[0] if len(set(self.codes)) == 1 else ALL_FAILED


def over_cases(
    named: Sequence[Source], slice_number: int | None, work: Callable[[Case], Result]
) -> Places[Result]:
    """What `work` makes of every image named. Raises Cancelled, and ModelError where it is not about one."""
    from core.readers.process import ReaderProcess

    places: Places[Result] = Places()
    with ReaderProcess() as reader:
        for source in named:
            found = Contents(entries=())
            # The name of a folder may be that of a patient.
            named_file = "" if os.path.isdir(source.path) else shown_name(source.path.name)
            with places.failing_alone(named_file):
                found = reader.contents(source.path)
            for entry in entries_of(found, places):
                with places.failing_alone(shown_name(entry.path.name)):
                    places.results.append(work(_read(reader, source, entry, slice_number)))
    return places


def entries_of(found: Contents, places: Places[Any]) -> Iterator[SeriesEntry]:
    """The images of a folder, sorted by path; a file that could not be read leaves its error in its place.

    What was skipped is said in one line on standard error.
    """
    if found.skipped:
        say_note(found.named_skipped())
    files: list[SeriesEntry | FailedFile] = [*found.entries, *found.failures]
    for one in sorted(files, key=lambda one: one.path):
        if isinstance(one, FailedFile):
            places.fail(shown_name(one.path.name), one.error())
        else:
            yield one


def _read(reader: "ReaderProcess", source: Source, entry: SeriesEntry, slice_number: int | None) -> Case:
    frame = entry.middle_frame if slice_number is None else slice_number - 1
    name = shown_name(entry.path.name)
    if frame >= entry.frames:
        raise UsageError(
            f"{name} has no slice {frame + 1}; it has {entry.frames}.", "Choose another one with --slice."
        )
    image, _ = reader.read(entry, frame)
    if source.sample and not image.modality:
        image = replace(image, modality=source.sample.modality)
    record = ImageRecord(
        file=name,
        sha256=_sha256(entry.path),
        modality=image.modality,
        rows=image.shape[0],
        columns=image.shape[1],
        slice=frame + 1,
        slices=entry.frames,
        spacing_mm=image.spacing_mm,
        spacing_source=image.spacing_source,
        notes=image.notes,
    )
    return Case(source.sample.id if source.sample else entry.path.name, image, record, source.sample)


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise Unreadable(f"{shown_name(path.name)} cannot be read: {error.strerror}.") from None
