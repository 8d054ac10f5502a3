"""The style sheet of the window, with places for colours ($name), sizes of the type scale and pictures.

The accent colour stands for focus and for the one primary action, nothing else; the other states of a control
are neutral. Text without a rule has the colour of the palette.
"""

from string import Template

SHEET = Template(
    """
QMainWindow, QDialog { background: $window; }
QMainWindow::separator { background: $window; width: 6px; height: 6px; }
QMainWindow::separator:hover { background: $muted; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 4px 6px; }
QMenuBar { background: $window; padding: 2px 6px; }
QMenuBar::item { padding: 4px 10px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected { background: $raised; }
QMenu { background: $raised; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 5px 28px 5px 22px; border-radius: 4px; }
QMenu::item:selected { background: $soft; color: $text; }
QMenu::item:disabled { color: $muted; background: transparent; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QStatusBar { background: $window; color: $muted; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: $muted; font-size: ${secondary}px; padding: 0 6px; }
QDockWidget { color: $muted; font-weight: 600; }
QDockWidget::title { background: $panel; padding: 4px 12px 3px 12px; border-bottom: 1px solid $line; }
QWidget#panel { background: $panel; }
QWidget#imageField { background: $image; }
QLabel#title { font-weight: 600; }
QLabel#section { color: $muted; font-weight: 600; }
QLabel#muted { color: $muted; font-size: ${secondary}px; }
QLabel#predictionClass, QLabel#predictionProbability { font-size: ${large}px; font-weight: 600; }
QLabel#predictionClass[muted="true"], QLabel#predictionProbability[muted="true"] { color: $muted; }
QLabel#disclaimer { color: $muted; font-size: ${secondary}px; padding: 5px 12px 3px 12px; }
QLabel#error { color: $error; }
QLabel#good { color: $good; }
QLabel#warning { color: $warning; }
QLabel#headline { font-weight: 600; }
QLabel#secondary { color: $muted; font-size: ${secondary}px; }
QLabel#pageTitle { font-size: ${large}px; font-weight: 600; }
QLabel#imageTitle { color: $image_text; font-size: ${large}px; font-weight: 600; }
QLabel#imageQuiet { color: $image_quiet; }
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
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $text; }
QTabBar::tab:focus { color: $text; border: 1px solid $accent; }
QTabBar::tab:hover { color: $text; }
QPushButton { background: $raised; border: 1px solid $line; border-radius: 5px;
    padding: 5px 12px; }
QPushButton:hover { border-color: $muted; }
QPushButton:pressed { background: $soft; }
QPushButton:disabled { color: $muted; background: $panel; }
QPushButton:focus { border-color: $accent; }
QPushButton#primary { background: $accent; color: $on_accent; border-color: $accent; font-weight: 600; }
QPushButton#primary:focus { border: 2px solid $text; padding: 4px 11px; }
QPushButton#primary:disabled { background: $raised; color: $muted; border-color: $line; }
QPushButton#preset { text-align: left; padding: 5px 10px; }
QPushButton#preset:checked { background: $soft; border-color: $text; font-weight: 600; }
QPushButton#small { padding: 1px 8px; }
QPushButton#link { background: transparent; border: 1px solid transparent; color: $text; padding: 1px 4px;
    text-decoration: underline; }
QPushButton#link:hover { background: $soft; }
QPushButton#link:focus { border-color: $accent; }
QPushButton#link:disabled { color: $muted; }
QToolButton { background: transparent; border: none; border-radius: 4px; padding: 3px; }
QToolButton:hover { background: $raised; }
QToolButton:focus { border: 1px solid $accent; padding: 2px; }
QToolButton#link { color: $text; padding: 2px 0; text-decoration: underline; }
QToolButton#link::menu-indicator { image: none; }
QToolButton#tool { padding: 4px 8px; }
QToolButton#tool:checked { background: $soft; color: $text; font-weight: 600; }
QToolButton#tool:disabled { color: $muted; }
QToolButton#tool:focus { border: 1px solid $accent; }
QToolButton#chipyes, QToolButton#chippartly, QToolButton#chipno, QToolButton#chipundecided,
QToolButton#chipunknown, QToolButton#chiprunning, QToolButton#chipfailed { border: 1px solid $line;
    border-radius: 8px; padding: 0 2px; font-size: ${smallest}px; background: $panel; color: $muted; }
QToolButton#chipyes { color: $good; border-color: $good; }
QToolButton#chippartly, QToolButton#chipundecided { color: $warning; border-color: $warning; }
QToolButton#chipno { color: $error; border-color: $error; }
QToolButton#chipunknown { border-style: dashed; }
QToolButton#chipunknown:hover { border-color: $muted; color: $text; }
QToolButton#chipyes:focus, QToolButton#chippartly:focus, QToolButton#chipno:focus,
QToolButton#chipundecided:focus, QToolButton#chipunknown:focus, QToolButton#chiprunning:focus,
QToolButton#chipfailed:focus { border-color: $accent; color: $text; }
QPushButton#check { text-align: left; padding: 2px 6px; background: transparent;
    border: 1px solid transparent; }
QPushButton#check:hover { border-color: $line; }
QPushButton#check:checked { background: $soft; font-weight: 600; }
QPushButton#check:focus { border-color: $accent; }
QComboBox, QSpinBox, QDoubleSpinBox, QLineEdit { background: $raised; border: 1px solid $line;
    border-radius: 5px; padding: 3px 7px; min-height: 20px; selection-background-color: $soft;
    selection-color: $text; }
QComboBox:hover, QSpinBox:hover, QDoubleSpinBox:hover, QLineEdit:hover { border-color: $muted; }
QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus, QLineEdit:focus { border-color: $accent; }
QAbstractSpinBox { padding: 3px 20px 3px 7px; }
QAbstractSpinBox QLineEdit { border: none; padding: 0; min-height: 0; background: transparent; }
QSplitter::handle { background: $line; }
QSplitter::handle:vertical { height: 1px; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:hover { background: $muted; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { subcontrol-origin: border; width: 20px;
    border: none; background: transparent; }
QAbstractSpinBox::up-button { subcontrol-position: top right; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; }
QAbstractSpinBox::up-arrow { image: url($arrow_up); width: 8px; height: 8px; }
QAbstractSpinBox::down-arrow { image: url($arrow); width: 8px; height: 8px; }
QComboBox::drop-down { border: none; width: 22px; }
QComboBox::down-arrow { image: url($arrow); width: 10px; height: 10px; }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $line; outline: none;
    selection-background-color: $soft; selection-color: $text; padding: 2px; }
QCheckBox { spacing: 7px; }
QCheckBox::indicator, QTreeView::indicator { width: 14px; height: 14px; border: 1px solid $muted;
    border-radius: 3px; background: $raised; }
QCheckBox:focus { color: $text; }
QCheckBox::indicator:hover, QTreeView::indicator:hover { border-color: $text; }
QCheckBox::indicator:focus { border: 2px solid $accent; }
QCheckBox::indicator:checked, QTreeView::indicator:checked { background: $text; border-color: $text;
    image: url($check); }
QCheckBox::indicator:disabled, QTreeView::indicator:disabled { border-color: $line; background: $panel; }
QAbstractScrollArea { border: none; }
QTreeView, QTableView, QListView, QScrollArea, QScrollArea > QWidget > QWidget#panel { background: $panel; }
QListView#strip { outline: none; }
QListView#strip::item { border-radius: 4px; padding-top: 2px; border: 1px solid transparent; }
QListView#strip::item:hover { background: $raised; }
QListView#strip::item:selected { background: $soft; color: $text; border: 1px solid $text; }
QListView#strip:focus::item:selected { border-color: $accent; }
QTreeView { outline: none; show-decoration-selected: 1; padding-left: 7px; padding-right: 7px; }
QTreeView::item { padding: 3px 2px; }
QTreeView#methods::item { padding: 0 2px 1px 2px; }
QTreeView#methods::indicator { width: 11px; height: 11px; }
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
    padding: 4px 4px; font-weight: 600; font-size: ${secondary}px; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $line; border-radius: 4px; margin: 1px; min-height: 24px; min-width: 24px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {
    background: transparent; width: 0; height: 0; }
QSlider::groove:horizontal { height: 4px; background: $line; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $muted; border-radius: 2px; }
QSlider::handle:horizontal { background: $text; width: 12px; height: 12px; margin: -4px 0;
    border-radius: 6px; }
QSlider::handle:horizontal:focus { background: $accent; }
QSlider::handle:horizontal:disabled, QSlider::sub-page:horizontal:disabled { background: $line; }
QProgressBar { background: $line; border: none; border-radius: 2px; max-height: 4px; min-height: 4px; }
QProgressBar::chunk { background: $muted; border-radius: 2px; }
"""
)
