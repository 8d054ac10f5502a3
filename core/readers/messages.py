"""Requests and answers of the reader process, beside the common messages of `core.link`."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, TypeAdapter

from core.arrays import Array
from core.images.digest import array_digests, keep_digests
from core.images.mask import Mask, MaskLabel
from core.images.slice import Identity, Slice
from core.images.slice_message import SliceMessage
from core.images.slice_place import SlicePlace
from core.images.windowing import value_windows
from core.link import BUILT_WHEN_USED, Failed, JobProgress, LinkError, Message
from core.readers.element_changes import DeidentifiedFile
from core.readers.header_tags import Tag
from core.readers.instances import Instance
from core.readers.protocol import Contents, FailedFile, SeriesEntry, SkippedFile


class IndexPath(Message):
    """Request: list what this file or folder holds. Before each file of a folder comes a FileStarted.

    after: the file of a folder after which to begin, None for all; without images after it, the answer
    is empty.
    """

    kind: Literal["index"] = "index"
    path: Path
    after: Path | None = None


class ReadFrame(Message):
    """Request: decode one frame of an entry."""

    kind: Literal["read"] = "read"
    entry: SeriesEntry
    frame: int


class ReadPlane(Message):
    """Request: one slice of a volume across one of its axes; answered by FrameRead.

    The volume is read at the first request and kept until `CloseSeries`, or until memory is needed for
    others. volume: counted from 0. axis: 0 slices, 1 rows, 2 columns. index: counted from 0.
    slot: where the process keeps the sources of the entry; without any it is the entry that was sent with
    this slot last (`core.readers.series_slots`).
    """

    kind: Literal["read_plane"] = "read_plane"
    entry: SeriesEntry
    volume: int
    axis: Literal[0, 1, 2]
    index: int
    slot: int | None = None


class CloseSeries(Message):
    """Request: let go of what is kept of an entry; answered by SeriesClosed. slot: as of ReadPlane."""

    kind: Literal["close_series"] = "close_series"
    entry: SeriesEntry
    slot: int | None = None


class SeriesClosed(Message):
    """Answer to CloseSeries. kept_bytes: of all volumes that are still kept."""

    kind: Literal["series_closed"] = "series_closed"
    kept_bytes: int


class ReadMask(Message):
    """Request: which pixels of a slice of an image are marked by a mask, which is the entry.

    place: of the slice. labels: only these; all that the mask has where it is empty. slot: as of ReadPlane.
    """

    kind: Literal["read_mask"] = "read_mask"
    entry: SeriesEntry
    place: SlicePlace
    labels: tuple[float, ...] = ()
    slot: int | None = None


class ReadMaskAreas(Message):
    """Request: how many pixels of each slice of an image are marked by a mask, which is the entry.

    image: the series of the slices. volume, axis, labels: as in ReadPlane and ReadMask. slot, image_slot: of
    the two series, as of ReadPlane.
    """

    kind: Literal["read_mask_areas"] = "read_mask_areas"
    entry: SeriesEntry
    image: SeriesEntry
    volume: int
    axis: Literal[0, 1, 2]
    labels: tuple[float, ...] = ()
    slot: int | None = None
    image_slot: int | None = None


class MaskAreas(Message):
    """Answer to ReadMaskAreas: the marked pixels of each slice."""

    kind: Literal["mask_areas"] = "mask_areas"
    areas: tuple[int, ...]


class Deidentify(Message):
    """Request: a DICOM file without identity; answered by Deidentified.

    secret: that of the export, from which its UIDs follow.
    """

    kind: Literal["deidentify"] = "deidentify"
    path: Path
    secret: str = Field(repr=False)


class Deidentified(Message):
    """Answer to Deidentify; the array with it holds the bytes (n,) uint8 of the new file."""

    kind: Literal["deidentified"] = "deidentified"
    file: DeidentifiedFile


class ReadTags(Message):
    """Request: the elements of the header of a frame's file; answered by TagsRead.

    with_identity: also the values that may name a person.
    """

    kind: Literal["read_tags"] = "read_tags"
    entry: SeriesEntry
    frame: int
    with_identity: bool = False


class TagsRead(Message):
    """Answer to ReadTags."""

    kind: Literal["tags"] = "tags"
    tags: tuple[Tag, ...] = Field(repr=False)


class FileStarted(Message):
    """Before Indexed: this file of the folder is read next, after `done` of `total`.

    before: the contents listed since the last such message. If the process ends within this file, the
    process that sent the request knows which file it was and what came before.
    """

    model_config = ConfigDict(hide_input_in_errors=True)

    kind: Literal["file_started"] = "file_started"
    path: Path
    done: int
    total: int
    before: Contents


class Indexed(Message):
    """Answer to IndexPath; for a request with `after`, its instances are not grouped yet.

    identities: of the patient of an entry, by the entry's key.
    """

    # An identity printed with the message could end in a log.
    model_config = ConfigDict(hide_input_in_errors=True)

    kind: Literal["indexed"] = "indexed"
    entries: tuple[SeriesEntry, ...]
    failures: tuple[FailedFile, ...] = ()
    skipped: tuple[SkippedFile, ...] = ()
    instances: tuple[Instance, ...] = Field(default=(), repr=False)
    identities: dict[str, Identity] = Field(default={}, repr=False)

    @classmethod
    def of(cls, contents: Contents) -> Self:
        """The message for these contents."""
        return cls(**{name: getattr(contents, name) for name in Contents.model_fields})

    @property
    def contents(self) -> Contents:
        """What the file or folder holds."""
        return Contents(**{name: getattr(self, name) for name in Contents.model_fields})


class FrameRead(Message):
    """Answer to ReadFrame and ReadPlane; the arrays with it are those of the slice.

    array_digests: of those arrays, so that nobody else looks at every pixel for them. kept_bytes: of all
    volumes that are kept now.
    """

    # An identity printed with the message could end in a log.
    model_config = ConfigDict(hide_input_in_errors=True)

    kind: Literal["frame"] = "frame"
    image: SliceMessage
    identity: Identity = Field(repr=False)
    array_digests: tuple[str, ...] = ()
    kept_bytes: int = 0

    @classmethod
    def of(cls, image: Slice, identity: Identity, kept_bytes: int = 0) -> tuple[Self, list[Array]]:
        """The message and the arrays of the slice: (rows, columns) and those that `SliceMessage.of` adds.

        It computes all that needs every pixel: the windows made of the values, and the digests.
        """
        message, arrays = SliceMessage.of(replace(image, value_windows=value_windows(image)))
        digests = array_digests(image)
        return cls(image=message, identity=identity, array_digests=digests, kept_bytes=kept_bytes), arrays

    def frame(self, arrays: Sequence[Array]) -> tuple[Slice, Identity]:
        """The slice of arrays (rows, columns) and the identity.

        Raises LinkError if the arrays are not those of a slice.
        """
        try:
            image = self.image.slice_of(arrays)
            keep_digests(arrays, self.array_digests)
            return image, self.identity
        except ValueError as error:
            raise LinkError(f"The reader process sent an invalid frame: {error}.") from None


class MaskRead(Message):
    """Answer to ReadMask; the arrays with it are the region and, if there is one, the affine."""

    kind: Literal["mask"] = "mask"
    spacing_mm: tuple[float, float] | None
    notes: tuple[str, ...]
    labels: tuple[MaskLabel, ...] = ()

    @classmethod
    def of(cls, mask: Mask) -> tuple[Self, list[Array]]:
        """The message and its arrays: the region (rows, columns), and the affine (4, 4) if there is one."""
        affine = [] if mask.affine_lps_mm is None else [mask.affine_lps_mm]
        return cls(spacing_mm=mask.spacing_mm, notes=mask.notes, labels=mask.labels), [mask.region, *affine]

    def mask(self, arrays: Sequence[Array]) -> Mask:
        """The mask of arrays (rows, columns) and (4, 4).

        Raises LinkError if the arrays are not those of a mask.
        """
        if not 1 <= len(arrays) <= 2:
            raise LinkError(f"The reader process sent {len(arrays)} arrays for one mask.")
        affine = arrays[1] if len(arrays) == 2 else None
        try:
            return Mask(arrays[0], affine, self.spacing_mm, self.notes, self.labels)
        except ValueError as error:
            raise LinkError(f"The reader process sent an invalid mask: {error}.") from None


ReaderRequest = (
    IndexPath | ReadFrame | ReadPlane | CloseSeries | ReadMask | ReadMaskAreas | ReadTags | Deidentify
)
ReaderAnswer = Annotated[
    Indexed
    | FrameRead
    | SeriesClosed
    | MaskRead
    | MaskAreas
    | TagsRead
    | Deidentified
    | FileStarted
    | JobProgress
    | Failed,
    Field(discriminator="kind"),
]
REQUESTS: TypeAdapter[ReaderRequest] = TypeAdapter(
    Annotated[ReaderRequest, Field(discriminator="kind")], config=BUILT_WHEN_USED
)
ANSWERS: TypeAdapter[ReaderAnswer] = TypeAdapter(ReaderAnswer, config=BUILT_WHEN_USED)


def requested_path(request: ReaderRequest) -> Path:
    """The file or folder that a request is about."""
    if isinstance(request, IndexPath | Deidentify):
        return request.path
    if isinstance(request, ReadFrame | ReadTags) and 0 <= request.frame < request.entry.frames:
        return request.entry.source(request.frame).path
    return request.entry.path
