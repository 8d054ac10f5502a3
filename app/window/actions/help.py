"""The actions of the menu Help."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.window.actions.binding import ActionGroup, Binding
from app.window.dialogs import show_about
from app.window.states.keys import KeysState


def help_actions(window: QWidget, show_help: Callable[[], object], keys: KeysState) -> ActionGroup:
    """Help pages, keys, and the version. window: the parent of the dialogs."""

    def show_keys() -> None:
        from app.window.keys_dialog import KeysDialog

        KeysDialog(keys, window).show()

    return ActionGroup(
        {
            "help": Binding(show_help),
            "keys": Binding(show_keys),
            "about": Binding(lambda: show_about(window)),
        }
    )
