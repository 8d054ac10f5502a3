"""The font that is part of the program, and its sizes. Its figures are all of one width."""

from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

from core.models.bundle import RESOURCES

FAMILY = "Inter Tabular"
FILES = ("InterTabular-Regular.ttf", "InterTabular-SemiBold.ttf")
# The type scale in logical pixels: the predicted class, body, secondary text, and the smallest.
LARGE, BODY, SECONDARY, SMALLEST = 18, 13, 12, 11


def load_fonts(app: QApplication) -> None:
    """Use the program's font everywhere; the system's stays where it cannot be read."""
    if app.font().family() == FAMILY:
        return
    for file in FILES:
        QFontDatabase.addApplicationFont(str(RESOURCES / "fonts" / file))
    if FAMILY in QFontDatabase.families():
        font = QFont(FAMILY)
        font.setPixelSize(BODY)
        app.setFont(font)


def sized(font: QFont, size: int, is_strong: bool = False) -> QFont:
    """The font in a size of the type scale; is_strong: semibold."""
    changed = QFont(font)
    changed.setPixelSize(size)
    if is_strong:
        changed.setWeight(QFont.Weight.DemiBold)
    return changed
