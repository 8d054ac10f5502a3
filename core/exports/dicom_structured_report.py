"""A case as a DICOM Structured Report in the study of its source, with the maps and regions that it names."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, final

from core.errors import NotApplicable
from core.exports.contract import ExportSubject
from core.exports.dicom_conditions import DicomExporter, DicomParams, is_explanation, require_stored_slice
from core.exports.shown_picture import PictureParams
from core.exports.statement import statement_of

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

    from core.exports.dicom.source import DicomSource


class DicomStructuredReportParams(DicomParams):
    """A report has no options."""


@final
class DicomStructuredReport(DicomExporter):
    """Prediction, verdicts and regions in codes and figures, with references to maps and regions."""

    name = "dicom_structured_report"
    title = "DICOM Structured Report"
    summary = "Prediction, verdicts and regions (.dcm, TID 1500), with the maps beside it, for archives."
    scope = "case"
    Params = DicomStructuredReportParams

    def applies(self, subject: ExportSubject) -> None:
        require_stored_slice(subject)
        if not any(map(is_explanation, subject.case.maps)):
            raise NotApplicable("The case has no map.", "Explain the image first.")

    def suffixes(self, subject: ExportSubject) -> tuple[str, ...]:
        maps = (f"-{saved.id}{self.suffix}" for saved in subject.case.maps if is_explanation(saved))
        regions = (f"-regions{self.suffix}",) if subject.case.regions else ()
        return (self.suffix, *maps, *regions)

    def files(self, subject: ExportSubject, params: Any) -> Mapping[str, bytes]:
        from core.exports.dicom.identification import NewInstance, file_bytes, made_quietly
        from core.exports.dicom.new_study import source_or_new_study
        from core.exports.dicom.report import SERIES_NUMBER, Evidence, ReportSubject, structured_report

        with made_quietly():
            source = source_or_new_study(subject, params.new_study)
            evidence = Evidence(_explanations(subject, source), _regions(subject, source))
            statement = statement_of(ExportSubject(subject.data))
            report = structured_report(
                ReportSubject(subject.data, source, evidence), statement, NewInstance(SERIES_NUMBER)
            )
            results: dict[str, Dataset] = {self.suffix: report}
            for map_id, explanation in evidence.explanations.items():
                results[f"-{map_id}{self.suffix}"] = explanation
            if evidence.regions is not None:
                results[f"-regions{self.suffix}"] = evidence.regions
            return {name: file_bytes(result) for name, result in results.items()}


def _explanations(subject: ExportSubject, source: "DicomSource") -> "dict[str, Dataset]":
    """Each map by its id: a Parametric Map, or a picture where the source has no position."""
    from core.exports.dicom.identification import NewInstance
    from core.exports.dicom.parametric_map import SERIES_NUMBER, PlacedMap, parametric_map
    from core.exports.dicom.pictures import shown_pixels
    from core.exports.dicom.secondary_capture import SERIES_NUMBER as PICTURES_NUMBER
    from core.exports.dicom.secondary_capture import secondary_capture

    series = NewInstance(SERIES_NUMBER if source.has_place else PICTURES_NUMBER)
    results: dict[str, Dataset] = {}
    for number, saved in enumerate(filter(is_explanation, subject.case.maps), 1):
        instance = NewInstance(series.number, number, series.series_uid)
        shown = replace(subject, map=saved)
        statement = statement_of(shown)
        if source.has_place:
            values = subject.case.grid.grid_map.to_slice(subject.data.values_of(saved))
            results[saved.id] = parametric_map(
                PlacedMap(subject.case, saved, values), source, statement, instance
            )
        else:
            picture = shown_pixels(shown, PictureParams())
            results[saved.id] = secondary_capture(picture, subject.case, saved, source, statement, instance)
    return results


def _regions(subject: ExportSubject, source: "DicomSource") -> "Dataset | None":
    from core.exports.dicom.identification import NewInstance
    from core.exports.dicom.segmentation import SERIES_NUMBER, region_segment, segmentation

    segments = [region_segment(region, subject.data.mask_of(region)) for region in subject.case.regions]
    if not segments:
        return None
    return segmentation(segments, source, statement_of(subject), NewInstance(SERIES_NUMBER))
