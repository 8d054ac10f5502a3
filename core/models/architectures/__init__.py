"""The networks a card can name; one file each, found by this table."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from core.models.architectures.densenet121 import densenet121

if TYPE_CHECKING:
    import keras

Shape = tuple[int, int, int]
Builder = Callable[[Shape, int], "keras.Model"]

ARCHITECTURES: dict[str, Builder] = {
    "densenet121": densenet121,
}
