"""Exports as files: one exporter into named files, or every exporter that applies into folders."""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from core.errors import Cancelled, NotApplicable, SaliscopeError, UsageError
from core.exports.contract import Exporter, ExportSubject
from core.exports.exporters import EXPORTERS
from core.exports.report.map_choice import maps_by_evidence, maps_named
from core.network.parameters import checked_parameters
from core.number_text import counted
from core.output import MAX_NAME_LENGTH, make_folder, safe_name, shown_name, write_files
from core.workspace.document import SavedCase, SavedMap, SavedView
from core.workspace.workspace import CaseData, Workspace

Values = Mapping[str, Any]
SourceOf = Callable[[SavedCase], Path]
OPTIONS_HINT = "`saliscope export --list` lists options and bounds."
# Of cases and maps that a hint lists.
MOST_NAMES = 20


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """Which cases, maps and exporters of a workspace are exported.

    case: its id; map: its id, or the name of a method that has made one map of the case; empty for all of
    them. values: options by the exporter's name. source_of: the located source of a case, for exporters that
    read it; raises InputError if there is none. replaces: whether files of an earlier export are replaced.
    """

    exporters: Sequence[Exporter] = EXPORTERS
    case: str = ""
    map: str = ""
    values: Mapping[str, Values] = field(default_factory=dict)
    source_of: SourceOf | None = None
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class ExportOutcome:
    """What became of one export: its files, the main one first, or why there are none.

    map: its id; empty for exports of a whole case.
    """

    case: str
    map: str
    exporter: Exporter
    files: tuple[Path, ...] = ()
    error: SaliscopeError | None = None

    @property
    def is_applicable(self) -> bool:
        """False where the case or map cannot have this form."""
        return not isinstance(self.error, NotApplicable)

    @property
    def has_failed(self) -> bool:
        """Whether it applies and was not written."""
        return self.error is not None and self.is_applicable


@dataclass(frozen=True, slots=True)
class _PlannedExport:
    """One export: its files are `folder/stem` and their own suffixes. values: its options by name."""

    exporter: Exporter
    subject: ExportSubject
    values: Values
    folder: Path
    stem: str

    @property
    def main_files(self) -> list[Path]:
        """The files that are known before anything is made; none where the export does not apply."""
        try:
            self.exporter.applies(self.subject)
        except NotApplicable:
            return []
        return [self.folder / f"{self.stem}{suffix}" for suffix in self.exporter.suffixes(self.subject)]


def export(
    exporter: Exporter, subject: ExportSubject, folder: Path, stem: str, values: Values
) -> tuple[Path, ...]:
    """The files written, `stem` with each suffix in `folder`, the main one first; all of them or none.

    values: options by name, as typed values or as text. Files with these names are replaced; what several
    exports share is written where it is not there. Raises BadParameter, NotApplicable, DiskFull, and
    InputError if the source cannot be read.
    """
    params = checked_parameters(exporter, dict(values), OPTIONS_HINT)
    exporter.applies(subject)
    exporter.applies_with(subject, params)
    contents = exporter.files(subject, params)
    make_folder(folder)
    by_path = {folder / f"{stem}{suffix}": content for suffix, content in contents.items()}
    shared = {folder / name: content for name, content in exporter.shared_files(subject, params).items()}
    by_path |= {path: content for path, content in shared.items() if not path.exists()}
    write_files(by_path)
    return tuple(by_path)


def export_all(workspace: Workspace, folder: Path, choice: ExportChoice) -> Iterator[ExportOutcome]:
    """The outcome of each chosen export, one after another; each case has its folder in `folder`.

    A failure leaves its error in its place and the others go on. Raises UsageError for an unknown case or
    map and for files that are there, BadParameter for an option, before anything is written; Cancelled.
    """
    cases = _chosen_cases(workspace, choice)
    for exporter in choice.exporters:
        checked_parameters(exporter, dict(choice.values.get(exporter.name, {})), OPTIONS_HINT)
    view = workspace.document.view
    # Of all cases, so that a case has the same folder whichever are chosen.
    names = distinct_names({case.id: case.id for case in workspace.document.cases})
    planned = [each for data in cases for each in _planned(data, view, folder / names[data.case.id], choice)]
    if not choice.replaces:
        _require_free(planned)
    return (_outcome(each, choice.source_of) for each in planned)


def shown_values(exporter: Exporter, view: SavedView) -> dict[str, Any]:
    """The options of an exporter that the view of a workspace sets, such as the opacity of maps."""
    return {name: value for name, value in view.overlay.items() if name in exporter.Params.model_fields}


