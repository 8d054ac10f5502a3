"""Cine: the slices of the active plane one after the other, as fast as they are read and no faster."""

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.window.states.image import ImageState
from app.window.states.slice_reading import SliceReading

USUAL_RATE = 10  # slices per second


class CineState(QObject):
    """Moves on by a slice at a set rate; a slice that is still being read is waited for."""

    changed = Signal()

    def __init__(self, image: ImageState, slices: SliceReading, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._image, self._slices = image, slices
        self._case: int | None = None
        self._timer = QTimer(self)
        self.set_rate(USUAL_RATE)
        self._timer.timeout.connect(self.step)
        image.image_changed.connect(self._on_image_changed)

    @property
    def is_running(self) -> bool:
        """Whether slices follow each other by themselves."""
        return self._timer.isActive()

    def set_rate(self, slices_per_second: int) -> None:
        """How fast slices follow each other at most."""
        self._timer.setInterval(round(1000 / slices_per_second))

    def toggle(self) -> None:
        """Start or stop; nothing starts where there is one slice only."""
        if self.is_running:
            self._timer.stop()
        elif self._image.slices > 1:
            self._case = self._image.case
            self._timer.start()
        self.changed.emit()

    @Slot()
    def step(self) -> None:
        """Ask for the next slice, after the last one for the first; nothing while one is being read."""
        if not self._slices.reading:
            self._slices.go_to_index((self._slices.position.index + 1) % self._image.slices)

    @Slot()
    def _on_image_changed(self) -> None:
        """Another case does not begin to move by itself."""
        if self.is_running and (self._image.case != self._case or self._image.slices == 1):
            self.toggle()
