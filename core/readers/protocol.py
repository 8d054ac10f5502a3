"""What a reader is: it claims a file by its first bytes, lists its contents, and reads one frame."""

from collections.abc import Hashable, Iterable, Iterator
from pathlib import Path
from typing import Protocol, Self

from pydantic import BaseModel, ConfigDict, Field

from core.arrays import Array
from core.errors import InputError, NoImages, Refused, SaliscopeError
from core.images.slice import Identity, Slice
from core.link import Failed
from core.output import shown_name
from core.readers.header_tags import Tag
from core.readers.instances import Instance
from core.values import FrozenRecord

HEAD_BYTES = 4096
# Of one frame: 10,000 pixels square, beyond any detector; decoding a picture in colour with transparency
# takes some 1.7 GB.
PIXEL_LIMIT = 10**8


class FrameSource(FrozenRecord):
    """Where one frame of a series is stored: a file, and the frame in it, counted from 0."""

    path: Path
    frame: int = Field(0, ge=0)


class SeriesKeys(FrozenRecord):
    """What a series belongs to: digests of the identifiers in the headers, which name nobody.

    frame_of_reference: equal for series whose positions can be compared. group: equal for entries between
    which slices may move while more of their files are found.
    """

    patient: str = ""
    study: str = ""
    frame_of_reference: str = ""
    group: str = ""


class SparseStack(FrozenRecord):
    """A stack in which slices are missing, while all others lie where they should.

    numbers: of the slices of a volume, in their order, counted from 0 among all that there should be.
    affine_lps_mm: of the whole stack, as of a series entry.
    """

    numbers: tuple[int, ...] = Field(min_length=2)
    affine_lps_mm: tuple[tuple[float, float, float, float], ...]


class SeriesEntry(BaseModel):
    """A series: frames that belong together, known from headers alone; nothing in it names a person.

    path: its file; of a series of several files the first one. key: names the series among all that are
    listed; it stays the same while the rest of its files is being found.
    title: modality, body part and known words of the description. role: of a sequence among several of one
    case, such as `T1 post contrast`; empty where it is unknown.
    rows, columns: size of each frame as displayed. volumes: frames are numbered slice by slice through
    the first volume (time point), then through the next. frames_at_once: how many frames are in memory
    while one is read: those of a volume where a format cannot be read slice by slice.
    sources: where each frame is stored; empty where frame n of the series is frame n of `path`.
    affine_lps_mm: (4, 4) as rows, (slice, row, column, 1) to LPS in mm, the same for each volume; None where
    the frames form no regular stack or have no position. no_volume: why they form none, one sentence; empty
    where they do. sparse: where each slice lies in a stack of which a few are missing.
    notes: duplicates, gaps, tilt and all else that was found in the stack, in sentences.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    path: Path
    reader: str
    title: str
    modality: str = ""
    frames: int = Field(ge=1)
    rows: int = Field(ge=1)
    columns: int = Field(ge=1)
    volumes: int = Field(1, ge=1)
    frames_at_once: int = Field(1, ge=1)
    key: str = ""
    role: str = ""
    keys: SeriesKeys = SeriesKeys()
    sources: tuple[FrameSource, ...] = ()
    affine_lps_mm: tuple[tuple[float, float, float, float], ...] | None = None
    no_volume: str = ""
    sparse: SparseStack | None = None
    notes: tuple[str, ...] = ()

    @property
    def slices(self) -> int:
        """How many slices each volume has."""
        return self.frames // self.volumes

    @property
    def volume_shape(self) -> tuple[int, int, int]:
        """Slices, rows and columns of each volume."""
        return self.slices, self.rows, self.columns

    @property
    def stack_shape(self) -> tuple[int, int, int]:
        """Slices, rows and columns of each volume, with the slices that are missing in a sparse stack."""
        slices = self.slices if self.sparse is None else self.sparse.numbers[-1] + 1
        return slices, self.rows, self.columns

    @property
    def missing_slices(self) -> int:
        """How many slices are missing in each volume of a sparse stack."""
        return self.stack_shape[0] - self.slices

    @property
    def stack_affine_lps_mm(self) -> tuple[tuple[float, float, float, float], ...] | None:
        """The affine of a stack of `stack_shape`."""
        return self.affine_lps_mm if self.sparse is None else self.sparse.affine_lps_mm

    @property
    def has_planes(self) -> bool:
        """Whether it can be cut in three planes; missing slices are empty in them."""
        return self.slices > 1 and (not self.no_volume or self.sparse is not None)

    @property
    def origin(self) -> tuple[Hashable, ...]:
        """What its values are read from: equal for entries that give the same frames."""
        return self.reader, self.path, self.sources

    def frame_of(self, source: FrameSource) -> int | None:
        """The frame that is stored there, counted from 0; None if it is none of the series."""
        if self.sources:
            return next((frame for frame, other in enumerate(self.sources) if other == source), None)
        return source.frame if source.path == self.path and source.frame < self.frames else None

    @property
    def paths(self) -> tuple[Path, ...]:
        """Its files, each once."""
        return tuple(dict.fromkeys(source.path for source in self.sources)) or (self.path,)

    def source(self, frame: int) -> FrameSource:
        """Where frame `frame` of 0 to frames - 1 is stored."""
        return self.sources[frame] if self.sources else FrameSource(path=self.path, frame=frame)

    def frame_alone(self, frame: int) -> Self:
        """An entry of that one frame, as far as it is needed to read it: it becomes frame 0."""
        source = self.source(frame)
        return self.model_copy(
            update={"path": source.path, "frames": 1, "volumes": 1, "sources": (source,), "notes": ()}
        )

    @property
    def middle_frame(self) -> int:
        """Counted from 0: the middle slice of the first volume, which is shown first."""
        return self.frames // self.volumes // 2


class FailedFile(BaseModel):
    """A file of a folder that should hold an image and could not be read, with its error in plain fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    path: Path
    code: str
    message: str
    hint: str

    @classmethod
    def of(cls, path: Path, error: SaliscopeError) -> Self:
        """The failure of a file to be read."""
        return cls(path=path, code=error.code, message=error.message, hint=error.hint)

    def error(self) -> SaliscopeError:
        """The error again, in its class."""
        exit_code = InputError.exit_code
        return Failed(code=self.code, message=self.message, hint=self.hint, exit_code=exit_code).error()


