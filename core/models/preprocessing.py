"""Preprocessing: how a slice becomes the network's input. It belongs to the card and to nothing else."""

from dataclasses import dataclass
from typing import Annotated, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from core.arrays import Array, FloatArray
from core.errors import NotFinite
from core.images.grid_map import GridMap
from core.images.orientation import directions_of, nearest_plane, turn_to
from core.images.resample import resampled
from core.images.slice import Slice
from core.images.turn import NO_TURN, Turn
from core.models.orientation import PlaneOrientation, orientation_words
from core.number_text import percent
from core.values import FrozenRecord

# ITU-R BT.601 luma, the usual weights for a grey picture from a colour one.
LUMA = (0.299, 0.587, 0.114)
# Units in which a value measures something by itself (DICOM's Rescale Type and Units of PET).
ABSOLUTE_UNITS = ("HU", "HU_MOD", "BQML", "CNTS", "GML", "CM2ML", "PROPCNTS", "PROPCPS")


class PercentileIntensity(FrozenRecord):
    """The `low` percentile of the slice becomes 0, the `high` one 1; values beyond are cut."""

    kind: Literal["percentile"] = "percentile"
    low: float = Field(0.0, ge=0, lt=100)
    high: float = Field(100.0, gt=0, le=100)

    def apply(self, values: Array, image_values: Array, reverse: bool = False) -> Array:
        """Scaled values (rows, columns) to 0 to 1 or z-scores.

        values: (rows, columns) of the slice; image_values: (n,) those that statistics are taken of; reverse:
        lowest values become the highest.
        """
        sign = -1.0 if reverse else 1.0
        low, high = np.percentile(sign * image_values, (self.low, self.high))
        return _between(sign * values, float(low), float(high))


class WindowIntensity(FrozenRecord):
    """A fixed window in modality units becomes 0 to 1; values beyond are cut."""

    kind: Literal["window"] = "window"
    centre: float
    width: float = Field(gt=0)

    def apply(self, values: Array, image_values: Array, reverse: bool = False) -> Array:
        """Scaled values (rows, columns) to 0 to 1 or z-scores.

        values: (rows, columns) of the slice; image_values: (n,) those that statistics are taken of; reverse:
        lowest values become the highest.
        """
        scaled = _between(values, self.centre - self.width / 2, self.centre + self.width / 2)
        return 1.0 - scaled if reverse else scaled


class ZScoreIntensity(FrozenRecord):
    """The slice's mean becomes 0 and its standard deviation 1."""

    kind: Literal["z_score"] = "z_score"

    def apply(self, values: Array, image_values: Array, reverse: bool = False) -> Array:
        """Scaled values (rows, columns) to 0 to 1 or z-scores.

        values: (rows, columns) of the slice; image_values: (n,) those that statistics are taken of; reverse:
        lowest values become the highest.
        """
        sign = -1.0 if reverse else 1.0
        deviation = image_values.std()
        return sign * (values - image_values.mean()) / (deviation if deviation > 0 else 1.0)


Intensity = Annotated[PercentileIntensity | WindowIntensity | ZScoreIntensity, Field(discriminator="kind")]


