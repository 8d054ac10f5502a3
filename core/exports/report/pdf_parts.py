"""The drawn parts of PDF reports: pictures with letters and colour bar, bars, plots."""

from typing import TYPE_CHECKING, Any

from reportlab.lib.colors import HexColor
from reportlab.lib.utils import ImageReader
from reportlab.platypus import Flowable

from core.arrays import Array
from core.exports.report.content import Picture
from core.exports.report.drawing import Anchor, Drawing, DrawnLine, Mark, Shape
from core.exports.report.palette import LIGHT
from core.exports.report.pdf_fonts import BOLD, REGULAR, font_runs
from core.figures.scheme_colours import IMAGE_FIELD, IMAGE_QUIET, IMAGE_TEXT

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

# Lengths in points.
FIELD, LETTER, QUIET = HexColor(IMAGE_FIELD), HexColor(IMAGE_TEXT), HexColor(IMAGE_QUIET)
LETTER_ROOM, BAR_ROOM, BAR_WIDTH, LETTER_SIZE = 11.0, 42.0, 11.0, 7.0


def draw_text(
    canvas: "Canvas",
    text: str,
    x: float,
    y: float,
    size: float,
    anchor: Anchor = "start",
    is_bold: bool = False,
) -> None:
    """One line of text, with letters from other fonts where the program's lacks them."""
    runs = font_runs(text, BOLD if is_bold else REGULAR)
    width = sum(canvas.stringWidth(run, font, size) for font, run in runs)
    x -= {"start": 0.0, "middle": width / 2, "end": width}[anchor]
    for font, run in runs:
        canvas.setFont(font, size)
        canvas.drawString(x, y, run)
        x += canvas.stringWidth(run, font, size)


class PictureFlowable(Flowable):
    """A picture on the dark field that images have, its letters around it and its colour bar on the right."""

    def __init__(self, picture: Picture, width: float, most_height: float, has_bar_room: bool) -> None:
        super().__init__()
        self.picture = picture
        self.bar_room = BAR_ROOM if has_bar_room else 0.0
        rows, columns = picture.pixels.shape[:2]
        inner = min(width - 2 * LETTER_ROOM - self.bar_room, (most_height - 2 * LETTER_ROOM) * columns / rows)
        self.inner = inner, inner * rows / columns
        self.width, self.height = width, self.inner[1] + 2 * LETTER_ROOM

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Its size."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw it with its lower left corner at the origin."""
        canvas: Any = self.canv
        canvas.setFillColor(FIELD)
        canvas.rect(0, 0, self.width, self.height, stroke=0, fill=1)
        width, height = self.inner
        left = (self.width - self.bar_room - width) / 2
        canvas.drawImage(_image(self.picture.pixels), left, LETTER_ROOM, width, height)
        canvas.setFillColor(LETTER)
        if self.picture.letters is not None:
            middle_x, middle_y = left + width / 2, LETTER_ROOM + height / 2 - 2.5
            draw_text(canvas, self.picture.letters.top, middle_x, self.height - 8, LETTER_SIZE, "middle")
            draw_text(canvas, self.picture.letters.bottom, middle_x, 3, LETTER_SIZE, "middle")
            draw_text(canvas, self.picture.letters.left, left - 3, middle_y, LETTER_SIZE, "end")
            draw_text(canvas, self.picture.letters.right, left + width + 3, middle_y, LETTER_SIZE)
        if self.picture.bar is not None:
            self._draw_bar(canvas)

    def _draw_bar(self, canvas: Any) -> None:
        assert self.picture.bar is not None
        x, height = self.width - self.bar_room + 2, self.inner[1]
        canvas.drawImage(_image(self.picture.bar.pixels), x, LETTER_ROOM, BAR_WIDTH, height)
        for share, words in self.picture.bar.ticks:
            y = LETTER_ROOM + share * height
            draw_text(
                canvas, words, x + BAR_WIDTH + 2, min(max(y - 2.5, 2), self.height - 8), LETTER_SIZE - 0.5
            )


class BarFlowable(Flowable):
    """A share of 1 as a bar of the available width."""

    def __init__(self, share: float, height: float) -> None:
        super().__init__()
        self.share, self.height = min(max(share, 0.0), 1.0), height

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """The available width."""
        self.width = width
        return width, self.height + 3

    def draw(self) -> None:
        """Draw it."""
        canvas: Any = self.canv
        canvas.setFillColor(HexColor(LIGHT.bar_back))
        canvas.rect(0, 3, self.width, self.height, stroke=0, fill=1)
        canvas.setFillColor(HexColor(LIGHT.bar))
        canvas.rect(0, 3, self.width * self.share, self.height, stroke=0, fill=1)


class DrawingFlowable(Flowable):
    """A plot as vectors, as wide as its place."""

    def __init__(self, drawing: Drawing, width: float) -> None:
        super().__init__()
        self.drawing, self.scale = drawing, width / drawing.width
        self.width, self.height = width, drawing.height * self.scale

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Its size."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw it; its y goes down and the page's up."""
        canvas: Any = self.canv
        canvas.saveState()
        canvas.scale(self.scale, self.scale)
        for shape in self.drawing.shapes:
            self._draw_shape(canvas, shape)
        canvas.restoreState()

    def _draw_shape(self, canvas: Any, shape: Shape) -> None:
        if isinstance(shape, DrawnLine):
            canvas.setStrokeColor(HexColor(_colour_of(shape)))
            canvas.setLineWidth(shape.width)
            canvas.setDash(list(shape.dash))
            canvas.drawPath(self._path(canvas, shape.points), stroke=1, fill=0)
            return
        if isinstance(shape, Mark):
            canvas.setFillColor(HexColor(LIGHT.curves[shape.style % len(LIGHT.curves)]))
            path = self._path(canvas, shape.points)
            path.close()
            canvas.drawPath(path, stroke=0, fill=1)
            return
        canvas.setFillColor(HexColor(LIGHT.text))
        canvas.saveState()
        canvas.translate(shape.x, self.drawing.height - shape.y)
        if shape.is_upright:
            canvas.rotate(90)
        draw_text(canvas, shape.text, 0, 0, shape.size, shape.anchor, shape.is_bold)
        canvas.restoreState()

    def _path(self, canvas: Any, points: tuple[tuple[float, float], ...]) -> Any:
        path = canvas.beginPath()
        for number, (x, y) in enumerate(points):
            (path.lineTo if number else path.moveTo)(x, self.drawing.height - y)
        return path


def _colour_of(stroke: DrawnLine) -> str:
    match stroke.role:
        case "curve":
            return LIGHT.curves[stroke.style % len(LIGHT.curves)]
        case "control":
            return LIGHT.control
        case "grid":
            return LIGHT.line
        case _:
            return LIGHT.text


def _image(pixels: Array) -> ImageReader:
    from PIL import Image

    return ImageReader(Image.fromarray(pixels))
