"""The middle of the window: the image, and over it a page about the model while that is read."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.window.panels.image import ImagePanel
from app.window.panels.model import ModelPanel
from app.window.panels.network import NetworkPanel


class CentralPages(QStackedWidget):
    """Shows the image, or in its place the page of the model or that of pictures of the network."""

    def __init__(
        self, image: ImagePanel, model: ModelPanel, network: NetworkPanel, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._image, self._model, self._network = image, model, network
        for page in (image, model, network):
            self.addWidget(page)
        model.close_asked.connect(self.show_image)
        network.close_asked.connect(self.show_image)

    @Slot()
    def show_model(self) -> None:
        """Open the page of the model over the image."""
        self.setCurrentWidget(self._model)
        self._model.area.setFocus()

    @Slot()
    def show_network(self) -> None:
        """Open the page of pictures of the network over the image."""
        self.setCurrentWidget(self._network)
        self._network.focus_first()

    @Slot()
    def show_image(self) -> None:
        """Go back to the image."""
        self.setCurrentWidget(self._image)
        self._image.view.setFocus()
