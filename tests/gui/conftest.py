"""The window in tests: drawn into memory, with recorded links unless a test requests real processes."""

import os
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.window.main_window import MainWindow
from app.window.settings import SettingsFile
from app.window.states import background
from app.window.theme import THEME, apply_scheme
from tests.gui.recorded import RecordedLink

os.environ["QT_QPA_PLATFORM"] = "offscreen"

# Logged by Qt's off-screen plug-in about every window that has a smallest size, and about nothing else.
NO_SIZE_HINTS = "This plugin does not support propagateSizeHints"


def pytest_itemcollected(item: pytest.Item) -> None:
    item.add_marker(pytest.mark.qt_log_ignore(NO_SIZE_HINTS, extend=True))


@pytest.fixture
def worker(qapp) -> RecordedLink:
    return RecordedLink()


@pytest.fixture
def reader(qapp) -> RecordedLink:
    return RecordedLink()


@pytest.fixture
def settings(tmp_path) -> SettingsFile:
    return SettingsFile(tmp_path / "settings")


@pytest.fixture
def open_window(qtbot: QtBot, settings, worker, reader, monkeypatch) -> Iterator[Callable[..., MainWindow]]:
    """Shows a window; `real=True` gives it the real worker and reader.

    With recorded links nothing is done in the background: how long a process idles depends on the machine.
    """
    windows = []

    def make(
        real: bool = False,
        size: tuple[int, int] = (1280, 720),
        may_stop: Callable[[QWidget], bool] = lambda _: True,
        settings: SettingsFile = settings,
    ) -> MainWindow:
        apply_scheme("dark")
        # As if the settings said so: otherwise the first change of any setting, as on closing, leaves dark.
        THEME.requested = settings.values.scheme
        if not real:
            monkeypatch.setattr(background, "IDLE_MS", 10**8)
        # One recorded link is both readers, so that answers come in the order of the requests.
        links = {} if real else {"worker": worker, "reader": reader, "lister": reader}
        window = MainWindow(settings, may_stop=may_stop, **links)
        windows.append(window)
        qtbot.addWidget(window)
        window.resize(*size)
        with qtbot.waitSignal(window.shown_first):
            window.show()
        return window

    yield make
    for window in windows:
        window.close()
