"""The actions of the window by name, from the table of shortcuts and what is bound to it."""

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow

from app.shortcuts import ACTIONS, KEYS, tooltip
from app.texts.image import BUTTONS
from app.window.actions.binding import ActionGroup, Binding
from app.window.actions.key_tips import exchange_key_tips
from app.window.widgets.image_view import ImageView

# The buttons above the image, in groups; each has an icon of its name.
TOOLS = (
    (
        "window_tool",
        "pan_tool",
        "zoom_tool",
        "scroll_tool",
        "measure_distance",
        "measure_angle",
        "draw_region",
        "occlude_tool",
    ),
    ("invert", "reset"),
    ("one_plane", "three_planes", "two_maps"),
)


class Actions(QObject):
    """One action for each line of the table. A group's states are shown again after its own signals."""

    def __init__(self, window: QMainWindow, view: ImageView, groups: Sequence[ActionGroup]) -> None:
        """view: has the keys that have effect only in the image."""
        super().__init__(window)
        self._window, self._groups = window, groups
        self._tips = _tips()
        self.by_name: dict[str, QAction] = {}
        bindings = {name: binding for group in groups for name, binding in group.bindings.items()}
        for entry in ACTIONS:
            action = QAction(entry.text, self)
            action.setObjectName(entry.name)
            action.setShortcuts([QKeySequence(key) for key in KEYS.of(entry.name)])
            action.setToolTip(self._tips[entry.name])
            action.setIconText(BUTTONS.get(entry.name, entry.text))
            action.triggered.connect(bindings[entry.name].run)
            action.setCheckable(bindings[entry.name].is_checked is not None)
            # Qt has turned the tick over even where nothing changed, as for the tool that is active.
            action.triggered.connect(partial(self._show_states, {entry.name: bindings[entry.name]}))
            if entry.in_image:
                action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
                view.addAction(action)
            else:
                window.addAction(action)
            self.by_name[entry.name] = action
        for group in groups:
            show_states = partial(self._show_states, group.bindings)
            for signal in group.signals:
                signal.connect(show_states)
            show_states()

    def trigger(self, name: str) -> None:
        """Do what the action of this name does, if it can be used now."""
        self.by_name[name].trigger()

    @property
    def tools(self) -> list[list[QAction]]:
        """The actions of the buttons above the image, in groups."""
        return [[self.by_name[name] for name in group] for group in TOOLS]

    @Slot()
    def show_keys(self) -> None:
        """Take over changed keys, in the tool tips of the window too."""
        before, self._tips = self._tips, _tips()
        for name, action in self.by_name.items():
            action.setShortcuts([QKeySequence(key) for key in KEYS.of(name)])
            action.setToolTip(self._tips[name])
        for group in self._groups:
            self._show_states(group.bindings)
        exchange_key_tips(self._window, {before[name]: self._tips[name] for name in before})

    def _show_states(self, bindings: Mapping[str, Binding], *_: object) -> None:
        for name, binding in bindings.items():
            action = self.by_name[name]
            if binding.is_enabled is not None:
                action.setEnabled(binding.is_enabled())
            if binding.is_checked is not None:
                action.setChecked(binding.is_checked())
            if binding.tip is not None:
                action.setToolTip(binding.tip())
            if binding.text is not None:
                action.setText(binding.text())


def _tips() -> dict[str, str]:
    return {entry.name: tooltip(entry.name) for entry in ACTIONS}
