"""What the reader process is asked and what it answers, beside the common messages of `core.link`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, TypeAdapter

from core.arrays import Array
from core.images.mask import Mask
from core.images.slice import Identity, Slice
from core.images.slice_message import SliceMessage
from core.link import Failed, LinkError, Message, Progress
from core.readers.protocol import Contents, FailedFile, SeriesEntry, SkippedFile


class IndexPath(Message):
    """Request: what does this file or folder hold? Before each file of a folder comes a FileBegun.

    after: the file of a folder behind which to begin, None for all; without images behind it, the answer
    is empty.
    """

    kind: Literal["index"] = "index"
    job: int
    path: Path
    after: Path | None = None


class ReadFrame(Message):
    """Request: decode one frame of an entry."""

    kind: Literal["read"] = "read"
    job: int
    entry: SeriesEntry
    frame: int


class ReadMask(Message):
    """Request: which pixels of a frame of an entry are marked, where the entry is a mask."""

    kind: Literal["read_mask"] = "read_mask"
    job: int
    entry: SeriesEntry
    frame: int


class FileBegun(Message):
    """On the way to Indexed: this file of the folder is looked into now, after `done` of `total`.

    before: what was found since the last such message. If the process ends within this file, the one
    that asked knows which file it was and what came before.
    """

    kind: Literal["file_begun"] = "file_begun"
    job: int
    path: Path
    done: int
    total: int
    before: Contents


class Indexed(Message):
    """Answer to IndexPath."""

    kind: Literal["indexed"] = "indexed"
    job: int
    entries: tuple[SeriesEntry, ...]
    failures: tuple[FailedFile, ...] = ()
    skipped: tuple[SkippedFile, ...] = ()

    @classmethod
    def of(cls, job: int, found: Contents) -> Self:
        return cls(job=job, entries=found.entries, failures=found.failures, skipped=found.skipped)

    @property
    def contents(self) -> Contents:
        return Contents(entries=self.entries, failures=self.failures, skipped=self.skipped)


class FrameRead(Message):
    """Answer to ReadFrame; the arrays with it are those of the slice."""

    # An identity printed with the message could end in a log.
    model_config = ConfigDict(hide_input_in_errors=True)

    kind: Literal["frame"] = "frame"
    job: int
    image: SliceMessage
    identity: Identity = Field(repr=False)

    @classmethod
    def of(cls, job: int, image: Slice, identity: Identity) -> tuple[Self, list[Array]]:
        """The message and its arrays."""
        message, arrays = SliceMessage.of(image)
        return cls(job=job, image=message, identity=identity), arrays

    def frame(self, arrays: Sequence[Array]) -> tuple[Slice, Identity]:
        """The slice and the identity. Raises LinkError if the arrays are none of a slice."""
        try:
            image, rest = self.image.taken_from(arrays)
        except ValueError as error:
            raise LinkError(f"The reader process sent what is no frame: {error}.") from None
        if rest:
            raise LinkError(f"The reader process sent {len(arrays)} arrays for one frame.")
        return image, self.identity


class MaskRead(Message):
    """Answer to ReadMask; the arrays with it are the region and, if there is one, the affine."""

    kind: Literal["mask"] = "mask"
    job: int
    spacing_mm: tuple[float, float] | None
    notes: tuple[str, ...]

    @classmethod
    def of(cls, job: int, mask: Mask) -> tuple[Self, list[Array]]:
        """The message and its arrays."""
        affine = [] if mask.affine_lps_mm is None else [mask.affine_lps_mm]
        return cls(job=job, spacing_mm=mask.spacing_mm, notes=mask.notes), [mask.region, *affine]

    def mask(self, arrays: Sequence[Array]) -> Mask:
        """The mask. Raises LinkError if the arrays are none of a mask."""
        if not 1 <= len(arrays) <= 2:
            raise LinkError(f"The reader process sent {len(arrays)} arrays for one mask.")
        affine = arrays[1] if len(arrays) == 2 else None
        try:
            return Mask(arrays[0], affine, self.spacing_mm, self.notes)
        except ValueError as error:
            raise LinkError(f"The reader process sent what is no mask: {error}.") from None


Request = Annotated[IndexPath | ReadFrame | ReadMask, Field(discriminator="kind")]
Answer = Annotated[
    Indexed | FrameRead | MaskRead | FileBegun | Progress | Failed, Field(discriminator="kind")
]
REQUESTS: TypeAdapter[Request] = TypeAdapter(Request)
ANSWERS: TypeAdapter[Answer] = TypeAdapter(Answer)


def asked_path(request: Request) -> Path:
    """The file or folder that a request is about."""
    return request.path if isinstance(request, IndexPath) else request.entry.path
