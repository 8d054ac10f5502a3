"""A report as PDF: one page for a clinician, or everything for a researcher."""

from collections.abc import Mapping
from typing import Any, ClassVar, final

from core.exports.contract import Exporter, ExportSubject, Scope
from core.exports.report.build import report_of, shown_subject
from core.exports.report.options import ReportParams
from core.exports.statement import statement_of


@final
class ReportPdf(Exporter):
    """The report of a case on A4."""

    name = "report_pdf"
    title = "Report (PDF)"
    summary = "One page with image, prediction, one map and its checks; or everything of a case."
    suffix = ".pdf"
    scope: ClassVar[Scope] = "case"
    Params: ClassVar[type[ReportParams]] = ReportParams

    def applies(self, subject: ExportSubject) -> None:
        """Every case has a report."""

    def files(self, subject: ExportSubject, params: Any) -> Mapping[str, bytes]:
        """The PDF file."""
        # Imported late: it brings up reportlab.
        from core.exports.report.pdf import pdf_of

        shown = shown_subject(subject, params)
        return {self.suffix: pdf_of(report_of(shown, params, statement_of(shown)))}