def shown_first(case: SavedCase, view: SavedView) -> list[SavedMap]:
    """The maps of a case: the one that the window showed, then the others by what their checks say."""
    is_shown_case = view.case in ("", case.id)
    return sorted(maps_by_evidence(case), key=lambda saved: not (is_shown_case and saved.id == view.map))


def file_stem(exporter: Exporter, subject: ExportSubject) -> str:
    """The name of an export's files within the folder of its case; it names neither person nor folder.

    No two maps and no two exporters of a case have the same.
    """
    if subject.map is None or exporter.scope == "case":
        return exporter.name
    ending = f"-{exporter.name}"
    names = {saved.id: f"{saved.id}-{saved.record.name}" for saved in subject.case.maps}
    return distinct_names(names, MAX_NAME_LENGTH - len(ending))[subject.map.id] + ending


def distinct_names(names: Mapping[str, str], most_length: int = MAX_NAME_LENGTH) -> dict[str, str]:
    """Each name as the name of a file or folder, by its key; numbered where an earlier one has it.

    They differ in more than upper and lower case, which some file systems do not distinguish.
    """
    distinct: dict[str, str] = {}
    taken: set[str] = set()
    counts: Counter[str] = Counter()
    for key, name in names.items():
        stem = result = safe_name(name)[:most_length].rstrip(" .")
        while result.casefold() in taken:
            counts[stem] += 1
            ending = f"-{counts[stem] + 1}"
            result = stem[: most_length - len(ending)] + ending
        taken.add(result.casefold())
        distinct[key] = result
    return distinct


def _chosen_cases(workspace: Workspace, choice: ExportChoice) -> list[CaseData]:
    cases = [data for data in workspace.cases if choice.case in ("", data.case.id)]
    if not cases:
        names = ", ".join(data.case.id for data in list(workspace.cases)[:MOST_NAMES])
        raise UsageError(f"The workspace has no case {choice.case!r}.", f"Its cases: {names}.")
    if choice.map and not any(_chosen_maps(data.case, choice.map) for data in cases):
        maps = dict.fromkeys(f"{each.id} ({each.record.name})" for data in cases for each in data.case.maps)
        raise UsageError(
            f"There is no map {choice.map!r}.",
            f"Maps: {', '.join(list(maps)[:MOST_NAMES])}." if maps else "The case has no map.",
        )
    return cases


def _chosen_maps(case: SavedCase, name: str) -> list[SavedMap]:
    """Those of a case with this id or by this method; all for an empty name. At most one for any other.

    Raises UsageError for a method that has made several.
    """
    if not name:
        return list(case.maps)
    maps = maps_named(case, name)
    if len(maps) > 1:
        ids = ", ".join(saved.id for saved in maps)
        raise UsageError(f"{case.id} has several maps by {name}.", f"Name one of them: {ids}.")
    return maps


def _planned(data: CaseData, view: SavedView, folder: Path, choice: ExportChoice) -> Iterator[_PlannedExport]:
    """folder: of the case. Where one map stands for the case it is the first of `shown_first`."""
    chosen = _chosen_maps(data.case, choice.map)
    maps: list[SavedMap | None] = [saved for saved in shown_first(data.case, view) if saved in chosen]
    maps = maps or [None]
    for exporter in choice.exporters:
        values = shown_values(exporter, view) | dict(choice.values.get(exporter.name, {}))
        for saved in maps[:1] if exporter.scope == "case" else maps:
            subject = ExportSubject(data, saved)
            yield _PlannedExport(exporter, subject, values, folder, file_stem(exporter, subject))


def _require_free(planned: Sequence[_PlannedExport]) -> None:
    """Raises UsageError if a file that would be written is there."""
    present = [path for each in planned for path in each.main_files if os.path.exists(path)]
    if present:
        more = f" and {counted(len(present) - 1, 'other')}" if len(present) > 1 else ""
        raise UsageError(
            f"The folder has files of an earlier export: {shown_name(present[0].name)}{more}.",
            "Choose another folder, or add --replace to write them anew.",
        )


def _outcome(planned: _PlannedExport, source_of: SourceOf | None) -> ExportOutcome:
    exporter, subject = planned.exporter, planned.subject
    saved, case_id = subject.map, subject.case.id
    map_id = saved.id if saved is not None and exporter.scope == "map" else ""
    try:
        if exporter.needs_source and source_of is not None:
            # Their reasons come before that of a source that is not there.
            exporter.applies(subject)
            exporter.applies_with(subject, checked_parameters(exporter, dict(planned.values), OPTIONS_HINT))
            subject = replace(subject, source=source_of(subject.case))
        files = export(exporter, subject, planned.folder, planned.stem, planned.values)
    except Cancelled:
        raise
    except SaliscopeError as error:
        return ExportOutcome(case_id, map_id, exporter, error=error)
    return ExportOutcome(case_id, map_id, exporter, files)
