"""The chosen model's label: what stands on its card, and the numbers that are drawn beside it."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from app.texts import model as words
from app.texts.model import Bar
from app.window.states.prediction import PredictionState
from core.errors import SaliscopeError
from core.models.bundle import find_bundle
from core.models.card import Card
from core.models.metrics import Metrics, read_metrics


@dataclass(frozen=True, slots=True)
class FactLine:
    """A line in a plot of 0 to 1 on both axes; `marks` are the weights (0 to 1) of points at its corners."""

    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    number: int
    marks: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class ScatterPoints:
    """The images of one class in the plane, x and y from 0 to 1; `faint` ones were trained on."""

    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    number: int
    faint: bool


class ModelFacts(QObject):
    """Follows the model chosen for prediction."""

    changed = Signal()

    def __init__(self, prediction: PredictionState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._prediction = prediction
        self._metrics: Metrics | None = None
        self._read_for: Card | None = None
        self.scatter = next(iter(words.SCATTERS))
        """The chosen one, which stays when another model is chosen."""
        prediction.model_changed.connect(self._on_model_changed)

    @property
    def card(self) -> Card | None:
        return self._prediction.card

    @property
    def metrics(self) -> Metrics | None:
        """Read when first asked for; None if the bundle brings none that can be read."""
        if self.card is not self._read_for:
            self._read_for = self.card
            self._metrics = _metrics_of(self.card) if self.card is not None else None
        return self._metrics

    @property
    def reliability(self) -> tuple[FactLine, ...]:
        """Accuracy over confidence, before and after the temperature."""
        calibration = self.card.performance.calibration if self.card is not None else None
        if calibration is None:
            return ()
        lines = []
        stages = ((words.BEFORE, calibration.before), (words.AFTER, calibration.after))
        for number, (name, bins) in enumerate(stages):
            most = max((part.images for part in bins), default=1)
            xs, ys = tuple(part.confidence for part in bins), tuple(part.accuracy for part in bins)
            weights = tuple(part.images / most for part in bins)
            lines.append(FactLine(name, xs, ys, 1 - number, weights))
        return tuple(lines)

    @property
    def roc(self) -> tuple[FactLine, ...]:
        """One line a class, named with its area."""
        if self.card is None or self.metrics is None:
            return ()
        classes, lines = self.card.performance.classes, []
        for number, (name, curve) in enumerate(self.metrics.roc.items()):
            area = classes[name].auc if name in classes else None
            title = self.card.words_of(name) + (f" {area.value:.2f}" if area is not None else "")
            lines.append(FactLine(title, curve.false_positives, curve.true_positives, number))
        return tuple(lines)

    @property
    def models(self) -> tuple[Bar, ...]:
        """Macro-F1 of all installed models, the chosen one strong."""
        cards = self._prediction.cards
        return tuple(
            Bar.of(card.title, card.performance.macro_f1, strong=card is self.card) for card in cards
        )

    @property
    def scatters(self) -> dict[str, tuple[ScatterPoints, ...]]:
        """Those that the bundle has, in the order in which they are offered."""
        scatters = {name: self.points(name) for name in words.SCATTERS}
        return {name: points for name, points in scatters.items() if points}

    def choose_scatter(self, name: str) -> None:
        self.scatter = name

    def points(self, name: str) -> tuple[ScatterPoints, ...]:
        """The scatter of this name, faint points first; empty if the bundle has none."""
        if self.card is None or self.metrics is None or name not in self.metrics.scatters:
            return ()
        scatter, rows, clouds = self.metrics.scatters[name], self.metrics.scatter_rows, []
        for faint in (True, False):
            for number, title in enumerate(self.card.classes):
                at = [i for i, r in enumerate(rows) if r.label == number and (r.part != "test") == faint]
                xs, ys = tuple(scatter.x[i] for i in at), tuple(scatter.y[i] for i in at)
                clouds.append(ScatterPoints(self.card.words_of(title), xs, ys, number, faint))
        return tuple(clouds)

    @Slot()
    def _on_model_changed(self) -> None:
        self.changed.emit()


def _metrics_of(card: Card) -> Metrics | None:
    try:
        return read_metrics(find_bundle(card.id).folder)
    except SaliscopeError:
        return None
