"""The panel Studies: rows that stay while others come, what a click and a key do, the context menu."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QMenu

from app.texts import studies as texts
from app.window.states.study_nodes import NodeKind, StudyNode
from app.window.widgets.study_tree import StudyTree
from core.errors import Truncated
from core.images.slice import Identity, Slice
from core.readers.messages import Indexed
from core.readers.protocol import FailedFile, SeriesEntry, SeriesKeys
from tests.gui.recorded import frame_read
from tests.gui.test_window import settle

PICTURE = Slice(np.arange(64, dtype=np.uint8).reshape(8, 8))


def entry(key: str, patient: str = "p1", role: str = "") -> SeriesEntry:
    return SeriesEntry(
        path=Path(f"folder/{key}.dcm"),
        reader="dicom",
        title=f"MR, brain, series {key}",
        modality="MR",
        frames=1,
        rows=8,
        columns=8,
        key=key,
        role=role,
        keys=SeriesKeys(patient=patient, study="s", frame_of_reference="same"),
    )


@pytest.fixture
def window(open_window, reader):
    """Two series of one patient and one of another are open; the first is shown."""
    opened = open_window()
    settle(reader)
    opened.session.cases.open_paths(["folder"])
    entries = (entry("1", role="T1"), entry("2"), entry("3", "p2"))
    reader.answer(Indexed(entries=entries, identities={"1": Identity(patient_name="Doe^Jane")}))
    reader.answer(*frame_read(PICTURE))
    settle(reader)
    return opened


def row_texts(tree: StudyTree) -> list[str]:
    """The labels of all rows from the top."""
    texts_of_rows, item = [], tree.topLevelItem(0)
    while item is not None:
        texts_of_rows.append(item.text(0))
        item = tree.itemBelow(item)
    return texts_of_rows


def folder_node(*numbers: int) -> StudyNode:
    series = (StudyNode(("series", str(n)), NodeKind.SERIES, f"series {n}", "", n) for n in numbers)
    return StudyNode(("folder", "f"), NodeKind.FOLDER, "folder", children=tuple(series))


def test_that_rows_that_stay_are_the_same_items_and_keep_their_state(qtbot) -> None:
    tree = StudyTree(lambda number: None)
    qtbot.addWidget(tree)
    tree.show_nodes((folder_node(1, 3),))
    first, folder = tree.item_of_case(1), tree.topLevelItem(0)
    tree.setCurrentItem(first)
    folder.setExpanded(False)
    tree.show_nodes((folder_node(1, 2, 3, 4),))
    assert tree.topLevelItem(0) is folder
    assert (tree.item_of_case(1) is first, folder.isExpanded()) == (True, False)
    assert [folder.child(at).text(0) for at in range(4)] == ["series 1", "series 2", "series 3", "series 4"]
    tree.show_nodes((folder_node(4, 2),))
    assert [folder.child(at).text(0) for at in range(folder.childCount())] == ["series 4", "series 2"]


def test_that_a_row_moves_to_another_parent(qtbot) -> None:
    tree = StudyTree(lambda number: None)
    qtbot.addWidget(tree)
    lone = folder_node(1).children[0]
    tree.show_nodes((lone,))
    tree.show_nodes((folder_node(1, 2),))
    assert row_texts(tree) == ["folder", "series 1", "series 2"]
    tree.show_nodes((lone,))
    assert row_texts(tree) == ["series 1"]


def test_that_the_tree_shows_patient_study_and_series_and_selects_the_shown_one(window) -> None:
    tree = window.studies_panel.tree
    assert row_texts(tree) == [
        "Patient 1",
        "Study 1: MR, brain",
        "Series 1\nT1",
        "Series 2",
        "Patient 2",
        "Study 1: MR, brain",
        "Series 3",
    ]
    assert tree.currentItem().text(0) == "Series 1\nT1"


def test_that_the_menu_item_shows_and_hides_who_it_is(window) -> None:
    action = window.window_actions.by_name["identity"]
    action.trigger()
    assert row_texts(window.studies_panel.tree)[0] == "Doe Jane"
    assert action.isChecked()
    action.trigger()
    assert row_texts(window.studies_panel.tree)[0] == "Patient 1"


def test_that_the_filter_field_filters_and_says_when_nothing_matches(window) -> None:
    panel = window.studies_panel
    panel.filter.setText("t1")
    assert row_texts(panel.tree) == ["Patient 1", "Study 1: MR, brain", "Series 1\nT1"]
    panel.filter.setText("nothing")
    assert row_texts(panel.tree) == []
    assert texts.NO_MATCH in [label.text() for label in panel.findChildren(type(panel._hint))]


def test_that_delete_closes_the_whole_row_and_the_image_goes_with_it(qtbot, window) -> None:
    tree = window.studies_panel.tree
    window.activateWindow()
    tree.setFocus()
    tree.setCurrentItem(tree.topLevelItem(0))
    qtbot.keyClick(tree, Qt.Key.Key_Delete)
    assert row_texts(tree) == ["Patient 2", "Study 1: MR, brain", "Series 3"]
    assert window.session.image.image is None
    assert window.studies_panel.samples.count() == len(window.session.cases.list.samples)


def test_that_the_context_menu_sets_the_sequence_and_closes_a_series(window) -> None:
    panel = window.studies_panel
    second = panel.tree.node_of(panel.tree.topLevelItem(0).child(0).child(1))
    menu = panel.menu_of(second)
    (roles,) = [action.menu() for action in menu.actions() if action.menu() is not None]
    next(action for action in roles.actions() if action.text() == "FLAIR").trigger()
    assert "Registered: T1, FLAIR" in row_texts(panel.tree)
    next(action for action in menu.actions() if action.text() == "Close series").trigger()
    assert "Series 2\nFLAIR" not in row_texts(panel.tree)


def test_that_a_click_on_a_series_or_sample_opens_it(window, reader) -> None:
    panel = window.studies_panel
    panel.tree.setCurrentItem(panel.tree.item_of_case(window.session.cases.list.opened[2].number))
    assert reader.last.entry.key == "3"
    reader.answer(*frame_read(PICTURE))
    settle(reader)
    panel.samples.setCurrentRow(0)
    assert reader.last.path == window.session.cases.list.samples[0].path


FAILURES = tuple(
    FailedFile(
        path=Path(f"folder/bad{n}.dcm"), code="truncated", message=f"bad{n}.dcm ends early.", hint="Copy it."
    )
    for n in range(3)
)


@pytest.fixture
def with_failures(window, reader):
    window.session.cases.open_paths(["folder"])
    while reader.last.kind != "index":
        reader.fail(Truncated("No small picture."))
    reader.answer(Indexed(entries=(entry("1"), entry("3", "p2")), failures=FAILURES))
    settle(reader)
    return window


def test_that_files_that_could_not_be_read_stand_in_one_row_with_details_on_demand(with_failures) -> None:
    tree = with_failures.studies_panel.tree
    assert row_texts(tree)[-1] == "3 files of folder could not be read"
    row = tree.topLevelItem(tree.topLevelItemCount() - 1)
    assert not row.isExpanded()
    row.setExpanded(True)
    assert row_texts(tree)[-3:] == ["bad0.dcm ends early.", "bad1.dcm ends early.", "bad2.dcm ends early."]
    assert row.child(0).toolTip(0) == "bad0.dcm ends early.\nCopy it."


def test_that_the_reason_of_a_failure_wraps_in_a_narrow_panel(qtbot) -> None:
    tree = StudyTree(lambda number: None)
    qtbot.addWidget(tree)
    tree.resize(220, 300)
    tree.show()
    reason = "cut.nii.gz ends after 1,234,567 of 7,856,352 bytes."
    file = StudyNode(("failed", "f", "a"), NodeKind.FAILED_FILE, reason, reason)
    tree.show_nodes((StudyNode(("failures", "f"), NodeKind.FAILURES, "1 file", children=(file,)),))
    row = tree.topLevelItem(0)
    row.setExpanded(True)
    line = tree.fontMetrics().height()
    assert tree.visualItemRect(row.child(0)).height() >= 2 * line
    tree.resize(900, 300)
    assert tree.visualItemRect(row.child(0)).height() < 2 * line


def test_that_the_row_of_failures_is_dismissed_by_key_and_leaves_with_its_folder(
    qtbot, with_failures, reader
) -> None:
    panel = with_failures.studies_panel
    opened = with_failures.session.cases.list.opened
    with_failures.session.cases.close([case.number for case in opened])
    assert row_texts(panel.tree) == []
    with_failures.session.cases.open_paths(["folder"])
    while reader.last.kind != "index" or reader.running_job is None:
        reader.fail(Truncated("No small picture."))
    reader.answer(Indexed(entries=(entry("1"),), failures=FAILURES))
    panel.tree.setCurrentItem(panel.tree.topLevelItem(panel.tree.topLevelItemCount() - 1))
    with_failures.activateWindow()
    panel.tree.setFocus()
    qtbot.keyClick(panel.tree, Qt.Key.Key_Delete)
    assert not any("could not be read" in text for text in row_texts(panel.tree))
    assert len(with_failures.session.cases.list.opened) == 1


def test_that_a_folder_of_many_failures_has_a_limited_number_of_rows(with_failures, reader) -> None:
    failures = tuple(FAILURES[0].model_copy(update={"path": Path(f"folder/{n}")}) for n in range(1234))
    with_failures.session.cases.open_paths(["folder"])
    while reader.last.kind != "index" or reader.running_job is None:
        reader.fail(Truncated("No small picture."))
    reader.answer(Indexed(entries=(entry("1"),), failures=failures))
    tree = with_failures.studies_panel.tree
    row = tree.topLevelItem(tree.topLevelItemCount() - 1)
    assert (row.text(0), row.childCount()) == ("1,234 files of folder could not be read", 201)
    assert row.child(200).text(0) == "And 1,034 more."


@pytest.mark.parametrize("height", [640, 1000])
def test_that_samples_stay_in_view_below_many_studies(open_window, reader, height) -> None:
    window = open_window(size=(1280, height))
    settle(reader)
    window.session.cases.open_paths(["folder"])
    reader.answer(Indexed(entries=tuple(entry(str(n), f"p{n}") for n in range(200))))
    QApplication.processEvents()
    panel = window.studies_panel
    samples = panel.samples
    rows = [samples.visualItemRect(samples.item(row)) for row in range(samples.count())]
    in_view = [rect for rect in rows if samples.viewport().rect().contains(rect)]
    assert len(in_view) >= min(3, samples.count())
    assert panel.rect().contains(samples.geometry())
    assert panel.tree.height() >= 3 * samples.height() / 4
    if height == 1000:
        assert len(in_view) == samples.count()


def test_that_the_arrow_leads_from_the_filter_through_the_tree_and_opens_what_is_reached(
    qtbot, window, reader
) -> None:
    panel = window.studies_panel
    window.activateWindow()
    panel.filter.setFocus()
    panel.filter.setText("series")
    qtbot.keyClick(panel.filter, Qt.Key.Key_Down)
    assert panel.tree.hasFocus()
    qtbot.keyClick(panel.tree, Qt.Key.Key_Down)
    assert reader.last.entry.key == "2"


def test_that_the_key_of_the_context_menu_opens_the_menu_of_the_current_row(qtbot, window) -> None:
    panel = window.studies_panel
    menus = []
    panel.menu_of = lambda node: menus.append(node) or QMenu(panel)
    panel.tree.customContextMenuRequested.emit(QPoint(5, panel.tree.viewport().height() + 50))
    assert [node.label for node in menus] == ["Series 1\nT1"]


def test_that_the_list_stays_where_it_was_scrolled_while_more_is_listed(open_window, reader) -> None:
    window = open_window()
    settle(reader)
    window.session.cases.open_paths(["folder"])
    entries = tuple(entry(str(n), f"p{n}") for n in range(100))
    reader.running_job.refined.emit(Indexed(entries=entries[:60]), [])
    QApplication.processEvents()
    tree = window.studies_panel.tree
    bar = tree.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    top = tree.itemAt(0, 0)
    reader.running_job.refined.emit(Indexed(entries=entries), [])
    QApplication.processEvents()
    assert tree.itemAt(0, 0) is top
    assert len(window.session.cases.list.opened) == 100
