"""The units of one layer by contribution: the first ones, more on request, and one that is searched for."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from app.texts import layers as texts
from app.window.links import JobLink
from app.window.states.background import BackgroundScheduler, TaskKind
from app.window.states.background_questions import BackgroundQuestions, Question
from app.window.states.explain import ExplainState
from app.window.states.layer_maps import thumbnail_overlay
from app.window.states.shading import Overlay
from app.window.states.shown import ImageKey, ShownState
from core.arrays import Array
from core.errors import SaliscopeError
from core.methods.activation.unit_ranking import FIRST_UNITS, UnitRanking
from core.network.layer import Layer
from core.results.records import TargetRecord
from core.worker.messages import UnitsDone, UnitsRequest

# What contributions and thumbnails are about: image, target, and the layer's name.
UnitsKey = tuple[ImageKey, TargetRecord, str]


@dataclass(frozen=True, slots=True, eq=False)
class UnitEntry:
    """A unit of the list. contribution: in the unit of the target. overlay: None until it is there."""

    unit: int
    rank: int
    contribution: float
    overlay: Overlay | None


class UnitBrowserState(QObject):
    """Asks for the units of the chosen layer while they are looked at.

    ranking: of all units; None until it is known. found: the unit that was searched for, None without one.
    error: why there is no answer.
    """

    changed = Signal()

    def __init__(
        self,
        worker: JobLink,
        shown: ShownState,
        explain: ExplainState,
        background: BackgroundScheduler,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._shown, self._explain = shown, explain
        self._is_active = False
        self._wanted_layer = ""
        self._count = FIRST_UNITS
        self._of: UnitsKey | None = None
        """What all below is about."""
        self.ranking: UnitRanking | None = None
        self.found: int | None = None
        self.error: SaliscopeError | None = None
        self._overlays: dict[int, Overlay] = {}
        self.questions = BackgroundQuestions(worker, background, TaskKind.UNITS, self._question, self)
        self.questions.answered.connect(self._on_answered)
        self.questions.failed.connect(self._on_failed)
        self.questions.changed.connect(self.changed)
        shown.changed.connect(self._settle)
        explain.changed.connect(self._settle)

    def set_active(self, active: bool) -> None:
        """Whether the units are visible."""
        self._is_active = active
        self._settle()

    @property
    def layer(self) -> Layer | None:
        """The chosen layer, the last one without a choice; None without layers."""
        layers = self._explain.layers
        wanted = next((each for each in layers if each.name == self._wanted_layer), None)
        return wanted or (layers[-1] if layers else None)

    def choose_layer(self, name: str) -> None:
        """Show the units of this layer."""
        if self.layer is None or name != self.layer.name:
            self._wanted_layer = name
            self._settle()

    @property
    def entries(self) -> tuple[UnitEntry, ...]:
        """The units that contribute most, and before them the one that was searched for if it is another."""
        ranking = self.ranking
        if ranking is None:
            return ()
        return tuple(
            UnitEntry(unit, ranking.rank(unit), float(ranking.contributions[unit]), self._overlays.get(unit))
            for unit in self._units
        )

    @property
    def sentence(self) -> str:
        """The sum of the contributions, and how many units carry most of them; empty until that is known."""
        target = self._explain.target
        if self.ranking is None or target is None:
            return ""
        return texts.units_sentence(self.ranking, target.record.words_by(self._shown.current.class_words))

    @property
    def more_count(self) -> int:
        """How many further units a request for more shows."""
        channels = self.layer.channels if self.layer is not None else 0
        return max(min(FIRST_UNITS, channels - self._count), 0) if self.ranking is not None else 0

    def show_more(self) -> None:
        """Show the units that follow in rank."""
        self._count += self.more_count
        self._settle()

    def find(self, unit: int) -> None:
        """Show this unit, whatever its rank is; nothing if the layer lacks it."""
        if self.layer is not None and 0 <= unit < self.layer.channels:
            self.found = unit
            self._settle()

    @property
    def _units(self) -> tuple[int, ...]:
        """The numbers of the units that are listed."""
        first = self.ranking.order[: self._count] if self.ranking is not None else ()
        return (self.found, *first) if self.found is not None and self.found not in first else first

    @property
    def _key(self) -> UnitsKey | None:
        key, target, layer = self._shown.current.key, self._explain.target, self.layer
        return (key, target.record, layer.name) if key and target is not None and layer is not None else None

    def _question(self) -> Question | None:
        key, image = self._key, self._shown.current.image
        if not self._is_active or key is None or key != self._of or image is None or self.error is not None:
            return None
        missing = tuple(unit for unit in self._units if unit not in self._overlays)
        if self.ranking is not None and not missing:
            return None
        request = UnitsRequest(
            model=key[0].model, target=key[1], layer=key[2], count=self._count, units=missing
        )
        return Question(("units", key, missing), request, image)

    @Slot()
    def _settle(self) -> None:
        """What is known of another image, target or layer is let go."""
        key = self._key
        if key != self._of:
            self._of, self.ranking, self.found, self.error = key, None, None, None
            self._overlays, self._count = {}, FIRST_UNITS
        self.questions.review()
        self.changed.emit()

    def _on_answered(self, asked: tuple[object, ...], message: UnitsDone, arrays: list[Array]) -> None:
        grid_map = self._shown.current.grid_map
        if asked[1] == self._of == self._key and grid_map is not None:
            contributions, maps = arrays
            self.ranking = UnitRanking(message.layer, contributions)
            self._overlays |= {
                unit: thumbnail_overlay(values, grid_map)
                for unit, values in zip(message.units, maps, strict=True)
            }
            self.changed.emit()

    def _on_failed(self, asked: tuple[object, ...], error: SaliscopeError) -> None:
        if asked[1] == self._of:
            self.error = error
