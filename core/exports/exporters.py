"""All exporters, in the order in which they are offered."""

from core.errors import UsageError, nearest_hint
from core.exports.contract import Exporter
from core.exports.dicom_parametric_map import DicomParametricMap
from core.exports.dicom_secondary_capture import DicomSecondaryCapture
from core.exports.dicom_segmentation import DicomSegmentation
from core.exports.dicom_structured_report import DicomStructuredReport
from core.exports.report_html import ReportHtml
from core.exports.report_pdf import ReportPdf

EXPORTERS: tuple[Exporter, ...] = (
    ReportHtml(),
    ReportPdf(),
    DicomParametricMap(),
    DicomSegmentation(),
    DicomStructuredReport(),
    DicomSecondaryCapture(),
)


def exporter_named(name: str) -> Exporter:
    """The exporter of this name. Raises UsageError, with the nearest name as a hint."""
    for exporter in EXPORTERS:
        if exporter.name == name:
            return exporter
    names = [exporter.name for exporter in EXPORTERS]
    raise UsageError(f"There is no export {name!r}.", nearest_hint(name, names))
