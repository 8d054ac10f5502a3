"""What a person does in the real window, by mouse and keys; leaves a picture of each step.

    python -m tests.gui.walk --pictures FOLDER [--size 1280x720] [--scheme dark]

QT_SCALE_FACTOR=2 in the environment gives 200 %. The exit code is 1 if anything was not as expected; each
fault is one line. To extend it: write a function of a `Walk` and add it to STEPS in `walk_steps`.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QEvent, QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLabel, QTreeWidgetItem, QWidget

from app.shortcuts import action
from app.window.main_window import MainWindow
from app.window.settings import SettingsFile
from app.window.theme import apply_scheme

# The first graphs of a network are traced and compiled while other work may go on.
LONG_S = 300.0
STEP_MS = 50
# After this time a dialog that was opened is drawn.
DIALOG_MS = 1000


class StepEnded(Exception):
    """The rest of a step cannot be done; the fault is noted."""


class Walk:
    """The window, the steps done in it, and what was not as expected."""

    def __init__(self, window: MainWindow, pictures: Path) -> None:
        self.window, self.session = window, window.session
        self.faults: list[str] = []
        self._pictures = pictures
        self._count = 0

    # What a person does

    def act(self, name: str) -> None:
        """Press the key of an action, or choose it in the menu if it has none."""
        keys = action(name).keys
        if keys:
            self.press(keys[0])
        else:
            self.window.window_actions.by_name[name].trigger()
        self.settle()

    def press(self, keys: str) -> None:
        """Press a key combination where the focus is; after a dialog the window is active again."""
        if QApplication.activeWindow() is None:
            self.window.activateWindow()
            QTest.qWaitForWindowActive(self.window)
        QTest.keySequence(QApplication.focusWidget() or self.window, QKeySequence(keys))

    def type_text(self, text: str) -> None:
        QTest.keyClicks(QApplication.focusWidget(), text)
        self.settle()

    def click(
        self,
        widget: QWidget,
        place: QPoint | None = None,
        modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        """Click into the middle of a widget, or at a place in it; a hidden one is a fault."""
        if self.expect(widget.isVisible(), f"{_name_of(widget)} is not on the screen"):
            at = place if place is not None else widget.rect().center()
            QTest.mouseClick(widget, Qt.MouseButton.LeftButton, modifier, at)
        self.settle()

    def click_row(self, item: QTreeWidgetItem, column: int) -> None:
        """Click into a cell of a tree."""
        tree = item.treeWidget()
        tree.scrollToItem(item)
        self.click(tree.viewport(), tree.visualRect(tree.indexFromItem(item, column)).center())

    def drop(self, path: Path) -> None:
        """Drop a file on the window."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        event = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, buttons, keys)
        self.window.dropEvent(event)

    def open_dialog(self, name: str, picture: str) -> None:
        """Open a dialog by its action, look at it, and close it; it may wait for an answer."""
        done: list[QDialog] = []

        def look() -> None:
            for dialog in self._dialogs():
                self.picture(picture, dialog)
                dialog.close()
                self.expect(not dialog.isVisible(), f"the dialog of {name} cannot be closed")
                done.append(dialog)

        QTimer.singleShot(DIALOG_MS, look)
        self.act(name)
        QTest.qWait(DIALOG_MS + 2 * STEP_MS)
        self.expect(bool(done), f"the action {name} opened no dialog")

    # What is expected

    def expect(self, holds: bool, otherwise: str) -> bool:
        """Note a fault unless something holds; returns whether it does."""
        if not holds:
            self.faults.append(f"after step {self._count}: {otherwise}")
        return holds

    def wait(self, what: str, holds: Callable[[], bool], seconds: float = LONG_S) -> None:
        """Wait until something holds. That it does not is a fault, and ends the step."""
        timer = QElapsedTimer()
        timer.start()
        while not holds() and timer.elapsed() < 1000 * seconds:
            QTest.qWait(STEP_MS)
        if not self.expect(holds(), f"waited {seconds:.0f} seconds in vain for {what}"):
            raise StepEnded

    def settle(self) -> None:
        QTest.qWait(2 * STEP_MS)

    def picture(self, name: str, window: QWidget | None = None) -> None:
        """Store what the window shows, and look whether it is whole."""
        shown = window or self.window
        self.settle()
        # A text that came with the last event has its room only after the layout.
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        if any(cut_texts(shown)):
            self.settle()  # a layout inside others is done in several steps; what stays cut is a fault
        self._count += 1
        shown.grab().save(str(self._pictures / f"{self._count:02d}_{name}.png"))
        for fault in (*cut_texts(shown), *outside_screen(shown)):
            self.expect(False, f"{name}: {fault}")

    def _dialogs(self) -> list[QDialog]:
        return [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]


def cut_texts(window: QWidget) -> Iterator[str]:
    """The visible texts of labels and buttons that have less room than they need."""
    for part in window.findChildren(QWidget):
        if not isinstance(part, QLabel | QAbstractButton) or not part.text():
            continue
        if not part.isVisible() or part.visibleRegion().isEmpty():
            continue
        if isinstance(part, QLabel) and part.wordWrap():
            is_cut = part.heightForWidth(part.width()) > part.height() + 1
        else:
            needed = part.sizeHint() if isinstance(part, QLabel) else part.minimumSizeHint()
            is_cut = needed.width() > part.width() + 1
        if is_cut:
            yield f"the text “{part.text()}” is cut"


def outside_screen(window: QWidget) -> Iterator[str]:
    """Whether the window with its frame reaches beyond the screen."""
    if not window.screen().availableGeometry().contains(window.frameGeometry()):
        yield f"a window of {window.frameGeometry()} reaches beyond {window.screen().availableGeometry()}"


def is_whole(widget: QWidget) -> bool:
    """Whether all of a widget is on the screen."""
    return widget.isVisible() and widget.visibleRegion().boundingRect().size() == widget.size()


def _name_of(widget: QWidget) -> str:
    return f"{type(widget).__name__} “{widget.accessibleName() or widget.property('text') or ''}”"


def walk_window(
    size: tuple[int, int], scheme: str, pictures: Path, steps: Sequence[Callable[[Walk], None]]
) -> list[str]:
    """Open the window as at its first start, do the steps, close it. Returns the faults."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    apply_scheme("dark" if scheme == "dark" else "light")
    with tempfile.TemporaryDirectory() as settings:
        window = MainWindow(SettingsFile(Path(settings)), may_stop=lambda _: True)
        window.move(0, 0)
        window.resize(*size)
        window.show()
        QTest.qWaitForWindowExposed(window)
        window.activateWindow()
        walk = Walk(window, pictures)
        try:
            for step in steps:
                with suppress(StepEnded):
                    step(walk)
        finally:
            window.close()
    return walk.faults


def main(arguments: Sequence[str]) -> int:
    from tests.gui.walk_steps import STEPS

    parser = argparse.ArgumentParser(description="Walk through the window and leave pictures.")
    parser.add_argument("--pictures", type=Path, required=True)
    parser.add_argument("--size", default="1280x720")
    parser.add_argument("--scheme", choices=("dark", "light"), default="dark")
    values = parser.parse_args(arguments)
    values.pictures.mkdir(parents=True, exist_ok=True)
    width, _, height = values.size.partition("x")
    faults = walk_window((int(width), int(height)), values.scheme, values.pictures, STEPS)
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
