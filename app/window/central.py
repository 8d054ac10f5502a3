"""The middle of the window: the image, and over it the page of the model while that is read."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.window.panels.image import ImagePanel
from app.window.panels.model import ModelPanel


class CentralPages(QStackedWidget):
    """Shows the image, or the page of the model in its place."""

    def __init__(self, image: ImagePanel, model: ModelPanel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image, self._model = image, model
        self.addWidget(image)
        self.addWidget(model)
        model.close_asked.connect(self.show_image)

    @Slot()
    def show_model(self) -> None:
        """Open the page of the model over the image."""
        self.setCurrentWidget(self._model)
        self._model.area.setFocus()

    @Slot()
    def show_image(self) -> None:
        """Go back to the image."""
        self.setCurrentWidget(self._image)
        self._image.view.setFocus()
