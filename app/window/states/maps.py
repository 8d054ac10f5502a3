"""The maps of the shown image: finished, sharpening, failed; one choice of scale for all of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, StrEnum
from itertools import count
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.texts import explain as texts_explain
from app.texts import maps as texts_maps
from app.window.states.control_maps import CONTROL_MAPS
from app.window.states.map_labels import DEFAULT_SEED, labels_of, subtitle_of
from app.window.states.shading import Overlay, full_colour
from app.window.states.shown import ImageKey, ShownState
from core.arrays import FloatArray
from core.errors import SaliscopeError
from core.figures.wording import speaks_of_target
from core.images.grid_map import GridMap
from core.results.records import MethodRecord, PartialRecord, TargetRecord


class MapState(Enum):
    """Where a map stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class SharedScale(StrEnum):
    """Which maps share one scale of colours."""

    METHOD = "method"
    OWN = "own"
    ALL = "all"


@dataclass(frozen=True, slots=True, eq=False)
class MapEntry:
    """One map of the gallery. values: (rows, columns) on the network's grid, None until there are some.

    parameters, seed: with which it was asked for. is_restored: it was not computed now, but comes from a
    workspace.
    """

    number: int
    method: str
    title: str
    target: TargetRecord
    parameters: Mapping[str, Any] = field(default_factory=dict)
    seed: int = DEFAULT_SEED
    state: MapState = MapState.WAITING
    values: FloatArray | None = None
    signed: bool = False
    record: MethodRecord | None = None
    error: SaliscopeError | None = None
    done: int = 0
    total: int = 0
    is_restored: bool = False

    @property
    def subtitle(self) -> str:
        """The parameters that differ from the method's defaults."""
        return subtitle_of(self.method, self.parameters, self.seed)

    @property
    def name(self) -> str:
        """Title and parameters in one line."""
        return ", ".join(filter(None, (self.title, self.subtitle)))

    @property
    def open(self) -> bool:
        return self.state in (MapState.WAITING, MapState.RUNNING)

    @property
    def share_done(self) -> float:
        """0 to 1."""
        if not self.open:
            return 1.0
        return self.done / self.total if self.total else 0.0


