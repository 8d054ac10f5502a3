"""The Help menu's licences, logs and report of a fault."""

import zipfile

import pytest
from PySide6.QtWidgets import QPushButton

from app.window import support_dialogs
from app.window.support_dialogs import LicencesDialog, ReportDialog
from core.licences import LicenceEntry, LicencePart
from tests.gui.walk import cut_texts


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_that_licences_are_listed_with_the_text_of_the_chosen_one(
    qtbot, open_window, monkeypatch, tmp_path, scheme
) -> None:
    path = tmp_path / "LICENSE"
    path.write_text("Do what you like.")
    parts = [
        LicencePart(
            LicenceEntry(kind="package", name="one", version="1", licence="MIT", texts=("x",)), (path,)
        ),
        LicencePart(LicenceEntry(kind="model", name="two", licence="CC-BY-4.0", note="By somebody."), ()),
    ]
    monkeypatch.setattr(support_dialogs, "licence_parts", lambda: parts)
    window = open_window()
    window.session.preferences.change(scheme=scheme)
    window.window_actions.by_name["licences"].trigger()
    (dialog,) = window.findChildren(LicencesDialog)
    qtbot.waitUntil(lambda: dialog.list.count() == 2)
    assert dialog.list.item(0).text() == "one 1 (MIT)"
    assert dialog.text.toPlainText() == "LICENSE\n\nDo what you like."
    dialog.list.setCurrentRow(1)
    assert dialog.text.toPlainText() == "By somebody.\n\nIts terms are those of the licence above."
    assert list(cut_texts(dialog)) == []


def test_that_the_report_is_shown_before_it_is_saved(open_window, monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(support_dialogs, "bundle_texts", lambda: {"a.txt": "first", "b.txt": "second"})
    window = open_window()
    window.window_actions.by_name["save_report"].trigger()
    (dialog,) = window.findChildren(ReportDialog)
    assert dialog.contents.toPlainText() == "===== a.txt =====\nfirst\n===== b.txt =====\nsecond"
    assert [button.text() for button in dialog.findChildren(QPushButton)] == ["Save as…", "Close"]
    dialog.save_to(tmp_path / "report.zip")
    assert dialog.outcome.text() == "The report was saved."
    with zipfile.ZipFile(tmp_path / "report.zip") as archive:
        assert archive.namelist() == ["a.txt", "b.txt"]
    dialog.save_to(tmp_path / "no" / "report.zip")
    assert dialog.outcome.text().startswith("report.zip cannot be written")
    assert list(cut_texts(dialog)) == []


def test_that_the_log_folder_is_opened_and_made_first(open_window, monkeypatch, tmp_path) -> None:
    opened = []
    monkeypatch.setattr(support_dialogs, "log_folder", lambda: tmp_path / "new" / "logs")
    monkeypatch.setattr(support_dialogs.QDesktopServices, "openUrl", opened.append)
    open_window().window_actions.by_name["open_logs"].trigger()
    assert [url.toLocalFile() for url in opened] == [str(tmp_path / "new" / "logs")]
    assert (tmp_path / "new" / "logs").is_dir()
