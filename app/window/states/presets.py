"""Selections of methods that are started with one click, and the person's last selection beside them."""

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.texts import explain as texts
from app.window.states.explain import ExplainState
from app.window.states.network_facts import cost_of, obstacle_of
from core.errors import BadParameter
from core.methods import METHODS


@dataclass(frozen=True, slots=True)
class Preset:
    """A selection of methods for a purpose."""

    name: str
    title: str
    summary: str
    methods: tuple[str, ...]


PRESETS = (
    Preset("quick", texts.QUICK_LOOK, texts.QUICK_LOOK_SUMMARY, ("grad_cam", "input_x_gradient")),
    # Those that papers on accuracy and softmax information curves compare.
    Preset(
        "papers",
        texts.PAPERS,
        texts.PAPERS_SUMMARY,
        ("gradient", "smooth_grad", "integrated_gradients", "guided_ig", "blur_ig", "xrai", "grad_cam"),
    ),
    # Of each family those that measure something else, with both control maps.
    Preset(
        "thorough",
        texts.THOROUGH,
        texts.THOROUGH_SUMMARY,
        (
            "smooth_grad",
            "integrated_gradients",
            "expected_gradients",
            "blur_ig",
            "xrai",
            "grad_cam",
            "occlusion",
            "rise",
            "random",
            "edge",
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class PresetRow:
    """A preset as it is offered. cost: in words; empty while this machine's speed is not known."""

    name: str
    title: str
    summary: str
    methods: str
    cost: str
    is_chosen: bool


class PresetsState(QObject):
    """Which preset the selected methods are, and the selection that a preset replaced."""

    def __init__(self, explain: ExplainState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._explain = explain
        self._replaced: frozenset[str] = frozenset()
        self.changed: Signal = explain.changed

    @property
    def rows(self) -> tuple[PresetRow, ...]:
        selected = self._selected
        return tuple(
            PresetRow(
                name=preset.name,
                title=preset.title,
                summary=preset.summary,
                methods=", ".join(m.title for m in METHODS if m.name in preset.methods),
                cost=self._cost(preset.methods),
                is_chosen=selected == set(preset.methods),
            )
            for preset in PRESETS
        )

    @property
    def can_start(self) -> bool:
        return self._explain.target is not None and not self._explain.running

    @property
    def replaced_count(self) -> int:
        """How many methods the selection had that a preset replaced; 0 while there is none."""
        return len(self._replaced)

    def choose(self, name: str) -> None:
        """Select the methods of a preset, and remember a selection that was made by hand."""
        preset = next(preset for preset in PRESETS if preset.name == name)
        selected = self._selected
        if all(selected != set(other.methods) for other in PRESETS):
            self._replaced = frozenset(selected)
        self._select(preset.methods)

    def restore(self) -> None:
        """Select again what was selected by hand before a preset."""
        replaced, self._replaced = self._replaced, frozenset()
        if replaced:
            self._select(replaced)

    @property
    def _selected(self) -> set[str]:
        return {row.name for _, rows in self._explain.families for row in rows if row.checked}

    def _select(self, names: Iterable[str]) -> None:
        for method in METHODS:
            self._explain.set_checked(method.name, method.name in names)

    def _cost(self, names: Iterable[str]) -> str:
        """The expected time of those methods that can be used with this network."""
        facts, total = self._explain.facts, 0.0
        for method in METHODS:
            if method.name not in names or obstacle_of(method, facts):
                continue
            try:
                cost = cost_of(method, self._explain.params(method), facts)
            except BadParameter:
                continue  # reported in the form
            seconds = self._explain.pace.seconds_of(cost) if cost is not None else None
            if seconds is None:
                return ""
            total += seconds
        return texts.about(total)
