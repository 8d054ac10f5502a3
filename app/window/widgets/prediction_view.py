"""One network's answer: predicted class and probability, fit, bars, and the sentences that qualify them."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.texts import prediction as texts
from app.window.states.prediction_summary import PredictionSummary
from app.window.theme import GAP, TIGHT
from app.window.widgets.probability_bars import ProbabilityBars
from core.number_text import no_break, percent


class PredictionView(QWidget):
    """Draws a `PredictionSummary`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.class_label, self.probability = QLabel(), QLabel()
        self.class_label.setObjectName("predictionClass")
        self.class_label.setWordWrap(True)
        self.probability.setObjectName("predictionProbability")
        self.fit, self.caveat, self.calibration = wrapped_label(), wrapped_label("caveat"), wrapped_label()
        self.fit.setToolTip(texts.FIT_TIP)
        self.calibration.setToolTip(texts.CALIBRATION_TIP)
        self.bars = ProbabilityBars()
        headline = QHBoxLayout()
        headline.setSpacing(GAP)
        headline.addWidget(self.class_label, 1)
        headline.addWidget(self.probability, 0, Qt.AlignmentFlag.AlignTop)
        self.column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(TIGHT)
        column.addLayout(headline)
        for part in (self.fit, self.bars, self.caveat, self.calibration):
            column.addWidget(part)

    def insert_above_fit(self, widget: QWidget) -> None:
        """Put another widget below class and probability."""
        self.column.insertWidget(1, widget)

    def insert_below_bars(self, widget: QWidget) -> None:
        """Put another widget below the bars."""
        self.column.insertWidget(self.column.indexOf(self.bars) + 1, widget)

    def show_summary(self, summary: PredictionSummary) -> None:
        """Draw an answer."""
        self.class_label.setText(summary.class_words)
        self.probability.setText(no_break(percent(summary.record.probability)))
        for label in (self.class_label, self.probability):
            label.setProperty("muted", not summary.fits)
            repolish(label)
        self.fit.setText(summary.fit_words)
        self.fit.setObjectName("muted" if summary.fits else "warning")
        repolish(self.fit)
        self.bars.show_rows(summary.rows, is_grey=not summary.fits)
        for label, words in ((self.caveat, summary.caveat), (self.calibration, summary.calibration)):
            label.setText(words)
            label.setVisible(bool(words))


def repolish(widget: QWidget) -> None:
    """Give a widget the style of its present name and properties."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def wrapped_label(name: str = "muted") -> QLabel:
    """A label that wraps, whose text can be selected; name: of its style."""
    label = QLabel()
    label.setObjectName(name)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
