"""The image as it is shown: slice, overlay, and what lies under the cursor.

What is computed again (a prediction, a map) never changes how a person has set the view.
"""

import math

from PySide6.QtCore import QObject, Signal, Slot

from app.texts import image as texts
from app.window.states.display import DisplayState
from app.window.states.overlay_style import OverlayStyle
from app.window.states.position import FIRST_SLICE, SlicePosition
from app.window.states.shading import Overlay
from app.window.states.shown import ShownState
from app.window.states.viewport import ViewportState
from core.images.slice import Slice


class ImageState(QObject):
    """What the image view draws. Positions are (row, column) of the slice, pixel centres at integers.

    display: how values become grey. viewport: where the slice lies on the screen. style: how maps are laid
    over it.
    """

    image_changed = Signal()
    overlay_changed = Signal()
    cursor_changed = Signal()

    def __init__(self, shown: ShownState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown = shown
        self.display, self.viewport = DisplayState(self), ViewportState(self)
        self.style = OverlayStyle(self)
        self.style.changed.connect(self.overlay_changed)
        self.image: Slice | None = None
        self.case_title = ""
        self.case: int | None = None
        self.position, self.slices, self.volumes = FIRST_SLICE, 1, 1
        self.overlay: Overlay | None = None
        self.compared: Overlay | None = None
        self.overlay_on = False
        self.overlay_hidden = False
        self.cursor: tuple[float, float] | None = None
        shown.changed.connect(self._on_shown_changed)
        shown.placed.connect(self._on_shown_changed)

    def show(
        self,
        image: Slice,
        case: int,
        title: str,
        position: SlicePosition = FIRST_SLICE,
        slices: int = 1,
        volumes: int = 1,
    ) -> None:
        """Show one of `slices` slices. Another slice of the same case keeps window, inversion and zoom.

        case: its group, since a slice may become one of another part of its series.
        """
        is_other_case = case != self.case or self.image is None
        self.image, self.case, self.case_title = image, case, title
        self.position, self.slices, self.volumes = position, slices, volumes
        self.display.show(image, is_other_case)
        self.viewport.show(image, is_other_case, position.axis)
        if is_other_case:
            self.overlay_on = False
        self.cursor = None
        self.set_overlay(None)
        self.image_changed.emit()
        self.cursor_changed.emit()

    def reset(self) -> None:
        """Window, inversion, zoom and position as when the case was opened."""
        self.display.reset()
        self.viewport.fit()

    # Overlay

    def set_overlay(self, overlay: Overlay | None, compared: Overlay | None = None) -> None:
        """Lay a map over the image. compared: one with which it is compared, in the second view."""
        if overlay is not self.overlay or compared is not self.compared:
            self.overlay, self.compared = overlay, compared
            self.overlay_changed.emit()
            self.cursor_changed.emit()

    def set_overlay_on(self, on: bool) -> None:
        if on != self.overlay_on:
            self.overlay_on = on
            self.overlay_changed.emit()

    def hide_overlay(self, hidden: bool) -> None:
        """Hide it for as long as a key is held."""
        if hidden != self.overlay_hidden:
            self.overlay_hidden = hidden
            self.overlay_changed.emit()

    @property
    def overlay_visible(self) -> bool:
        return self.overlay is not None and self.overlay_on and not self.overlay_hidden

    # What is read off

    def set_cursor(self, position: tuple[float, float] | None) -> None:
        """Where the cursor is, (row, column), or None when it left."""
        if position != self.cursor:
            self.cursor = position
            self.cursor_changed.emit()

    @property
    def readout(self) -> str:
        """What lies under the cursor: position, intensity with unit, map value and its rank."""
        if self.image is None or self.cursor is None:
            return ""
        row, column = (math.floor(part + 0.5) for part in self.cursor)
        rows, columns = self.image.shape
        if not (0 <= row < rows and 0 <= column < columns):
            return ""
        padding = self.image.padding
        parts = [
            texts.position(row, column),
            texts.intensity(
                self.image.values[row, column],
                self.image.unit,
                padding is not None and bool(padding[row, column]),
            ),
        ]
        if self.image.affine_lps_mm is not None:
            parts.insert(1, texts.patient_position((self.image.affine_lps_mm @ (0, row, column, 1)).tolist()))
        maps = (self.overlay, self.compared) if self.overlay_on else ()
        for overlay in filter(None, maps):
            reading = overlay.at(row, column)
            if reading is not None:
                parts.append(texts.map_reading(overlay.name, *reading))
        return "   ".join(parts)

    @Slot()
    def _on_shown_changed(self) -> None:
        shown = self._shown.current
        case = shown.case
        if case is None or shown.image is None:
            self._clear()
            return
        slices = case.entry.volume_shape[shown.position.axis] if case.entry is not None else 1
        volumes = case.entry.volumes if case.entry is not None else 1
        place = shown.position, slices, volumes
        if shown.image is not self.image or place != (self.position, self.slices, self.volumes):
            self.show(shown.image, case.group, case.title, *place)

    def _clear(self) -> None:
        """Show nothing, after the case was closed."""
        if self.image is not None:
            self.image, self.case, self.case_title, self.cursor = None, None, "", None
            self.position, self.slices, self.volumes = FIRST_SLICE, 1, 1
            self.display.image = self.viewport.image = None
            self.set_overlay(None)
            self.image_changed.emit()
            self.cursor_changed.emit()
