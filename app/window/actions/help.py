"""The actions of the menu Help. Its dialogs are imported when they are opened."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.window.actions.binding import ActionGroup, Binding
from app.window.dialogs import show_about
from app.window.states.keys import KeysState


def help_actions(window: QWidget, show_help: Callable[[], object], keys: KeysState) -> ActionGroup:
    """Help pages, keys, logs, licences, and the version. window: the parent of the dialogs."""

    def show_keys() -> None:
        from app.window.keys_dialog import KeysDialog

        KeysDialog(keys, window).show()

    def open_logs() -> None:
        from app.window.support_dialogs import open_log_folder

        open_log_folder()

    def show_report() -> None:
        from app.window.support_dialogs import ReportDialog

        ReportDialog(window).show()

    def show_licences() -> None:
        from app.window.support_dialogs import LicencesDialog

        LicencesDialog(window).show()

    return ActionGroup(
        {
            "help": Binding(show_help),
            "keys": Binding(show_keys),
            "open_logs": Binding(open_logs),
            "save_report": Binding(show_report),
            "licences": Binding(show_licences),
            "about": Binding(lambda: show_about(window)),
        }
    )
