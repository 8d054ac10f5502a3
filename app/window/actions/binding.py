"""What an action of the table of shortcuts does, and what its state is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import SignalInstance


@dataclass(frozen=True, slots=True)
class Binding:
    """What an action does.

    is_enabled: whether it can be used now; always where it is None. is_checked: whether what it switches
    is on; None for an action that switches nothing. tip: its tool tip, where that changes.
    """

    run: Callable[..., object]
    is_enabled: Callable[[], bool] | None = None
    is_checked: Callable[[], bool] | None = None
    tip: Callable[[], str] | None = None


@dataclass(frozen=True, slots=True)
class ActionGroup:
    """Actions by name, and the signals after which their states are shown again."""

    bindings: Mapping[str, Binding]
    signals: tuple[SignalInstance, ...] = ()
