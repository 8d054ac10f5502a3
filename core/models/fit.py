"""Whether an image fits what a model was trained on. It warns before any explanation and never forbids."""

from typing import Literal

from core.images.orientation import directions_of, nearest_plane
from core.images.slice import Slice
from core.models.card import Card
from core.models.content import ContentDistance
from core.models.preprocessing import Subject
from core.number_text import fixed, percent
from core.values import FrozenRecord

# More than this between the image's ratio of sides and the input's visibly squeezes the anatomy.
LARGEST_STRETCH = 1.25
# Values nearer than this share of the input's range count as equal.
SAME_VALUE = 1 / 256
# The largest share of cells at the lowest and highest value. In the 3,551 images of the shipped models' data
# it is at most 0.36; brain slices without skull on black reach 0.81.
LARGEST_CLIPPED_SHARE = 0.95
# A slice that is tilted further from its nearest anatomical plane is told. Head scans along the line of the
# anterior and posterior commissure, or of the hard palate, stay below.
LARGEST_TILT_DEGREES = 30.0
_PLANE_WORDS = {"axial": "axial", "coronal": "coronal (frontal)", "sagittal": "sagittal"}


class Fit(FrozenRecord):
    """Whether an image fits a model.

    reasons: a plain sentence for every way in which it does not fit, or for why that cannot be checked.
    distance: of the image's content from the training images, in units of the model's limit, so that
        1 is the limit; None where it was not measured.
    """

    answer: Literal["fits", "does_not_fit", "cannot_be_checked"]
    reasons: tuple[str, ...] = ()
    distance: float | None = None

    @property
    def warnings(self) -> tuple[str, ...]:
        """The reasons why the image does not fit; none where it fits or that cannot be checked."""
        return self.reasons if self.answer == "does_not_fit" else ()


def fit_of(card: Card, image: Slice, subject: Subject, content: ContentDistance | str) -> Fit:
    """The answer for `image`, prepared by this card's rules.

    content: the distance of its content from the training images, or the reason why there is none.
    """
    distance = content.relative if isinstance(content, ContentDistance) else None
    reasons = tuple(
        sentence
        for sentence in (
            _modality(card, image),
            _colour(card, image),
            _plane(card, image),
            _size(image, subject),
            _ratio(card, image, subject),
            _signal(subject),
            _content(content, card),
        )
        if sentence
    )
    if reasons:
        return Fit(answer="does_not_fit", reasons=reasons, distance=distance)
    if isinstance(content, str):
        return Fit(answer="cannot_be_checked", reasons=(content,))
    return Fit(answer="fits", distance=distance)


def holds_signal(subject: Subject) -> bool:
    """Whether intensity scaling left anything to see in the network's input; not in an empty slice."""
    return not _signal(subject)


def _modality(card: Card, image: Slice) -> str:
    if not image.modality or not card.modality or image.modality in card.modality:
        return ""
    return f"The model was made for {' or '.join(card.modality)} images; this one is {image.modality}."


def _colour(card: Card, image: Slice) -> str:
    if not image.is_colour or card.preprocessing.channels == 3:
        return ""
    return "This is a colour picture; the model gets it in grey."


def _plane(card: Card, image: Slice) -> str:
    """Compares the plane with those of the training images, where both are known."""
    directions, orientation = directions_of(image), card.preprocessing.orientation
    if directions is None or not orientation:
        return ""
    plane, angle = nearest_plane(*directions)
    trained = [wanted.plane for wanted in orientation]
    if plane not in trained:
        words = " and ".join(_PLANE_WORDS[name] for name in trained)
        return f"The model was trained on {words} images; this one is {_PLANE_WORDS[plane]}."
    if angle > LARGEST_TILT_DEGREES:
        return (
            f"The image is tilted by {angle:.0f} degrees from the {_PLANE_WORDS[plane]} plane, the nearest of"
            " those the model was trained on."
        )
    return ""


def _size(image: Slice, subject: Subject) -> str:
    rows, columns = image.shape
    expected_rows, expected_columns = subject.grid_map.grid_on_slice
    if rows >= expected_rows / 2 and columns >= expected_columns / 2:
        return ""
    wanted = f"{expected_rows} x {expected_columns}"
    return f"The image has {rows} x {columns} pixels, far fewer than the model's {wanted}."


def _ratio(card: Card, image: Slice, subject: Subject) -> str:
    """Compares the sides in mm where the pixels are not square."""
    if card.preprocessing.aspect != "stretch":
        return ""
    expected_rows, expected_columns = subject.grid_map.grid_on_slice
    height, width = image.shape[0] * image.pixel_aspect, float(image.shape[1])
    ratio = (width / height) / (expected_columns / expected_rows)
    if 1 / LARGEST_STRETCH <= ratio <= LARGEST_STRETCH:
        return ""
    unit = "pixels" if image.pixel_aspect == 1 else "pixel widths"
    if image.spacing_mm is not None:
        height, width = image.shape[0] * image.spacing_mm[0], image.shape[1] * image.spacing_mm[1]
        unit = "mm"
    return (
        f"The image is {width:.0f} x {height:.0f} {unit} (width x height): the model's input squeezes its "
        f"anatomy by a factor of {max(ratio, 1 / ratio):.1f}."
    )


def _signal(subject: Subject) -> str:
    """Checks the network's input, whatever the file holds."""
    cells = subject.image_cells
    low, high = float(cells.min()), float(cells.max())
    if high - low <= 1e-6 * max(abs(low), abs(high), 1.0):
        return (
            "The model's input has the same value everywhere: after intensity scaling nothing is left to see."
        )
    step = SAME_VALUE * (high - low)
    clipped = float(((cells <= low + step) | (cells >= high - step)).mean())
    if clipped > LARGEST_CLIPPED_SHARE:
        return (
            f"{percent(clipped, 0)} of the model's input is at its lowest or its highest value: intensity "
            "scaling leaves almost nothing between black and white."
        )
    return ""


def _content(content: ContentDistance | str, card: Card) -> str:
    if isinstance(content, str) or content.relative <= 1:
        return ""
    return (
        "The content of the image is unlike that of the images the model was trained on: its distance is "
        f"{fixed(content.relative)} times the limit, which {percent(content.limit_share, 0)} of images of "
        "the model's own kind stay below."
    )
