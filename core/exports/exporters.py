"""All exporters, in the order in which they are offered."""

from core.errors import UsageError, nearest_hint
from core.exports.agreement_csv import AgreementCsv
from core.exports.agreement_png import AgreementPng
from core.exports.agreement_svg import AgreementSvg
from core.exports.checks_csv import ChecksCsv
from core.exports.contract import Exporter
from core.exports.curves_csv import CurvesCsv
from core.exports.curves_pdf import CurvesPdf
from core.exports.curves_svg import CurvesSvg
from core.exports.dicom_parametric_map import DicomParametricMap
from core.exports.dicom_secondary_capture import DicomSecondaryCapture
from core.exports.dicom_segmentation import DicomSegmentation
from core.exports.dicom_structured_report import DicomStructuredReport
from core.exports.map_nifti import MapNifti
from core.exports.map_npy import MapNpy
from core.exports.picture_png import PicturePng
from core.exports.picture_svg import PictureSvg
from core.exports.report_html import ReportHtml
from core.exports.report_pdf import ReportPdf
from core.exports.reveal_csv import RevealCsv

EXPORTERS: tuple[Exporter, ...] = (
    PicturePng(),
    PictureSvg(),
    ReportHtml(),
    ReportPdf(),
    MapNifti(),
    MapNpy(),
    DicomParametricMap(),
    DicomSegmentation(),
    DicomStructuredReport(),
    DicomSecondaryCapture(),
    CurvesCsv(),
    CurvesSvg(),
    CurvesPdf(),
    RevealCsv(),
    ChecksCsv(),
    AgreementPng(),
    AgreementSvg(),
    AgreementCsv(),
)


def all_exporters(with_identity: bool = False) -> tuple[Exporter, ...]:
    """Those of a batch. with_identity: also those whose files say whose images these are."""
    return tuple(each for each in EXPORTERS if with_identity or each.identity != "of the source")


def exporter_named(name: str) -> Exporter:
    """The exporter of this name. Raises UsageError, with the nearest name as a hint."""
    for exporter in EXPORTERS:
        if exporter.name == name:
            return exporter
    names = [exporter.name for exporter in EXPORTERS]
    raise UsageError(f"There is no export {name!r}.", nearest_hint(name, names))
