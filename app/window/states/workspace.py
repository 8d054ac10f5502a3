"""The workspace of a window: what it holds, whether that is saved, saving it and opening one."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from app.texts import workspace as texts
from app.window.jobs import Job
from app.window.links import drop_answer
from app.window.states.case_restoring import view_of
from app.window.states.held_cases import HeldCases
from app.window.states.reopened_cases import ReopenedCases
from app.window.states.saved_cases import HeldCase
from app.window.states.session import Session
from core.arrays import Array
from core.errors import Cancelled, SaliscopeError
from core.exports.messages import ReadWorkspace, SaveWorkspace, SourceFile, WorkspaceRead, WorkspaceSaved
from core.output import shown_name
from core.policy import policy
from core.workspace.arrangement import renamed
from core.workspace.document import SavedView, WorkspaceDocument
from core.workspace.making import SavedPrivacy, with_relative_paths, workspace_of
from core.workspace.workspace import Workspace

TOPIC = "workspace"


@dataclass(frozen=True, slots=True)
class WorkspaceContents:
    """A workspace as it is sent to the files process. files: as in `WorkspaceMessage`.

    case, map: the ids of what is shown; empty for none. hidden: how many cases have no path of their source,
    since it names the patient.
    """

    workspace: Workspace
    files: dict[str, SourceFile]
    hidden: int = 0

    @property
    def case(self) -> str:
        """The id of the shown case; empty for none."""
        return self.workspace.document.view.case

    @property
    def map(self) -> str:
        """The id of the shown map; empty for none."""
        return self.workspace.document.view.map


class WorkspaceState(QObject):
    """path: of the file; None before it is saved. name: shown in the title.

    is_changed: there are results that the file does not hold. privacy: as it was saved last, or as the opened
    file is. when_kept: called before another workspace takes the place of results that came while it was
    read, with what opens it.
    """

    changed = Signal()  # name, path, whether there is anything to save
    results_changed = Signal()  # there is more to be saved than before
    saved = Signal()
    opened = Signal(object)  # Path
    failed = Signal(object, object)  # Path, SaliscopeError; Cancelled among them

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.held = HeldCases(session, self)
        self.reopened = ReopenedCases(session, self.held, self)
        self.path: Path | None = None
        self.name = ""
        self.is_changed = False
        self.privacy = SavedPrivacy(has_paths=policy().is_on("workspace_paths"))
        self.when_kept: Callable[[Callable[[], object]], object] = _go_on
        self._created = datetime.now(UTC)
        self._changes = 0
        self._job: Job | None = None
        self._after_saving: Callable[[], None] | None = None
        self.held.changed.connect(self._on_results_changed)
        self.reopened.changed.connect(self.changed)
        session.prediction.changed.connect(self.changed)

    @property
    def is_busy(self) -> bool:
        """It is being saved or opened."""
        return self._job is not None

    @property
    def _is_saving(self) -> bool:
        return self._job is not None and isinstance(self._job.delivery.request, SaveWorkspace)

    @property
    def can_save(self) -> bool:
        """Whether there is anything to save."""
        return not self.is_busy and bool(
            self._session.prediction.record or self.reopened.waiting or self.is_changed
        )

    def contents(self, privacy: SavedPrivacy, folder: Path | None = None) -> WorkspaceContents:
        """All that there is. privacy: what the file may say. folder: in which it will lie."""
        cases, files, hidden, shown = [], {}, 0, self.held.shown
        held: list[HeldCase] = [
            *self.held.others,
            *self.reopened.held,
            *((shown,) if shown is not None else ()),
        ]
        view = SavedView(overlay=view_of(self._session))
        for number, each in enumerate(sorted(held, key=_place_in_list), 1):
            case_id = f"case-{number}"
            cases.append(renamed(each.to_be_saved(privacy), case_id))
            has_lost_path = bool(each.data.case.source.path) and not cases[-1].case.source.path
            hidden += has_lost_path and privacy.has_paths
            if each.file is not None:
                files[case_id] = each.file
            if each is shown:
                view = view.model_copy(update={"case": case_id, "map": _map_id(self._session, each)})
        workspace = workspace_of(cases, view, self._created)
        if folder is not None:
            workspace = with_relative_paths(workspace, folder)
        return WorkspaceContents(workspace, files, hidden)

    def save(self, path: Path, privacy: SavedPrivacy) -> None:
        """Write the workspace to a file, which is its own from then on.

        What is being opened is not opened then. Nothing while it is being saved.
        """
        self._after_saving = None
        if self._is_saving:
            return
        earlier, self._job = self._job, None
        drop_answer(earlier, self._session.files)
        self._session.notices.clear(TOPIC)
        try:
            contents = self.contents(privacy, path.parent)
            request, arrays = SaveWorkspace.of(contents.workspace, path=path, files=contents.files)
        except SaliscopeError as error:
            self._session.notices.report(TOPIC, error)
            self.failed.emit(path, error)
            self.changed.emit()
            return
        job = self._session.files.submit(request, arrays)
        job.done.connect(partial(self._on_saved, path, privacy, self._changes, contents.hidden))
        self._begin(job, path)

    def open(self, path: Path, is_unsaved: bool = False) -> None:
        """Close what is open, and open a workspace; the last of several, and after what is being saved.

        What a person opens or chooses from now on stays, and is shown in place of the workspace's view.
        is_unsaved: the file is what an earlier run left, and not a person's.
        """
        self.reopened.choices.begin()
        if self._is_saving:
            self._after_saving = partial(self._read, path, is_unsaved)
        else:
            self._read(path, is_unsaved)

    def _read(self, path: Path, is_unsaved: bool) -> None:
        self._session.notices.clear(TOPIC)
        earlier, self._job = self._job, None
        drop_answer(earlier, self._session.files)
        job = self._session.files.submit(ReadWorkspace(path=path))
        job.done.connect(partial(self._on_read, job, path, is_unsaved, self._changes))
        self._begin(job, path)

    def cancel(self) -> None:
        """End saving or opening; an earlier file stays."""
        self._after_saving = None
        if self._job is not None:
            self._job.cancel()

    def _begin(self, job: Job, path: Path) -> None:
        self._job = job
        job.failed.connect(partial(self._on_failed, job, path))
        self.changed.emit()

    def _on_saved(
        self,
        path: Path,
        privacy: SavedPrivacy,
        changes: int,
        hidden: int,
        message: WorkspaceSaved,
        arrays: list[Array],
    ) -> None:
        self._job = None
        self.path, self.name, self.privacy = path, shown_name(path.stem), privacy
        self.is_changed = changes != self._changes
        self._session.notices.note(TOPIC, (texts.hidden_paths(hidden),) if hidden else ())
        go_on, self._after_saving = self._after_saving, None
        self.saved.emit()
        self.changed.emit()
        if go_on is not None:
            go_on()

    def _on_read(
        self,
        job: Job,
        path: Path,
        is_unsaved: bool,
        changes: int,
        message: WorkspaceRead,
        arrays: list[Array],
    ) -> None:
        if job is not self._job:
            return
        self._job = None
        go_on = partial(self._put_in_place, path, is_unsaved, message.workspace(arrays))
        if changes == self._changes:
            go_on()
        else:
            self.changed.emit()
            self.when_kept(go_on)

    def _put_in_place(self, path: Path, is_unsaved: bool, workspace: Workspace) -> None:
        """Close what is open in favour of a workspace that was read."""
        self.reopened.choices.close_earlier()
        self.held.begin_anew()
        self.path = None if is_unsaved else path
        self.name = texts.RESTORED if is_unsaved else shown_name(path.stem)
        self.is_changed, self._created = is_unsaved, workspace.document.created
        self.privacy = _privacy_of(workspace.document)
        self.reopened.open(workspace, path.parent)
        self.opened.emit(path)
        if is_unsaved:
            self._on_results_changed()
        self.changed.emit()

    def _on_failed(self, job: Job, path: Path, error: SaliscopeError) -> None:
        if job is not self._job:
            return
        self._job = self._after_saving = None
        if not isinstance(error, Cancelled):
            self._session.notices.report(TOPIC, error)
        self.failed.emit(path, error)
        self.changed.emit()

    @Slot()
    def _on_results_changed(self) -> None:
        self._changes += 1
        self.is_changed = True
        self.name = self.name or texts.UNTITLED
        self.results_changed.emit()
        self.changed.emit()


def _go_on(go_on: Callable[[], object]) -> None:
    go_on()


def _map_id(session: Session, held: HeldCase) -> str:
    """The id of the shown map among those of the case; empty if it is not there."""
    selected = session.maps.selected
    map_id = f"map-{selected.number}" if selected is not None else ""
    return map_id if map_id in {saved.id for saved in held.data.case.maps} else ""


def _privacy_of(document: WorkspaceDocument) -> SavedPrivacy:
    """What the workspace says of its sources; samples have no paths in any case."""
    sources = [case.source for case in document.cases if not case.source.sample]
    return SavedPrivacy(
        has_paths=policy().allows("workspace_paths")
        and (not sources or any(source.path for source in sources)),
        has_identity=any(case.identity for case in document.cases),
    )


def _place_in_list(held: HeldCase) -> tuple[int, int]:
    """By case and slice; images that were not located come last."""
    return held.number or sys.maxsize, held.data.case.image.image.slice
