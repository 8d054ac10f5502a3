"""What the window shows: one slice of a case, and the network that is to look at it."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from app.window.states.case_list import Case
from app.window.states.position import FIRST_SLICE, SliceName, SlicePosition
from core.images.digest import digest_of
from core.images.grid_map import GridMap
from core.images.slice import Slice
from core.models.card import Card


@dataclass(frozen=True, slots=True)
class ImageKey:
    """What maps belong to: a slice of a case, seen by a network.

    case: the group of the case, since slices move between the parts of a series while files are found.
    digest: of the slice's values, since a file may be edited and opened again.
    """

    case: int
    slice_name: SliceName
    model: str
    digest: str


@dataclass(frozen=True, slots=True)
class SliceKey:
    """What regions and measurements belong to: a slice of a case, whichever network is chosen.

    case: as in ImageKey; 0 while none is shown. digest: as in ImageKey.
    """

    case: int
    slice_name: SliceName
    digest: str


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """position: of the slice in its case. image: its values. card: of the chosen network.

    digest: of `image`. grid_map: between the image and the network's grid, None without one of the two.
    """

    case: Case | None = None
    position: SlicePosition = FIRST_SLICE
    image: Slice | None = None
    card: Card | None = None
    digest: str = ""
    grid_map: GridMap | None = None

    @property
    def key(self) -> ImageKey | None:
        """Of the maps that are shown; None without an image or a network."""
        if self.case is None or self.image is None or self.card is None:
            return None
        return ImageKey(self.case.group, self.position.name_in(self.case.entry), self.card.id, self.digest)

    def class_words(self, class_name: str) -> str:
        """What a person calls a class of the network."""
        return self.card.words_of(class_name) if self.card is not None else class_name

    @property
    def slice_key(self) -> SliceKey:
        """Of what was drawn on the shown slice."""
        if self.case is None:
            return SliceKey(0, self.position, self.digest)
        return SliceKey(self.case.group, self.position.name_in(self.case.entry), self.digest)


class ShownState(QObject):
    """Holds the one `Shown`. All that hangs on it subscribes to `changed` and reads it again.

    Nothing depends on the order of the subscribers: what was computed for another `Shown` is known by that.
    """

    changed = Signal()
    placed = Signal()  # the same slice has another number, or its series more slices

    def __init__(self, card: Card | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.current = Shown(card=card)

    def show(self, shown: Shown) -> None:
        self.current = shown
        self.changed.emit()

    def show_slice(self, case: Case, position: SlicePosition, image: Slice, card: Card | None) -> None:
        """Show a slice of a case, for this network."""
        digest = digest_of(image)
        self.show(Shown(case, position, image, card, digest, _grid_map(card, image)))

    def place(self, case: Case, position: SlicePosition) -> None:
        """Say where the shown slice lies in its grown series; what is computed of it goes on."""
        self.current = replace(self.current, case=case, position=position)
        self.placed.emit()

    def show_card(self, card: Card) -> None:
        """Show the same slice for another network."""
        now = self.current
        grid_map = _grid_map(card, now.image)
        self.show(Shown(now.case, now.position, now.image, card, now.digest, grid_map))


def _grid_map(card: Card | None, image: Slice | None) -> GridMap | None:
    if card is None or image is None:
        return None
    return card.preprocessing.grid_map(image)
