"""Colours, spacing and the style sheet: Fusion, light or dark, with a dark background for images."""

from dataclasses import dataclass
from string import Template

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from app.window.icons import picture_path
from app.window.settings import Scheme

# Spacing within a group, between groups, and around a panel.
TIGHT, GAP, MARGIN = 4, 8, 12


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
    curves=("#5aa2f0", "#f2a65a", "#6fcf97", "#c792ea", "#f27da8", "#5fd3d0", "#d9d36a"),
    control_map="#8a919c",
)
LIGHT = Colours(
    window="#eef0f3",
    panel="#fafbfc",
    raised="#ffffff",
    line="#d3d8df",
    text="#1b2027",
    muted="#5a6472",
    accent="#1d68bd",
    good="#1a7a43",
    on_accent="#ffffff",
    soft="#dce9f8",
    warning="#7d5600",
    warning_back="#fdf1d3",
    error="#a32a20",
    error_back="#fce4e1",
    curves=("#1d68bd", "#c2620c", "#1f8a4c", "#7a3fb5", "#b8316a", "#0d7d85", "#857a00"),
    control_map="#7d8591",
)

# The background of images is dark in both schemes: a bright surround changes how greys are perceived.
IMAGE_FIELD = "#0b0c0e"
IMAGE_TEXT = "#c3c9d2"
IMAGE_QUIET = "#8e97a3"
# Regions and reference masks; no colour map contains a similar colour.
REGION = "#ff4df0"
TOP_OUTLINE = "#ffffff"
CROSSHAIR = "#4fc3d9"
MEASUREMENT = "#ffd75e"

