"""The export that a person prepares: which form, with which options, into which file; and how it went."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal

from app.texts import exports as texts
from app.window.jobs import Job
from app.window.states.notices import NoticesState
from core.arrays import Array
from core.errors import BadParameter, Cancelled, NotApplicable, SaliscopeError
from core.exports.contract import Exporter, ExportSubject
from core.exports.exporters import EXPORTERS
from core.exports.writing import shown_values
from core.network.parameters import checked_parameters
from core.output import safe_name
from core.workspace.workspace import CaseData, Workspace

TOPIC = "export"


class ExportContents(Protocol):
    """What can be exported: a workspace, and the ids of the case and map that are shown (empty for none).

    files: by the id of a case the file that holds its slice.
    """

    @property
    def workspace(self) -> Workspace: ...

    @property
    def files(self) -> Mapping[str, Path]: ...

    @property
    def case(self) -> str: ...

    @property
    def map(self) -> str: ...


class FilesWritten(Protocol):
    """The answer to an export. paths: of the files, the main one first."""

    @property
    def paths(self) -> tuple[Path, ...]: ...


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """One export: the shown case and map of `contents`, as files `folder / stem` with their suffixes.

    source: the file or folder of the case, for exporters that read it; None where it is unknown.
    """

    contents: ExportContents
    exporter: Exporter
    values: Mapping[str, Any]
    source: Path | None
    folder: Path
    stem: str


@dataclass(frozen=True, slots=True)
class ExportOffer:
    """A form of export. obstacle: why it is not possible now; empty where it is."""

    exporter: Exporter
    obstacle: str = ""


class ExportState(QObject):
    """offers: all forms. chosen: the one whose options are shown. problem: a bad option.

    written: the files of the last export.
    """

    changed = Signal()  # offers, chosen
    checked = Signal()  # problem
    progressed = Signal()  # begun, ended

    def __init__(
        self,
        contents: Callable[[], ExportContents],
        submit: Callable[[ExportOrder], Job],
        notices: NoticesState,
        parent: QObject | None = None,
    ) -> None:
        """contents: gives what can be exported now. submit: hands an order to the files process."""
        super().__init__(parent)
        self._make_contents, self._submit, self._notices = contents, submit, notices
        self._contents: ExportContents | None = None
        self._subject: ExportSubject | None = None
        self._values: dict[str, dict[str, Any]] = {}
        self._folder = Path.home()
        self._job: Job | None = None
        self._name = ""
        self.offers: tuple[ExportOffer, ...] = ()
        self.problem: BadParameter | None = None
        self.written: tuple[Path, ...] = ()

    def prepare(self) -> bool:
        """Look at what is shown now; False, with a notice, if there is nothing to export."""
        self._contents = contents = self._make_contents()
        data = next((data for data in contents.workspace.cases if data.case.id == contents.case), None)
        if data is None:
            self._notices.report(TOPIC, NotApplicable(texts.NOTHING_SHOWN, texts.OPEN_FIRST))
            return False
        self._notices.clear(TOPIC)
        self._subject = _subject_of(data, contents)
        self.offers = tuple(_offer(exporter, self._subject) for exporter in EXPORTERS)
        possible = [offer.exporter.name for offer in self.offers if not offer.obstacle]
        if self._name not in possible:
            self._name = (possible or [self.offers[0].exporter.name])[0]
        self.choose(self._name)
        return True

    @property
    def chosen(self) -> ExportOffer:
        """The offer whose options are shown."""
        return next(offer for offer in self.offers if offer.exporter.name == self._name)

    @property
    def values(self) -> Mapping[str, Any]:
        """The options of the chosen form that are not its defaults: as the view is, and as changed."""
        assert self._contents is not None, "prepared"
        exporter = self.chosen.exporter
        shown = shown_values(exporter, self._contents.workspace.document.view)
        return shown | self._values.get(self._name, {})

    @property
    def running(self) -> bool:
        return self._job is not None

    @property
    def suggestion(self) -> Path:
        """A file for the chosen form, in the folder of the one before."""
        exporter, saved = self.chosen.exporter, self._subject.map if self._subject is not None else None
        # Such as `curves` for `curves_csv`, whose form is in the suffix.
        stem = exporter.name.removesuffix(exporter.suffix.replace(".", "_"))
        if exporter.scope == "map" and saved is not None:
            stem = safe_name(saved.record.name)
        return self._folder / f"{stem}{exporter.suffix}"

    @property
    def can_start(self) -> bool:
        return not (self.running or self.chosen.obstacle or self.problem)

    def choose(self, name: str) -> None:
        """Show the options of another form."""
        self._name = name
        self._check()
        self.changed.emit()

    def set_value(self, option: str, value: Any) -> None:
        """Change an option of the chosen form; None takes its default."""
        default = self.chosen.exporter.Params.model_fields[option].default
        self._values.setdefault(self._name, {})[option] = default if value is None else value
        self._check()

    def start(self, file: Path) -> None:
        """Export into this file, and into those that belong to it."""
        if not self.can_start or self._contents is None or self._subject is None:
            return
        exporter = self.chosen.exporter
        self._folder = file.parent
        order = ExportOrder(
            contents=self._contents,
            exporter=exporter,
            values=self.values,
            source=self._subject.source,
            folder=file.parent,
            stem=file.name.removesuffix(exporter.suffix),
        )
        self._notices.clear(TOPIC)
        try:
            self._job = job = self._submit(order)
        except SaliscopeError as error:
            self._notices.report(TOPIC, error)
            return
        job.done.connect(self._on_done)
        job.failed.connect(self._on_failed)
        self.progressed.emit()

    def cancel(self) -> None:
        """End a running export; none of its files is left."""
        if self._job is not None:
            self._job.cancel()

    def _check(self) -> None:
        self.problem = None
        try:
            checked_parameters(self.chosen.exporter, dict(self.values))
        except BadParameter as error:
            self.problem = error
        self.checked.emit()

    def _on_done(self, message: FilesWritten, arrays: list[Array]) -> None:
        self._job, self.written = None, message.paths
        names = tuple(path.name for path in message.paths)
        self._notices.tell(TOPIC, texts.written(names), texts.SHOW_IN_FOLDER)
        self.progressed.emit()

    def _on_failed(self, error: SaliscopeError) -> None:
        self._job = None
        if not isinstance(error, Cancelled):
            self._notices.report(TOPIC, error)
        self.progressed.emit()


def _subject_of(data: CaseData, contents: ExportContents) -> ExportSubject:
    saved = next((saved for saved in data.case.maps if saved.id == contents.map), None)
    path = data.case.source.path
    source = Path(path) if path else contents.files.get(data.case.id)
    return ExportSubject(data, saved or next(iter(data.case.maps), None), source)


def _offer(exporter: Exporter, subject: ExportSubject) -> ExportOffer:
    try:
        exporter.applies(replace(subject, source=None))
    except NotApplicable as error:
        return ExportOffer(exporter, str(error))
    return ExportOffer(exporter)
