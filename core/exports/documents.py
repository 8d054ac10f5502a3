"""The document of exports: what was written and what was not."""

from collections.abc import Iterable
from pathlib import Path

from core.exports.contract import Exporter, IdentityUse
from core.exports.writing import ExportOutcome
from core.results.document import Document
from core.results.listing import ParameterRecord, parameter_records
from core.results.records import ErrorRecord
from core.values import FrozenRecord


class ExporterEntry(FrozenRecord):
    """An export in the list. scope: for a case, or for each map. identity: of the patient in its files."""

    name: str
    title: str
    summary: str
    suffix: str
    scope: str
    identity: IdentityUse
    needs_source: bool
    options: tuple[ParameterRecord, ...]

    @classmethod
    def of(cls, exporter: Exporter) -> "ExporterEntry":
        """The entry of an exporter."""
        return cls(
            name=exporter.name,
            title=exporter.title,
            summary=exporter.summary,
            suffix=exporter.suffix,
            scope=exporter.scope,
            identity=exporter.identity,
            needs_source=exporter.needs_source,
            options=parameter_records(exporter.Params),
        )


class ExportRecord(FrozenRecord):
    """One export. map: its id; empty for exports of a whole case. files: as seen from the output folder.

    is_applicable: false where the case or map cannot have this form; `error` then says why.
    """

    case: str
    map: str
    exporter: str
    files: tuple[str, ...]
    is_applicable: bool
    error: ErrorRecord | None

    @classmethod
    def of(cls, outcome: ExportOutcome, folder: Path) -> "ExportRecord":
        """The record of an outcome. folder: of all outputs."""
        error = outcome.error
        return cls(
            case=outcome.case,
            map=outcome.map,
            exporter=outcome.exporter.name,
            files=tuple(path.relative_to(folder).as_posix() for path in outcome.files),
            is_applicable=outcome.is_applicable,
            error=None
            if error is None
            else ErrorRecord(code=error.code, message=error.message, hint=error.hint),
        )


class ExportDocument(Document, name="export"):
    """`saliscope export --json`: the exports, or with --list the exporters."""

    exports: tuple[ExportRecord, ...] = ()
    exporters: tuple[ExporterEntry, ...] = ()


def export_document(outcomes: Iterable[ExportOutcome], folder: Path) -> ExportDocument:
    """The document of outcomes in a folder."""
    return ExportDocument(exports=tuple(ExportRecord.of(outcome, folder) for outcome in outcomes))
