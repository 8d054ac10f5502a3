"""Selections of methods that are started with one click, and the person's last selection beside them."""

from collections.abc import Collection
from dataclasses import dataclass

from PySide6.QtCore import QObject, QSignalBlocker, Signal

from app.texts import explain as texts
from app.window.states.explain import ExplainState
from app.window.states.network_facts import obstacle_of
from core.methods import METHODS
from core.methods.contract import Method


@dataclass(frozen=True, slots=True)
class Preset:
    """A selection of methods for a purpose. name: also that of its action."""

    name: str
    title: str
    summary: str
    methods: tuple[str, ...]


PRESETS = (
    Preset("quick_look", texts.QUICK_LOOK, texts.QUICK_LOOK_SUMMARY, ("grad_cam", "input_x_gradient")),
    # Those that papers on accuracy and softmax information curves compare.
    Preset(
        "papers",
        texts.PAPERS,
        texts.PAPERS_SUMMARY,
        ("gradient", "smooth_grad", "integrated_gradients", "guided_ig", "blur_ig", "xrai", "grad_cam"),
    ),
    # Zeineldin et al. 2022, doi 10.1007/s11548-022-02619-x.
    Preset(
        "neuroxai",
        texts.NEUROXAI,
        texts.NEUROXAI_SUMMARY,
        (
            "gradient",
            "smooth_grad",
            "integrated_gradients",
            "guided_ig",
            "guided_backpropagation",
            "guided_grad_cam",
            "grad_cam",
        ),
    ),
    # Table 1 of Singh et al. 2020, doi 10.3390/jimaging6060052, but for PatternNet and PatternAttribution,
    # which need the training images. Its saliency map is the magnitude of its gradient.
    Preset(
        "review",
        texts.REVIEW,
        texts.REVIEW_SUMMARY,
        (
            "gradient",
            "deconvnet",
            "guided_backpropagation",
            "lrp",
            "input_x_gradient",
            "grad_cam",
            "integrated_gradients",
            "deep_taylor",
            "deep_lift",
            "smooth_grad",
            "deep_shap",
        ),
    ),
    # Of each family what measures something else, and both control maps.
    Preset(
        "thorough",
        texts.THOROUGH,
        texts.THOROUGH_SUMMARY,
        (
            "smooth_grad",
            "integrated_gradients",
            "expected_gradients",
            "blur_ig",
            "lrp",
            "xrai",
            "grad_cam",
            "occlusion",
            "rise",
            "kernel_shap",
            "meaningful_perturbation",
            "random",
            "edge",
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class PresetRow:
    """A preset as it is offered.

    methods: their titles. cost: in words; empty while this machine's speed is not known. is_selected:
    whether its methods are the selected ones.
    """

    name: str
    title: str
    summary: str
    methods: str
    cost: str
    is_selected: bool


class PresetsState(QObject):
    """Selects the methods of a preset, and keeps the selection that a preset replaced."""

    changed = Signal()

    def __init__(self, explain: ExplainState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._explain = explain
        self._selected_at_first = self._selected
        self._replaced: frozenset[str] = frozenset()
        explain.changed.connect(self.changed)

    @property
    def rows(self) -> tuple[PresetRow, ...]:
        selected = self._selected
        return tuple(
            PresetRow(
                name=preset.name,
                title=preset.title,
                summary=preset.summary,
                methods=", ".join(method.title for method in _methods_of(preset.methods)),
                cost=self._cost(preset.methods),
                is_selected=selected == set(preset.methods),
            )
            for preset in PRESETS
        )

    @property
    def can_start(self) -> bool:
        return self._explain.target is not None and not self._explain.running

    @property
    def replaced_count(self) -> int:
        """How many methods were selected by hand before a preset replaced them; 0 where none was."""
        return len(self._replaced)

    def select(self, name: str) -> None:
        """Select the methods of a preset, and keep a selection that was made by hand."""
        selected = self._selected
        not_by_hand = [set(), self._selected_at_first, *(set(preset.methods) for preset in PRESETS)]
        if selected not in not_by_hand:
            self._replaced = frozenset(selected)
        self._select_methods(next(preset.methods for preset in PRESETS if preset.name == name))

    def restore(self) -> None:
        """Select again what was selected by hand before a preset."""
        replaced, self._replaced = self._replaced, frozenset()
        if replaced:
            self._select_methods(replaced)

    @property
    def _selected(self) -> set[str]:
        return set(self._explain.checked)

    def _select_methods(self, names: Collection[str]) -> None:
        # One change of the selection, and so one step to undo.
        with QSignalBlocker(self._explain):
            for method in METHODS:
                self._explain.set_checked(method.name, method.name in names)
        self._explain.changed.emit()

    def _cost(self, names: Collection[str]) -> str:
        """The expected time of those of the methods that this network allows."""
        facts = self._explain.facts
        if facts is None:
            return ""
        return self._explain.costs.short_total(
            method for method in _methods_of(names) if not obstacle_of(method, facts)
        )


def _methods_of(names: Collection[str]) -> list[Method]:
    return [method for method in METHODS if method.name in names]
