"""How pixels are stored according to a DICOM header (PS3.3 C.7.6.3), made consistent, with notes."""

from dataclasses import dataclass, replace

from pydicom.dataset import Dataset

from core.errors import Unreadable, Unsupported
from core.readers.codestream import Codestream
from core.readers.dicom_headers import as_numbers, text_of, value_of

GREY = ("MONOCHROME1", "MONOCHROME2")
PALETTE = "PALETTE COLOR"
_SAMPLES = {
    **dict.fromkeys((*GREY, PALETTE), 1),
    **dict.fromkeys(("RGB", "YBR_FULL", "YBR_FULL_422", "YBR_PARTIAL_420", "YBR_ICT", "YBR_RCT"), 3),
}
_FLOAT_BITS = {0x7FE00008: 32, 0x7FE00009: 64}
# The widest number type of numpy.
_MAX_BITS = 64
_EXPORT = "Export the file again from its source."


@dataclass(frozen=True, slots=True)
class PixelFormat:
    """The layout of the pixels.

    photometric: PhotometricInterpretation (PS3.3 C.7.6.3.1.2). allocated, stored, high_bit: BitsAllocated,
    BitsStored and HighBit of a sample; stored is at least 1, and the stored bits lie within the allocated
    ones. is_float: IEEE numbers of `allocated` bits. is_planar: one colour plane after the other; only for
    data that are not encapsulated.
    """

    rows: int
    columns: int
    frames: int
    samples: int
    photometric: str
    allocated: int
    stored: int
    high_bit: int
    is_signed: bool
    is_planar: bool
    is_float: bool = False
    notes: tuple[str, ...] = ()

    @property
    def is_grey(self) -> bool:
        """Whether the samples are grey levels, neither colours nor indices of a palette."""
        return self.photometric in GREY

    @property
    def frame_bits(self) -> int:
        """The bits of one frame that is not encapsulated; 4:2:2 leaves out every other chroma sample."""
        samples = 2 if self.photometric == "YBR_FULL_422" else self.samples
        return self.rows * self.columns * samples * self.allocated

    def with_notes(self, *notes: str) -> "PixelFormat":
        """The same format with more notes."""
        return replace(self, notes=(*self.notes, *notes))


def format_of(dataset: Dataset, tag: int, name: str) -> PixelFormat:
    """The format that the header states; `tag` is that of the pixel data, `name` the file's.

    Raises Unreadable where rows, columns or frames are not positive whole numbers, Unsupported for an
    unsupported colour space.
    """
    rows, columns = (_count(dataset, keyword, name) for keyword in ("Rows", "Columns"))
    frames, notes = _frames(dataset, name)
    photometric, samples, colour_notes = _colour(dataset, name)
    notes += colour_notes
    if tag in _FLOAT_BITS:
        bits = _FLOAT_BITS[tag]
        return PixelFormat(
            rows, columns, frames, 1, photometric, bits, bits, bits - 1, True, False, True, notes
        )
    allocated, stored, high_bit, bit_notes = _bits(dataset)
    is_signed, sign_notes = _signed(dataset)
    return PixelFormat(
        rows=rows,
        columns=columns,
        frames=frames,
        samples=samples,
        photometric=photometric,
        allocated=allocated,
        stored=stored,
        high_bit=high_bit,
        is_signed=is_signed,
        is_planar=_whole_number(dataset, "PlanarConfiguration") == 1,
        notes=notes + bit_notes + sign_notes,
    )