@dataclass(frozen=True, slots=True)
class Subject:
    """What the network sees of a slice.

    x: (height, width, channels) float32. grid_map: where its grid lies on the slice.
    image_share: (height, width), the share of each grid cell that shows image, neither padding of the
        file nor beyond the slice's edge; None where that is all of it.
    reversed: whether low and high values were exchanged, see `Preprocessing.polarity`.
    padding_share: the share of the slice's pixels that is padding of the file.
    measured_in: the unit for whose sake the values of an inverted slice were not exchanged.
    turned_to: the orientation for whose sake the slice was turned; None where it was not.
    """

    x: FloatArray
    grid_map: GridMap
    image_share: FloatArray | None = None
    reversed: bool = False
    padding_share: float = 0.0
    measured_in: str = ""
    turned_to: PlaneOrientation | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """A sentence for each thing that was done beside scaling and resizing."""
        notes = []
        if self.reversed:
            notes.append(
                "The file shows low values bright (MONOCHROME1 or MinIsWhite): reversed for the model."
            )
        if self.measured_in:
            notes.append(
                f"The file shows low values bright, but they measure {self.measured_in}: not reversed for the"
                " model."
            )
        if self.turned_to is not None:
            notes.append(
                "The image is turned for the model, which was trained with"
                f" {orientation_words(self.turned_to)}."
            )
        if self.padding_share > 0:
            notes.append(
                f"{percent(self.padding_share)} of the image is padding: black for the model, and left out"
                " of the intensity scaling."
            )
        return tuple(notes)

    @property
    def image_cells(self) -> FloatArray:
        """(n, channels): the cells that show image and nothing else; all cells if there are none such."""
        if self.image_share is None:
            return self.x.reshape(-1, self.x.shape[2])
        whole = self.image_share > 1 - 1e-6
        return self.x[whole] if whole.any() else self.x.reshape(-1, self.x.shape[2])


class Preprocessing(FrozenRecord):
    """Intensity, polarity, aspect rule, orientation, size and channels of the network's input.

    aspect: `stretch` fills the grid, `pad` keeps the ratio of the sides in mm and fills with the lowest
    value, `crop` keeps the ratio and cuts the longer side. Only modality values enter; how a person set
    the picture (window, inversion) changes nothing here. Padding of the file (`Slice.padding`) takes no
    part in the statistics and becomes the darkest value.
    orientation: of the training images, one entry for each of their planes. A slice in one of these planes
    is turned until it lies as they do; any other, or one whose directions are unknown, is taken as it is.
    Empty: not declared.
    """

    intensity: Intensity = PercentileIntensity()
    polarity: Literal["bright_is_dense", "as_stored"] = Field(
        "bright_is_dense",
        description="bright_is_dense: trained on images in which the lowest value is black, so that files"
        " with the lowest value white (MONOCHROME1, MinIsWhite) are reversed first; as_stored: never",
    )
    aspect: Literal["stretch", "pad", "crop"] = "stretch"
    height: int = Field(225, ge=8, le=2048)
    width: int = Field(225, ge=8, le=2048)
    channels: Literal[1, 3] = 1
    orientation: tuple[PlaneOrientation, ...] = ()

    @model_validator(mode="after")
    def _names_each_plane_once(self) -> Self:
        planes = [wanted.plane for wanted in self.orientation]
        if len(set(planes)) < len(planes):
            raise ValueError("a plane has one orientation")
        return self

    @property
    def shape(self) -> tuple[int, int, int]:
        """(height, width, channels) of the network's input."""
        return self.height, self.width, self.channels

    @property
    def input_range(self) -> tuple[float, float] | None:
        """The lowest and highest value of inputs; None for z-scores, which have no bounds."""
        return None if self.intensity.kind == "z_score" else (0.0, 1.0)

    def reverses(self, image: Slice) -> bool:
        """Whether low and high values of this slice are exchanged before the network.

        Not where the values measure something by themselves (HU, activity): there the file's polarity
        is a wish about display, and the network was trained on the quantity.
        """
        relative = image.unit not in ABSOLUTE_UNITS
        return image.inverted and not image.is_colour and relative and self.polarity == "bright_is_dense"

    def apply(self, image: Slice) -> Subject:
        """The network's input (height, width, channels) float32 and where its grid lies.

        Raises NotFinite if pixels that hold an image are NaN or infinite.
        """
        values = self._planes(image)
        shows_image = _shows_image(image)
        image_values = values if shows_image is None else values[shows_image]
        bad = int(image_values.size - np.isfinite(image_values).sum())
        if bad:
            raise NotFinite(
                f"The image holds {bad} values that are not finite numbers (NaN or infinite).",
                "Repair or mask them in the source; the network cannot use such an image.",
            )
        reverse = self.reverses(image)
        scaled = self.intensity.apply(values, image_values, reverse)
        if shows_image is not None:
            scaled[~shows_image] = scaled[shows_image].min()
        grid_map = self.grid_map(image)
        cut = _cut_or_padded(scaled, grid_map)
        fitted = grid_map.turn.turned(resampled(cut, grid_map.grid_on_slice))
        return Subject(
            np.ascontiguousarray(fitted, dtype=np.float32),
            grid_map,
            _image_share(shows_image, grid_map),
            reverse,
            0.0 if shows_image is None else float(1 - shows_image.mean()),
            image.unit if image.inverted and image.unit in ABSOLUTE_UNITS else "",
            self.orientation_of(image) if grid_map.turn.changes_image else None,
        )

    def orientation_of(self, image: Slice) -> PlaneOrientation | None:
        """The declared orientation of this slice's plane; None if the plane is unknown or not declared."""
        directions = directions_of(image)
        if directions is None:
            return None
        plane, _ = nearest_plane(*directions)
        return next((wanted for wanted in self.orientation if wanted.plane == plane), None)

    def turn(self, image: Slice) -> Turn:
        """How the slice is turned before the network; not at all where its directions are unknown."""
        directions, wanted = directions_of(image), self.orientation_of(image)
        if directions is None or wanted is None:
            return NO_TURN
        return turn_to(*directions, wanted.top, wanted.left)

    def _planes(self, image: Slice) -> Array:
        """(rows, columns, channels) float64."""
        values = image.values.astype(np.float64)
        if self.channels == 1:
            return (values @ np.array(LUMA) if image.is_colour else values)[..., None]
        return values if image.is_colour else np.repeat(values[..., None], 3, axis=2)

    def grid_map(self, image: Slice) -> GridMap:
        """Where the input grid lies on a slice."""
        rows, columns = image.shape
        turn = self.turn(image)
        # The grid as it lies on the slice.
        height, width = turn.turned_shape((self.height, self.width))
        field_rows, field_columns = rows, columns
        if self.aspect != "stretch":
            choose = max if self.aspect == "pad" else min
            # In widths of a pixel for each cell of the grid.
            scale = choose(rows * image.pixel_aspect / height, columns / width)
            # Whole pixels, so that padding and cropping move no value between pixels.
            field_rows = max(1, round(scale * height / image.pixel_aspect))
            field_columns = max(1, round(scale * width))
        top = (rows - field_rows) // 2 - 0.5
        left = (columns - field_columns) // 2 - 0.5
        box = (top, left, top + field_rows, left + field_columns)
        return GridMap((self.height, self.width), image.shape, box, turn)


