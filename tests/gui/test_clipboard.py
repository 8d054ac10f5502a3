"""Copying: the picture as shown without the file's name, and tables for other programs."""

from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QTableWidget, QTableWidgetItem

from app.window.actions.clipboard import check_rows
from app.window.clipboard import copy_table, offer_copying, table_rows
from tests.gui.test_tools import answer_all


@pytest.fixture
def window(open_window, reader):
    window = open_window()
    answer_all(reader)
    window.session.cases.open_paths(["folder/a.dcm"])
    answer_all(reader)
    QApplication.processEvents()
    window.grab()
    return window


def test_that_the_picture_is_the_view_without_the_title_of_the_case(window) -> None:
    copied_by = window.window_actions.by_name["copy_picture"]
    assert copied_by.isEnabled()
    assert window.session.image.case_title
    copied_by.trigger()
    picture = QGuiApplication.clipboard().pixmap().toImage()
    title, window.session.image.case_title = window.session.image.case_title, ""
    expected = window.image_panel.views.grab().toImage()
    assert picture == expected
    window.session.image.case_title = title
    assert window.image_panel.views.grab().toImage() != picture


def test_that_nothing_is_copied_before_there_is_something(open_window) -> None:
    window = open_window()
    assert not window.window_actions.by_name["copy_picture"].isEnabled()
    assert not window.window_actions.by_name["copy_table"].isEnabled()


def example_table(qtbot) -> QTableWidget:
    table = QTableWidget(2, 3)
    qtbot.addWidget(table)
    table.setHorizontalHeaderLabels(["", "AIC", "a < b"])
    table.setVerticalHeaderLabels(["1  Grad-CAM", "2  XRAI"])
    for row, column, text in ((0, 1, "+0.25"), (1, 1, "\N{MINUS SIGN}0.10"), (1, 2, "two\nlines")):
        table.setItem(row, column, QTableWidgetItem(text))
    return table


def test_that_a_table_is_copied_as_text_and_as_html(qtbot) -> None:
    table = example_table(qtbot)
    copy_table(table_rows(table))
    data = QGuiApplication.clipboard().mimeData()
    assert data.text().splitlines() == [
        "\tAIC\ta < b",
        "1  Grad-CAM\t+0.25\t".replace("  ", " "),
        "2  XRAI\t\N{MINUS SIGN}0.10\ttwo lines".replace("  ", " "),
    ]
    assert "<td>a &lt; b</td>" in data.html()
    assert data.html().count("<tr>") == 3
    table.verticalHeader().hide()
    assert table_rows(table)[1] == ["+0.25", ""]


def test_that_the_menu_of_a_table_copies_it(qtbot) -> None:
    table = example_table(qtbot)
    offer_copying(table, lambda: table_rows(table))
    assert table.contextMenuPolicy() is Qt.ContextMenuPolicy.ActionsContextMenu
    (action,) = table.actions()
    assert action.text() == "Copy table"
    QGuiApplication.clipboard().clear()
    action.trigger()
    assert "Grad-CAM" in QGuiApplication.clipboard().text()


def test_that_the_checks_are_copied_with_their_answers_and_without_a_map_there_is_no_table() -> None:
    rows = [
        SimpleNamespace(name="iou", title="IoU", words="partly"),
        SimpleNamespace(name="road", title="ROAD", words=""),
    ]
    findings = {"iou": SimpleNamespace(sentence="An IoU of 0.30."), "road": None}
    state = SimpleNamespace(
        entry=object(), rows=rows, check=lambda name: SimpleNamespace(finding=findings[name])
    )
    assert check_rows(state)[1:] == [("IoU", "partly", "An IoU of 0.30."), ("ROAD", "", "")]
    state.entry = None
    assert len(check_rows(state)) == 1
