"""A list from which one thing is chosen."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QComboBox, QWidget


class Chooser(QComboBox):
    """Shows words for values; `chosen` brings a value when a person chose it, and only then."""

    chosen = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: tuple[object, ...] = ()
        self.setAccessibleName(name)
        self.activated.connect(self._on_activated)

    def show_choices(self, choices: Sequence[tuple[object, str]], current: object) -> None:
        """choices: values with their words; nothing is chosen where `current` is none of them."""
        with QSignalBlocker(self):
            values, words = tuple(value for value, _ in choices), [word for _, word in choices]
            if (values, words) != (self._values, [self.itemText(at) for at in range(self.count())]):
                self._values = values
                self.clear()
                self.addItems(words)
            self.setCurrentIndex(values.index(current) if current in values else -1)

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        self.chosen.emit(self._values[index])
