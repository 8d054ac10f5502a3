"""The settings dialog. What is set in it holds at once."""

from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.texts import image as texts_image
from app.texts import settings as texts
from app.texts import window as texts_window
from app.window.settings import CINE_RATES
from app.window.states.preferences import PreferenceEffects, Preferences
from app.window.theme import GAP, MARGIN
from app.window.wheel_guard import guarded
from app.window.widgets.chooser import Chooser
from core.figures.colour_maps import ColourMap

WIDTH = 760


class SettingsDialog(QDialog):
    """Draws `Preferences` and changes them. Opacity and colour map are those of the image on display."""

    def __init__(self, preferences: Preferences, effects: PreferenceEffects, parent: QWidget) -> None:
        super().__init__(parent)
        self._preferences = preferences
        effects.adopt_image()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(texts.SETTINGS)
        self.setMinimumWidth(WIDTH)
        self.scheme = Chooser(texts.SCHEME)
        self.scheme.chosen.connect(lambda scheme: preferences.change(scheme=scheme))
        self.colours = Chooser(texts.COLOUR_MAP)
        self.colours.chosen.connect(lambda name: preferences.change(colour_map=name))
        self.opacity, self._opacity_words = guarded(QSlider(Qt.Orientation.Horizontal)), QLabel()
        self.opacity.setRange(0, 100)
        self.opacity.setAccessibleName(texts.OPACITY)
        self.opacity.valueChanged.connect(lambda share: preferences.change(opacity=share / 100))
        self.cine = guarded(QSpinBox())
        self.cine.setRange(*CINE_RATES)
        self.cine.setAccessibleName(texts.CINE_RATE)
        self.cine.valueChanged.connect(lambda rate: preferences.change(cine_rate=rate))
        self.device = Chooser(texts.DEVICE)
        self.device.chosen.connect(lambda wish: preferences.change(device=wish))
        self.boxes = {
            name: self._box(name, text, note)
            for name, text, note in (
                ("look_first", texts.LOOK_FIRST, texts.LOOK_FIRST_NOTE),
                ("background_checks", texts.BACKGROUND, texts.BACKGROUND_NOTE),
                ("keep_recent_files", texts.RECENT, texts.RECENT_NOTE),
                ("autosave", texts.AUTOSAVE, texts.AUTOSAVE_NOTE),
                ("deterministic", texts.DETERMINISTIC, texts.DETERMINISTIC_NOTE),
            )
        }
        self._lay_out()
        preferences.changed.connect(self._show)
        self._show()

    def _box(self, name: str, text: str, note: str) -> QCheckBox:
        box = QCheckBox(text)
        is_forced = self._preferences.is_forced(name)
        box.setAccessibleDescription(f"{note} {texts.SET_BY_ADMINISTRATOR}" if is_forced else note)
        box.toggled.connect(lambda is_on: self._preferences.change(**{name: is_on}))
        return box

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * GAP)
        grid.setVerticalSpacing(GAP)
        grid.setColumnStretch(1, 1)
        opacity = QHBoxLayout()
        opacity.setSpacing(GAP)
        opacity.addWidget(self.opacity, 1)
        opacity.addWidget(self._opacity_words)
        self._add_title(grid, texts.APPEARANCE)
        self._add_row(grid, texts.SCHEME, self.scheme)
        self._add_title(grid, texts.IMAGE)
        self._add_row(grid, texts.COLOUR_MAP, self.colours)
        self._add_row(grid, texts.OPACITY, self.opacity, opacity)
        self._add_row(grid, texts.CINE_RATE, self.cine)
        grid.addWidget(_note(texts.CINE_NOTE), grid.rowCount(), 1)
        self._add_title(grid, texts.PREDICTION)
        self._add_box(grid, "look_first", texts.LOOK_FIRST_NOTE)
        self._add_box(grid, "background_checks", texts.BACKGROUND_NOTE)
        self._add_title(grid, texts.PRIVACY)
        self._add_box(grid, "keep_recent_files", texts.RECENT_NOTE)
        self._add_box(grid, "autosave", texts.AUTOSAVE_NOTE)
        self._add_computing(grid)
        self.defaults, close = QPushButton(texts.DEFAULTS), QPushButton(texts.CLOSE)
        self.defaults.setAutoDefault(False)
        self.defaults.clicked.connect(self._preferences.reset)
        close.setDefault(True)
        close.clicked.connect(self.close)
        buttons = QHBoxLayout()
        buttons.addWidget(self.defaults)
        buttons.addStretch(1)
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * MARGIN, MARGIN, 2 * MARGIN, 2 * MARGIN)
        column.setSpacing(2 * GAP)
        column.addLayout(grid)
        column.addStretch(1)
        column.addLayout(buttons)
        # Qt opens dialogs no higher than two thirds of the screen, where the notes would be cut.
        self.setMinimumHeight(column.heightForWidth(WIDTH))

    def _add_computing(self, grid: QGridLayout) -> None:
        self._add_title(grid, texts.COMPUTING)
        self._add_row(grid, texts.DEVICE, self.device)
        if self._preferences.is_forced("device"):
            self.device.setEnabled(False)
            grid.addWidget(_note(texts.SET_BY_ADMINISTRATOR), grid.rowCount(), 1)
        self._add_box(grid, "deterministic", texts.DETERMINISTIC_NOTE)

    def _add_title(self, grid: QGridLayout, title: str) -> None:
        label = QLabel(title)
        label.setObjectName("section")
        label.setContentsMargins(0, GAP, 0, 0)
        grid.addWidget(label, grid.rowCount(), 0, 1, 2)

    def _add_row(
        self, grid: QGridLayout, text: str, control: QWidget, line: QHBoxLayout | None = None
    ) -> None:
        """A label and its control; line: what stands in the place of the control."""
        row, label = grid.rowCount(), QLabel(text)
        label.setBuddy(control)
        grid.addWidget(label, row, 0)
        if line is not None:
            grid.addLayout(line, row, 1)
        else:
            grid.addWidget(control, row, 1)

    def _add_box(self, grid: QGridLayout, name: str, note: str) -> None:
        grid.addWidget(self.boxes[name], grid.rowCount(), 0, 1, 2)
        grid.addWidget(_note(note), grid.rowCount(), 0, 1, 2)
        if self._preferences.is_forced(name):
            grid.addWidget(_note(texts.SET_BY_ADMINISTRATOR), grid.rowCount(), 0, 1, 2)

    @Slot()
    def _show(self) -> None:
        values = self._preferences.values
        self.scheme.show_choices(tuple(texts_window.SCHEMES.items()), values.scheme)
        self.device.show_choices(tuple(texts.DEVICES.items()), values.device)
        self.colours.show_choices(
            [(name, texts_image.COLOUR_MAPS[name]) for name in ColourMap], values.colour_map
        )
        controls = (self.opacity, self.cine, *self.boxes.values())
        blockers = [QSignalBlocker(control) for control in controls]
        self.opacity.setValue(round(100 * values.opacity))
        self.cine.setValue(values.cine_rate)
        for name, box in self.boxes.items():
            box.setChecked(getattr(values, name))
            box.setEnabled(not self._preferences.is_forced(name))
        for blocker in blockers:
            blocker.unblock()
        self._opacity_words.setText(texts.percent_of(values.opacity))
        self.defaults.setEnabled(not self._preferences.are_defaults)


def _note(text: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName("secondary")
    label.setWordWrap(True)
    return label
