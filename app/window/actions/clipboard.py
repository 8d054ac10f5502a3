"""The actions that copy the picture and the shown table."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from app.window.actions.binding import ActionGroup, Binding
from app.window.clipboard import Rows, copy_picture, copy_table
from app.window.late_pages import LatePage
from app.window.results_dock import ResultsDock
from app.window.states.sanity import SanityState
from app.window.states.session import Session


def clipboard_actions(
    session: Session, view: QWidget, results: ResultsDock, tables: Mapping[LatePage[Any], Callable[[], Rows]]
) -> ActionGroup:
    """view: the one that holds the planes. tables: the rows of the panels that have a table."""

    def rows() -> Rows:
        return next((rows_of() for panel, rows_of in tables.items() if panel.is_shown), ())

    return ActionGroup(
        {
            "copy_picture": Binding(
                lambda: copy_picture(view, session.image), lambda: session.image.image is not None
            ),
            "copy_table": Binding(lambda: copy_table(rows()), lambda: len(rows()) > 1),
        },
        (
            session.image.image_changed,
            session.maps.changed,
            session.curves.changed,
            session.sanity.changed,
            session.agreement.changed,
            results.tabs.currentChanged,
        ),
    )


def check_rows(sanity: SanityState) -> Rows:
    """The checks of the shown map with their answers; the headers alone without one."""
    rows = [("Check", "Answer", "Finding")]
    if sanity.entry is None:
        return rows
    for row in sanity.rows:
        finding = sanity.check(row.name).finding
        rows.append((row.title, row.words, finding.sentence if finding is not None else ""))
    return rows
