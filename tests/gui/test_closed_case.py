"""What the window shows after a case was closed: the same as before it was opened."""

from collections import Counter

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton, QTreeWidget, QWidget

from app.texts import window as texts
from app.window.main_window import MainWindow
from app.window.states.control_maps import CONTROL_MAPS
from core.link import CancelledJob
from core.readers.messages import SeriesClosed
from core.worker.messages import CheckDone, CurvesDone
from tests.app.window.states.test_checks import WEIGHTS, finding
from tests.app.window.states.test_reveal import with_glimpses
from tests.gui.recorded import explained, frame_read, indexed, predicted
from tests.gui.test_window import BRIGHT, settle

NAME = "planted.png"


def open_and_work(window: MainWindow, reader, worker) -> None:
    """A case with a prediction, a map over it, a check, curves, a region, a measurement, a header."""
    session = window.session
    session.cases.open_paths([f"folder/{NAME}"])
    reader.answer(indexed(NAME, frames=3))
    reader.answer(*frame_read(BRIGHT))
    settle(reader)
    worker.answer(predicted())
    session.start_explaining()
    values = np.ones((225, 225), np.float32)
    for name in (*CONTROL_MAPS, "grad_cam"):
        assert worker.last.method == name
        worker.answer(explained(values, name), [values])
    session.checks.start(session.maps.finished[-1].number, WEIGHTS)
    worker.answer(CheckDone(finding=finding(WEIGHTS, "yes")))
    session.curves.start()
    worker.answer(CurvesDone(curves=with_glimpses(), seconds=1.0))
    session.region.draw_rectangle((30, 30), (60, 60))
    session.image.set_cursor((40.0, 40.0))


def close(window: MainWindow, reader, worker) -> None:
    window.session.cases.close_all()
    for link in (reader, worker):
        while link.running_job is not None:
            link.answer(SeriesClosed(kept_bytes=0) if link is reader else CancelledJob())


def shown_texts(window: QWidget) -> list[str]:
    """What every visible label, button and row says."""
    parts = [part.text() for kind in (QLabel, QAbstractButton) for part in visible(window, kind)]
    for tree in visible(window, QTreeWidget):
        item = tree.topLevelItem(0)
        while item is not None:
            parts += [item.text(column) for column in range(tree.columnCount())]
            item = tree.itemBelow(item)
    return sorted(part for part in parts if part)


def visible(window: QWidget, kind: type[QWidget]) -> list[QWidget]:
    return [part for part in window.findChildren(kind) if part.isVisibleTo(window)]


def test_that_a_closed_case_leaves_nothing_on_the_screen(open_window, reader, worker) -> None:
    window = open_window()
    settle(reader)
    window.session.explain.set_checked("integrated_gradients", False)
    window.docks.results.show()  # as it is from the first map on
    before = shown_texts(window)
    open_and_work(window, reader, worker)
    assert any(NAME in text for text in shown_texts(window))
    assert window.session.image.overlay_visible
    close(window, reader, worker)
    assert Counter(shown_texts(window)) - Counter(before) == Counter()
    assert not window.image_panel.view.isVisible()
    for tab in range(window.docks.results.tabs.count()):
        window.docks.results.show_tab(tab)
        assert not any(NAME in text or "planted" in text for text in shown_texts(window))
    assert window.session.image.readout == ""
    assert window.studies_panel.tree.topLevelItemCount() == 0


def test_that_a_closed_case_can_not_be_explained_by_button_menu_or_key(
    qtbot, open_window, reader, worker
) -> None:
    window = open_window()
    settle(reader)
    window.session.explain.set_checked("integrated_gradients", False)
    open_and_work(window, reader, worker)
    close(window, reader, worker)
    sent = len(worker.sent)
    buttons = [b for b in visible(window, QPushButton) if b.text() == texts.EXPLAIN]
    assert buttons
    assert not any(button.isEnabled() for button in buttons)
    actions = window.window_actions.by_name
    for name in ("explain", "open_mask", "tags", "highest_slice", "largest_region_slice", "cine"):
        assert not actions[name].isEnabled(), name
    for button in buttons:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.keyClick(window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert len(worker.sent) == sent


def test_that_the_header_of_a_closed_case_is_empty(open_window, reader, worker) -> None:
    window = open_window()
    settle(reader)
    window.session.explain.set_checked("integrated_gradients", False)
    open_and_work(window, reader, worker)
    window.show_tags()
    close(window, reader, worker)
    assert (window.session.tags.tags, window.session.tags.reading) == ((), False)
