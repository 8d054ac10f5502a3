"""Icons of the program: SVG files under resources/icons, in the colour of the scheme."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from core.models.bundle import RESOURCES

SIZES = (16, 20, 24, 32, 48)
PICTURES_FOLDER = RESOURCES / "icons"


def picture_path(name: str) -> Path:
    return PICTURES_FOLDER / f"{name}.svg"


def application_icon() -> QIcon:
    icon = QIcon()
    _draw(icon, picture_path("saliscope").read_bytes(), (32, 64, 128, 256))
    return icon


def tinted(name: str, colour: str, checked_colour: str = "") -> QIcon:
    """The icon with its `currentColor` replaced by `colour` (#rrggbb), while checked by `checked_colour`."""
    text, icon = picture_path(name).read_text(encoding="utf-8"), QIcon()
    tints = {QIcon.State.Off: colour}
    if checked_colour:
        tints[QIcon.State.On] = checked_colour
    for state, tint in tints.items():
        _draw(icon, text.replace("currentColor", tint).encode(), SIZES, state)
    return icon


def _draw(icon: QIcon, svg: bytes, sizes: tuple[int, ...], state: QIcon.State = QIcon.State.Off) -> None:
    """Add a picture of each size."""
    renderer = QSvgRenderer(QByteArray(svg))
    for size in sizes:
        pixmap = QPixmap(QSize(size, size))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter)
        painter.end()
        icon.addPixmap(pixmap, QIcon.Mode.Normal, state)
