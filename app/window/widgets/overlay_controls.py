"""The controls of the overlay, below the image: on and off, opacity, threshold, colours, outline, cells."""

from PySide6.QtCore import QSignalBlocker, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from app.shortcuts import tooltip
from app.texts import image as texts
from app.window.states.image import ImageState
from app.window.states.shading import Overlay
from app.window.theme import GAP, TIGHT
from app.window.wheel_guard import guarded
from app.window.widgets.chooser import Chooser
from core.figures.colour_maps import ColourMap
from core.number_text import percent

SLIDER_WIDTHS = (48, 110)
SIGNED = "signed"


class OverlayControls(QWidget):
    """Draws and changes the `OverlayStyle` of an `ImageState`."""

    def __init__(self, state: ImageState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        style = state.style
        self.overlay_on = self._check(texts.OVERLAY, tooltip("overlay"))
        self.overlay_on.toggled.connect(state.set_overlay_on)
        self.opacity = self._slider(texts.OPACITY, texts.OPACITY, "less_opacity", "more_opacity")
        self.opacity.valueChanged.connect(lambda value: style.set_opacity(value / 100))
        self.threshold = self._slider(
            texts.THRESHOLD, texts.THRESHOLD_TIP, "lower_threshold", "raise_threshold"
        )
        self.threshold.valueChanged.connect(lambda value: style.set_threshold(value / 100))
        self.colours = Chooser(texts.COLOURS)
        self.colours.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.colours.chosen.connect(self._on_colours)
        self.outline = self._check(texts.OUTLINE, f"{texts.OUTLINE_TIP} ({tooltip('outline')})")
        self.outline.toggled.connect(style.set_outline)
        self.cells = self._check(texts.NATIVE_CELLS, f"{texts.NATIVE_CELLS_TIP} ({tooltip('cells')})")
        self.cells.toggled.connect(style.set_native_cells)
        self._lay_out()
        # Not within a resize: the layout that is at work then must not change.
        self._placing = QTimer(self)
        self._placing.setSingleShot(True)
        self._placing.setInterval(0)
        self._placing.timeout.connect(self._place_cells)
        state.overlay_changed.connect(self._show)
        self._show()

    def _lay_out(self) -> None:
        self._second_line = QHBoxLayout()
        self._row = row = QHBoxLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(TIGHT)
        for line in (row, self._second_line):
            line.setSpacing(GAP)
            column.addLayout(line)
        row.addWidget(self.overlay_on)
        for slider in (self.opacity, self.threshold):
            words = QLabel(slider.accessibleName())
            words.setToolTip(slider.toolTip())
            words.setBuddy(slider)
            # What the sliders do not take goes to the end of the line, not between them and their words.
            words.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
            group = QHBoxLayout()
            group.setSpacing(TIGHT)
            group.addWidget(words)
            group.addWidget(slider, 1)
            row.addLayout(group, 1)
        for control in (self.colours, self.outline):
            row.addWidget(control)
        row.addWidget(self.cells)
        row.addStretch()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._placing.start()

    def minimumSizeHint(self) -> QSize:
        """As wide as without the native cells, which go to a second line of a narrow place."""
        size = super().minimumSizeHint()
        return QSize(self._least_width, size.height())

    @property
    def _least_width(self) -> int:
        """Of the first line without the native cells."""
        width = self._row.minimumSize().width()
        is_beside = self._row.indexOf(self.cells) >= 0
        return width - (self.cells.sizeHint().width() + GAP if is_beside else 0)

    @Slot()
    def _place_cells(self) -> None:
        """Put the native cells into the second line where the first one has no room for them."""
        has_room = self.width() >= self._least_width + GAP + self.cells.sizeHint().width()
        line, other = (self._row, self._second_line) if has_room else (self._second_line, self._row)
        if line.indexOf(self.cells) < 0:
            other.removeWidget(self.cells)
            line.insertWidget(line.count() - 1 if has_room else 0, self.cells)

    def _check(self, text: str, tip: str) -> QCheckBox:
        check = QCheckBox(text)
        check.setToolTip(tip)
        return check

    def _slider(self, name: str, tip: str, less: str, more: str) -> QSlider:
        slider = guarded(QSlider(Qt.Orientation.Horizontal))
        slider.setRange(0, 100)
        slider.setMinimumWidth(SLIDER_WIDTHS[0])
        slider.setMaximumWidth(SLIDER_WIDTHS[1])
        slider.setAccessibleName(name)
        slider.setToolTip(f"{tip}: {tooltip(less)}, {tooltip(more)}")
        return slider

    @Slot()
    def _show(self) -> None:
        state, style, overlay = self._state, self._state.style, self._state.overlay
        for control in (
            self.overlay_on,
            self.opacity,
            self.threshold,
            self.colours,
            self.outline,
            self.cells,
        ):
            control.setEnabled(overlay is not None)
        for check, value in (
            (self.overlay_on, state.overlay_on),
            (self.outline, style.has_outline),
            (self.cells, style.native_cells),
        ):
            with QSignalBlocker(check):
                check.setChecked(value)
        for slider, share in ((self.opacity, style.opacity), (self.threshold, style.threshold)):
            with QSignalBlocker(slider):
                slider.setValue(round(100 * share))
            slider.setAccessibleDescription(percent(share, 0))
        self._show_colours(overlay)
        self._placing.start()

    def _show_colours(self, overlay: Overlay | None) -> None:
        """A signed map has two colours that cannot be changed, which the list then names."""
        if overlay is not None and overlay.signed:
            words = texts.SIGNED_COLOURS if overlay.is_for_or_against else texts.PATTERN_COLOURS
            self.colours.show_choices([(SIGNED, words)], SIGNED)
            self.colours.setToolTip(texts.SIGNED_COLOURS_TIP)
        else:
            names = [(name, texts.COLOUR_MAPS[name]) for name in ColourMap]
            self.colours.show_choices(names, self._state.style.colour_map)
            self.colours.setToolTip(texts.COLOURS)

    @Slot(object)
    def _on_colours(self, name: object) -> None:
        if isinstance(name, ColourMap):
            self._state.style.set_colour_map(name)