class SkippedFile(BaseModel):
    """A file of a folder that a person may take for an image, but that is not a supported one.

    kind: what it is, such as `archive`; a few words for a message.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    path: Path
    kind: str


class Contents(BaseModel):
    """What a file or folder holds: images, and the files that should hold one and cannot be read.

    skipped: archives, videos, images of other formats and DICOM files without an image; texts, tables and
    hidden files are not among them. instances: files that are not grouped into entries yet. identities: of
    the patient of an entry, by the entry's key, where its files state one.
    """

    # An identity printed with a message could end in a log.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True, hide_input_in_errors=True)

    entries: tuple[SeriesEntry, ...]
    failures: tuple[FailedFile, ...] = ()
    skipped: tuple[SkippedFile, ...] = ()
    instances: tuple[Instance, ...] = Field(default=(), repr=False)
    identities: dict[str, Identity] = Field(default={}, repr=False)

    @property
    def files(self) -> int:
        """How many images and failures there are together."""
        return len(self.entries) + len(self.failures)

    @classmethod
    def joined(cls, parts: Iterable[Self]) -> Self:
        """The contents of several files as one, in their order; an entry that appears twice counts once."""
        contents = tuple(parts)
        # The two files of a NIfTI pair are one entry.
        entries = {(entry.path, entry.key): entry for part in contents for entry in part.entries}
        return cls(
            entries=tuple(entries.values()),
            failures=tuple(failure for part in contents for failure in part.failures),
            skipped=tuple(file for part in contents for file in part.skipped),
            instances=tuple(instance for part in contents for instance in part.instances),
            identities={key: person for part in contents for key, person in part.identities.items()},
        )

    def require_images(self, container: str = "folder") -> None:
        """Raises NoImages, with the first of the reasons, if there is no image.

        container: what was opened.
        """
        if self.entries:
            return
        count = len(self.failures)
        failed = f"; the first of {count:,} that failed: {self.failures[0].message}" if count else "."
        skipped = f" {self.named_skipped()}" if self.skipped else ""
        raise NoImages(
            f"The {container} holds no image that can be read{failed}{skipped}", f"Open another {container}."
        )

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
    """One file format.

    The window asks readers for their endings, so importing one loads no decoder; `index` and `read` import
    what they need when they are called.
    """

    @property
    def name(self) -> str:
        """The format's name, which entries and messages give."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """The endings that its files usually have, in lower case.

        An ending that no other format uses (see `other_formats.SHARED_SUFFIXES`) makes a file that cannot be
        read a failure.
        """

    @property
    def is_picture(self) -> bool:
        """Whether its files are plain pictures, with neither units nor a patient position."""

    def claims(self, head: bytes, path: Path) -> bool:
        """Whether the first HEAD_BYTES of the file are those of this format."""

    def index(self, path: Path) -> Iterator[SeriesEntry | Instance]:
        """What the file holds, from its headers: entries, or instances of which series are made.

        Raises an InputError if that is not a supported image.
        """

    def read(self, entry: SeriesEntry, frame: int) -> tuple[Slice, Identity]:
        """Frame `frame` of 0 to entry.frames - 1. Raises an InputError."""

    def tags(self, source: FrameSource, with_identity: bool) -> tuple[Tag, ...]:
        """The header of the file that holds a frame; empty where the format has none. Raises an InputError.

        Values that may name a person are hidden without `with_identity`.
        """


def affine_rows(affine: Array | None) -> tuple[tuple[float, float, float, float], ...] | None:
    """An affine (4, 4) as the rows of `SeriesEntry.affine_lps_mm`; None stays None."""
    if affine is None:
        return None
    return tuple((float(a), float(b), float(c), float(d)) for a, b, c, d in affine)


def require_size(path: Path, rows: int, columns: int) -> None:
    """Raises Refused for more pixels than any detector has, before memory is taken for them."""
    if rows * columns > PIXEL_LIMIT:
        raise Refused(
            f"{path.name} claims {columns} x {rows} pixels, more than the supported"
            f" {PIXEL_LIMIT / 1e6:.0f} million.",
            "If it is genuine, save a smaller copy of it.",
        )
