"""The start of the program with its window."""

import gc
import sys
from functools import partial
from importlib import import_module
from pathlib import Path
from threading import Thread

from PySide6.QtCore import QSettings, QTimer, Slot
from PySide6.QtWidgets import QApplication

from app.texts import window as texts
from app.window.failure import WindowFailure
from app.window.main_window import MainWindow
from app.window.saving import ask_unsaved
from app.window.settings import SettingsFile
from app.window.theme import THEME, apply_scheme
from core.folders import portable_folder, settings_folder, state_folder
from core.policy import policy

# The folder of work that is not saved.
UNSAVED = "unsaved"
# The exporters are loaded when the first case is likely to stand on the screen.
LOAD_AFTER_MS = 5000


def open_window(paths: list[str], failure: WindowFailure) -> int:
    """Show the window with these files and run until it is closed. Returns the exit code.

    failure: shows bugs of the program, in the window from its creation on.
    """
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName(texts.APP)
    # The name of the desktop entry, by which a desktop finds the program's icon.
    app.setDesktopFileName("saliscope")
    if portable_folder() is not None:
        # Qt's own file dialogs keep the folders that were last shown in a file of Qt's settings.
        QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(settings_folder()))
    settings = SettingsFile()
    first_start = not settings.exists
    apply_scheme(settings.values.scheme)
    app.styleHints().colorSchemeChanged.connect(_on_system_scheme)
    window = MainWindow(settings)
    failure.notices = window.session.notices
    window.late_pages.all_built.connect(spare_start_objects)
    window.shown_first.connect(lambda: QTimer.singleShot(LOAD_AFTER_MS, load_exporters))
    window.shown_first.connect(partial(open_first, window, paths, first_start))
    window.workspace.ask = ask_unsaved
    window.workspace.keep_unsaved(state_folder() / UNSAVED)
    if policy().problem:
        window.session.notices.warn("policy", (policy().problem,))
    window.show()
    return app.exec()


def open_first(window: MainWindow, paths: list[str], is_first_start: bool) -> None:
    """What is opened without a question starts processes, which would take the time of the first paint."""
    if paths:
        window.workspace.open_paths([str(Path(path)) for path in paths])
    elif is_first_start:
        window.session.open_sample()


def spare_start_objects() -> None:
    """Leave what the program is made of out of later garbage collections.

    With all of it a full collection takes 0.1 to 0.4 s, in which the window stands still.
    """
    gc.freeze()
    gc.enable()


def load_exporters() -> None:
    """Load the exporters beside the event loop, so that their dialog opens at once."""
    Thread(target=import_module, args=("core.exports.exporters",), daemon=True).start()


@Slot()
def _on_system_scheme() -> None:
    if THEME.requested == "system":
        apply_scheme("system")
