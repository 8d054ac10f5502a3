"""Does an image look like what a model was made for? Warnings before any explanation, never a ban."""

import numpy as np

from core.images.slice import Slice
from core.models.card import Card

# More than this between the image's ratio of sides and the input's visibly squeezes the anatomy.
LARGEST_STRETCH = 1.25


def misfits(card: Card, image: Slice) -> list[str]:
    """A plain sentence for every way in which `image` differs from what the card expects."""
    found = [
        _modality(card, image),
        _colour(card, image),
        _size(card, image),
        _ratio(card, image),
        _content(image),
    ]
    return [sentence for sentence in found if sentence]


def _modality(card: Card, image: Slice) -> str:
    if not image.modality or image.modality in card.modality:
        return ""
    return f"The model was made for {' or '.join(card.modality)} images; this one is {image.modality}."


def _colour(card: Card, image: Slice) -> str:
    if not image.is_colour or card.preprocessing.channels == 3:
        return ""
    return "This is a colour picture; the model sees it in grey."


def _size(card: Card, image: Slice) -> str:
    rows, columns = image.shape
    expected = card.preprocessing
    if rows >= expected.height / 2 and columns >= expected.width / 2:
        return ""
    wanted = f"{expected.height} x {expected.width}"
    return f"The image has {rows} x {columns} pixels, far fewer than the model's {wanted}."


def _ratio(card: Card, image: Slice) -> str:
    expected = card.preprocessing
    if expected.aspect != "stretch":
        return ""
    ratio = (image.shape[1] / image.shape[0]) / (expected.width / expected.height)
    if 1 / LARGEST_STRETCH <= ratio <= LARGEST_STRETCH:
        return ""
    return "The image's sides differ so much from the model's input that the anatomy is squeezed to fit."


def _content(image: Slice) -> str:
    values = image.values[np.isfinite(image.values)]
    if values.size and values.min() == values.max():
        return "All pixels of the image have the same value: there is nothing to see for the model."
    return ""
