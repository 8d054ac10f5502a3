"""What is built after the first paint: one page a step, at once when it is needed, and never a window."""

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLabel, QStackedWidget, QWidget

from app.texts import window as texts
from app.window.late_pages import LatePages
from app.window.main_window import MainWindow
from tests.gui.recorded import RecordedLink


class ShownWindows(QObject):
    """Hears of every widget that appears as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.kinds: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.kinds.append(type(watched).__name__)
        return False


@pytest.fixture
def stack(qtbot) -> QStackedWidget:
    widget = QStackedWidget()
    qtbot.addWidget(widget)
    widget.addWidget(QLabel("first"))
    widget.show()
    return widget


@pytest.fixture
def new_window(qtbot, settings) -> MainWindow:
    """Made and not yet shown."""
    link = RecordedLink()
    window = MainWindow(settings, link, link, link, may_stop=lambda _: True)
    qtbot.addWidget(window)
    return window


def built(window: MainWindow) -> int:
    return sum(page.is_built for page in window.late_pages.pages)


def test_that_pages_are_built_in_their_order_and_each_in_a_step_of_its_own(qtbot, stack) -> None:
    made: list[str] = []

    def make(name: str) -> QLabel:
        made.append(name)
        return QLabel(name)

    late = LatePages()
    for name in ("second", "third"):
        late.page(lambda name=name: make(name)).add_to(stack)
    assert made == []
    with qtbot.waitSignal(late.all_built):
        late.start()
        QApplication.processEvents()
        assert made == ["second"]
    assert made == ["second", "third"]
    assert [stack.widget(at).text() for at in range(stack.count())] == ["first", "second", "third"]


def test_that_a_page_that_is_needed_earlier_is_built_at_once_and_only_once(qtbot, stack) -> None:
    made: list[QLabel] = []

    def make() -> QLabel:
        made.append(QLabel("second"))
        return made[-1]

    late = LatePages()
    page = late.page(make)
    page.add_to(stack)
    assert not page.is_built
    stack.setCurrentIndex(1)
    assert made == [page.widget]
    assert (stack.currentWidget(), stack.count(), page.is_shown) == (page.widget, 2, True)
    assert page.widget.isVisible()
    with qtbot.waitSignal(late.all_built):
        late.start()
    assert len(made) == 1


def test_that_a_page_that_is_built_unseen_leaves_the_stack_where_it_was(stack) -> None:
    page = LatePages().page(lambda: QLabel("second"))
    page.add_to(stack)
    assert page.widget.isHidden()
    assert (stack.currentIndex(), page.is_shown) == (0, False)


def test_that_the_first_paint_comes_before_the_late_pages(qtbot, new_window) -> None:
    counts = []
    new_window.shown_first.connect(lambda: counts.append(built(new_window)))
    with qtbot.waitSignal(new_window.late_pages.all_built):
        new_window.show()
    assert counts == [0]
    assert built(new_window) == len(new_window.late_pages.pages) == 7
    new_window.close()


def test_that_a_panel_behind_a_tab_is_there_as_soon_as_its_menu_entry_is_chosen(qtbot, new_window) -> None:
    window = new_window
    action = next(action for action in window.findChildren(QAction) if action.text() == texts.CURVES)
    action.trigger()
    assert built(window) == 1
    assert window.docks.results.shown_panel is window.curves_panel
    window.close()


def test_that_the_page_of_the_model_is_there_before_the_others_are_built(qtbot, new_window) -> None:
    new_window.pages.show_model()
    assert new_window.pages.currentWidget() is new_window.model_panel
    assert built(new_window) == 1
    new_window.close()


def test_that_nothing_flashes_up_as_a_window_of_its_own_while_the_window_is_made(qtbot, settings) -> None:
    shown = ShownWindows()
    app = QApplication.instance()
    app.installEventFilter(shown)
    try:
        link = RecordedLink()
        window = MainWindow(settings, link, link, link, may_stop=lambda _: True)
        qtbot.addWidget(window)
        with qtbot.waitSignal(window.late_pages.all_built):
            window.show()
        window.pages.show_model()
        QApplication.processEvents()
    finally:
        app.removeEventFilter(shown)
    assert shown.kinds == ["MainWindow"]
    window.close()
