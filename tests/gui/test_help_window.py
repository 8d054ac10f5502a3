"""The help window: index, search, links, pictures that fit, both schemes."""

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QPushButton

from app.help_pages import FIRST_PAGE, GLOSSARY_PAGE, method_page, page_path, pages
from app.texts import help as texts_help
from app.window.help_window import HelpWindow
from app.window.main_window import apply_scheme
from app.window.widgets.help_browser import HelpBrowser
from core.methods import METHODS


@pytest.fixture
def shown(qtbot) -> HelpWindow:
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


def test_that_it_opens_with_the_first_page_and_offers_all(shown: HelpWindow) -> None:
    assert shown.browser.key == FIRST_PAGE
    assert shown.browser.toPlainText().startswith("Attribution maps")
    assert offered(shown) == [page.key for page in pages()]


def test_that_the_index_follows_the_page_and_the_page_the_index(shown: HelpWindow) -> None:
    shown.show_page("methods/xrai")
    assert shown.index.currentItem().text(0) == "XRAI"
    shown.index.setCurrentItem(shown._items["methods/cam"])
    assert shown.browser.key == "methods/cam"
    assert shown.browser.toPlainText().startswith("CAM")


def test_that_a_search_keeps_the_pages_that_hold_the_words_and_marks_them(shown: HelpWindow) -> None:
    shown.search.setText("completeness_error")
    assert offered(shown) == [page.key for page in pages() if "completeness_error" in page.text]
    assert shown.browser.key in offered(shown)
    marked = {mark.cursor.selectedText() for mark in shown.browser.extraSelections()}
    assert marked == {"completeness_error"}
    shown.search.setText("occlusion")
    assert shown.browser.key == "methods/occlusion"
    assert not shown._no_result.isVisible()
    shown.search.setText("zzz")
    assert offered(shown) == []
    assert shown._no_result.text() == texts_help.nothing_found("zzz")
    assert shown._no_result.isVisible()
    shown.show_page("concepts/curves")
    assert shown.search.text() == ""
    assert len(offered(shown)) == len(pages())


def test_that_links_lead_from_page_to_page_and_back(qtbot, shown: HelpWindow) -> None:
    shown.show_page("concepts/maps")
    link = shown.browser.cursorRect(shown.browser.document().find("Curves"))
    qtbot.mouseClick(shown.browser.viewport(), Qt.MouseButton.LeftButton, pos=link.center() - QPoint(10, 0))
    assert shown.browser.key == "concepts/curves"
    shown._back.click()
    assert shown.browser.key == "concepts/maps"
    shown._forward.click()
    assert shown.browser.key == "concepts/curves"


def test_that_a_page_leads_to_the_generated_glossary_and_the_glossary_to_a_page(qtbot, shown) -> None:
    for place, words, target in (
        ("concepts/maps", "glossary", GLOSSARY_PAGE),
        (GLOSSARY_PAGE, "Fit check", "concepts/fit"),
    ):
        shown.show_page(place)
        found = shown.browser.document().find(words)
        shown.browser.setTextCursor(found)
        link = shown.browser.cursorRect(found).center() - QPoint(10, 0)
        qtbot.mouseClick(shown.browser.viewport(), Qt.MouseButton.LeftButton, pos=link)
        assert shown.browser.key == target
    assert shown.index.currentItem().text(0).startswith("Fit check")


def test_that_the_picture_of_every_method_that_has_one_is_shown(shown: HelpWindow) -> None:
    found = {}
    for method in METHODS:
        shown.show_page(f"methods/{method.name}")
        found[method.name] = widths(shown.browser)
    assert found == {method.name: [700] if method_page(method.name).picture else [] for method in METHODS}


def test_that_a_picture_is_never_wider_than_the_page(shown: HelpWindow) -> None:
    shown.show_page("methods/grad_cam")
    shown.resize(720, 560)
    (narrow,) = widths(shown.browser)
    assert 300 < narrow < shown.browser.viewport().width()


def test_that_nothing_beside_the_help_can_be_loaded(shown: HelpWindow, tmp_path) -> None:
    kinds = QTextDocument.ResourceType
    secret = tmp_path / "secret.md"
    secret.write_text("# Secret")
    elsewhere = page_path("concepts/maps").parents[2] / "samples" / "brain_glioma.png"
    assert shown.browser.loadResource(kinds.MarkdownResource.value, QUrl.fromLocalFile(str(secret))) is None
    assert shown.browser.loadResource(kinds.ImageResource.value, QUrl.fromLocalFile(str(elsewhere))) is None
    assert shown.browser.loadResource(kinds.ImageResource.value, QUrl("https://example.org/a.png")) is None


def test_that_a_change_of_the_scheme_keeps_the_page_and_its_pictures(qtbot, shown: HelpWindow) -> None:
    shown.show_page("methods/grad_cam")
    apply_scheme("light")
    assert shown.browser.key == "methods/grad_cam"
    assert widths(shown.browser) == [700]


def test_that_the_keys_open_the_help_at_the_panel_with_the_focus(qtbot, open_window) -> None:
    window = open_window()
    window.activateWindow()
    window.methods_panel.tree.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_F1)
    (found,) = window.findChildren(HelpWindow)
    assert found.isVisible()
    assert not found.isModal()
    assert found.browser.key == "panels/explain"
    found.close()
    window.cases_panel.tree.setFocus()
    window.show_help()
    assert window.findChildren(HelpWindow) == [found]
    assert found.browser.key == "panels/cases"


def test_that_the_explain_panel_opens_the_page_of_its_method(open_window) -> None:
    window = open_window()
    window.session.explain.focus("occlusion")
    about = next(
        b for b in window.methods_panel.findChildren(QPushButton) if b.text() == texts_help.ABOUT_METHOD
    )
    about.click()
    (found,) = window.findChildren(HelpWindow)
    assert found.browser.key == "methods/occlusion"
