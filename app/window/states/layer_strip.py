"""How information flows to the decision: Grad-CAM of the last layer of each grid, from fine to coarse."""

from collections.abc import Hashable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from app.texts import layers as texts
from app.window.links import JobLink
from app.window.states.background import BackgroundScheduler, TaskKind
from app.window.states.background_questions import BackgroundQuestions, Question
from app.window.states.explain import ExplainState
from app.window.states.layer_maps import STRIP_METHOD, thumbnail_overlay
from app.window.states.network_facts import obstacle_of
from app.window.states.shading import Overlay
from app.window.states.shown import ImageKey, ShownState
from core.arrays import Array
from core.errors import SaliscopeError
from core.methods import method_named
from core.methods.activation.layer_strip import last_layers_of_grids
from core.network.layer import Layer
from core.results.records import TargetRecord
from core.worker.messages import LayersDone, LayersRequest

StripKey = tuple[str, ImageKey, TargetRecord]


@dataclass(frozen=True, slots=True, eq=False)
class StripEntry:
    """A layer of the strip. overlay: its Grad-CAM, None until it is there. is_default: the last of all."""

    layer: Layer
    overlay: Overlay | None
    is_default: bool


class LayerStripState(QObject):
    """Asks for the strip of the shown image and the chosen target while a panel or a form shows it.

    error: why there is none.
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
        self._viewers: set[Hashable] = set()
        self._of: StripKey | None = None
        """What overlays and error are about."""
        self._overlays: tuple[Overlay, ...] = ()
        self.error: SaliscopeError | None = None
        self._questions = BackgroundQuestions(worker, background, TaskKind.LAYERS, self._question, self)
        self._questions.answered.connect(self._on_answered)
        self._questions.failed.connect(self._on_failed)
        self._questions.changed.connect(self.changed)
        shown.changed.connect(self._settle)
        explain.changed.connect(self._settle)

    def set_active(self, viewer: Hashable, active: bool) -> None:
        """Whether this viewer shows the strip now."""
        (self._viewers.add if active else self._viewers.discard)(viewer)
        self._questions.review()

    @property
    def running(self) -> bool:
        return self._questions.running

    @property
    def layers(self) -> tuple[Layer, ...]:
        """All layers of the network, in the order of the graph."""
        return self._explain.layers

    @property
    def entries(self) -> tuple[StripEntry, ...]:
        """The last layer of each grid, from fine to coarse; none where the network has no layers."""
        layers = last_layers_of_grids(self._explain.layers)
        overlays = self._overlays if self._of == self._key else ()
        shown = overlays if len(overlays) == len(layers) else (None,) * len(layers)
        last = self._explain.layers[-1] if layers else None
        return tuple(
            StripEntry(layer, overlay, layer is last)
            for layer, overlay in zip(layers, shown, strict=True)
        )

    @property
    def target_words(self) -> str:
        """What the strip explains; empty before there is a prediction."""
        target = self._explain.target
        return target.record.words_by(self._shown.current.class_words) if target is not None else ""

    @property
    def empty_text(self) -> str:
        """Why there is nothing to show; empty where there is."""
        if self._explain.target is None:
            return texts.NEEDS_PREDICTION
        return obstacle_of(method_named(STRIP_METHOD), self._explain.facts)

    @property
    def _key(self) -> StripKey | None:
        key, target = self._shown.current.key, self._explain.target
        return ("layers", key, target.record) if key is not None and target is not None else None

    def _question(self) -> Question | None:
        key, image = self._key, self._shown.current.image
        if not self._viewers or key is None or image is None or key == self._of or self.empty_text:
            return None
        return Question(key, LayersRequest(model=key[1].model, target=key[2]), image)

    @Slot()
    def _settle(self) -> None:
        if self._of is not None and self._of != self._key:
            self._of, self._overlays, self.error = None, (), None
        self._questions.review()
        self.changed.emit()

    def _on_answered(self, key: StripKey, message: LayersDone, arrays: list[Array]) -> None:
        grid_map = self._shown.current.grid_map
        if key == self._key and grid_map is not None:
            self._of, self.error = key, None
            self._overlays = tuple(thumbnail_overlay(values, grid_map) for values in arrays)
            self.changed.emit()

    def _on_failed(self, key: StripKey, error: SaliscopeError) -> None:
        if key == self._key:
            self._of, self._overlays, self.error = key, (), error
