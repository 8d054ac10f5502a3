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

# What the thumbnails are about.
StripKey = tuple[ImageKey, TargetRecord]


@dataclass(frozen=True, slots=True, eq=False)
class StripEntry:
    """A layer of the strip. overlay: its Grad-CAM, None until it is there. is_default: the last of all."""

    layer: Layer
    overlay: Overlay | None
    is_default: bool


class LayerStripState(QObject):
    """Asks for the strip of the shown image and the chosen target while a panel or a form shows it.

    One layer after another is asked for, the coarsest first, which Grad-CAM itself has computed: the worker
    traces a graph for each layer the first time, which takes seconds. error: why a layer has no map.
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
        """What all below is about."""
        self._overlays: dict[str, Overlay] = {}
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
        layers = last_layers_of_grids(self.layers)
        return tuple(
            StripEntry(layer, self._overlays.get(layer.name), layer is self.layers[-1]) for layer in layers
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
        return (key, target.record) if key is not None and target is not None else None

    def _question(self) -> Question | None:
        key, image = self._of, self._shown.current.image
        if not self._viewers or key is None or image is None or self.error is not None or self.empty_text:
            return None
        missing = [entry.layer.name for entry in self.entries if entry.overlay is None]
        if not missing:
            return None
        request = LayersRequest(model=key[0].model, target=key[1], layers=(missing[-1],))
        return Question(("layers", key, missing[-1]), request, image)

    @Slot()
    def _settle(self) -> None:
        """What is known of another image or target is let go."""
        if self._of != self._key:
            self._of, self._overlays, self.error = self._key, {}, None
        self._questions.review()
        self.changed.emit()

    def _on_answered(self, asked: tuple[object, ...], message: LayersDone, arrays: list[Array]) -> None:
        grid_map = self._shown.current.grid_map
        if asked[1] == self._of == self._key and grid_map is not None:
            for layer, values in zip(message.layers, arrays, strict=True):
                self._overlays[layer.name] = thumbnail_overlay(values, grid_map)
            self.changed.emit()

    def _on_failed(self, asked: tuple[object, ...], error: SaliscopeError) -> None:
        if asked[1] == self._of:
            self.error = error
