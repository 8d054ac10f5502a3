"""Turns changes of other states into steps that can be undone; the states know nothing of it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, SignalInstance, Slot

from app.window.states.undo import UndoStack


def _no_series(_: Any, __: Any) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class WatchedValue:
    """A value of a state, compared with `==`.

    label: in words what a change from one value to another is. series: see `UndoStep`.
    """

    read: Callable[[], Any]
    restore: Callable[[Any], object]
    label: Callable[[Any, Any], str]
    series: Callable[[Any, Any], str] = _no_series


@dataclass(frozen=True, slots=True)
class Change:
    """What one watched value was, and what it became."""

    watched: WatchedValue
    before: Any
    after: Any

    @property
    def label(self) -> str:
        """In words."""
        return self.watched.label(self.before, self.after)

    @property
    def series(self) -> str:
        """See `UndoStep`."""
        return self.watched.series(self.before, self.after)


class ChangeHistory(QObject):
    """Watches values by name. What changes in one turn of the event loop is one step.

    is_held: whether changes still belong together, as during a drag; `take` ends it.
    """

    def __init__(
        self,
        undo: UndoStack,
        several: str,
        is_held: Callable[[], bool] = lambda: False,
        parent: QObject | None = None,
    ) -> None:
        """several: in words a step that changes several values."""
        super().__init__(parent)
        self._undo, self._several, self._is_held = undo, several, is_held
        self._watched: dict[str, WatchedValue] = {}
        self._before: dict[str, Any] = {}
        self._marked: set[str] = set()
        self._timer = QTimer(self, interval=0, singleShot=True)
        self._timer.timeout.connect(self._on_turn_ended)
        undo.about_to_restore.connect(self.take)

    def watch(self, name: str, watched: WatchedValue, *signals: SignalInstance) -> None:
        """Watch a value, which may have changed after any of these signals."""
        self._watched[name], self._before[name] = watched, watched.read()
        for signal in signals:
            signal.connect(partial(self._mark, name))

    def before(self, name: str) -> Any:
        """What this value was after the last step."""
        return self._before[name]

    def rebase(self, *names: str) -> None:
        """Take the present values as they are: what changed them is no step. Earlier steps are dropped."""
        for name in names:
            self._marked.discard(name)
            self._before[name] = self._watched[name].read()
        self._undo.drop([self._watched[name] for name in names])

    @Slot()
    def take(self) -> None:
        """Make a step of what changed."""
        marked, self._marked = self._marked, set()
        changes = []
        for name in sorted(marked):
            watched, before = self._watched[name], self._before[name]
            self._before[name] = after = watched.read()
            if after != before:
                changes.append(Change(watched, before, after))
        if not changes:
            return
        is_one = len(changes) == 1
        self._undo.push(
            changes[0].label if is_one else self._several,
            partial(_restore, [(change.watched, change.before) for change in changes]),
            partial(_restore, [(change.watched, change.after) for change in changes]),
            sources=tuple(change.watched for change in changes),
            series=changes[0].series if is_one else "",
        )

    def _mark(self, name: str, *_: object) -> None:
        if self._undo.is_restoring:
            self._before[name] = self._watched[name].read()
            return
        self._marked.add(name)
        if not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _on_turn_ended(self) -> None:
        if not self._is_held():
            self.take()


def _restore(values: list[tuple[WatchedValue, Any]]) -> None:
    for watched, value in values:
        watched.restore(value)
