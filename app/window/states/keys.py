"""The keys of the actions as a person changed them; no key does two things."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence

from app.shortcuts import ACTIONS, KEYS, action
from app.texts import keys as texts
from app.window.states.preferences import Preferences

# With these, controls that have the focus are reached and pressed.
FOCUS_KEYS = ("Tab", "Shift+Tab", "Return", "Enter", "Space")


class KeysState(QObject):
    """Changes the keys of this process, and keeps what differs from the defaults in the settings."""

    changed = Signal()

    def __init__(self, preferences: Preferences, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences
        KEYS.changes = _without_conflicts(preferences.values.keys)

    def problem(self, name: str, key: str) -> str:
        """Why an action cannot have this key, in a sentence; empty if it can."""
        if not key:
            return texts.NO_KEY
        if reason := _reserved(key):
            return reason
        for other in ACTIONS:
            if other.name != name and key in map(standard_form, KEYS.of(other.name)):
                return texts.taken(key, other.text)
        return ""

    def set_key(self, name: str, key: str) -> str:
        """Let this be the only key of an action. Returns why that cannot be; empty once it is done."""
        return self._use(name, (standard_form(key),))

    def add_key(self, name: str, key: str) -> str:
        """Let an action have this key too. Returns why that cannot be; empty once it is done."""
        key = standard_form(key)
        others = tuple(other for other in KEYS.of(name) if standard_form(other) != key)
        return self._use(name, (*others, key))

    def clear(self, name: str) -> None:
        """Let an action have no key."""
        self._use(name, ())

    def reset(self, name: str) -> str:
        """Give an action its first keys again. Returns why that cannot be; empty once it is done."""
        return self._use(name, action(name).keys)

    def reset_all(self) -> None:
        """Give all actions their first keys again."""
        self._change({})

    def _use(self, name: str, keys: tuple[str, ...]) -> str:
        problem = next(filter(None, (self.problem(name, standard_form(key)) for key in keys)), "")
        if not problem:
            others = {other: changed for other, changed in KEYS.changes.items() if other != name}
            self._change(others if keys == action(name).keys else {**others, name: keys})
        return problem

    def _change(self, changes: Mapping[str, tuple[str, ...]]) -> None:
        if changes != KEYS.changes:
            KEYS.changes = changes
            self._preferences.change(keys=dict(changes))
            self.changed.emit()


def standard_form(key: str) -> str:
    """The key as Qt writes it, by which keys are compared; empty for what is no key."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)


def _reserved(key: str) -> str:
    """Why no action can have this key; empty if one can."""
    return texts.reserved_for_focus(key) if key in FOCUS_KEYS else ""


def _without_conflicts(changes: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Of changes that were read, those of existing actions whose keys belong to no other action."""
    names = {entry.name for entry in ACTIONS}
    kept = {name: keys for name, keys in changes.items() if name in names and not _is_reserved(keys)}
    while doubtful := [name for name in kept if _conflicts(name, kept)]:
        del kept[doubtful[-1]]
    return kept


def _is_reserved(keys: tuple[str, ...]) -> bool:
    return any(not standard_form(key) or _reserved(standard_form(key)) for key in keys)


def _conflicts(name: str, changes: Mapping[str, tuple[str, ...]]) -> bool:
    of_others = {
        standard_form(key)
        for entry in ACTIONS
        if entry.name != name
        for key in changes.get(entry.name, entry.keys)
    }
    return not of_others.isdisjoint(map(standard_form, changes[name]))
