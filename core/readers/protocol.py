"""What a reader is: it claims a file by its first bytes, says what is inside, and reads one frame."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol, Self

from pydantic import BaseModel, ConfigDict, Field

from core.errors import InputError, Refused, SaliscopeError
from core.images.slice import Identity, Slice
from core.link import Failed

HEAD_BYTES = 4096
# One frame: 11,585 pixels square, beyond any detector; as float32 512 MiB.
PIXEL_LIMIT = 2**27


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
    def of(cls, path: Path, error: InputError) -> Self:
        return cls(path=path, code=error.code, message=error.message, hint=error.hint)

    def error(self) -> SaliscopeError:
        """The error again, in its class."""
        exit_code = InputError.exit_code
        return Failed(
            job=0, code=self.code, message=self.message, hint=self.hint, exit_code=exit_code
        ).error()


class Contents(BaseModel):
    """What a file or folder holds: images, and the files that should hold one and cannot be read.

    files: how many images and failures there are together; files that are no images do not count.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    entries: tuple[SeriesEntry, ...]
    failures: tuple[FailedFile, ...] = ()

    @property
    def files(self) -> int:
        return len(self.entries) + len(self.failures)


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
