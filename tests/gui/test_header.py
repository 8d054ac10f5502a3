"""The dialog with the header, and the export without identity, in the real window."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from app.texts import header as texts
from app.window.panels.tags import TagsDialog
from core.readers.header_tags import HIDDEN
from tests.core.readers.identified_files import NAME, identified_dataset, planted_in, write_identified
from tests.gui.test_window import open_image

LONG = 60_000


def open_series(qtbot, window, tmp_path):
    for number in (1, 2):
        write_identified(tmp_path / "study" / f"{number}.dcm", identified_dataset(number))
    window.session.cases.open_paths([str(tmp_path / "study")])
    qtbot.waitUntil(lambda: window.session.image.image is not None, timeout=LONG)


def values_of(table):
    model = table.model()
    return {model.index(row, 2).data(): model.index(row, 3).data() for row in range(model.rowCount())}


def test_that_header_and_export_of_a_series_keep_the_identity_back(qtbot, open_window, tmp_path, monkeypatch):
    window = open_window(real=True)
    open_series(qtbot, window, tmp_path)
    window.window_actions.by_name["tags"].trigger()
    (dialog,) = window.findChildren(TagsDialog)
    qtbot.waitUntil(lambda: dialog.table.model().rowCount() > 0, timeout=LONG)
    assert values_of(dialog.table)["Patient's Name"] == HIDDEN
    assert dialog.line.text().endswith("elements")
    dialog.filter.setText("rows")
    assert list(values_of(dialog.table)) == ["Rows"]
    assert " of " in dialog.line.text()
    dialog.filter.clear()
    dialog.identity.setChecked(True)
    qtbot.waitUntil(lambda: NAME in values_of(dialog.table)["Patient's Name"], timeout=LONG)
    dialog.close()
    assert not dialog.isVisible()
    assert not window.session.tags.is_open

    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    window.window_actions.by_name["export_deidentified"].trigger()
    qtbot.waitUntil(lambda: not window.session.deidentification.running, timeout=LONG)
    out = tmp_path / texts.EXPORT_FOLDER
    files = [path for path in out.rglob("*") if path.is_file()]
    assert len([path for path in files if path.suffix == ".dcm"]) >= 1
    assert [planted_in(path.read_bytes()) for path in files] == [[] for _ in files]


def test_that_neither_is_offered_without_an_image(open_window):
    actions = open_window().window_actions.by_name
    assert not actions["tags"].isEnabled()
    assert not actions["export_deidentified"].isEnabled()


def test_that_the_header_is_closed_by_its_key_and_opens_again(qtbot, open_window, reader, worker):
    window = open_window()
    open_image(window, reader, worker)
    for _ in range(2):
        window.window_actions.by_name["tags"].trigger()
        (dialog,) = [each for each in window.findChildren(TagsDialog) if each.isVisible()]
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
        assert not dialog.isVisible()
        assert not window.session.tags.is_open
