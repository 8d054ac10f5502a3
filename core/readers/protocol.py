"""What a reader is: it claims a file by its first bytes, says what is inside, and reads one frame."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol, Self

from pydantic import BaseModel, ConfigDict, Field

from core.errors import InputError, NoImages, Refused, SaliscopeError
from core.images.slice import Identity, Slice
from core.link import Failed
from core.output import shown_name

HEAD_BYTES = 4096
# One frame: 10,000 pixels square, beyond any detector; a picture in colour with transparency takes some
# 1.7 GB on its way to a slice.
PIXEL_LIMIT = 10**8


class SeriesEntry(BaseModel):
    """One file with its frames, known from its headers alone; `title` holds no identity.

    rows, columns: size of each frame as displayed. volumes: frames are numbered slice by slice through
    the first volume (time point), then through the next.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Path
    reader: str
    title: str
    modality: str = ""
    frames: int = Field(ge=1)
    rows: int = Field(ge=1)
    columns: int = Field(ge=1)
    volumes: int = Field(1, ge=1)

    @property
    def middle_frame(self) -> int:
        """Counted from 0: the middle slice of the first volume, which is shown first."""
        return self.frames // self.volumes // 2


class FailedFile(BaseModel):
    """A file of a folder that should hold an image and could not be read, with its error in plain fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Path
    code: str
    message: str
    hint: str

    @classmethod
    def of(cls, path: Path, error: SaliscopeError) -> Self:
        return cls(path=path, code=error.code, message=error.message, hint=error.hint)

    def error(self) -> SaliscopeError:
        """The error again, in its class."""
        exit_code = InputError.exit_code
        return Failed(code=self.code, message=self.message, hint=self.hint, exit_code=exit_code).error()


class SkippedFile(BaseModel):
    """A file of a folder that a person may have taken for an image, and that is none we read.

    kind: what it is, such as `archive`; a few words for a message.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Path
    kind: str


class Contents(BaseModel):
    """What a file or folder holds: images, and the files that should hold one and cannot be read.

    skipped: archives, videos, images of other formats and DICOM files without an image; texts, tables and
    hidden files are not among them. files: how many images and failures there are together.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    entries: tuple[SeriesEntry, ...]
    failures: tuple[FailedFile, ...] = ()
    skipped: tuple[SkippedFile, ...] = ()

    @property
    def files(self) -> int:
        return len(self.entries) + len(self.failures)

    @classmethod
    def joined(cls, parts: Iterable[Self]) -> Self:
        """The contents of several files as one, in their order; an entry found twice counts once."""
        whole = tuple(parts)
        # The two files of a NIfTI pair are one entry.
        entries = {entry.path: entry for part in whole for entry in part.entries}
        return cls(
            entries=tuple(entries.values()),
            failures=tuple(failure for part in whole for failure in part.failures),
            skipped=tuple(file for part in whole for file in part.skipped),
        )

    def require_images(self) -> None:
        """Raises NoImages, with the first of the reasons, if there is no image."""
        if self.entries:
            return
        count = len(self.failures)
        tried = f"; the first of {count:,} that failed: {self.failures[0].message}" if count else "."
        left = f" {self.named_skipped()}" if self.skipped else ""
        raise NoImages(f"The folder holds no image that can be read{tried}{left}", "Open another folder.")

    def named_skipped(self, most: int = 3) -> str:
        """How many files were skipped, and the names of the first ones; empty if none was."""
        if not self.skipped:
            return ""
        count = len(self.skipped)
        names = [f"{shown_name(file.path.name)} ({file.kind})" for file in self.skipped[:most]]
        if count > most:
            names.append(f"and {count - most:,} more")
        return f"{count:,} {'file was' if count == 1 else 'files were'} skipped: {', '.join(names)}."


class Reader(Protocol):
    """One file format."""

    @property
    def name(self) -> str: ...
    @property
    def suffixes(self) -> tuple[str, ...]:
        """Endings that promise this format and no other; a file that breaks the promise is refused."""

    def claims(self, head: bytes, path: Path) -> bool:
        """Whether the first HEAD_BYTES of the file are this format's."""

    def index(self, path: Path) -> Iterator[SeriesEntry]:
        """What the file holds, from its headers. Raises an InputError if that is no image we read."""

    def read(self, entry: SeriesEntry, frame: int) -> tuple[Slice, Identity]:
        """Frame `frame` of 0 to entry.frames - 1. Raises an InputError."""


def require_size(path: Path, rows: int, columns: int) -> None:
    """Refuse what no detector makes, before memory is taken for it."""
    if rows * columns > PIXEL_LIMIT:
        raise Refused(
            f"{path.name} claims {columns} x {rows} pixels, more than the {PIXEL_LIMIT / 1e6:.0f} million"
            " that are read.",
            "If it is genuine, save a smaller copy of it.",
        )
