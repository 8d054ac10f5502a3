"""Pages that the first paint does not show: built after it one by one, or at once when one is needed."""

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

PageType = TypeVar("PageType", bound=QWidget)


class LatePage(Generic[PageType]):
    """One page of a stack, an empty widget in its place until it is built."""

    def __init__(self, make: Callable[[], PageType]) -> None:
        """make: builds the page; it is called once."""
        self._make = make
        self._stack: QStackedWidget | None = None
        self._place: QWidget | None = None
        self._page: PageType | None = None

    @property
    def is_built(self) -> bool:
        return self._page is not None

    @property
    def is_shown(self) -> bool:
        """Whether its stack shows it."""
        return self._stack is not None and self._stack.currentWidget() is (self._page or self._place)

    @property
    def widget(self) -> PageType:
        """The page, built now if it was not yet."""
        if self._page is None:
            self._page = self._make()
            self._replace()
        return self._page

    def add_to(self, stack: QStackedWidget) -> None:
        """Append it to a stack. It is built when the stack shows it."""
        self._stack = stack
        self._place = QWidget()
        stack.addWidget(self._page or self._place)
        stack.currentChanged.connect(self._on_current)

    def _replace(self) -> None:
        stack, place, page = self._stack, self._place, self._page
        if stack is None or place is None or page is None:
            return
        self._place = None
        is_shown = stack.currentWidget() is place
        stack.insertWidget(stack.indexOf(place), page)
        if is_shown:
            stack.setCurrentWidget(page)
        stack.removeWidget(place)
        place.deleteLater()

    def _on_current(self, _: int) -> None:
        if self.is_shown and not self.is_built:
            _ = self.widget


class LatePages(QObject):
    """Builds pages in steps of the event loop of one page each, so that none holds up a click.

    all_built: nothing is left to build.
    """

    all_built = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: list[LatePage[QWidget]] = []
        self._step = QTimer(self)
        self._step.setSingleShot(True)
        self._step.timeout.connect(self._build_next)

    def page(self, make: Callable[[], PageType]) -> LatePage[PageType]:
        """A page to build after `start`, after those that were asked for before."""
        page = LatePage(make)
        self._waiting.append(page)  # type: ignore[arg-type]
        return page

    @Slot()
    def start(self) -> None:
        """Begin to build what nobody has needed yet."""
        self._step.start(0)

    @Slot()
    def _build_next(self) -> None:
        while self._waiting and self._waiting[0].is_built:
            self._waiting.pop(0)
        if not self._waiting:
            self.all_built.emit()
            return
        _ = self._waiting.pop(0).widget
        self._step.start(0)
