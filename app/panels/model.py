"""The chosen model as a facts label: what for, how good, where it fails, how it was made."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from app import texts, texts_prediction
from app import texts_model as words
from app.texts_model import Section
from app.view_models.model import ModelFacts
from app.view_models.prediction import PredictionModel
from app.widgets.confusion_matrix import ConfusionMatrix
from app.widgets.fact_card import CardColumns, FactCard
from app.widgets.interval_bars import IntervalBars
from app.widgets.panel import Panel
from app.widgets.unit_plot import UnitPlot
from core.models.card import Card


class ModelPanel(Panel):
    """Draws a `ModelFacts`."""

    def __init__(self, model: PredictionModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.facts = ModelFacts(model, self)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setAccessibleName(texts.MODEL)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.area)
        self.facts.changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        card = self.facts.card
        empty = Section(texts.MODEL, (texts_prediction.NO_MODEL,))
        self.area.setWidget(CardColumns(self._cards(card) if card is not None else [FactCard(empty)]))

    def _cards(self, card: Card) -> list[FactCard]:
        """In the order in which a reader should meet them."""
        good, first = card.performance, words.what_for(card)
        title = Section(card.title, first.sentences, first.facts)
        tested = Section(words.HOW_GOOD, (words.tested_on(good), *_said(words.pair_words(good))))
        return [
            FactCard(title),
            FactCard(tested, IntervalBars(words.HOW_GOOD, words.bars(good))),
            self._shortcuts(card),
            # The first column is the shortest so far: this stands right under what the model is for.
            FactCard(Section(words.NOT_FOR, (card.not_for,)), warns=True),
            FactCard(Section(words.FAILS, words.failures(card))),
            FactCard(Section(words.CONFUSION), _matrix(card)),
            FactCard(Section(words.LIMITS, card.limits)),
            *self._plots(card),
            FactCard(words.making(card)),
            FactCard(words.origin(card)),
        ]

    def _shortcuts(self, card: Card) -> FactCard:
        test = card.shortcuts
        section = Section(words.SHORTCUTS, words.shortcut_words(test))
        if test is None:
            return FactCard(section)
        return FactCard(section, IntervalBars(words.SHORTCUTS, words.shortcut_bars(test), test.guess))

    def _plots(self, card: Card) -> list[FactCard]:
        """What can be drawn of this model; a bundle without a report has less."""
        facts, cards = self.facts, []
        if facts.reliability:
            section = Section(words.RELIABILITY, (words.calibration_words(card.performance),))
            plot = UnitPlot(words.RELIABILITY, facts.reliability, (words.SURE, words.RIGHT))
            cards.append(FactCard(section, plot))
        if facts.points():
            plot = UnitPlot(words.NEIGHBOURS, facts.points(), None)
            cards.append(FactCard(Section(words.NEIGHBOURS, (words.NEIGHBOURS_TIP,)), plot))
        if facts.roc:
            plot = UnitPlot(words.ROC, facts.roc, (words.FALSE_RATE, words.TRUE_RATE))
            cards.append(FactCard(Section(words.ROC), plot))
        return cards


def _matrix(card: Card) -> ConfusionMatrix:
    return ConfusionMatrix(card.classes, card.performance.confusion, words.confusion_description(card))


def _said(sentence: str) -> tuple[str, ...]:
    return (sentence,) if sentence else ()