def as_coded(form: PixelFormat, coded: Codestream, name: str) -> PixelFormat:
    """The format according to the header of the compressed image.

    Raises Unreadable where the sizes contradict each other, and Unsupported for other than 1 or 3 samples a
    pixel.
    """
    if coded.rows and (coded.rows, coded.columns) != (form.rows, form.columns):
        raise Unreadable(
            f"{name} contradicts itself: its header says {form.columns} x {form.rows} pixels,"
            f" its {coded.coding} data {coded.columns} x {coded.rows}.",
            _EXPORT,
        )
    if coded.samples not in (1, 3):
        raise Unsupported(f"{name} holds {coded.samples} samples a pixel, which is neither grey nor colour.")
    form = with_samples(form, coded.samples, f"its {coded.coding} data")
    if coded.precision > form.allocated or not form.stored:
        stated_bits = f"{form.allocated} bits" if form.allocated else "no number of bits"
        note = f"the header states {stated_bits} a sample, the {coded.coding} data {coded.precision}"
        form = replace(
            form.with_notes(f"{note}: those of the data were used"),
            allocated=-(-coded.precision // 8) * 8,
            stored=coded.precision,
            high_bit=coded.precision - 1,
        )
    return form


def with_samples(form: PixelFormat, samples: int, source: str) -> PixelFormat:
    """The format with the samples a pixel that `source` has, and a colour space with as many."""
    expected = _SAMPLES[form.photometric]
    photometric = form.photometric
    if samples != expected:
        photometric = "RGB" if samples == 3 else "MONOCHROME2"
    if (samples, photometric) == (form.samples, form.photometric):
        return form
    note = (
        f"the header states {form.samples} sample{'s' if form.samples > 1 else ''} a pixel and"
        f" {form.photometric}, but according to {source} there are {samples}: read as {photometric}"
    )
    return replace(form.with_notes(note), samples=samples, photometric=photometric)


def _whole_number(dataset: Dataset, keyword: str) -> int | None:
    """One whole number, None where the element is missing or anything else."""
    numbers = as_numbers(value_of(dataset, keyword))
    return int(numbers[0]) if len(numbers) == 1 and numbers[0].is_integer() else None


def _count(dataset: Dataset, keyword: str, name: str) -> int:
    count = _whole_number(dataset, keyword)
    if count is None or count < 1:
        stated = "" if count is None else f", but {count}"
        raise Unreadable(f"{name} does not state a positive whole number as {keyword}{stated}.", _EXPORT)
    return count


def _frames(dataset: Dataset, name: str) -> tuple[int, tuple[str, ...]]:
    """NumberOfFrames; 1 where it is missing, empty or 0."""
    value = value_of(dataset, "NumberOfFrames")
    if value is None or value == "":
        return 1, ()
    if _whole_number(dataset, "NumberOfFrames") == 0:
        return 1, ("NumberOfFrames is 0: one frame was read",)
    return _count(dataset, "NumberOfFrames", name), ()


def _colour(dataset: Dataset, name: str) -> tuple[str, int, tuple[str, ...]]:
    """The colour space, the samples a pixel, and notes on what was assumed."""
    samples = _whole_number(dataset, "SamplesPerPixel")
    stated = text_of(dataset, "PhotometricInterpretation").upper()
    # ACR-NEMA, the standard before DICOM, has no such element; there, 0 is black.
    photometric = stated or ("RGB" if samples == 3 else "MONOCHROME2")
    if photometric not in _SAMPLES:
        space = photometric if photometric in ("HSV", "ARGB", "CMYK") else "an unknown one"
        raise Unsupported(f"{name} is in an unsupported colour space: {space}.", "Save it as RGB.")
    notes: tuple[str, ...] = ()
    if not stated and samples == 3:
        notes = ("PhotometricInterpretation is missing: RGB was assumed",)
    return photometric, samples if samples is not None else _SAMPLES[photometric], notes


def _bits(dataset: Dataset) -> tuple[int, int, int, tuple[str, ...]]:
    """BitsAllocated (0: not stated), BitsStored, HighBit, and notes on what was assumed."""
    stored, high_bit = _whole_number(dataset, "BitsStored"), _whole_number(dataset, "HighBit")
    allocated = _whole_number(dataset, "BitsAllocated") or 0
    notes: list[str] = []
    if not 0 < allocated <= _MAX_BITS:
        allocated = 0
        if stored is not None and 0 < stored <= 32:
            allocated = 8 if stored <= 8 else 16 if stored <= 16 else 32
            notes.append(f"BitsAllocated is missing or impossible: {allocated} was assumed")
    if not allocated:  # to be derived from the data
        return 0, 0, -1, tuple(notes)
    if stored is None or not 0 < stored <= allocated:
        if stored is not None:
            notes.append(f"BitsStored is {stored} of {allocated} bits: all of them were used")
        stored = allocated
    if high_bit is None or not stored - 1 <= high_bit < allocated:
        if high_bit is not None:
            notes.append(f"HighBit is {high_bit} with {stored} of {allocated} bits: {stored - 1} was used")
        high_bit = stored - 1
    return allocated, stored, high_bit, tuple(notes)


def _signed(dataset: Dataset) -> tuple[bool, tuple[str, ...]]:
    representation = _whole_number(dataset, "PixelRepresentation")
    if representation in (0, 1):
        return representation == 1, ()
    if "BitsStored" not in dataset:  # ACR-NEMA
        return False, ()
    return False, ("PixelRepresentation is missing or neither 0 nor 1: the pixels were read as unsigned",)
