"""The page of the model, over the image: the card of the selected model, with its figures."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.texts import model as words
from app.texts import prediction as texts_prediction
from app.texts import window as texts
from app.texts.model import CardSection
from app.window.states.model import ModelFacts
from app.window.states.placing import PlacingState
from app.window.states.prediction import PredictionState
from app.window.theme import GAP
from app.window.widgets.class_table import ClassTable
from app.window.widgets.confusion_matrix import ConfusionMatrix
from app.window.widgets.fact_card import CardColumns, FactCard
from app.window.widgets.interval_bars import IntervalBars
from app.window.widgets.panel import Panel
from app.window.widgets.scatter_chooser import ScatterChooser
from app.window.widgets.unit_plot import UnitPlot
from core.models.card import Card


class ModelPanel(Panel):
    """Draws a `ModelFacts`, and the place of the open image from a `PlacingState`.

    It is built when it is first shown: its cards are a quarter of all widgets of the window.
    """

    close_asked = Signal()

    def __init__(
        self, prediction: PredictionState, placing: PlacingState, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.facts, self._placing = ModelFacts(prediction, self), placing
        self.scatters: ScatterChooser | None = None
        self._is_outdated = True
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setAccessibleName(texts.MODEL)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head())
        column.addWidget(self.area)
        self.facts.changed.connect(self._show)
        placing.changed.connect(self._show_places)

    def _head(self) -> QHBoxLayout:
        title = QLabel(words.MODEL_PAGE)
        title.setObjectName("pageTitle")
        back = QPushButton(words.BACK)
        back.setToolTip(words.BACK_TIP)
        back.clicked.connect(self.close_asked)
        row = QHBoxLayout()
        row.setContentsMargins(2 * GAP, GAP, 2 * GAP, GAP)
        row.addWidget(title, 1)
        row.addWidget(back)
        return row

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_outdated:
            self._show()
        self._update_placing()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_asked.emit()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._placing.set_active(False)

    def _update_placing(self) -> None:
        """The open image is placed only while this panel is visible and has a plot for it."""
        self._placing.set_active(self.isVisible() and self.scatters is not None)

    @Slot()
    def _show(self) -> None:
        self._is_outdated = not self.isVisible()
        if self._is_outdated:
            return
        card = self.facts.card
        self.scatters = None
        empty = CardSection(texts.MODEL, (texts_prediction.NO_MODEL,))
        self.area.setWidget(CardColumns(self._cards(card) if card is not None else [FactCard(empty)]))
        self._show_places()
        self._update_placing()

    @Slot()
    def _show_places(self) -> None:
        if self.scatters is not None:
            placing = self._placing
            error = str(placing.error) if placing.error is not None else ""
            self.scatters.show_places(placing.places, placing.running, error)

    def _cards(self, card: Card) -> list[FactCard]:
        """The most important part first."""
        performance, use = card.performance, words.intended_use(card)
        title = CardSection(card.title, use.sentences, use.facts)
        tested = CardSection(
            words.PERFORMANCE, (words.tested_on(performance), *_sentences(words.pair_sentence(card)))
        )
        return [
            FactCard(title),
            FactCard(tested, IntervalBars(words.PERFORMANCE, words.bars(card))),
            self._shortcuts(card),
            # The first column is the shortest so far, so this is placed directly below the intended use.
            FactCard(CardSection(words.EXCLUDED_USES, (card.not_for,)), is_warning=True),
            FactCard(CardSection(words.ERRORS, words.error_sentences(card))),
            FactCard(CardSection(words.FIT_CHECK, words.fit_sentences(card.content_check))),
            FactCard(
                CardSection(words.FIGURES_BY_CLASS, (words.FIGURES_BY_CLASS_NOTE,)),
                ClassTable(words.class_rows(card)),
            ),
            FactCard(CardSection(words.CONFUSION, (words.CONFUSION_NOTE,)), _matrix(card)),
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
        """The plots for which the bundle has data; fewer without a report."""
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
            cards.append(FactCard(CardSection(words.EMBEDDING, (words.EMBEDDING_NOTE,)), self.scatters))
        if facts.roc:
            plot = UnitPlot(words.ROC, facts.roc, (words.FALSE_POSITIVE_RATE, words.TRUE_POSITIVE_RATE))
            cards.append(FactCard(CardSection(words.ROC, (words.ROC_NOTE,)), plot))
        return cards

    def _models(self) -> list[FactCard]:
        """All installed models for comparison; nothing if there is only one."""
        bars = self.facts.models
        if len(bars) == 1:
            return []
        section = CardSection(words.MODELS, (words.MODELS_NOTE,))
        return [FactCard(section, IntervalBars(words.MODELS, bars, stacked=True))]


def _matrix(card: Card) -> ConfusionMatrix:
    classes = [card.words_of(name) for name in card.classes]
    return ConfusionMatrix(classes, card.performance.confusion, words.confusion_description(card))


def _sentences(sentence: str) -> tuple[str, ...]:
    return (sentence,) if sentence else ()
