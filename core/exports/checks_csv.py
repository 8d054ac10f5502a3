"""The findings of all checks of a case as tables: their figures, and the series behind them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, final

from core.checks import CHECKS, figure_of
from core.errors import NotApplicable
from core.exports.contract import Exporter, ExportSubject
from core.exports.tables import csv_bytes
from core.network.parameters import Parameters
from core.workspace.document import SavedFinding, SavedMap

CHECK_TITLES = {check.name: check.title for check in CHECKS}
MAP_COLUMNS = ("map", "method", "method_title", "target", "map_seed")


class ChecksCsvParams(Parameters):
    """None."""


@final
class ChecksCsv(Exporter):
    """One row for each figure of a finding; in a second file one for each figure of a step."""

    name = "checks_csv"
    title = "Checks as CSV"
    summary = "All findings of the checks with units (.csv) and the series behind them (-steps.csv)."
    suffix = ".csv"
    scope = "case"
    Params = ChecksCsvParams

    def applies(self, subject: ExportSubject) -> None:
        if not any(saved.findings for saved in subject.case.maps):
            raise NotApplicable("No map of this case was checked.", "Run a check first.")

    def suffixes(self, subject: ExportSubject) -> tuple[str, ...]:
        has_steps = any(saved.finding.steps for each in subject.case.maps for saved in each.findings)
        return (self.suffix, "-steps.csv") if has_steps else (self.suffix,)

    def files(self, subject: ExportSubject, params: Any) -> Mapping[str, bytes]:
        self.applies(subject)
        contents = {".csv": csv_bytes(subject, _figures(subject))}
        if "-steps.csv" in self.suffixes(subject):
            contents["-steps.csv"] = csv_bytes(subject, _steps(subject))
        return contents


def _figures(subject: ExportSubject) -> Iterator[Sequence[object]]:
    yield (
        *MAP_COLUMNS,
        *("check", "check_title", "seed", "region", "parameters", "answer"),
        *("figure", "figure_title", "value", "unit", "sentence"),
    )
    for saved, checked in _checked(subject):
        finding = checked.finding
        title = CHECK_TITLES.get(finding.metric, finding.metric)
        parameters = json.dumps(finding.parameters, sort_keys=True)
        start = (finding.metric, title, checked.seed, checked.region, parameters, finding.answer or "")
        for name, value in finding.values.items():
            figure = figure_of(finding.metric, name)
            cells = (name, figure.title, repr(float(value)), figure.unit, finding.sentence)
            yield (*_map_cells(saved), *start, *cells)


def _steps(subject: ExportSubject) -> Iterator[Sequence[object]]:
    yield (*MAP_COLUMNS, "check", "step", "figure", "figure_title", "value", "unit")
    for saved, checked in _checked(subject):
        for number, step in enumerate(checked.finding.steps, start=1):
            for name, value in step.items():
                check, figure = checked.finding.metric, figure_of(checked.finding.metric, name)
                is_figure = isinstance(value, float)
                cells = (repr(float(value)), figure.unit) if is_figure else (value, "")
                yield (*_map_cells(saved), check, number, name, figure.title, *cells)


def _checked(subject: ExportSubject) -> Iterator[tuple[SavedMap, SavedFinding]]:
    return ((saved, finding) for saved in subject.case.maps for finding in saved.findings)


def _map_cells(saved: SavedMap) -> tuple[object, ...]:
    record = saved.record
    return saved.id, record.name, record.title, record.target.words, record.seed
