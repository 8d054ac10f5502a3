"""The facts label in the window: its cards, its columns, its keys."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app import texts_model as words
from app.widgets.fact_card import FactCard
from app.widgets.interval_bars import IntervalBars
from tests.cards import make_card
from tests.gui.test_window import settle


def test_that_the_panel_stands_in_three_columns_and_tab_walks_through_its_cards(
    qtbot, open_window, reader
) -> None:
    window = open_window()
    settle(reader)
    window.show_panel(window.model_panel)
    QApplication.processEvents()
    cards = window.model_panel.findChildren(FactCard)
    lefts = {card.mapTo(window, card.rect().topLeft()).x() for card in cards}
    assert len(lefts) == 3
    assert len({card.width() for card in cards}) <= 2  # equal but for a point
    area = window.model_panel.area
    assert area.widget().width() <= area.viewport().width()
    first, last = cards[0], cards[-1]
    first.setFocus()
    assert area.verticalScrollBar().value() == 0
    last.setFocus(Qt.FocusReason.TabFocusReason)
    assert last.visibleRegion().boundingRect().height() > 0


def test_that_what_is_drawn_can_be_read_out(qapp) -> None:
    bars = IntervalBars(words.HOW_GOOD, words.bars(make_card().performance))
    assert bars.accessibleDescription().startswith("Macro-F1 0.50 (0.40 to 0.60); Accuracy 0.50")
    assert words.confusion_description(make_card()).startswith(
        "glioma: 1 as glioma, 1 as meningioma, 0 as pituitary"
    )
