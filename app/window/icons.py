"""Icons of the program: SVG files under resources/icons, in the colour of the scheme."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from core.models.bundle import RESOURCES

SIZES = (16, 20, 24, 32, 48)


def picture_path(name: str) -> Path:
    return RESOURCES / "icons" / f"{name}.svg"


def application_icon() -> QIcon:
    return _drawn(picture_path("saliscope").read_bytes(), (32, 64, 128, 256))


def tinted(name: str, colour: str) -> QIcon:
    """The icon with its `currentColor` replaced by `colour` (#rrggbb)."""
    text = picture_path(name).read_text(encoding="utf-8")
    return _drawn(text.replace("currentColor", colour).encode(), SIZES)


def _drawn(svg: bytes, sizes: tuple[int, ...]) -> QIcon:
    renderer, icon = QSvgRenderer(QByteArray(svg)), QIcon()
    for size in sizes:
        pixmap = QPixmap(QSize(size, size))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter)
        painter.end()
        icon.addPixmap(pixmap)
    return icon
