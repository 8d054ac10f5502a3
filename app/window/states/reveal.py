"""The pictures that a map reveals, one for each threshold: which strip is shown, and where one looks."""

from PySide6.QtCore import QObject, Signal, Slot

from app.texts import curves as texts_curves
from app.texts import reveal as texts
from app.window.links import JobLink
from app.window.states.curves import CurvesState
from app.window.states.maps import MapsState
from app.window.states.reveal_pictures import PicturesKey, RevealPictures
from app.window.states.reveal_strip import RevealStrip
from app.window.states.shown import ShownState
from core.curves.protocol import Direction
from core.worker.messages import RevealRequest


class RevealState(QObject):
    """The strip of one map of the drawn curves. Pictures are made when the strip is looked at."""

    changed = Signal()
    at_changed = Signal()

    def __init__(
        self,
        worker: JobLink,
        shown: ShownState,
        maps: MapsState,
        curves: CurvesState,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._shown, self._maps, self._curves = shown, maps, curves
        self.pictures = RevealPictures(worker, self)
        self._is_active = False
        self._wanted_method = ""
        self._wanted_direction: Direction = "top"
        self.pictures.changed.connect(self._settle)
        self.pictures.failed.connect(self.changed)
        curves.changed.connect(self._settle)
        curves.cursor_changed.connect(self.at_changed)
        maps.selected_changed.connect(self._on_map_selected)
        # Pictures of another slice are not made any more.
        shown.changed.connect(self._settle)

    def set_active(self, active: bool) -> None:
        """Whether the strip is visible."""
        if active != self._is_active:
            self._is_active = active
            self._settle()

    @property
    def methods(self) -> tuple[tuple[str, str], ...]:
        """Name and title of each map of the drawn curves, several of one method among them."""
        drawn = self._curves.drawn
        if drawn is None:
            return ()
        names = (facts.method for facts in drawn.curves.maps if facts.method in drawn.maps)
        return tuple((name, self._curves.table.title_of(name)) for name in names)

    @property
    def method(self) -> str:
        """The map whose strip is shown: the chosen one while the curves know it."""
        names = [name for name, _ in self.methods]
        return self._wanted_method if self._wanted_method in names else (names[0] if names else "")

    def choose(self, method: str) -> None:
        if method != self._wanted_method:
            self._wanted_method = method
            self._settle()

    @property
    def directions(self) -> tuple[Direction, ...]:
        """In which orders this protocol reveals."""
        return ("top", "bottom") if self._curves.protocol == "cells" else ("top",)

    def set_direction(self, direction: Direction) -> None:
        if direction != self._wanted_direction:
            self._wanted_direction = direction
            self._settle()

    @property
    def strip(self) -> RevealStrip:
        """What is shown."""
        card, method, key = self._shown.current.card, self.method, self._key
        return RevealStrip(
            curves=self._curves.curves,
            method=method,
            title=dict(self.methods).get(method, ""),
            direction=self._wanted_direction if self._wanted_direction in self.directions else "top",
            classes=tuple(map(card.words_of, card.classes)) if card is not None else (),
            pictures=self.pictures.pictures(key),
            error=self.pictures.error(key),
        )

    @property
    def empty_text(self) -> str:
        """What would fill the panel, or nothing where it is filled."""
        if self._curves.curves is None:
            return texts_curves.CURVES_RUNNING if self._curves.running else texts.REVEAL_NEEDS_CURVES
        return "" if self.methods else texts.REVEAL_UNDEFINED

    @property
    def can_ask_for_curves(self) -> bool:
        """Whether drawing curves would fill the panel."""
        return not self.methods and not self._curves.running

    @property
    def at(self) -> int | None:
        """The picture nearest to the cursor of the curves."""
        frames, cursor = self.strip.frames, self._curves.cursor
        if cursor is None or not frames:
            return None
        return min(range(len(frames)), key=lambda number: abs(frames[number].x - cursor))

    def look_at(self, at: int) -> None:
        """Move the cursor of the curves to a picture."""
        frames = self.strip.frames
        if 0 <= at < len(frames) and at != self.at:
            self._curves.set_cursor(frames[at].x)

    @property
    def _key(self) -> PicturesKey | None:
        """What the pictures depend on: image, map, settings, direction."""
        key, drawn, entry = self._maps.key, self._curves.drawn, None
        if drawn is not None:
            entry = drawn.maps.get(self.method)
        if entry is None or key is None or drawn is None:
            return None
        direction = self._wanted_direction if self._wanted_direction in self.directions else "top"
        return key, entry.number, drawn.curves.settings.model_dump_json(), direction

    @Slot()
    def _settle(self) -> None:
        key, drawn, image = self._key, self._curves.drawn, self._shown.current.image
        if self.pictures.making and (not self._is_active or self.pictures.wanted != key):
            self.pictures.withdraw()
        if self._is_active and key is not None and drawn is not None and image is not None:
            values = drawn.maps[self.method].values
            if self.pictures.is_open(key) and values is not None:
                request = RevealRequest(
                    model=key[0].model,
                    settings=drawn.curves.settings,
                    direction=key[3],
                )
                self.pictures.ask(key, request, values, image)
        self.changed.emit()
        self.at_changed.emit()

    @Slot()
    def _on_map_selected(self) -> None:
        """The strip follows the map over the image, where the curves know it."""
        selected, drawn = self._maps.selected, self._curves.drawn
        name = drawn.name_of(selected) if selected is not None and drawn is not None else ""
        if name:
            self.choose(name)