_SHEET = Template(
    """
QWidget { color: $text; }
QMainWindow, QDialog { background: $window; }
QMainWindow::separator { background: $window; width: 6px; height: 6px; }
QMainWindow::separator:hover { background: $accent; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 4px 6px; }
QMenuBar { background: $window; padding: 2px 6px; }
QMenuBar::item { padding: 4px 10px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected { background: $raised; }
QMenu { background: $raised; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 5px 28px 5px 22px; border-radius: 4px; }
QMenu::item:selected { background: $accent; color: $on_accent; }
QMenu::item:disabled { color: $muted; background: transparent; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QStatusBar { background: $window; color: $muted; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: $muted; padding: 0 6px; }
QDockWidget { color: $muted; font-weight: 600; }
QDockWidget::title { background: $panel; padding: 7px 12px 5px 12px; border-bottom: 1px solid $line; }
QWidget#panel { background: $panel; }
QWidget#imageField { background: $image; }
QLabel#title { font-weight: 600; }
QLabel#section { color: $muted; font-weight: 600; }
QLabel#muted, QLabel#standing { color: $muted; }
QLabel#disclaimer { color: $muted; padding: 5px 12px 3px 12px; }
QLabel#error { color: $error; }
QLabel#good { color: $good; }
QLabel#warning { color: $warning; }
QLabel#headline { font-weight: 600; }
QFrame#noticewarning { background: $warning_back; border-left: 3px solid $warning; }
QFrame#noticeerror { background: $error_back; border-left: 3px solid $error; }
QFrame#noticenote { background: $panel; border-left: 3px solid $line; }
QFrame#noticenote QLabel#noticeText { color: $muted; }
QFrame#noticewarning QLabel#noticeText { color: $warning; }
QFrame#noticeerror QLabel#noticeText { color: $error; }
QFrame#factCard, QFrame#factWarning { background: $raised; border: 1px solid $line; border-radius: 6px; }
QFrame#factWarning { background: $warning_back; border-left: 3px solid $warning; }
QFrame#factCard:focus, QFrame#factWarning:focus { border-color: $accent; }
QFrame#rule { background: $line; max-height: 1px; border: none; }
QTabBar { qproperty-drawBase: 0; background: $panel; }
QTabBar::tab { background: transparent; color: $muted; padding: 7px 14px 6px 14px; border: none;
    border-bottom: 2px solid transparent; font-weight: 600; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent; }
QTabBar::tab:hover { color: $text; }
QPushButton, QToolButton#button { background: $raised; border: 1px solid $line; border-radius: 5px;
    padding: 5px 12px; }
QPushButton:hover { border-color: $accent; }
QPushButton:pressed { background: $soft; }
QPushButton:disabled { color: $muted; background: $panel; }
QPushButton:focus { border-color: $accent; }
QPushButton#primary { background: $accent; color: $on_accent; border-color: $accent; font-weight: 600; }
QPushButton#primary:disabled { background: $raised; color: $muted; border-color: $line; }
QPushButton#small { padding: 1px 8px; }
QPushButton#link { background: transparent; border: none; color: $accent; padding: 2px 4px; }
QPushButton#link:hover { text-decoration: underline; }
QPushButton#link:disabled { color: $muted; }
QToolButton { background: transparent; border: none; border-radius: 4px; padding: 3px; }
QToolButton:hover { background: $raised; }
QToolButton#tool { padding: 4px 8px; }
QToolButton#tool:checked { background: $soft; color: $accent; font-weight: 600; }
QToolButton#tool:disabled { color: $muted; }
QToolButton#tool:focus { border: 1px solid $accent; }
QToolButton#chipyes, QToolButton#chippartly, QToolButton#chipno, QToolButton#chipundecided,
QToolButton#chipunknown, QToolButton#chiprunning, QToolButton#chipfailed { border: 1px solid $line;
    border-radius: 8px; padding: 0 6px; font-size: 8.5pt; background: $panel; color: $muted; }
QToolButton#chipyes { color: $good; border-color: $good; }
QToolButton#chippartly, QToolButton#chipundecided { color: $warning; border-color: $warning; }
QToolButton#chipno { color: $error; border-color: $error; }
QToolButton#chipunknown { border-style: dashed; }
QToolButton#chipunknown:hover, QToolButton#chipunknown:focus { border-color: $accent; color: $text; }
QPushButton#check { text-align: left; padding: 2px 6px; background: transparent;
    border: 1px solid transparent; }
QPushButton#check:hover { border-color: $line; }
QPushButton#check:checked { background: $soft; font-weight: 600; }
QPushButton#check:focus { border-color: $accent; }
QComboBox, QSpinBox, QDoubleSpinBox, QLineEdit { background: $raised; border: 1px solid $line;
    border-radius: 5px; padding: 3px 7px; min-height: 20px; selection-background-color: $accent;
    selection-color: $on_accent; }
QComboBox:hover, QSpinBox:hover, QDoubleSpinBox:hover, QLineEdit:hover { border-color: $accent; }
QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus, QLineEdit:focus { border-color: $accent; }
QAbstractSpinBox { padding: 3px 20px 3px 7px; }
QAbstractSpinBox QLineEdit { border: none; padding: 0; min-height: 0; background: transparent; }
QSplitter::handle { background: $line; }
QSplitter::handle:vertical { height: 1px; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:hover { background: $accent; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { subcontrol-origin: border; width: 20px;
    border: none; background: transparent; }
QAbstractSpinBox::up-button { subcontrol-position: top right; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; }
QAbstractSpinBox::up-arrow { image: url($arrow_up); width: 8px; height: 8px; }
QAbstractSpinBox::down-arrow { image: url($arrow); width: 8px; height: 8px; }
QComboBox::drop-down { border: none; width: 22px; }
QComboBox::down-arrow { image: url($arrow); width: 10px; height: 10px; }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $line; outline: none;
    selection-background-color: $accent; selection-color: $on_accent; padding: 2px; }
QCheckBox { spacing: 7px; }
QCheckBox::indicator, QTreeView::indicator { width: 14px; height: 14px; border: 1px solid $muted;
    border-radius: 3px; background: $raised; }
QCheckBox::indicator:hover, QTreeView::indicator:hover { border-color: $accent; }
QCheckBox::indicator:checked, QTreeView::indicator:checked { background: $accent; border-color: $accent;
    image: url($check); }
QCheckBox::indicator:disabled, QTreeView::indicator:disabled { border-color: $line; background: $panel; }
QAbstractScrollArea { border: none; }
QTreeView, QTableView, QListView, QScrollArea, QScrollArea > QWidget > QWidget#panel { background: $panel; }
QListView#strip { outline: none; }
QListView#strip::item { border-radius: 4px; padding-top: 2px; border: 1px solid transparent; }
QListView#strip::item:hover { background: $raised; }
QListView#strip::item:selected { background: $soft; color: $text; border: 1px solid $accent; }
QTreeView { outline: none; show-decoration-selected: 1; padding-left: 7px; padding-right: 7px; }
QTreeView::item { padding: 3px 2px; }
QTreeView::item:disabled { color: $muted; }
QTreeView::item:hover:enabled { background: $raised; }
QTreeView::item:selected { background: $soft; color: $text; }
QTableView { gridline-color: transparent; alternate-background-color: $panel; outline: none; }
QTableView::item { padding: 3px 4px; }
QTableView::item:selected { background: $soft; color: $text; }
QTableView#matrix::item:selected { border: 2px solid $text; }
QTableView QTableCornerButton::section { background: $panel; border: none; }
QHeaderView { background: $panel; }
QHeaderView::section { background: $panel; color: $muted; border: none; border-bottom: 1px solid $line;
    padding: 4px 4px; font-weight: 600; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $line; border-radius: 4px; margin: 1px; min-height: 24px; min-width: 24px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {
    background: transparent; width: 0; height: 0; }
QSlider::groove:horizontal { height: 4px; background: $line; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QSlider::handle:horizontal { background: $text; width: 12px; height: 12px; margin: -4px 0;
    border-radius: 6px; }
QSlider::handle:horizontal:disabled, QSlider::sub-page:horizontal:disabled { background: $line; }
QProgressBar { background: $line; border: none; border-radius: 2px; max-height: 4px; min-height: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }
"""
)


class Theme:
    """The current scheme; widgets that paint themselves take their colours from it."""

    def __init__(self) -> None:
        self.colours = DARK
        self.requested: Scheme = "system"

    def apply(self, app: QApplication, requested: Scheme) -> None:
        """Use a scheme in the whole program; `system` follows the setting of the system."""
        self.requested = requested
        self.colours = DARK if _is_dark(requested) else LIGHT
        app.setStyle("Fusion")
        app.setPalette(palette(self.colours))
        app.setStyleSheet(style_sheet(self.colours))


THEME = Theme()


def apply_scheme(scheme: Scheme) -> None:
    """Use these colours in the running program."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    THEME.apply(app, scheme)


def style_sheet(colours: Colours) -> str:
    named = {name: getattr(colours, name) for name in Colours.__slots__ if name != "curves"}
    tone = "light" if colours is DARK else "dark"
    # Qt's style sheets refer to pictures by file name.
    pictures = {name: picture_path(f"{name}-{tone}").as_posix() for name in ("arrow", "arrow_up", "check")}
    return _SHEET.substitute(named, **pictures, image=IMAGE_FIELD)


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
        QPalette.ColorRole.Highlight: colours.accent,
        QPalette.ColorRole.HighlightedText: colours.on_accent,
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