def _shows_image(image: Slice) -> Array | None:
    """(rows, columns) bool, False in padding; None where there is none, or where nothing else would stay."""
    if image.padding is None or not image.padding.any() or image.padding.all():
        return None
    return ~image.padding


def _image_share(shows_image: Array | None, grid_map: GridMap) -> FloatArray | None:
    """(height, width) as in `Subject`."""
    top, left, bottom, right = grid_map.box
    rows, columns = grid_map.slice_shape
    inside = top >= -0.5 and left >= -0.5 and bottom <= rows - 0.5 and right <= columns - 0.5
    if shows_image is None and inside:
        return None
    mask = np.ones((rows, columns)) if shows_image is None else shows_image.astype(np.float64)
    return grid_map.from_slice(mask).astype(np.float32)


def _between(values: Array, low: float, high: float) -> Array:
    if high <= low:
        return np.zeros_like(values)
    return np.clip((values - low) / (high - low), 0.0, 1.0)


def _cut_or_padded(values: Array, grid_map: GridMap) -> Array:
    top, left, bottom, right = (round(edge + 0.5) for edge in grid_map.box)
    rows, columns = grid_map.slice_shape
    inside = values[max(top, 0) : min(bottom, rows), max(left, 0) : min(right, columns)]
    outside = ((max(-top, 0), max(bottom - rows, 0)), (max(-left, 0), max(right - columns, 0)), (0, 0))
    return np.pad(inside, outside, constant_values=values.min())
