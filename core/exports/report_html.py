"""A report as one HTML file, for researchers and for reading on a screen."""

from collections.abc import Mapping
from typing import Any, ClassVar, final

from core.exports.contract import Exporter, ExportSubject, Scope
from core.exports.report.build import report_of, shown_subject
from core.exports.report.html import html_of
from core.exports.report.options import FullReportParams
from core.exports.statement import statement_of


@final
class ReportHtml(Exporter):
    """The report of a case in one file that opens in any browser and loads nothing."""

    name = "report_html"
    title = "Report (HTML)"
    summary = "One file for a browser: prediction, maps, checks, curves and regions of a case."
    suffix = ".html"
    scope: ClassVar[Scope] = "case"
    Params: ClassVar[type[FullReportParams]] = FullReportParams

    def applies(self, subject: ExportSubject) -> None:
        """Every case has a report."""

    def files(self, subject: ExportSubject, params: Any) -> Mapping[str, bytes]:
        """The HTML file."""
        shown = shown_subject(subject, params)
        return {self.suffix: html_of(report_of(shown, params, statement_of(shown)))}
