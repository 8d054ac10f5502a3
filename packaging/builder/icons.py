"""The program's icon as pictures of fixed sizes and as the icon files of Windows and macOS."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

# The ending of the file in which a system's programs have their icon.
ENDINGS = {"win32": ".ico", "darwin": ".icns"}


def draw_icon_file(svg: Path, target: Path) -> None:
    """Write the icon file of a system, by the ending of its name, with every size that it holds."""
    from PIL import Image

    draw_icons(svg, target.parent / "icon-pictures", (1024,))
    with Image.open(target.parent / "icon-pictures" / "1024.png") as picture:
        picture.save(target)


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
