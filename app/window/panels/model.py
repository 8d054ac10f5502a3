"""The chosen model as a facts label: what for, how good, where it fails, how it was made."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from app.texts import model as words
from app.texts import prediction as texts_prediction
from app.texts import window as texts
from app.texts.model import CardSection
from app.window.states.model import ModelFacts
from app.window.states.placing import PlacingState
from app.window.states.prediction import PredictionState
from app.window.widgets.class_table import ClassTable
from app.window.widgets.confusion_matrix import ConfusionMatrix
from app.window.widgets.fact_card import CardColumns, FactCard
from app.window.widgets.interval_bars import IntervalBars
from app.window.widgets.panel import Panel
from app.window.widgets.scatter_chooser import ScatterChooser
from app.window.widgets.unit_plot import UnitPlot
from core.models.card import Card


class ModelPanel(Panel):
    """Draws a `ModelFacts`, and where a `PlacingState` says that the open image lies."""

    def __init__(self, model: PredictionState, placing: PlacingState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.facts, self._placing = ModelFacts(model, self), placing
        self.scatters: ScatterChooser | None = None
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setAccessibleName(texts.MODEL)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.area)
        self.facts.changed.connect(self._show)
        placing.changed.connect(self._show_places)
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._settle()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._placing.set_active(False)

    def _settle(self) -> None:
        """Nothing is placed that nobody looks at, or that has no place to be drawn in."""
        self._placing.set_active(self.isVisible() and self.scatters is not None)

    @Slot()
    def _show(self) -> None:
        card = self.facts.card
        self.scatters = None
        empty = CardSection(texts.MODEL, (texts_prediction.NO_MODEL,))
        self.area.setWidget(CardColumns(self._cards(card) if card is not None else [FactCard(empty)]))
        self._show_places()
        self._settle()

    @Slot()
    def _show_places(self) -> None:
        if self.scatters is not None:
            placing = self._placing
            error = str(placing.error) if placing.error is not None else ""
            self.scatters.show_places(placing.places, placing.running, error)

    def _cards(self, card: Card) -> list[FactCard]:
        """In the order in which a reader should meet them."""
        good, first = card.performance, words.intended_use(card)
        title = CardSection(card.title, first.sentences, first.facts)
        tested = CardSection(words.PERFORMANCE, (words.tested_on(good), *_said(words.pair_sentence(good))))
        return [
            FactCard(title),
            FactCard(tested, IntervalBars(words.PERFORMANCE, words.bars(good))),
            self._shortcuts(card),
            # The first column is the shortest so far: this stands right under what the model is for.
            FactCard(CardSection(words.EXCLUDED_USES, (card.not_for,)), warns=True),
            FactCard(CardSection(words.ERRORS, words.error_sentences(card))),
            FactCard(CardSection(words.FIT_CHECK, words.fit_sentences(card.content_check))),
            FactCard(
                CardSection(words.FIGURES_BY_CLASS, (words.FIGURES_BY_CLASS_NOTE,)),
                ClassTable(words.class_rows(good)),
            ),
            FactCard(CardSection(words.CONFUSION), _matrix(card)),
            FactCard(CardSection(words.LIMITATIONS, card.limits)),
            *self._plots(card),
            *self._models(),
            FactCard(words.training(card)),
            FactCard(words.origin(card)),
        ]

    def _shortcuts(self, card: Card) -> FactCard:
        test = card.shortcuts
        section = CardSection(words.SHORTCUTS, words.shortcut_sentences(test))
        if test is None:
            return FactCard(section)
        return FactCard(section, IntervalBars(words.SHORTCUTS, words.shortcut_bars(test), test.guess))

    def _plots(self, card: Card) -> list[FactCard]:
        """What can be drawn of this model; a bundle without a report has less."""
        facts, cards = self.facts, []
        if facts.reliability:
            section = CardSection(words.CALIBRATION, (words.calibration_sentence(card.performance),))
            plot = UnitPlot(
                words.CALIBRATION, facts.reliability, (words.PREDICTED_PROBABILITY, words.OBSERVED_SHARE)
            )
            cards.append(FactCard(section, plot))
        if facts.scatters:
            self.scatters = ScatterChooser(facts.scatters, facts.scatter)
            self.scatters.chosen.connect(facts.choose_scatter)
            cards.append(FactCard(CardSection(words.EMBEDDING), self.scatters))
        if facts.roc:
            plot = UnitPlot(words.ROC, facts.roc, (words.FALSE_POSITIVE_RATE, words.TRUE_POSITIVE_RATE))
            cards.append(FactCard(CardSection(words.ROC), plot))
        return cards

    def _models(self) -> list[FactCard]:
        """All that are installed, side by side; one has nothing beside it."""
        bars = self.facts.models
        if len(bars) == 1:
            return []
        section = CardSection(words.MODELS, (words.MODELS_NOTE,))
        return [FactCard(section, IntervalBars(words.MODELS, bars, stacked=True))]


def _matrix(card: Card) -> ConfusionMatrix:
    return ConfusionMatrix(card.classes, card.performance.confusion, words.confusion_description(card))


def _said(sentence: str) -> tuple[str, ...]:
    return (sentence,) if sentence else ()
