"""What stands beside the image: a second map, a second map under a curtain, or the network's input."""

from dataclasses import replace
from enum import StrEnum

from PySide6.QtCore import QObject, Signal, Slot

from app.texts import maps as texts_maps
from app.window.states.control_maps import CONTROL_MAPS
from app.window.states.image import ImageState
from app.window.states.maps import MapEntry, MapsState
from app.window.states.network_input import NetworkInput
from app.window.states.planes import PlanesState
from app.window.states.prediction import PredictionState
from app.window.states.shading import Overlay, full_colour
from app.window.states.shown import ShownState

CURTAIN_STEP = 0.02


class ViewLayout(StrEnum):
    """What is shown beside the image, or over part of it."""

    ONE = "one"
    TWO_MAPS = "two_maps"
    CURTAIN = "curtain"
    NETWORK_INPUT = "network_input"


COMPARING = (ViewLayout.TWO_MAPS, ViewLayout.CURTAIN)


class SecondViewState(QObject):
    """The layout that a person wants; `layout` is what can be shown now. input: what the network saw.

    curtain: where the divider lies, from 0 (left edge) to 1. Both views have one zoom, place, grey-level
    window, slice and cursor, those of the `ImageState`.
    """

    changed = Signal()

    def __init__(
        self,
        shown: ShownState,
        image: ImageState,
        maps: MapsState,
        planes: PlanesState,
        prediction: PredictionState,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._shown, self._image, self._maps = shown, image, maps
        self._planes, self.input = planes, NetworkInput(shown, prediction)
        self._wanted = ViewLayout.ONE
        self.curtain = 0.5
        self._first: int = 0
        self._second: int = 0
        self._case: int | None = None
        self._overlays: tuple[tuple[object, ...], tuple[Overlay, Overlay] | None] = ((), None)
        maps.changed.connect(self.changed)
        prediction.changed.connect(self.changed)
        maps.selected_changed.connect(self._on_selected)
        shown.changed.connect(self._on_shown_changed)
        planes.changed.connect(self._on_planes_changed)

    # Layout

    @property
    def layout(self) -> ViewLayout:
        """The wanted layout while there is what it shows, else the image alone."""
        if self._wanted in COMPARING:
            return self._wanted if self.pair is not None else ViewLayout.ONE
        if self._wanted is ViewLayout.NETWORK_INPUT and not self.input.is_known:
            return ViewLayout.ONE
        return self._wanted

    @property
    def can_compare(self) -> bool:
        """Whether two maps of the shown image are finished."""
        return len(self._maps.finished) > 1

    def toggle(self, layout: ViewLayout) -> None:
        """Show it, or the image alone if it is shown."""
        self.show(ViewLayout.ONE if self._wanted is layout else layout)

    def show(self, layout: ViewLayout) -> None:
        """A layout instead of three planes; what compares maps shows them."""
        if layout is not ViewLayout.ONE:
            self._planes.show_three(False)
        if layout in COMPARING:
            self._image.set_overlay_on(True)
            selected, finished = self._maps.selected, self._maps.finished
            if finished and (selected is None or selected.record is None):
                self._maps.select(finished[0].number)
        if layout is not self._wanted:
            self._wanted = layout
            self.changed.emit()

    def compare_with(self, number: int) -> None:
        """Put this map beside the one over the image."""
        selected, entry = self._maps.selected, self._maps.entry(number)
        if entry is None or entry.record is None or (selected is not None and selected.number == number):
            return
        self._second = number
        if self._wanted in COMPARING:
            self.changed.emit()
        else:
            self.show(ViewLayout.TWO_MAPS)

    def move_curtain(self, place: float) -> None:
        place = min(max(place, 0.0), 1.0)
        if place != self.curtain:
            self.curtain = place
            self.changed.emit()

    # What is compared

    @property
    def pair(self) -> tuple[MapEntry, MapEntry] | None:
        """The map over the image and the second one.

        That is the chosen one, else the newest of the same method, of any other, or a control map.
        """
        first = self._maps.selected
        if first is None or first.record is None:
            return None
        others = [entry for entry in self._maps.finished if entry.number != first.number]
        chosen = next((entry for entry in others if entry.number == self._second), None)
        alike = [entry for entry in others if entry.method == first.method]
        computed = [entry for entry in others if entry.method not in CONTROL_MAPS]
        second = chosen or max(alike or computed or others, key=lambda entry: entry.number, default=None)
        return (first, second) if second is not None else None

    @property
    def overlays(self) -> tuple[Overlay, Overlay] | None:
        """Both maps while they are compared, on one scale where their values mean the same."""
        pair = self.pair if self.layout in COMPARING else None
        key = (self._shown.current.grid_map, *pair) if pair is not None else ()
        if key != self._overlays[0]:
            self._overlays = key, self._scaled(pair) if pair is not None else None
        return self._overlays[1]

    def _scaled(self, pair: tuple[MapEntry, MapEntry]) -> tuple[Overlay, Overlay] | None:
        first, second = (self._maps.overlay(entry) for entry in pair)
        if first is None or second is None:
            return None
        own = full_colour(first.values), full_colour(second.values)
        is_shared = have_one_unit(*pair)
        words = texts_maps.SCALE_OF_BOTH if is_shared else texts_maps.SCALES_DIFFER
        full = (max(own), max(own)) if is_shared else own
        return (
            replace(first, full=full[0], normalisation=words),
            replace(second, full=full[1], normalisation=words),
        )

    # What changes

    @Slot()
    def _on_selected(self) -> None:
        """The second map and the first change places if the second one is chosen for the image."""
        selected = self._maps.selected
        number = selected.number if selected is not None else 0
        if number == self._second and number:
            self._second = self._first
        self._first = number
        self.changed.emit()

    @Slot()
    def _on_shown_changed(self) -> None:
        case = self._shown.current.case
        number = case.number if case is not None else None
        if number != self._case:
            self._case, self._wanted, self._second = number, ViewLayout.ONE, 0
        self.changed.emit()

    @Slot()
    def _on_planes_changed(self) -> None:
        if self._planes.is_three and self._wanted is not ViewLayout.ONE:
            self._wanted = ViewLayout.ONE
            self.changed.emit()


def have_one_unit(first: MapEntry, second: MapEntry) -> bool:
    """Whether the values of two maps are in one unit: of the same score, logits or probabilities."""
    if first.record is None or second.record is None:
        return False
    is_probability = first.target.kind == "probability", second.target.kind == "probability"
    return first.record.unit == second.record.unit and is_probability[0] == is_probability[1]
