"""The help window: index, search, links, pictures that fit, both schemes."""

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QPushButton

from app.help_pages import FIRST_PAGE, GLOSSARY_PAGE, method_page, page_path, pages
from app.texts import help as texts_help
from app.window.help_window import HelpWindow
from app.window.theme import apply_scheme
from app.window.widgets.help_browser import HelpBrowser
from core.methods import METHODS


@pytest.fixture
def help_window(qtbot) -> HelpWindow:
    apply_scheme("dark")
    window = HelpWindow()
    qtbot.addWidget(window)
    window.show()
    return window


def offered(window: HelpWindow) -> list[str]:
    """Keys of the pages that the index offers."""
    return [key for key, item in window._items.items() if not item.isHidden()]


def widths(browser: HelpBrowser) -> list[float]:
    return [form.width() for _, form in browser._pictures()]


def test_that_it_opens_with_the_first_page_and_offers_all(help_window: HelpWindow) -> None:
    assert help_window.browser.key == FIRST_PAGE
    assert help_window.browser.toPlainText().startswith("Attribution maps")
    assert offered(help_window) == [page.key for page in pages()]


def test_that_the_index_follows_the_page_and_the_page_the_index(help_window: HelpWindow) -> None:
    help_window.show_page("methods/xrai")
    assert help_window.index.currentItem().text(0) == "XRAI"
    help_window.index.setCurrentItem(help_window._items["methods/cam"])
    assert help_window.browser.key == "methods/cam"
    assert help_window.browser.toPlainText().startswith("CAM")


def test_that_a_search_keeps_the_pages_that_hold_the_words_and_marks_them(help_window: HelpWindow) -> None:
    help_window.search.setText("completeness_error")
    assert offered(help_window) == [page.key for page in pages() if "completeness_error" in page.text]
    assert help_window.browser.key in offered(help_window)
    marked = {mark.cursor.selectedText() for mark in help_window.browser.extraSelections()}
    assert marked == {"completeness_error"}
    help_window.search.setText("occlusion")
    assert help_window.browser.key == "methods/occlusion"
    assert not help_window._no_result.isVisible()
    help_window.search.setText("zzz")
    assert offered(help_window) == []
    assert help_window._no_result.text() == texts_help.nothing_found("zzz")
    assert help_window._no_result.isVisible()
    help_window.show_page("concepts/curves")
    assert help_window.search.text() == ""
    assert len(offered(help_window)) == len(pages())


def test_that_links_lead_from_page_to_page_and_back(qtbot, help_window: HelpWindow) -> None:
    help_window.show_page("concepts/maps")
    link = help_window.browser.cursorRect(help_window.browser.document().find("Curves"))
    qtbot.mouseClick(
        help_window.browser.viewport(), Qt.MouseButton.LeftButton, pos=link.center() - QPoint(10, 0)
    )
    assert help_window.browser.key == "concepts/curves"
    help_window._back.click()
    assert help_window.browser.key == "concepts/maps"
    help_window._forward.click()
    assert help_window.browser.key == "concepts/curves"


def test_that_a_page_leads_to_the_generated_glossary_and_the_glossary_to_a_page(qtbot, help_window) -> None:
    for place, words, target in (
        ("concepts/maps", "glossary", GLOSSARY_PAGE),
        (GLOSSARY_PAGE, "Fit check", "concepts/fit"),
    ):
        help_window.show_page(place)
        cursor = help_window.browser.document().find(words)
        help_window.browser.setTextCursor(cursor)
        link = help_window.browser.cursorRect(cursor).center() - QPoint(10, 0)
        qtbot.mouseClick(help_window.browser.viewport(), Qt.MouseButton.LeftButton, pos=link)
        assert help_window.browser.key == target
    assert help_window.index.currentItem().text(0).startswith("Fit check")


def test_that_the_picture_of_every_method_that_has_one_is_shown(help_window: HelpWindow) -> None:
    picture_widths = {}
    for method in METHODS:
        help_window.show_page(f"methods/{method.name}")
        picture_widths[method.name] = widths(help_window.browser)
    expected = {method.name: [700] if method_page(method.name).picture else [] for method in METHODS}
    assert picture_widths == expected


def test_that_a_picture_is_never_wider_than_the_page(help_window: HelpWindow) -> None:
    help_window.show_page("methods/grad_cam")
    help_window.resize(720, 560)
    (narrow,) = widths(help_window.browser)
    assert 300 < narrow < help_window.browser.viewport().width()


def test_that_nothing_beside_the_help_can_be_loaded(help_window: HelpWindow, tmp_path) -> None:
    kinds = QTextDocument.ResourceType
    secret = tmp_path / "secret.md"
    secret.write_text("# Secret")
    elsewhere = page_path("concepts/maps").parents[2] / "samples" / "brain_glioma.png"
    assert (
        help_window.browser.loadResource(kinds.MarkdownResource.value, QUrl.fromLocalFile(str(secret)))
        is None
    )
    assert (
        help_window.browser.loadResource(kinds.ImageResource.value, QUrl.fromLocalFile(str(elsewhere)))
        is None
    )
    assert (
        help_window.browser.loadResource(kinds.ImageResource.value, QUrl("https://example.org/a.png")) is None
    )


def test_that_a_change_of_the_scheme_keeps_the_page_and_its_pictures(qtbot, help_window: HelpWindow) -> None:
    help_window.show_page("methods/grad_cam")
    apply_scheme("light")
    assert help_window.browser.key == "methods/grad_cam"
    assert widths(help_window.browser) == [700]


def test_that_the_keys_open_the_help_at_the_panel_with_the_focus(qtbot, open_window) -> None:
    window = open_window()
    window.activateWindow()
    window.methods_panel.tree.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_F1)
    (opened_help,) = window.findChildren(HelpWindow)
    assert opened_help.isVisible()
    assert not opened_help.isModal()
    assert opened_help.browser.key == "panels/explain"
    opened_help.close()
    window.studies_panel.tree.setFocus()
    window.show_help()
    assert window.findChildren(HelpWindow) == [opened_help]
    assert opened_help.browser.key == "panels/studies"


def test_that_the_explain_panel_opens_the_page_of_its_method(open_window) -> None:
    window = open_window()
    window.session.explain.focus("occlusion")
    about = next(
        b for b in window.methods_panel.findChildren(QPushButton) if b.text() == texts_help.ABOUT_METHOD
    )
    about.click()
    (opened_help,) = window.findChildren(HelpWindow)
    assert opened_help.browser.key == "methods/occlusion"
