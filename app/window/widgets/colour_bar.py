"""The colour bar of a map: method, target, values, threshold, layer, unit, and what shares the scale."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QWidget

from app.texts import image as texts
from app.window.fonts import SECONDARY, SMALLEST, sized
from app.window.states.overlay_style import OverlayStyle
from app.window.states.scale_texts import ScaleTexts
from app.window.states.shading import Overlay, coloured
from app.window.theme import GAP, TIGHT
from app.window.widgets.pictures import picture
from app.window.widgets.plates import PLATE_OPACITY
from core.figures.scheme_colours import IMAGE_FIELD, IMAGE_QUIET, IMAGE_TEXT

WIDER, BAR_WIDTH, TALLEST = 24, 16, 380
# With the name of the map, and without it.
NARROWEST = 134, 96
TICK, MARK = 4, 6
WRAP = Qt.TextFlag.TextWordWrap
STEPS, BETWEEN_LABELS = 256, 2


@dataclass(frozen=True, slots=True)
class Line:
    """A text of the bar, at its place in the widget; strong: bold."""

    text: str
    field: QRect
    is_head: bool
    strong: bool = False


class ColourBar(QWidget):
    """Draws the scale of one map; it lies over the image, so that showing it does not move the image.

    Its texts are never cut: it becomes wider until they have room, then its scale becomes shorter.
    has_heading: the name of the map stands above the view, and not here.
    """

    def __init__(self, style: OverlayStyle, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(texts.COLOUR_BAR)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._style = style
        self.overlay: Overlay | None = None
        self.has_heading = False
        self.texts = ScaleTexts((), (), (), ())
        self.lines: tuple[Line, ...] = ()
        self.scale = QRect()
        self.hide()

    def show_overlay(self, overlay: Overlay | None, most: tuple[int, int]) -> None:
        """Show the scale of this map, no larger than `most` (width, height) if its texts have room there."""
        self.overlay = overlay
        self.setVisible(overlay is not None)
        if overlay is None:
            return
        self.texts = ScaleTexts.of(overlay, self._style.threshold, self.has_heading)
        width = self._narrowest()
        if self._height(width) > most[1]:
            self.texts = self.texts.with_few_ticks
        while width + WIDER <= most[0] and self._height(width) > most[1]:
            width += WIDER
        self.resize(width, max(min(most[1], TALLEST), self._height(width)))
        self._lay_out()
        self.setAccessibleDescription(self.texts.sentence)
        self.update()

    # Layout

    def line_font(self, is_head: bool, strong: bool) -> QFont:
        return sized(self.font(), SECONDARY if is_head else SMALLEST, strong)

    def _narrowest(self) -> int:
        """Wide enough for every tick, and for the longest word of the other texts."""
        metrics = QFontMetrics(self.font())
        labels = [line for text, _ in self.texts.ticks for line in text.split("\n")]
        ticks = max(metrics.horizontalAdvance(line) for line in labels)
        bold = QFontMetrics(self.line_font(True, True))
        words = " ".join((*self.texts.head, *self.texts.foot)).split()
        longest = max((bold.horizontalAdvance(word) for word in words), default=0)
        scale = MARK + BAR_WIDTH + TICK + TIGHT + ticks
        least = NARROWEST[1] if self.has_heading else NARROWEST[0]
        return max(least, 2 * GAP + max(scale, longest) + TIGHT)

    def _height(self, width: int) -> int:
        """The least height at this width."""
        inside = width - 2 * GAP
        lines = sum(self._needed(text, inside, is_head, strong) for text, is_head, strong in self._texts())
        # The labels of both ends reach half a line beyond the scale.
        most_lines = max(1 + text.count("\n") for text, _ in self.texts.ticks)
        step = most_lines * QFontMetrics(self.font()).height() + BETWEEN_LABELS
        shortest_scale = (len(self.texts.ticks) - 1) * step
        return lines + shortest_scale + 2 * GAP + 2 * (GAP + TIGHT)

    def _texts(self) -> tuple[tuple[str, bool, bool], ...]:
        """Each text with whether it stands above the scale and whether it is bold."""
        head = ((text, True, at == 0) for at, text in enumerate(self.texts.head))
        return (*head, *((text, False, False) for text in self.texts.foot))

    def _needed(self, text: str, width: int, is_head: bool, strong: bool) -> int:
        metrics = QFontMetrics(self.line_font(is_head, strong))
        return metrics.boundingRect(QRect(0, 0, width, 10_000), WRAP, text).height() + 1

    def _lay_out(self) -> None:
        inside = self.rect().adjusted(GAP, GAP, -GAP, -GAP)
        head, foot, lines = inside.top(), inside.bottom(), []
        parts = self._texts()
        for text, is_head, strong in (part for part in parts if part[1]):
            height = self._needed(text, inside.width(), is_head, strong)
            lines.append(Line(text, QRect(inside.left(), head, inside.width(), height), True, strong))
            head += height
        for text, is_head, strong in reversed([part for part in parts if not part[1]]):
            height = self._needed(text, inside.width(), is_head, strong)
            foot -= height
            lines.append(Line(text, QRect(inside.left(), foot + 1, inside.width(), height), False))
        self.lines = tuple(lines)
        left = inside.left() + MARK
        self.scale = QRect(left, head + GAP + TIGHT, BAR_WIDTH, foot - head - 2 * (GAP + TIGHT))

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        overlay = self.overlay
        if overlay is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        field = QColor(IMAGE_FIELD)
        field.setAlphaF(PLATE_OPACITY)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(field)
        painter.drawRoundedRect(self.rect(), 6, 6)
        for line in self.lines:
            painter.setFont(self.line_font(line.is_head, line.strong))
            painter.setPen(QColor(IMAGE_TEXT if line.is_head else IMAGE_QUIET))
            painter.drawText(line.field, WRAP, line.text)
        self._paint_scale(painter, overlay)

    def _paint_scale(self, painter: QPainter, overlay: Overlay) -> None:
        bar, style = QRectF(self.scale), self._style
        values = np.linspace(overlay.full, -overlay.full if overlay.signed else 0.0, STEPS)[:, None]
        colours = coloured(values, overlay.full, overlay.signed, style.colour_map, style.threshold)
        # Over mid grey, like the overlay over tissue, so that the opacity is visible.
        painter.fillRect(bar, QColor(96, 96, 96))
        painter.setOpacity(style.opacity)
        painter.drawImage(bar, picture(colours))
        painter.setOpacity(1.0)
        painter.setFont(self.font())
        painter.setPen(QColor(IMAGE_TEXT))
        for text, share in self.texts.ticks:
            level = bar.bottom() - share * bar.height()
            painter.drawLine(QPointF(bar.right(), level), QPointF(bar.right() + TICK, level))
            painter.drawText(self.tick_field(text, share), Qt.AlignmentFlag.AlignLeft, text)
        for share in self.texts.thresholds:
            self._paint_mark(painter, bar.left(), bar.bottom() - share * bar.height())

    def tick_field(self, text: str, share: float) -> QRect:
        """Where the label of a tick stands; of two lines the one at the end of the scale is at the tick."""
        metrics = QFontMetrics(self.font())
        line, more = metrics.height(), text.count("\n")
        level = self.scale.bottom() + 1 - share * self.scale.height()
        top = round(level - line / 2 - more * line * (1 - share))
        left = self.scale.right() + 1 + TICK + TIGHT
        width = max(metrics.horizontalAdvance(part) for part in text.split("\n"))
        return QRect(left, top, width + 1, line * (1 + more))

    def _paint_mark(self, painter: QPainter, x: float, level: float) -> None:
        """A triangle that points at the scale from the left."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(IMAGE_TEXT))
        corners = (QPointF(x, level), QPointF(x - MARK, level - TICK), QPointF(x - MARK, level + TICK))
        painter.drawPolygon(QPolygonF(corners))
        painter.setPen(QColor(IMAGE_TEXT))
