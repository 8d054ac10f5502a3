"""The export dialog: list, reasons, options, file, and what is disabled."""

from pathlib import Path

import pytest
from PySide6.QtGui import QDesktopServices

from app.window.panels.export import ExportDialog
from app.window.states.notices import EXPORT_TOPIC
from tests.app.window.states.test_export import picture_contents, state_of
from tests.gui.recorded import RecordedLink
from tests.gui.test_tools import answer_all


def dialog_of(qtbot, files: RecordedLink) -> ExportDialog:
    state = state_of(files)
    state.prepare()
    dialog = ExportDialog(state)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def choose(dialog: ExportDialog, title: str) -> None:
    (row,) = [row for row in range(dialog.list.count()) if dialog.list.item(row).text().startswith(title)]
    dialog.list.setCurrentRow(row)


def test_that_a_chosen_form_shows_what_it_holds_its_options_and_a_file_of_its_ending(qtbot) -> None:
    dialog = dialog_of(qtbot, RecordedLink())
    assert dialog.list.currentItem().text() == "Picture as PNG"
    choose(dialog, "Map as NIfTI")
    assert "positioned as the source" in dialog.summary.text()
    assert dialog.identity.text() == "The files hold no identity of the patient."
    assert dialog.form.field("outside").value() == "nan"
    assert dialog.line.text().endswith("/map-2-integrated_gradients-map_nifti.nii.gz")
    assert dialog.start.isEnabled()


def test_that_a_form_that_is_not_possible_says_why_and_cannot_be_started(qtbot) -> None:
    dialog = dialog_of(qtbot, RecordedLink())
    choose(dialog, "Curves as PDF (not possible)")
    assert dialog.obstacle.text().startswith("Not possible now: This case has no curves.")
    assert dialog.obstacle.isVisible()
    assert not dialog.start.isEnabled()
    assert not dialog.form.isEnabled()


def test_that_an_export_starts_with_the_ending_added_and_the_dialog_closes(qtbot, tmp_path) -> None:
    files = RecordedLink()
    dialog = dialog_of(qtbot, files)
    choose(dialog, "Map as NIfTI")
    dialog.form.field("outside").editor.setCurrentIndex(1)
    dialog.line.setText(str(tmp_path / "evidence"))
    dialog.start.click()
    assert (files.last.stem, files.last.values) == ("evidence", {"outside": "zero"})
    assert not dialog.isVisible()


def test_that_a_file_that_would_be_replaced_is_told_and_a_missing_name_disables(qtbot, tmp_path) -> None:
    dialog = dialog_of(qtbot, RecordedLink())
    (tmp_path / "a.png").write_bytes(b"")
    dialog.line.setText(str(tmp_path / "a"))
    assert dialog.file_note.text() == "A file of this name exists and is replaced."
    dialog.line.setText(str(tmp_path / "new" / "a.png"))
    assert dialog.file_note.text() == "This folder does not exist; it is made."
    dialog.line.setText(" ")
    assert not dialog.start.isEnabled()


def test_that_a_second_file_of_an_export_that_would_be_replaced_is_told(qtbot, tmp_path) -> None:
    dialog = dialog_of(qtbot, RecordedLink())
    choose(dialog, "Map as NIfTI")
    (tmp_path / "a.json").write_bytes(b"")
    dialog.line.setText(str(tmp_path / "a"))
    assert dialog.file_note.text() == "a.json exists and is replaced."
    assert dialog.start.isEnabled()
    (tmp_path / "a.nii.gz").write_bytes(b"")
    dialog.line.setText(str(tmp_path / "a.nii.gz"))
    assert dialog.file_note.text() == "A file of this name exists and is replaced."
    dialog.line.setText(str(tmp_path / "b"))
    assert dialog.file_note.text() == ""


@pytest.mark.parametrize(
    "text", ["/", "~nobody_of_this_name", "~nobody_of_this_name/a", "..", "a\0b", ".png"]
)
def test_that_a_name_that_no_file_can_have_is_told_and_not_exported(qtbot, text) -> None:
    files = RecordedLink()
    dialog = dialog_of(qtbot, files)
    dialog.line.setText(text)
    assert dialog.file_note.text() == "No file can have this name."
    assert not dialog.start.isEnabled()
    dialog.start.click()
    assert not files.sent
    dialog.line.setText("a")
    assert dialog.start.isEnabled()


def test_that_a_name_that_is_too_long_raises_no_error_while_it_is_typed(qtbot, tmp_path) -> None:
    dialog = dialog_of(qtbot, RecordedLink())
    for text in ("a" * 300, f"{'a' * 300}/b"):
        dialog.line.setText(str(tmp_path / text))
        assert dialog.start.isEnabled()


def test_that_the_action_needs_an_image_and_says_what_is_missing_before_the_prediction(
    open_window, reader
) -> None:
    window = open_window()
    action = window.window_actions.by_name["export"]
    assert not action.isEnabled()
    answer_all(reader)
    window.session.cases.open_paths(["folder/a.dcm"])
    answer_all(reader)
    assert action.isEnabled()
    action.trigger()
    assert not window.findChildren(ExportDialog)
    assert "There is nothing to export yet." in [notice.text for notice in window.session.notices.notices]


def test_that_the_notice_of_a_finished_export_opens_its_folder(open_window, monkeypatch, tmp_path) -> None:
    window = open_window()
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(Path(url.toLocalFile())))
    window.exporting.state.written = (tmp_path / "a.png",)
    window.image_panel.notices.action_asked.emit(EXPORT_TOPIC)
    assert opened == [tmp_path]


def test_that_the_map_of_a_report_is_chosen_from_those_of_the_case(qtbot) -> None:
    dialog = dialog_of(qtbot, RecordedLink())
    choose(dialog, "Report (PDF)")
    combo = dialog.form.field("map").editor
    assert [combo.itemData(at) for at in range(combo.count())] == ["", "map-1", "map-2"]
    assert dialog.map_words.isVisible()
    assert dialog.map_words.text().endswith("(the one shown).")
    combo.setCurrentIndex(1)
    assert dialog.map_words.text() == f"Map: {combo.itemText(1)}."


def test_that_a_reason_of_the_options_is_shown_while_they_can_be_changed(qtbot) -> None:
    state = state_of(RecordedLink(), picture_contents())
    state.prepare()
    dialog = ExportDialog(state)
    qtbot.addWidget(dialog)
    dialog.show()
    choose(dialog, "DICOM Secondary Capture")
    assert dialog.obstacle.isVisible()
    assert dialog.obstacle.text().startswith("Not possible with these options: ")
    assert dialog.form.isEnabled()
    assert not dialog.start.isEnabled()
    dialog.form.field("new_study").editor.setChecked(True)
    assert not dialog.obstacle.isVisible()
    assert dialog.start.isEnabled()