class MapsState(QObject):
    """All maps of this session, of which those of the shown image are offered."""

    changed = Signal()
    entry_changed = Signal(int)
    selected_changed = Signal()

    def __init__(self, shown: ShownState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown = shown
        self._numbers = count(1)
        self._maps: dict[ImageKey, list[MapEntry]] = {}
        self._chosen: dict[ImageKey, int] = {}
        self.scale = SharedScale.METHOD
        shown.changed.connect(self.changed)
        shown.changed.connect(self.selected_changed)

    @property
    def key(self) -> ImageKey | None:
        """What the shown maps belong to; those of other images stay."""
        return self._shown.current.key

    @property
    def entries(self) -> tuple[MapEntry, ...]:
        """The maps of the shown image, in the order in which they were asked for."""
        return tuple(self._maps.get(self.key, ())) if self.key else ()

    @property
    def finished(self) -> tuple[MapEntry, ...]:
        return tuple(entry for entry in self.entries if entry.record is not None)

    @property
    def choices(self) -> tuple[tuple[int, str], ...]:
        """Number and label of each finished map; no two labels are alike."""
        finished = self.finished
        labels = labels_of([(entry.name, self.target_words(entry)) for entry in finished])
        return tuple((entry.number, label) for entry, label in zip(finished, labels, strict=True))

    @property
    def selected(self) -> MapEntry | None:
        """The map over the image: the chosen one while it is there."""
        if self.key is None:
            return None
        return self.entry(self._chosen.get(self.key, 0))

    def entry(self, number: int) -> MapEntry | None:
        return next((entry for entry in self.entries if entry.number == number), None)

    def select(self, number: int) -> None:
        if self.key is not None and self._chosen.get(self.key) != number:
            self._chosen[self.key] = number
            self.selected_changed.emit()

    def set_scale(self, scale: SharedScale) -> None:
        if scale != self.scale:
            self.scale = scale
            self.changed.emit()
            self.selected_changed.emit()

    def add(
        self,
        key: ImageKey,
        method: str,
        title: str,
        target: TargetRecord,
        parameters: Mapping[str, Any] | None = None,
        seed: int = DEFAULT_SEED,
    ) -> int:
        """A map that was asked for, before the control maps.

        An unfinished or failed one of the same method makes room for it.
        """
        entry = MapEntry(next(self._numbers), method, title, target, parameters or {}, seed)
        others = [old for old in self._maps.get(key, []) if old.method != method or old.record is not None]
        self._maps[key] = sorted([*others, entry], key=lambda old: old.method in CONTROL_MAPS)
        self.changed.emit()
        return entry.number

    def update(self, key: ImageKey, number: int, **changes: object) -> None:
        """Replace parts of an entry; a finished one takes the place of an equal older one."""
        entries = self._maps.get(key, [])
        at = next((index for index, entry in enumerate(entries) if entry.number == number), None)
        if at is None:
            return
        before = entries[at]
        entry = entries[at] = replace(before, **changes)  # type: ignore[arg-type]
        if entry.record is not None and before.record is None:
            equals = numbers_of_equals(entries, entry)
            self._maps[key] = [old for old in entries if old.number not in equals]
            if self._chosen.get(key) in equals:
                self._chosen[key] = entry.number
        if key != self.key:
            return
        if before.state is not entry.state:
            self.changed.emit()
        else:
            self.entry_changed.emit(entry.number)
        if self.selected is not None and before.values is not entry.values:
            self.selected_changed.emit()

    def remove(self, number: int) -> None:
        """Take a map out of the gallery."""
        if self.key is not None:
            self._maps[self.key] = [entry for entry in self.entries if entry.number != number]
            self.changed.emit()
            self.selected_changed.emit()

    def forget(self, cases: Collection[int]) -> set[int]:
        """Let go of all maps of closed cases, named by their numbers. Returns the numbers of the maps."""
        closed = [key for key in self._maps if key.case in cases]
        self._chosen = {key: number for key, number in self._chosen.items() if key.case not in cases}
        return {entry.number for key in closed for entry in self._maps.pop(key)}

    def overlay(self, entry: MapEntry) -> Overlay | None:
        """How this entry is laid over the slice; None while it has no values."""
        grid_map = self._shown.current.grid_map
        if grid_map is None:
            return None
        return overlay_of(entry, self.finished, self.scale, grid_map, self.target_words(entry))

    def target_words(self, entry: MapEntry) -> str:
        """What a map of the shown image explains, with the words of the model's card for its classes."""
        return texts_explain.target(entry.target, self._shown.current.class_words)


def empty_words(maps: MapsState, needs_maps: str) -> str:
    """Why a panel on maps is empty: they are on their way, or what would fill it."""
    return texts_maps.MAPS_RUNNING if any(entry.open for entry in maps.entries) else needs_maps


def numbers_of_equals(entries: Sequence[MapEntry], newest: MapEntry) -> set[int]:
    """Of the older maps that are equal to the newest, finished one, and of partial ones that it completes."""
    assert newest.record is not None
    same = map_identity(newest.record)
    return {
        old.number
        for old in entries
        if old.number != newest.number
        and old.record is not None
        and (map_identity(old.record) == same or is_beginning_of(old.record, newest.record))
    }


def whole_map(
    finished: Iterable[MapEntry], name: str, parameters: Mapping[str, Any], target: TargetRecord, seed: int
) -> MapEntry | None:
    """The finished map that a request with these values would give again, with what is known of it."""
    wanted = _identity(name, parameters, target, seed, None)
    return next((e for e in finished if e.record is not None and map_identity(e.record) == wanted), None)


def map_identity(record: MethodRecord) -> tuple[object, ...]:
    """What makes two maps of an image the same map."""
    return _identity(record.name, record.parameters, record.target, record.seed, record.partial)


def _identity(
    name: str, parameters: Mapping[str, Any], target: TargetRecord, seed: int, partial: PartialRecord | None
) -> tuple[object, ...]:
    return name, repr(sorted(parameters.items())), target, seed, partial


def is_beginning_of(partial: MethodRecord, record: MethodRecord) -> bool:
    """Whether one map is partial and the other the same with more draws, or all of them."""
    if partial.partial is None or (record.partial is not None and record.partial.done < partial.partial.done):
        return False
    return map_identity(partial)[:-1] == map_identity(record)[:-1]


def overlay_of(
    entry: MapEntry, finished: tuple[MapEntry, ...], scale: SharedScale, grid_map: GridMap, target: str
) -> Overlay | None:
    """How a map is laid over the slice, in the colours that it shares with others of the finished ones.

    target: what it explains, in words.
    """
    if entry.values is None:
        return None
    sharing, record = _sharing(entry, finished, scale), entry.record
    return Overlay(
        values=entry.values,
        signed=entry.signed,
        cells=record.cells if record else (entry.values.shape[0], entry.values.shape[1]),
        grid_map=grid_map,
        full=max(full_colour(other.values) for other in sharing if other.values is not None),
        title=entry.title,
        subtitle=entry.subtitle,
        target=target,
        layer=texts_maps.layer(record.choices.get("layer", "")) if record else "",
        unit=record.unit if record else "",
        no_share=record.no_share if record else "",
        is_for_or_against=record is None or speaks_of_target(record),
        normalisation=texts_maps.normalisation(scale is SharedScale.ALL, len(sharing)),
    )


def _sharing(entry: MapEntry, finished: tuple[MapEntry, ...], scale: SharedScale) -> list[MapEntry]:
    """The maps whose colours mean the same numbers as this one's, itself included."""
    others = [other for other in finished if other.number != entry.number]
    if scale is SharedScale.OWN:
        others = []
    elif scale is SharedScale.METHOD:
        others = [other for other in others if other.method == entry.method]
    return [entry, *others]
