"""How a person set the view, as steps that can be undone; which slice is shown is none of them."""

from functools import partial

from PySide6.QtCore import QObject, Slot

from app.texts import undo as texts
from app.window.states.change_history import ChangeHistory, WatchedValue
from app.window.states.display import DisplaySettings
from app.window.states.image import ImageState
from app.window.states.planes import PlanesState
from app.window.states.tool import ToolState
from app.window.states.undo import UndoStack
from app.window.states.viewport import ViewPlace, ViewportState

DISPLAY, PLACE, LAYOUT = "display", "place", "layout"


class ViewHistory(ChangeHistory):
    """Watches the grey levels, zoom and position of each plane, and the layout. A drag is one step."""

    def __init__(
        self,
        image: ImageState,
        planes: PlanesState,
        tool: ToolState,
        undo: UndoStack,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(undo, texts.VIEW, lambda: tool.is_dragging, parent)
        self._image = image
        self._place_of: tuple[object, ...] = ()
        display = image.display
        self.watch(
            DISPLAY,
            WatchedValue(lambda: display.settings, display.restore, _display_words),
            display.window_changed,
        )
        self.watch(PLACE, _watched_place(image.viewport), image.viewport.view_changed)
        layout = WatchedValue(lambda: planes.is_three_wanted, planes.show_three, lambda *_: texts.LAYOUT)
        self.watch(LAYOUT, layout, planes.changed)
        for plane in planes.planes:
            name = f"{PLACE} {plane.axis}"
            self.watch(name, _watched_place(plane.viewport), plane.viewport.view_changed)
            plane.changed.connect(partial(self._follow_side, name, plane.viewport))
        tool.drag_ended.connect(self.take)
        image.image_changed.connect(self._on_image_changed)

    @Slot()
    def _on_image_changed(self) -> None:
        """Another case comes with its own window, and another plane with its own place."""
        image = self._image.image
        opening = self._image.case, self._image.display.own_window
        place_of = (opening, self._image.position.axis, image.shape if image is not None else None)
        if place_of != self._place_of:
            is_other_case = place_of[:1] != self._place_of[:1]
            self._place_of = place_of
            self.rebase(PLACE, *((DISPLAY,) if is_other_case else ()))

    def _follow_side(self, name: str, viewport: ViewportState) -> None:
        """A slice of another size is shown as a whole, which is no change by a person."""
        if viewport.place != self.before(name):
            self.rebase(name)


def _watched_place(viewport: ViewportState) -> WatchedValue:
    return WatchedValue(lambda: viewport.place, viewport.restore, _place_words, _place_series)


def _display_words(before: DisplaySettings, after: DisplaySettings) -> str:
    if before.window != after.window:
        return texts.WINDOW
    return texts.INVERSION if before.is_inverted != after.is_inverted else texts.GRAPHICS


def _place_words(before: ViewPlace, after: ViewPlace) -> str:
    return texts.PAN if before.zoom == after.zoom else texts.ZOOM


def _place_series(before: ViewPlace, after: ViewPlace) -> str:
    """Notches of the wheel are one step; to fit the slice to the view is another one."""
    return texts.ZOOM if after.zoom not in (before.zoom, None) else ""
