"""The menu of recent files, and the folder in which a file dialog begins."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QMenu

from app.texts import window as texts
from app.window.main_window import MainWindow
from app.window.recent_menu import RecentMenu
from core.readers.messages import IndexPath
from tests.gui.recorded import frame_read, indexed
from tests.gui.test_window import BRIGHT, settle


@pytest.fixture
def window(open_window, reader) -> MainWindow:
    opened = open_window()
    settle(reader)
    return opened


def menu_of(window: MainWindow) -> RecentMenu:
    (menu,) = window.findChildren(RecentMenu)
    return menu


def labels(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if not action.isSeparator()]


def open_path(window: MainWindow, reader, path: Path) -> None:
    window.session.cases.open_paths([str(path)])
    reader.answer(indexed(path.name, folder=path.parent))
    reader.answer(*frame_read(BRIGHT))
    settle(reader)


def test_that_the_menu_names_what_was_opened_and_opens_it_again(window, reader) -> None:
    menu = menu_of(window)
    assert labels(menu) == [texts.NO_RECENT, texts.KEEP_RECENT, texts.CLEAR_RECENT]
    for path in ("/disk/first/scan.png", "/disk/a & b.png", "/disk/second/scan.png"):
        open_path(window, reader, Path(path))
    assert labels(menu)[:3] == ["&1 scan.png (second)", "&2 a && b.png", "&3 scan.png (first)"]
    menu.actions()[2].trigger()
    assert reader.last == IndexPath(path=Path("/disk/first/scan.png"))


def test_that_the_menu_keeps_and_clears_the_list(window, reader, settings) -> None:
    open_path(window, reader, Path("/disk/scan.png"))
    menu = menu_of(window)
    keep = next(action for action in menu.actions() if action.text() == texts.KEEP_RECENT)
    assert not keep.isChecked()
    keep.trigger()
    assert settings.values.recent_files == ("/disk/scan.png",)
    keep = next(action for action in menu.actions() if action.text() == texts.KEEP_RECENT)
    assert keep.isChecked()
    next(action for action in menu.actions() if action.text() == texts.CLEAR_RECENT).trigger()
    assert labels(menu)[0] == texts.NO_RECENT
    assert settings.values.recent_files == ()


def test_that_the_menu_stands_beside_open(window) -> None:
    file = window.menuBar().actions()[0].menu()
    texts_in_file = [action.text() for action in file.actions()]
    assert texts_in_file.index(texts.RECENT) == texts_in_file.index("Open folder…") + 1


def test_that_each_dialog_begins_where_the_last_one_ended(window, reader, monkeypatch) -> None:
    folders = []

    def files(parent, title, folder, *_):
        folders.append(folder)
        return ["/disk/one/scan.png"], ""

    def folder_chosen(parent, title, folder="", *_):
        folders.append(folder)
        return "/disk/two/study"

    monkeypatch.setattr(QFileDialog, "getOpenFileNames", files)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", folder_chosen)
    actions = window.window_actions.by_name
    for name in ("open", "open_folder", "open"):
        actions[name].trigger()
    assert folders == ["", "/disk/one", "/disk/two"]


def test_that_a_dialog_that_is_given_up_changes_nothing(window, monkeypatch) -> None:
    window.session.recent_files.set_folder("/disk/one")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([], ""))
    window.window_actions.by_name["open"].trigger()
    assert window.session.recent_files.folder == "/disk/one"
