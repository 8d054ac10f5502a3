"""The program's icon as pictures of fixed sizes, drawn from its SVG."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path


def draw_icons(svg: Path, folder: Path, sizes: Iterable[int]) -> None:
    """Write SIZE.png for each size, and the SVG itself, into the folder, which is made."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    folder.mkdir(parents=True)
    renderer = QSvgRenderer(str(svg))
    for size in sizes:
        image = QImage(size, size, QImage.Format.Format_ARGB32)
        image.fill(0)
        painter = QPainter(image)
        renderer.render(painter)
        painter.end()
        if not image.save(str(folder / f"{size}.png")):
            raise OSError(f"The icon of {size} pixels could not be written.")
    shutil.copyfile(svg, folder / svg.name)
