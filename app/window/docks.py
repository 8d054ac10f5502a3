"""The dock widgets of the main window: studies on the left, prediction and methods right, results below."""

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from app.texts import studies as texts_studies
from app.texts import window as texts
from app.window.results_dock import ResultsDock
from app.window.wheel_guard import DockTabGuard

LEFT_WIDTH, RIGHT_WIDTH = 240, 320
BOTTOM_SHARE = 0.3
LEFT = Qt.DockWidgetArea.LeftDockWidgetArea
RIGHT = Qt.DockWidgetArea.RightDockWidgetArea
BOTTOM = Qt.DockWidgetArea.BottomDockWidgetArea


class Docks(QObject):
    """Arranges panels in dock widgets."""

    def __init__(
        self,
        window: QMainWindow,
        studies: QWidget,
        prediction: QWidget,
        methods: QWidget,
        results: ResultsDock,
    ) -> None:
        super().__init__(window)
        self._window, self.results = window, results
        DockTabGuard(window)
        window.setCorner(Qt.Corner.BottomRightCorner, RIGHT)
        window.setCorner(Qt.Corner.BottomLeftCorner, BOTTOM)
        self.all: tuple[QDockWidget, ...] = (
            self._dock("studies", texts_studies.STUDIES, studies, LEFT),
            self._dock("prediction", texts.PREDICTION, prediction, RIGHT),
            self._dock("methods", texts.EXPLAIN, methods, RIGHT),
            results,
        )
        window.addDockWidget(BOTTOM, results)
        results.collapsed_changed.connect(self._on_collapsed)
        window.resizeDocks(list(self.all[:2]), [LEFT_WIDTH, RIGHT_WIDTH], Qt.Orientation.Horizontal)
        self._share_height()
        window.resizeDocks(list(self.all[1:3]), [250, 500], Qt.Orientation.Vertical)
        self._first_layout = window.saveState()

    def _dock(self, name: str, title: str, panel: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title, self._window)
        dock.setObjectName(name)
        dock.setWidget(panel)
        self._window.addDockWidget(area, dock)
        return dock

    def _share_height(self) -> None:
        height = round(BOTTOM_SHARE * self._window.height())
        self._window.resizeDocks([self.results], [height], Qt.Orientation.Vertical)

    @Slot(bool)
    def _on_collapsed(self, is_collapsed: bool) -> None:
        if not is_collapsed:
            self._share_height()

    @Slot()
    def reset(self) -> None:
        """Restore the layout of the first start, with every dock visible."""
        self._window.restoreState(self._first_layout)
        self.results.set_collapsed(False)
        for dock in self.all:
            dock.show()
