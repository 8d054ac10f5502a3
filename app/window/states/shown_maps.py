"""Which maps lie over the image: the selected one, or the two that are compared."""

from PySide6.QtCore import QObject, Slot

from app.window.states.image import ImageState
from app.window.states.maps import MapsState
from app.window.states.second_view import SecondViewState


class ShownMaps(QObject):
    """Lays maps over the image whenever the image, the selection or the comparison changes."""

    def __init__(
        self, image: ImageState, maps: MapsState, second: SecondViewState, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._image, self._maps, self._second = image, maps, second
        image.image_changed.connect(self._show)
        maps.selected_changed.connect(self._show)
        second.changed.connect(self._show_comparison)

    @Slot()
    def _show(self) -> None:
        compared, entry = self._second.overlays, self._maps.selected
        if compared is not None:
            self._image.set_overlay(*compared)
        else:
            self._image.set_overlay(self._maps.overlay(entry) if entry is not None else None)

    @Slot()
    def _show_comparison(self) -> None:
        if self._second.overlays is not None or self._image.compared is not None:
            self._show()
