"""The start of the program with its window."""

import gc
import sys
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QApplication

from app.texts import window as texts
from app.window.failure import WindowFailure
from app.window.main_window import MainWindow
from app.window.saving import ask_unsaved
from app.window.settings import SettingsFile
from app.window.theme import THEME, apply_scheme
from core.folders import state_folder
from core.policy import policy

# The folder of work that is not saved.
UNSAVED = "unsaved"


def open_window(paths: list[str], failure: WindowFailure) -> int:
    """Show the window with these files and run until it is closed. Returns the exit code.

    failure: shows bugs of the program, in the window from its creation on.
    """
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName(texts.APP)
    settings = SettingsFile()
    first_start = not settings.exists
    apply_scheme(settings.values.scheme)
    app.styleHints().colorSchemeChanged.connect(_on_system_scheme)
    window = MainWindow(settings)
    failure.notices = window.session.notices
    window.shown_first.connect(spare_start_objects)
    window.workspace.ask = ask_unsaved
    window.workspace.keep_unsaved(state_folder() / UNSAVED)
    if policy().problem:
        window.session.notices.warn("policy", (policy().problem,))
    window.show()
    if paths:
        window.workspace.open_paths([str(Path(path)) for path in paths])
    elif first_start:
        window.session.open_sample()
    return app.exec()


def spare_start_objects() -> None:
    """Leave what the program is made of out of later garbage collections.

    With all of it a full collection takes 0.1 to 0.4 s, in which the window stands still.
    """
    gc.freeze()


@Slot()
def _on_system_scheme() -> None:
    if THEME.requested == "system":
        apply_scheme("system")
