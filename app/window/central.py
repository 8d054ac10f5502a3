"""The middle of the window: the image, and over it a page about the model while that is read."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.window.late_pages import LatePage
from app.window.panels.image import ImagePanel

if TYPE_CHECKING:
    from app.window.panels.model import ModelPanel
    from app.window.panels.network import NetworkPanel


class CentralPages(QStackedWidget):
    """Shows the image, or in its place the page of the model or that of pictures of the network."""

    def __init__(self, image: ImagePanel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = image
        self.addWidget(image)

    def add_pages(self, model: LatePage["ModelPanel"], network: LatePage["NetworkPanel"]) -> None:
        """Add the page of the model and that of pictures of the network."""
        self._model, self._network = model, network
        model.add_to(self)
        network.add_to(self)

    @Slot()
    def show_model(self) -> None:
        """Open the page of the model over the image."""
        self.setCurrentWidget(self._model.widget)
        self._model.widget.area.setFocus()

    @Slot()
    def show_network(self) -> None:
        """Open the page of pictures of the network over the image."""
        self.setCurrentWidget(self._network.widget)
        self._network.widget.focus_first()

    @Slot()
    def show_image(self) -> None:
        """Go back to the image."""
        self.setCurrentWidget(self._image)
        self._image.view.setFocus()
