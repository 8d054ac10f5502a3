"""Pages that the first paint does not show: built after it one by one, or at once when one is needed."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

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
        return self._stack is not None and self._stack.currentWidget() in (self._page, self._place)

    @property
    def widget(self) -> PageType:
        """The page, built now if it was not yet."""
        page = self._page
        if page is None:
            page = self._page = self._make()
            self._replace_place_by(page)
        return page

    def build(self) -> None:
        """Build it unless that is done."""
        _ = self.widget

    def add_to(self, stack: QStackedWidget) -> None:
        """Append it to a stack, before it is built. It is built when the stack shows it."""
        self._stack = stack
        self._place = QWidget()
        stack.addWidget(self._place)
        stack.currentChanged.connect(self._on_current)

    def _replace_place_by(self, page: PageType) -> None:
        stack, place = self._stack, self._place
        if stack is None or place is None:
            return
        self._place = None
        is_shown = stack.currentWidget() is place
        stack.insertWidget(stack.indexOf(place), page)
        if is_shown:
            stack.setCurrentWidget(page)
        stack.removeWidget(place)
        place.deleteLater()

    def _on_current(self, _index: int) -> None:
        if self.is_shown:
            self.build()


class PageOf(Generic[PageType]):
    """An attribute of a window: the widget of one of its late pages, built when it is asked for."""

    def __init__(self, attribute: str) -> None:
        """attribute: where the window holds the `LatePage`."""
        self._attribute = attribute

    def __get__(self, window: Any, _owner: type) -> PageType:
        page: LatePage[PageType] = getattr(window, self._attribute)
        return page.widget


class LatePages(QObject):
    """Builds pages in steps of the event loop of one page each, so that none holds up a click.

    pages: in the order in which they are built. all_built: nothing is left to build.
    """

    all_built = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.pages: list[LatePage[Any]] = []
        self._step = QTimer(self)
        self._step.setSingleShot(True)
        self._step.timeout.connect(self._build_next)

    def page(self, make: Callable[[], PageType]) -> LatePage[PageType]:
        """A page to build after `start`, after those that were asked for before."""
        page = LatePage(make)
        self.pages.append(page)
        return page

    @Slot()
    def start(self) -> None:
        """Begin to build what nobody has needed yet."""
        self._step.start(0)

    @Slot()
    def _build_next(self) -> None:
        page = next((page for page in self.pages if not page.is_built), None)
        if page is None:
            self.all_built.emit()
            return
        page.build()
        self._step.start(0)
