"""The dock widgets of the main window: studies on the left, prediction and methods right, results below."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QMainWindow, QStackedWidget, QTabBar, QWidget

from app.texts import studies as texts_studies
from app.texts import window as texts
from app.window.widgets.panel import Panel

BOTTOM_SHARE = 0.3
LEFT = Qt.DockWidgetArea.LeftDockWidgetArea
RIGHT = Qt.DockWidgetArea.RightDockWidgetArea
BOTTOM = Qt.DockWidgetArea.BottomDockWidgetArea


class Docks(QObject):
    """Arranges panels in dock widgets, and brings the results to the front."""

    def __init__(
        self,
        window: QMainWindow,
        studies: QWidget,
        prediction: QWidget,
        methods: QWidget,
        results: Sequence[tuple[str, QWidget]],
        controls: QWidget,
    ) -> None:
        """results: titles and panels of the tabs; controls: shown beside the tabs."""
        super().__init__(window)
        self._window = window
        self.tabs, self._pages = QTabBar(), QStackedWidget()
        window.setCorner(Qt.Corner.BottomRightCorner, RIGHT)
        window.setCorner(Qt.Corner.BottomLeftCorner, BOTTOM)
        self.all = (
            self._dock("studies", texts_studies.STUDIES, studies, LEFT),
            self._dock("prediction", texts.PREDICTION, prediction, RIGHT),
            self._dock("methods", texts.EXPLAIN, methods, RIGHT),
            self._tab_dock(results, controls),
        )
        window.resizeDocks(list(self.all[:2]), [250, 330], Qt.Orientation.Horizontal)
        window.resizeDocks([self.all[3]], [round(BOTTOM_SHARE * window.height())], Qt.Orientation.Vertical)
        window.resizeDocks(list(self.all[1:3]), [250, 500], Qt.Orientation.Vertical)
        self._first_layout = window.saveState()

    def _dock(self, name: str, title: str, panel: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title, self._window)
        dock.setObjectName(name)
        dock.setWidget(panel)
        self._window.addDockWidget(area, dock)
        return dock

    def _tab_dock(self, results: Sequence[tuple[str, QWidget]], controls: QWidget) -> QDockWidget:
        """One dock with its tabs in the title bar; the free area beside them still moves it."""
        self.tabs.setAccessibleName(texts.RESULTS)
        self.tabs.setExpanding(False)
        for title, panel in results:
            self.tabs.addTab(title)
            self._pages.addWidget(panel)
        self.tabs.currentChanged.connect(self._pages.setCurrentIndex)
        head = Panel()
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.tabs, 1)
        row.addWidget(controls)
        dock = self._dock("results", texts.RESULTS, self._pages, BOTTOM)
        dock.setTitleBarWidget(head)
        return dock

    def show_panel(self, panel: QWidget) -> None:
        """Bring a tab of the results to the front."""
        self.tabs.setCurrentIndex(self._pages.indexOf(panel))

    def show_tab(self, number: int) -> None:
        """Bring the results to the front, at the tab of this number, counted from 0."""
        self.all[-1].show()
        self.tabs.setCurrentIndex(number)

    @Slot()
    def reset(self) -> None:
        """Restore the layout of the first start, with every dock visible."""
        self._window.restoreState(self._first_layout)
        for dock in self.all:
            dock.show()
