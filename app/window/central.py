"""The middle of the window: the image, and over it the page of the model while that is read."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.window.late_pages import LatePage
from app.window.panels.image import ImagePanel

if TYPE_CHECKING:
    from app.window.panels.model import ModelPanel


class CentralPages(QStackedWidget):
    """Shows the image, or the page of the model in its place."""

    def __init__(self, image: ImagePanel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = image
        self.addWidget(image)

    def add_model(self, model: LatePage["ModelPanel"]) -> None:
        """Add the page of the model."""
        self._model = model
        model.add_to(self)

    @Slot()
    def show_model(self) -> None:
        """Open the page of the model over the image."""
        self.setCurrentWidget(self._model.widget)
        self._model.widget.area.setFocus()

    @Slot()
    def show_image(self) -> None:
        """Go back to the image."""
        self.setCurrentWidget(self._image)
        self._image.view.setFocus()
