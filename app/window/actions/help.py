"""The actions of the menu Help."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.window.actions.binding import ActionGroup, Binding
from app.window.dialogs import show_about
from app.window.keys_dialog import KeysDialog
from app.window.states.keys import KeysState
from app.window.support_dialogs import LicencesDialog, ReportDialog, open_log_folder


def help_actions(window: QWidget, show_help: Callable[[], object], keys: KeysState) -> ActionGroup:
    """Help pages, keys, and the version. window: the parent of the dialogs."""
    return ActionGroup(
        {
            "help": Binding(show_help),
            "keys": Binding(lambda: KeysDialog(keys, window).show()),
            "open_logs": Binding(open_log_folder),
            "save_report": Binding(lambda: ReportDialog(window).show()),
            "licences": Binding(lambda: LicencesDialog(window).show()),
            "about": Binding(lambda: show_about(window)),
        }
    )
