"""The actions of the menu File, and the header of the shown file."""

from collections.abc import Callable

from app.window.actions.binding import ActionGroup, Binding
from app.window.file_dialogs import FileDialogs
from app.window.states.session import Session


def file_actions(
    session: Session,
    dialogs: FileDialogs,
    show_tags: Callable[[], object],
    quit_program: Callable[[], object],
) -> ActionGroup:
    """Open, close and export."""
    image, cases, export = session.image, session.cases, session.deidentification

    def has_image() -> bool:
        return image.image is not None

    return ActionGroup(
        {
            "open": Binding(dialogs.open_files),
            "open_folder": Binding(dialogs.open_folder),
            "open_mask": Binding(dialogs.open_mask, has_image),
            "close_all": Binding(cases.close_all, lambda: bool(cases.list.opened)),
            "export_deidentified": Binding(
                dialogs.export_deidentified, lambda: export.series is not None and not export.running
            ),
            "tags": Binding(show_tags, has_image),
            "quit": Binding(quit_program),
        },
        (image.image_changed, session.studies.changed, export.progressed),
    )
