"""The document of what a file or folder holds."""

from typing import Literal

from core.policy import PolicyRule
from core.readers.header_tags import Tag
from core.results.document import Document
from core.results.image import FailedImage
from core.results.versions import Versions
from core.values import FrozenRecord


class WindowRecord(FrozenRecord):
    """A window that the file proposes.

    function: linear, linear_exact or sigmoid (DICOM's VOI LUT functions), or table; for that, centre and
    width are those of the values over which the table changes.
    """

    name: str
    centre: float
    width: float
    function: Literal["linear", "linear_exact", "sigmoid", "table"]


class SliceRecord(FrozenRecord):
    """One slice as read: modality values, never display values.

    minimum, maximum: of the finite values outside of padding. padding: pixels that hold no image.
    stated_aspect: height of a pixel by its width, where the file gives it without a spacing.
    """

    slice: int
    modality: str
    unit: str
    dtype: str
    colour: bool
    minimum: float | None
    maximum: float | None
    not_finite: int
    padding: int
    inverted: bool
    windows: tuple[WindowRecord, ...]
    spacing_mm: tuple[float, float] | None
    spacing_source: str
    stated_aspect: float | None
    affine_lps_mm: tuple[tuple[float, ...], ...] | None
    notes: tuple[str, ...]


class SeriesRecord(FrozenRecord):
    """A series, from its headers; `shown` is the slice read, `identity` if requested.

    file: the first of its `files`. role: of a sequence among several of one case, such as `T1 post contrast`.
    slices: of each of its volumes. plane: the anatomical plane nearest to its slices, empty where it is
    unknown. slice_spacing_mm: between slices along their normal; no_volume: why the slices form no volume.
    notes: gaps, duplicates, tilt and all else that was found in the stack. tags: the header of the middle
    slice, if requested.
    """

    file: str
    reader: str
    title: str
    modality: str
    role: str
    files: int
    slices: int
    volumes: int
    rows: int
    columns: int
    plane: str
    slice_spacing_mm: float | None
    pixel_spacing_mm: tuple[float, float] | None
    no_volume: str
    notes: tuple[str, ...]
    shown: SliceRecord | None = None
    identity: dict[str, str] | None = None
    tags: tuple[Tag, ...] | None = None


class SkippedRecord(FrozenRecord):
    """A file of a folder that could be mistaken for an image; `kind` is what it is."""

    file: str
    kind: str


class ProgramRecord(FrozenRecord):
    """The installation. folders: where it keeps what, by words. policy_problem: empty without one."""

    versions: Versions
    folders: dict[str, str]
    policy: tuple[PolicyRule, ...]
    policy_problem: str = ""


class InfoDocument(Document, name="info", revision=3):
    """`saliscope info --json`. program: where no path was named."""

    images: tuple[SeriesRecord | FailedImage, ...]
    skipped: tuple[SkippedRecord, ...] = ()
    program: ProgramRecord | None = None
