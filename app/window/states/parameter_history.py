"""What is to be computed, as steps that can be undone: methods, parameters, seed and target."""

from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Slot

from app.texts import undo as texts
from app.window.states.change_history import ChangeHistory, WatchedValue
from app.window.states.explain import ExplainState
from app.window.states.prediction import PredictionState
from app.window.states.undo import UndoStack
from core.methods import METHODS

TARGET = "target"


class ParameterHistory(ChangeHistory):
    """Watches an `ExplainState`. Changes of one parameter that follow each other are one step."""

    def __init__(
        self,
        explain: ExplainState,
        prediction: PredictionState,
        undo: UndoStack,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(undo, texts.CHOICE, parent=parent)
        self._explain, self._prediction = explain, prediction
        self._record: object = None
        checked = WatchedValue(lambda: frozenset(explain.checked), self._check, lambda *_: texts.CHOICE)
        seed = WatchedValue(
            lambda: explain.seed, explain.set_seed, lambda *_: texts.SEED, lambda *_: texts.SEED
        )
        target = WatchedValue(lambda: explain.target_at, explain.choose_target, lambda *_: texts.TARGET)
        # A new prediction has its own targets, which no person chose yet.
        explain.changed.connect(self._on_changed)
        for name, watched in (("checked", checked), ("seed", seed), (TARGET, target)):
            self.watch(name, watched, explain.changed)
        for method in METHODS:
            read = partial(_values, explain, method.name)
            restore = partial(self._set_values, method.name)
            series = partial(_series_of_values, method.name)
            self.watch(method.name, WatchedValue(read, restore, _words_of_values, series), explain.changed)

    @Slot()
    def _on_changed(self) -> None:
        if self._prediction.record is not self._record:
            self._record = self._prediction.record
            self.rebase(TARGET)

    def _check(self, names: frozenset[str]) -> None:
        for method in METHODS:
            self._explain.set_checked(method.name, method.name in names)

    def _set_values(self, name: str, values: dict[str, Any]) -> None:
        """Restore the parameters of a method, and show them."""
        defaults = dict.fromkeys(self._explain.values(name))
        self._explain.set_values(name, {**defaults, **values})
        self._explain.focus(name)


def _values(explain: ExplainState, name: str) -> dict[str, Any]:
    return dict(explain.values(name))


def _changed_fields(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [field for field in {**before, **after} if before.get(field) != after.get(field)]


def _words_of_values(before: dict[str, Any], after: dict[str, Any]) -> str:
    return texts.parameters(_changed_fields(before, after))


def _series_of_values(name: str, before: dict[str, Any], after: dict[str, Any]) -> str:
    return f"{name} {' '.join(_changed_fields(before, after))}"
