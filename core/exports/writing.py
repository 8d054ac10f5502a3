"""Exports as files: one exporter into named files, or every exporter that applies into folders."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from core.errors import Cancelled, NotApplicable, SaliscopeError, UsageError, nearest_hint
from core.exports.contract import Exporter, ExportSubject
from core.exports.exporters import EXPORTERS
from core.network.parameters import checked_parameters
from core.output import MAX_NAME_LENGTH, make_folder, safe_name, write_files
from core.workspace.consistency import CONTROL_MAPS
from core.workspace.document import SavedCase, SavedMap, SavedView
from core.workspace.workspace import CaseData, Workspace

Values = Mapping[str, Any]
SourceOf = Callable[[SavedCase], Path]
OPTIONS_HINT = "`saliscope export --list` lists options and bounds."


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """Which cases, maps and exporters of a workspace are exported.

    case, map: their ids; empty for all of them. values: options by the exporter's name.
    source_of: the located source of a case, for exporters that read it; raises InputError if there is none.
    """

    exporters: Sequence[Exporter] = EXPORTERS
    case: str = ""
    map: str = ""
    values: Mapping[str, Values] = field(default_factory=dict)
    source_of: SourceOf | None = None


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


def export(
    exporter: Exporter, subject: ExportSubject, folder: Path, stem: str, values: Values
) -> tuple[Path, ...]:
    """The files written, `stem` with each suffix in `folder`, the main one first; all of them or none.

    values: options by name, as typed values or as text. Raises BadParameter, NotApplicable, DiskFull, and
    InputError if the source cannot be read.
    """
    params = checked_parameters(exporter, dict(values), OPTIONS_HINT)
    exporter.applies(subject)
    contents = exporter.files(subject, params)
    make_folder(folder)
    by_path = {folder / f"{stem}{suffix}": content for suffix, content in contents.items()}
    write_files(by_path)
    return tuple(by_path)


def export_all(workspace: Workspace, folder: Path, choice: ExportChoice) -> Iterator[ExportOutcome]:
    """The outcome of each chosen export, one after another; each case has its folder in `folder`.

    A failure leaves its error in its place and the others go on. Raises UsageError for an unknown case or
    map, BadParameter for an option, before anything is written; Cancelled.
    """
    cases = _chosen_cases(workspace, choice)
    for exporter in choice.exporters:
        checked_parameters(exporter, dict(choice.values.get(exporter.name, {})), OPTIONS_HINT)
    view = workspace.document.view
    # Of all cases, so that a case has the same folder whichever are chosen.
    names = distinct_names({case.id: case.id for case in workspace.document.cases})
    return (
        outcome
        for data in cases
        for outcome in _case_outcomes(data, view, folder / names[data.case.id], choice)
    )


def shown_values(exporter: Exporter, view: SavedView) -> dict[str, Any]:
    """The options of an exporter that the view of a workspace sets, such as the opacity of maps."""
    return {name: value for name, value in view.overlay.items() if name in exporter.Params.model_fields}


def shown_first(case: SavedCase, view: SavedView) -> list[SavedMap]:
    """The maps of a case: the one that the window showed, then the others, control maps at the end."""
    return sorted(case.maps, key=lambda saved: (saved.id != view.map, saved.record.name in CONTROL_MAPS))


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
        names = [data.case.id for data in workspace.cases]
        raise UsageError(f"The workspace has no case {choice.case!r}.", nearest_hint(choice.case, names))
    map_ids = {saved.id for data in cases for saved in data.case.maps}
    if choice.map and choice.map not in map_ids:
        raise UsageError(f"There is no map {choice.map!r}.", nearest_hint(choice.map, map_ids))
    return cases


def _case_outcomes(
    data: CaseData, view: SavedView, folder: Path, choice: ExportChoice
) -> Iterator[ExportOutcome]:
    """folder: of the case. Where one map stands for the case it is the one that the window showed."""
    every_map = shown_first(data.case, view)
    maps: list[SavedMap | None] = [saved for saved in every_map if choice.map in ("", saved.id)] or [None]
    for exporter in choice.exporters:
        values = shown_values(exporter, view) | dict(choice.values.get(exporter.name, {}))
        for saved in maps[:1] if exporter.scope == "case" else maps:
            yield _outcome(exporter, ExportSubject(data, saved), values, folder, choice.source_of)


def _outcome(
    exporter: Exporter, subject: ExportSubject, values: Values, folder: Path, source_of: SourceOf | None
) -> ExportOutcome:
    saved, case_id = subject.map, subject.case.id
    map_id = saved.id if saved is not None and exporter.scope == "map" else ""
    try:
        if exporter.needs_source and source_of is not None:
            exporter.applies(subject)  # its reason comes before that of a source that is not there
            subject = replace(subject, source=source_of(subject.case))
        files = export(exporter, subject, folder, file_stem(exporter, subject), values)
    except Cancelled:
        raise
    except SaliscopeError as error:
        return ExportOutcome(case_id, map_id, exporter, error=error)
    return ExportOutcome(case_id, map_id, exporter, files)
