"""A drop-down list of values."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QComboBox, QWidget

from app.window.wheel_guard import guarded


class Chooser(QComboBox):
    """Shows labels for values; `chosen` is emitted with a value only when a person selects it."""

    chosen = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        guarded(self)
        self._values: tuple[object, ...] = ()
        self.setAccessibleName(name)
        self.activated.connect(self._on_activated)

    def show_choices(self, choices: Sequence[tuple[object, str]], current: object) -> None:
        """choices: values with their labels; nothing is selected if `current` is none of them."""
        with QSignalBlocker(self):
            values, labels = tuple(value for value, _ in choices), [label for _, label in choices]
            if (values, labels) != (self._values, [self.itemText(at) for at in range(self.count())]):
                self._values = values
                self.clear()
                self.addItems(labels)
            self.setCurrentIndex(values.index(current) if current in values else -1)

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        self.chosen.emit(self._values[index])
