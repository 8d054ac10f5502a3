"""What the header of a file says of its frames, as far as series are made of it; no pixels, no decoder."""

from hashlib import sha256
from pathlib import Path

from pydantic import ConfigDict, Field

from core.images.slice import Identity
from core.values import FrozenRecord

Point = tuple[float, float, float]
_DIGEST_LETTERS = 32


class FrameTimes(FrozenRecord):
    """What tells repeated images of one place apart, each None where the header has none.

    dimensions: indices in the dimensions of a multi-frame file that are no place, the slowest first.
    temporal: number of the time point. acquisition: number of the acquisition. trigger: delay after the
    trigger, in ms. b_value: of diffusion, in s/mm2. clock: acquisition time in seconds of the day.
    number: instance number, or the place of the frame in its file.
    """

    dimensions: tuple[int, ...] | None = None
    temporal: float | None = None
    acquisition: float | None = None
    trigger: float | None = None
    b_value: float | None = None
    clock: float | None = None
    number: float | None = None


class FrameFacts(FrozenRecord):
    """One frame of a file.

    position: of the centre of the first pixel, LPS in mm. orientation: direction along a row, then along a
    column. spacing_mm: between rows and between columns, from PixelSpacing alone. thickness_mm: distance of
    the slices as stated, 1 where none is. image_type: the values of ImageType or of the frame's type, as far
    as they keep the frames of one series apart. echo_ms: echo time. stack: name of the stack in the series.
    in_stack: position in the stack as the file counts it; it matters only where `position` is missing.
    """

    position: Point | None = None
    orientation: tuple[float, float, float, float, float, float] | None = None
    spacing_mm: tuple[float, float] | None = None
    thickness_mm: float = 1.0
    image_type: tuple[str, ...] = ()
    echo_ms: float | None = None
    stack: str = ""
    in_stack: int | None = None
    times: FrameTimes = FrameTimes()

    @property
    def has_place(self) -> bool:
        """Whether the patient position of every pixel is known."""
        return None not in (self.position, self.orientation, self.spacing_mm)


class Instance(FrozenRecord):
    """A file and its frames.

    uid, series, patient, study, frame_of_reference: digests of the identifiers, empty where there is none.
    rows, columns: of each frame as displayed. frames: in the order in which they are read from the file.
    is_single: it is a series of its own, whatever else has its identifiers. is_localizer: an overview image
    for planning. identity: of the patient; never part of an entry.
    """

    # An identity printed with a message could end in a log.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    path: Path
    reader: str
    title: str
    modality: str
    role: str = ""
    rows: int = Field(ge=1)
    columns: int = Field(ge=1)
    is_colour: bool = False
    frames: tuple[FrameFacts, ...] = Field(min_length=1)
    uid: str = ""
    series: str = ""
    patient: str = ""
    study: str = ""
    frame_of_reference: str = ""
    is_single: bool = False
    is_localizer: bool = False
    identity: Identity = Field(default=Identity(), repr=False)

    @property
    def group(self) -> str:
        """Equal for the files that may be one series."""
        return f"{self.series} {self.path}" if self.is_single or not self.series else self.series


def digest_of(*identifiers: str) -> str:
    """A digest that is equal for equal identifiers and names nobody; empty if all of them are empty."""
    if not any(identifiers):
        return ""
    return sha256("\0".join(identifiers).encode("utf-8", "replace")).hexdigest()[:_DIGEST_LETTERS]
