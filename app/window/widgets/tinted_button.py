"""A button with an icon in the colour of secondary text; it follows the scheme."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QToolButton, QWidget

from app.window.icons import tinted
from app.window.theme import THEME


class TintedButton(QToolButton):
    """Shows an icon of the program; `words` are its tool tip and its name for assistive technology."""

    def __init__(self, icon: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self.setToolTip(words)
        self.setAccessibleName(words)
        THEME.changed.connect(self._tint)
        self._tint()

    @Slot()
    def _tint(self) -> None:
        self.setIcon(tinted(self._icon, THEME.colours.muted))
