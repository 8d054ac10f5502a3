"""What the reader process is asked and what it answers, beside the common messages of `core.link`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, TypeAdapter

from core.arrays import Array
from core.images.slice import Identity, Slice
from core.link import Failed, LinkError, Message, Progress
from core.readers.protocol import Contents, FailedFile, SeriesEntry
from core.slice_message import SliceMessage


class IndexPath(Message):
    """Request: what does this file or folder hold? After each file of a folder comes a Progress."""

    kind: Literal["index"] = "index"
    job: int
    path: Path


class ReadFrame(Message):
    """Request: decode one frame of an entry."""

    kind: Literal["read"] = "read"
    job: int
    entry: SeriesEntry
    frame: int


class Indexed(Message):
    """Answer to IndexPath."""

    kind: Literal["indexed"] = "indexed"
    job: int
    entries: tuple[SeriesEntry, ...]
    failures: tuple[FailedFile, ...] = ()

    @classmethod
    def of(cls, job: int, found: Contents) -> Self:
        return cls(job=job, entries=found.entries, failures=found.failures)

    @property
    def contents(self) -> Contents:
        return Contents(entries=self.entries, failures=self.failures)


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


Request = Annotated[IndexPath | ReadFrame, Field(discriminator="kind")]
Answer = Annotated[Indexed | FrameRead | Progress | Failed, Field(discriminator="kind")]
REQUESTS: TypeAdapter[Request] = TypeAdapter(Request)
ANSWERS: TypeAdapter[Answer] = TypeAdapter(Answer)
