"""Colours, spacing and the scheme in use: Fusion, light or dark, with a dark background for images."""

from dataclasses import dataclass

from PySide6.QtCore import QDir, QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from app.window.fonts import LARGE, SECONDARY, SMALLEST, load_fonts
from app.window.icons import PICTURES_FOLDER
from app.window.settings import Scheme
from app.window.style_sheet import SHEET
from core.figures.scheme_colours import (
    CONTROL_ON_DARK,
    CONTROL_ON_LIGHT,
    IMAGE_FIELD,
    IMAGE_QUIET,
    IMAGE_TEXT,
    ON_DARK,
    ON_LIGHT,
)

DEEPEST_SHADE = 0.5
# What the style sheet calls the folder of its pictures.
PICTURES = "pictures"
# Spacing on a grid of 8 pixels: half a step within a group, a step between groups and around a panel.
TIGHT, GAP, MARGIN = 4, 8, 8


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of one scheme, as #rrggbb."""

    window: str
    panel: str
    raised: str
    line: str
    text: str
    muted: str
    accent: str
    good: str
    on_accent: str
    soft: str
    warning: str
    warning_back: str
    error: str
    error_back: str
    curves: tuple[str, ...]
    control_map: str


DARK = Colours(
    window="#17191d",
    panel="#1f2227",
    raised="#2a2e35",
    line="#353a43",
    text="#e6e8ec",
    muted="#9ba3af",
    accent="#5aa2f0",
    good="#6fcf97",
    on_accent="#0c1420",
    soft="#273548",
    warning="#f0c05a",
    warning_back="#372f1c",
    error="#f28b80",
    error_back="#3b2324",
    curves=ON_DARK,
    control_map=CONTROL_ON_DARK,
)
LIGHT = Colours(
    window="#eef0f3",
    panel="#fafbfc",
    raised="#ffffff",
    line="#d3d8df",
    text="#1b2027",
    muted="#5a6472",
    accent="#1d68bd",
    good="#17703d",
    on_accent="#ffffff",
    soft="#dce9f8",
    warning="#7d5600",
    warning_back="#fdf1d3",
    error="#a32a20",
    error_back="#fce4e1",
    curves=ON_LIGHT,
    control_map=CONTROL_ON_LIGHT,
)

# Regions and reference masks; no colour map contains a similar colour.
REGION = "#ff4df0"
TOP_OUTLINE = "#ffffff"
CROSSHAIR = "#4fc3d9"
MEASUREMENT = "#ffd75e"


class Theme(QObject):
    """The current scheme; widgets that paint themselves take their colours from it.

    changed: for pictures that were drawn in the colours of the scheme before.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.colours = DARK
        self.requested: Scheme = "system"
        self._applied: Colours | None = None

    def apply(self, app: QApplication, requested: Scheme) -> None:
        """Use a scheme in the whole program; `system` follows the setting of the system."""
        self.requested = requested
        self.colours = DARK if _is_dark(requested) else LIGHT
        if self.colours is self._applied:
            return  # to style a window takes 0.1 s
        self._applied = self.colours
        load_fonts(app)
        if app.style().name() != "fusion":
            app.setStyle("Fusion")
        app.setPalette(palette(self.colours))
        for window in app.topLevelWidgets():
            if window.parentWidget() is None and window.styleSheet():
                self.dress(window)
        self.changed.emit()

    def dress(self, window: QWidget) -> None:
        """Give a window the style sheet, and with it all that it contains and its dialogs.

        It is the window's and not the application's: a change of the application's costs four times as much.
        """
        # The sheet names the folder by a word, since a path with a space would end the sheet there.
        QDir.setSearchPaths(PICTURES, [str(PICTURES_FOLDER)])
        window.setStyleSheet(style_sheet(self.colours))


THEME = Theme()


def shade(value: float) -> QColor:
    """The background of a figure from -1 to 1: blue for 1, red for -1, transparent at 0.

    Its deepest shade still leaves the colour of text readable on it.
    """
    colours = THEME.colours
    colour = QColor(colours.curves[0] if value >= 0 else colours.error)
    colour.setAlphaF(DEEPEST_SHADE * min(abs(value), 1.0))
    return colour


def apply_scheme(scheme: Scheme) -> None:
    """Use these colours in the running program."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    THEME.apply(app, scheme)


def style_sheet(colours: Colours) -> str:
    named = {name: getattr(colours, name) for name in Colours.__slots__ if name != "curves"}
    tone = "light" if colours is DARK else "dark"
    pictures = {name: f"{PICTURES}:{name}-{tone}.svg" for name in ("arrow", "arrow_up", "check")}
    image = {"image": IMAGE_FIELD, "image_text": IMAGE_TEXT, "image_quiet": IMAGE_QUIET}
    sizes = {"large": LARGE, "secondary": SECONDARY, "smallest": SMALLEST}
    return SHEET.substitute(named, **pictures, **image, **sizes)


def palette(colours: Colours) -> QPalette:
    """The palette, for what the style sheet does not cover."""
    roles = {
        QPalette.ColorRole.Window: colours.window,
        QPalette.ColorRole.WindowText: colours.text,
        QPalette.ColorRole.Base: colours.panel,
        QPalette.ColorRole.AlternateBase: colours.raised,
        QPalette.ColorRole.Text: colours.text,
        QPalette.ColorRole.Button: colours.raised,
        QPalette.ColorRole.ButtonText: colours.text,
        QPalette.ColorRole.Highlight: colours.soft,
        QPalette.ColorRole.HighlightedText: colours.text,
        QPalette.ColorRole.Accent: colours.accent,
        QPalette.ColorRole.ToolTipBase: colours.raised,
        QPalette.ColorRole.ToolTipText: colours.text,
        QPalette.ColorRole.PlaceholderText: colours.muted,
        QPalette.ColorRole.Link: colours.accent,
        QPalette.ColorRole.Mid: colours.line,
    }
    qt_palette = QPalette()
    for role, colour in roles.items():
        qt_palette.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        qt_palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.muted))
    return qt_palette


def _is_dark(requested: Scheme) -> bool:
    if requested != "system":
        return requested == "dark"
    # The default is dark, as in reading rooms, if the system has no setting.
    return QGuiApplication.styleHints().colorScheme() != Qt.ColorScheme.Light
