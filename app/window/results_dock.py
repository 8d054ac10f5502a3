"""The dock of the results: its tabs are its title bar, it appears with the first map and can be collapsed."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QStackedWidget,
    QTabBar,
    QToolButton,
    QWidget,
)

from app.texts import window as texts
from app.window.late_pages import LatePage
from app.window.states.maps import MapsState
from app.window.theme import GAP
from app.window.wheel_guard import guarded
from app.window.widgets.panel import Panel

UNLIMITED = 16_777_215  # Qt's largest size


class ResultsDock(QDockWidget):
    """Shows one of several panels, chosen by tabs.

    collapsed_changed: the panels were hidden, so that the tabs alone remain, or shown again.
    """

    collapsed_changed = Signal(bool)

    def __init__(self, panels: Sequence[tuple[str, QWidget | LatePage[Any]]], controls: QWidget) -> None:
        """panels: with the titles of their tabs; controls: shown beside the tabs."""
        super().__init__(texts.RESULTS)
        self.setObjectName("results")
        self.is_collapsed = False
        self.tabs, self._pages, self._collapse = guarded(QTabBar()), QStackedWidget(), QToolButton()
        self.tabs.setAccessibleName(texts.RESULTS)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(False)
        for title, panel in panels:
            self.tabs.addTab(title)
            if isinstance(panel, QWidget):
                self._pages.addWidget(panel)
            else:
                panel.add_to(self._pages)
        self._blank = QWidget()
        self._pages.addWidget(self._blank)
        self.tabs.currentChanged.connect(self._on_tab)
        self.tabs.tabBarClicked.connect(self._on_tab_clicked)
        self._collapse.clicked.connect(self._on_collapse)
        self._head = Panel()
        row = QHBoxLayout(self._head)
        row.setContentsMargins(0, 0, GAP, 0)
        row.setSpacing(GAP)
        row.addWidget(self.tabs, 1)
        row.addWidget(controls)
        row.addWidget(self._collapse)
        # The free area beside the tabs still moves the dock.
        self.setTitleBarWidget(self._head)
        self.setWidget(self._pages)
        self._show_collapse()

    def appear_with(self, maps: MapsState) -> None:
        """Stay hidden until there is a map to show."""
        self._maps = maps
        self.hide()
        maps.changed.connect(self._on_maps_changed)

    @property
    def shown_panel(self) -> QWidget | None:
        """The panel of the chosen tab."""
        return self._pages.currentWidget()

    def show_panel(self, panel: QWidget) -> None:
        """Bring a panel to the front."""
        self.show_tab(self._pages.indexOf(panel))

    def show_tab(self, number: int) -> None:
        """Bring the tab of this number, counted from 0, to the front."""
        self.show()
        self.set_collapsed(False)
        self.tabs.setCurrentIndex(number)

    def set_collapsed(self, is_collapsed: bool) -> None:
        """Hide the panels and keep the tabs, or show them again."""
        if is_collapsed == self.is_collapsed:
            return
        self.is_collapsed = is_collapsed
        # A page without anything that the keyboard could reach.
        self._pages.setCurrentIndex(
            self._pages.indexOf(self._blank) if is_collapsed else self.tabs.currentIndex()
        )
        self._pages.setMaximumHeight(0 if is_collapsed else UNLIMITED)
        self.setMaximumHeight(self._head.sizeHint().height() if is_collapsed else UNLIMITED)
        self._show_collapse()
        self.collapsed_changed.emit(is_collapsed)

    def _show_collapse(self) -> None:
        words = texts.EXPAND_RESULTS if self.is_collapsed else texts.COLLAPSE_RESULTS
        self._collapse.setArrowType(Qt.ArrowType.UpArrow if self.is_collapsed else Qt.ArrowType.DownArrow)
        self._collapse.setToolTip(words)
        self._collapse.setAccessibleName(words)

    @Slot()
    def _on_collapse(self) -> None:
        self.set_collapsed(not self.is_collapsed)

    @Slot(int)
    def _on_tab(self, number: int) -> None:
        if not self.is_collapsed:
            self._pages.setCurrentIndex(number)

    @Slot(int)
    def _on_tab_clicked(self, number: int) -> None:
        if number >= 0:
            self.set_collapsed(False)

    @Slot()
    def _on_maps_changed(self) -> None:
        if self._maps.entries:
            self._maps.changed.disconnect(self._on_maps_changed)
            self.show()
