"""The buttons above the image: tools, view and layout; with words where there is room."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QToolButton, QWidget

from app.window.icons import tinted
from app.window.theme import GAP, THEME, TIGHT, Colours
from app.window.widgets.panel import Panel

ICON_SIZE = QSize(20, 20)
WORDS = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
ICONS = Qt.ToolButtonStyle.ToolButtonIconOnly


class ToolBar(Panel):
    """A button for each action, whose icon has the name of the action; drawn when it is first shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: list[QToolButton] = []
        self._lines: list[QFrame] = []
        self._tinted: Colours | None = None
        """The colours in which the icons are drawn."""
        self._is_outdated = False
        self._widths = {WORDS: 0, ICONS: 0}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(GAP, TIGHT, GAP, TIGHT)
        self._row.setSpacing(0)
        self._row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)

    def add_actions(self, groups: Sequence[Sequence[QAction]]) -> None:
        """A button for each action, with a line between groups."""
        for group in groups:
            if self.buttons:
                self._add_line()
            for action in group:
                button = QToolButton()
                button.setObjectName("tool")
                button.setDefaultAction(action)
                button.setIconSize(ICON_SIZE)
                button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
                button.setAccessibleName(action.text())
                action.setIconVisibleInMenu(False)
                self.buttons.append(button)
                self._row.addWidget(button)
        self._row.addStretch(1)
        self._tinted = None
        self._update_icons()

    def sizeHint(self) -> QSize:
        return QSize(self._widths[WORDS], self._row.sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._widths[ICONS], self._row.minimumSize().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._update_icons()
        super().changeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_outdated:
            self._tint()

    def _update_icons(self) -> None:
        """Draw them now if they can be seen, else when they can."""
        self._is_outdated = True
        if self.isVisible():
            self._tint()

    def _add_line(self) -> None:
        line = QFrame()
        self._lines.append(line)
        line.setFixedSize(1, ICON_SIZE.height())
        self._row.addSpacing(GAP)
        self._row.addWidget(line)
        self._row.addSpacing(GAP)

    def _tint(self) -> None:
        """Icons in the colours of the scheme, and how wide the row is with and without words."""
        self._is_outdated = False
        # A change of the scheme sends several events, and drawing all icons takes a fifth of it.
        if self._tinted is not THEME.colours:
            self._tinted = THEME.colours
            for button in self.buttons:
                action = button.defaultAction()
                action.setIcon(tinted(action.objectName(), THEME.colours.text, THEME.colours.accent))
            for line in self._lines:
                line.setStyleSheet(f"background: {THEME.colours.line};")
        for style in (WORDS, ICONS):
            self._use(style)
            self._widths[style] = self._row.sizeHint().width()
        self.updateGeometry()
        self._fit()

    def _fit(self) -> None:
        self._use(WORDS if self._widths[WORDS] <= self.width() else ICONS)

    def _use(self, style: Qt.ToolButtonStyle) -> None:
        for button in self.buttons:
            if button.toolButtonStyle() != style:
                button.setToolButtonStyle(style)
        self._row.invalidate()
