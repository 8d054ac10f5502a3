"""The colour bar of the overlay: values, method, target, layer, and the scale of the colours."""

from PySide6.QtCore import QRect, QRectF, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.texts import image as texts
from app.window.fonts import SECONDARY, SMALLEST, sized
from app.window.states.image import ImageState
from app.window.states.shading import Overlay
from app.window.theme import GAP, IMAGE_FIELD, IMAGE_QUIET, IMAGE_TEXT, TIGHT
from app.window.widgets.pictures import picture
from core.figures.colour_maps import one_sided_table, signed_table
from core.number_text import significant

WIDTH, BAR_WIDTH, HEIGHT = 134, 16, 320
WRAP = Qt.TextFlag.TextWordWrap


class ColourBar(QWidget):
    """Draws the scale of the overlay; it lies over the image, so that showing it does not move the image."""

    def __init__(self, state: ImageState, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(texts.COLOUR_BAR)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._state = state
        self.resize(WIDTH, HEIGHT)
        self.hide()
        state.overlay_changed.connect(self._on_overlay_changed)

    def preferred_height(self) -> int:
        return HEIGHT

    @Slot()
    def _on_overlay_changed(self) -> None:
        overlay = self._state.overlay
        if overlay is not None:
            values = ", ".join(text for text, _ in _ticks(overlay))
            unit = f" ({overlay.unit})" if overlay.unit else ""
            self.setAccessibleDescription(f"{overlay.title}, {overlay.target}: {values}{unit}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        overlay = self._state.overlay
        if overlay is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        field = QColor(IMAGE_FIELD)
        field.setAlpha(205)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(field)
        painter.drawRoundedRect(self.rect(), 6, 6)
        inside = self.rect().adjusted(GAP, GAP, -GAP, -GAP)
        head = self._write_block(painter, inside, [(overlay.title, True), (overlay.target, False)], top=True)
        foot_lines = [(text, False) for text in (overlay.layer, overlay.unit, overlay.normalisation) if text]
        foot = self._write_block(painter, inside, foot_lines, top=False)
        bar = inside.adjusted(TIGHT, head + GAP + TIGHT, 0, -foot - GAP - TIGHT)
        self._paint_scale(painter, overlay, bar)

    def _write_block(self, painter: QPainter, area: QRect, lines: list[tuple[str, bool]], top: bool) -> int:
        """Write lines at the top or the bottom of `area`; returns their height."""
        taken = 0
        for text, strong in lines if top else reversed(lines):
            painter.setFont(sized(self.font(), SECONDARY if top else SMALLEST, strong))
            painter.setPen(QColor(IMAGE_TEXT if top else IMAGE_QUIET))
            needed = painter.fontMetrics().boundingRect(area, WRAP, text).height()
            start = area.top() + taken if top else area.bottom() - taken - needed
            painter.drawText(QRect(area.left(), start, area.width(), needed), WRAP, text)
            taken += needed + 1
        return taken

    def _paint_scale(self, painter: QPainter, overlay: Overlay, area: QRect) -> None:
        if area.height() < 40:
            return
        bar = QRectF(area.left(), area.top(), BAR_WIDTH, area.height())
        table = signed_table() if overlay.signed else one_sided_table(self._state.colour_map)
        # Over mid grey, like the overlay over tissue, so that the opacity is visible.
        painter.fillRect(bar, QColor(96, 96, 96))
        painter.setOpacity(self._state.opacity)
        painter.drawImage(bar, picture(table[::-1][:, None, :]))
        painter.setOpacity(1.0)
        painter.setFont(self.font())
        painter.setPen(QColor(IMAGE_TEXT))
        metrics = painter.fontMetrics()
        for text, share in _ticks(overlay):
            level = bar.bottom() - share * bar.height()
            painter.drawLine(int(bar.right()), int(level), int(bar.right()) + 4, int(level))
            baseline = level + metrics.ascent() / 2 - 1
            painter.drawText(int(bar.right()) + 8, int(baseline), text)


def _ticks(overlay: Overlay) -> tuple[tuple[str, float], ...]:
    """Labels with their positions from 0 (low end) to 1 (high end)."""
    full, half = overlay.full, overlay.full / 2
    if overlay.signed:
        return (
            (f"{texts.at_least(full)} {texts.AGAINST_FOR[1]}", 1.0),
            (significant(half), 0.75),
            ("0", 0.5),
            (significant(-half), 0.25),
            (f"{texts.at_most(-full)} {texts.AGAINST_FOR[0]}", 0.0),
        )
    return ((texts.at_least(full), 1.0), (significant(half), 0.5), ("0", 0.0))
