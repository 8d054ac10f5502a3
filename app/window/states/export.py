"""The export that a person prepares: which form, with which options, into which file; and how it went."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.texts import exports as texts
from app.window.jobs import Job
from app.window.links import JobLink
from app.window.states.map_labels import subtitle_of
from app.window.states.notices import EXPORT_TOPIC, NoticesState
from app.window.states.workspace import WorkspaceContents
from core.arrays import Array
from core.errors import BadParameter, Cancelled, NotApplicable, SaliscopeError
from core.exports.contract import Exporter, ExportSubject
from core.exports.exporters import EXPORTERS
from core.exports.messages import Export, Exported
from core.exports.writing import file_stem, shown_first, shown_values
from core.network.parameters import checked_parameters
from core.workspace.document import SavedMap
from core.workspace.making import SavedPrivacy
from core.workspace.workspace import CaseData

# The option of forms that show one map of a case.
OPTION_MAP = "map"


@dataclass(frozen=True, slots=True)
class ExportOffer:
    """A form of export. obstacle: why it is not possible now; empty where it is."""

    exporter: Exporter
    obstacle: str = ""


class ExportState(QObject):
    """offers: all forms. chosen: the one whose options are shown. problem: a bad option.

    refusal: why the case cannot have the chosen form with these options.
    written: the files of the last export. map_choices: the maps of the case, each in words and by its id, for
    forms in which a person names one.
    """

    changed = Signal()  # offers, chosen
    checked = Signal()  # problem, refusal
    progressed = Signal()  # begun, ended

    def __init__(
        self,
        contents: Callable[[SavedPrivacy], WorkspaceContents],
        files: JobLink,
        notices: NoticesState,
        parent: QObject | None = None,
    ) -> None:
        """contents: what can be exported now, as `WorkspaceState.contents`. files: the files process."""
        super().__init__(parent)
        self._make_contents, self._files, self._notices = contents, files, notices
        self._contents: WorkspaceContents | None = None
        self._subject: ExportSubject | None = None
        self._values: dict[str, dict[str, Any]] = {}
        self._folder = Path.home()
        self._job: Job | None = None
        self._name = ""
        self.offers: tuple[ExportOffer, ...] = ()
        self.problem: BadParameter | None = None
        self.refusal: NotApplicable | None = None
        self.written: tuple[Path, ...] = ()
        self.map_choices: tuple[tuple[str, str], ...] = ()

    def prepare(self) -> bool:
        """Look at what is shown now; False, with a notice, if there is nothing to export."""
        self._contents = contents = self._make_contents(SavedPrivacy())
        data = _case_of(contents)
        if data is None:
            self._notices.report(EXPORT_TOPIC, NotApplicable(texts.NOTHING_SHOWN, texts.OPEN_FIRST))
            return False
        self._notices.clear(EXPORT_TOPIC)
        maps = shown_first(data.case, contents.workspace.document.view)
        # The path of the source is only used, and stands in no file, so it may name the patient.
        named = _case_of(self._make_contents(SavedPrivacy(has_identity=True)))
        path = named.case.source.path if named is not None else ""
        file = contents.files.get(data.case.id)
        source = Path(path) if path else file.path if file is not None else None
        self._subject = ExportSubject(data, maps[0] if maps else None, source)
        self.map_choices = tuple(map(_choice, data.case.maps))
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
        assert self._subject is not None, "prepared"
        exporter = self.chosen.exporter
        return self._folder / f"{file_stem(exporter, self._subject)}{exporter.suffix}"

    def files_of(self, main: Path) -> tuple[Path, ...]:
        """The files that an export into `main` writes, it first; `main` alone where it is not possible."""
        exporter = self.chosen.exporter
        if self._subject is None or self.chosen.obstacle:
            return (main,)
        stem = main.name.removesuffix(exporter.suffix)
        return tuple(main.with_name(stem + suffix) for suffix in exporter.suffixes(self._subject))

    @property
    def can_start(self) -> bool:
        return not (self.running or self.chosen.obstacle or self.problem or self.refusal)

    @property
    def map_words(self) -> str:
        """Which map the chosen form shows; empty for one that shows none or several."""
        exporter, subject = self.chosen.exporter, self._subject
        has_option = OPTION_MAP in exporter.Params.model_fields
        if subject is None or not (exporter.scope == "map" or has_option):
            return ""
        named = self.values.get(OPTION_MAP, "") if has_option else ""
        saved = next((each for each in subject.case.maps if each.id == named), subject.map)
        return texts.of_map(_choice(saved)[0], saved is subject.map) if saved is not None else ""

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
        self._notices.clear(EXPORT_TOPIC)
        try:
            request, arrays = Export.of(
                self._contents.workspace,
                files=self._contents.files,
                exporter=exporter.name,
                values=dict(self.values),
                case=self._contents.case,
                map=self._subject.map.id if self._subject.map is not None else "",
                source=self._subject.source,
                folder=file.parent,
                stem=file.name.removesuffix(exporter.suffix),
            )
        except SaliscopeError as error:
            self._notices.report(EXPORT_TOPIC, error)
            return
        self._job = job = self._files.submit(request, arrays)
        job.done.connect(self._on_done)
        job.failed.connect(self._on_failed)
        self.progressed.emit()

    def _check(self) -> None:
        exporter = self.chosen.exporter
        self.problem = self.refusal = None
        try:
            params = checked_parameters(exporter, dict(self.values))
            if self._subject is not None and not self.chosen.obstacle:
                exporter.applies_with(replace(self._subject, source=None), params)
        except BadParameter as error:
            self.problem = error
        except NotApplicable as error:
            self.refusal = error
        self.checked.emit()

    def _on_done(self, message: Exported, arrays: list[Array]) -> None:
        self._job, self.written = None, message.paths
        names = tuple(path.name for path in message.paths)
        self._notices.tell(EXPORT_TOPIC, texts.written(names), texts.SHOW_IN_FOLDER)
        self.progressed.emit()

    def _on_failed(self, error: SaliscopeError) -> None:
        self._job = None
        if not isinstance(error, Cancelled):
            self._notices.report(EXPORT_TOPIC, error)
        self.progressed.emit()


def _case_of(contents: WorkspaceContents) -> CaseData | None:
    """The shown case."""
    return next((data for data in contents.workspace.cases if data.case.id == contents.case), None)


def _choice(saved: SavedMap) -> tuple[str, str]:
    """A map in words, and its id."""
    record = saved.record
    words = subtitle_of(record.name, record.parameters, record.seed)
    return (f"{record.title}, {words}" if words else record.title), saved.id


def _offer(exporter: Exporter, subject: ExportSubject) -> ExportOffer:
    try:
        exporter.applies(replace(subject, source=None))
    except NotApplicable as error:
        return ExportOffer(exporter, str(error))
    return ExportOffer(exporter)
