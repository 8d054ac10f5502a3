"""A case as a Structured Report by TID 1500 (PS3.16): prediction, maps with their verdicts, regions.

Each map is named as (130401, DCM, "Visual explanation"), an IMAGE that its measurement group contains, as TID
1410, 1411 and 1501 have it.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from highdicom.coding_schemes import CodingSchemeIdentificationItem
from highdicom.sr import (
    AlgorithmIdentification,
    Comprehensive3DSR,
    DeviceObserverIdentifyingAttributes,
    ImageContentItem,
    Measurement,
    MeasurementReport,
    MeasurementsAndQualitativeEvaluations,
    ObservationContext,
    ObserverContext,
    PlanarROIMeasurementsAndQualitativeEvaluations,
    QualitativeEvaluation,
    ReferencedSegmentationFrame,
    RelationshipTypeValues,
    SourceImageForMeasurementGroup,
    SourceImageForSegmentation,
    TextContentItem,
    TrackingIdentifier,
)
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from core.exports.class_words import class_words
from core.exports.dicom.identification import (
    PROGRAM,
    NewInstance,
    contribution,
    equipment,
    method_parameters,
    new_uid,
)
from core.exports.dicom.references import correct_references
from core.exports.dicom.report_codes import (
    PIXELS,
    SCHEME,
    SCHEME_NAME,
    SQUARE_MILLIMETRES,
    answer_concept,
    check_title,
    class_concept,
    class_probability,
    figure_concept,
    figure_unit,
    own_concept,
    question_concept,
)
from core.exports.dicom.report_measurements import drawn_measurements
from core.exports.dicom.source import DicomSource
from core.exports.statement import Statement
from core.models.prediction_words import fit_line
from core.results.explanation import PredictedImage
from core.version import program_version
from core.workspace.document import SavedCase, SavedFinding, SavedMap, SavedRegion
from core.workspace.workspace import CaseData

SERIES_NUMBER = 9803
_DEVICE_UID = f"2.25.{uuid5(NAMESPACE_URL, PROGRAM).int}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The objects that a report refers to beside its source.

    explanations: of the maps, by their ids. regions: the Segmentation of the case's regions, one segment each
    in their order; None without any.
    """

    explanations: dict[str, Dataset]
    regions: Dataset | None

    @property
    def datasets(self) -> list[Dataset]:
        """All of them."""
        return [*self.explanations.values(), *([self.regions] if self.regions is not None else [])]


@dataclass(frozen=True, slots=True)
class ReportSubject:
    """What a report is made of."""

    data: CaseData
    source: DicomSource
    evidence: Evidence


def structured_report(
    subject: ReportSubject, statement: Statement, instance: NewInstance
) -> Comprehensive3DSR:
    """The report of a case."""
    case = subject.data.case
    groups: list[Any] = [_prediction_group(subject, statement)]
    groups += [_map_group(subject, saved) for saved in case.maps if saved.id in subject.evidence.explanations]
    for number, region in enumerate(case.regions, 1):
        groups.append(_region_group(subject, region, number))
        groups += _region_finding_groups(subject, region, number)
    measurements = drawn_measurements(subject.data, subject.source)
    groups += [measurements] if measurements is not None else []
    observer = ObserverContext(
        observer_type=codes.DCM.Device,
        observer_identifying_attributes=DeviceObserverIdentifyingAttributes(
            uid=_DEVICE_UID,
            name=PROGRAM,
            manufacturer_name=PROGRAM,
            model_name=PROGRAM,
            serial_number=program_version(),
        ),
    )
    content = MeasurementReport(
        observation_context=ObservationContext(observer_device_context=observer),
        procedure_reported=codes.SCT.ImagingProcedure,
        imaging_measurements=groups,
    )
    result = Comprehensive3DSR(
        evidence=[subject.source.header, *subject.evidence.datasets],
        content=content,
        is_complete=True,
        contributing_equipment=[contribution(statement)],
        series_description="Research: report on an explanation",
        coding_schemes=[
            CodingSchemeIdentificationItem(SCHEME, name=SCHEME_NAME, responsible_organization=PROGRAM)
        ],
        **instance.arguments,
        **equipment(),
    )
    correct_references(result, subject.source)
    return result


def _prediction_group(subject: ReportSubject, statement: Statement) -> Any:
    """TID 1501: the class, the probabilities, what was told with them, and the statement."""
    image = subject.data.case.image
    prediction, names = image.prediction, list(image.prediction.probabilities)
    words_of = class_words(subject.data.case)
    group = MeasurementsAndQualitativeEvaluations(
        tracking_identifier=TrackingIdentifier(new_uid(), "Prediction of the model"),
        algorithm_id=AlgorithmIdentification(
            name=image.model.id,
            version=image.model.version,
            parameters=[f"weights SHA-256 {image.model.weights_sha256}"],
            family=codes.DCM.ArtificialIntelligence,
        ),
        measurements=[
            _measurement(class_probability(words_of(name), number), value, codes.UCUM.NoUnits)
            for number, (name, value) in enumerate(prediction.probabilities.items())
        ],
        qualitative_evaluations=[
            QualitativeEvaluation(
                own_concept("predicted-class", "Class predicted by the model"),
                class_concept(words_of(prediction.class_name), names.index(prediction.class_name)),
            )
        ],
        source_images=[_source_image(subject.source)],
    )
    reliability = _reliability_line(image)
    _add_texts(group, (*statement.lines, reliability, *image.warnings, *image.input_notes))
    return group


def _reliability_line(image: PredictedImage) -> str:
    """What is known of the probabilities; their calibration holds for images that fit the model alone."""
    if image.fit is not None and image.fit.answer == "does_not_fit":
        return fit_line(image.fit)
    return f"The probabilities are {'' if image.prediction.calibrated else 'not '}calibrated."


def _map_group(subject: ReportSubject, saved: SavedMap) -> Any:
    """TID 1501: a map, what its checks found without a region, and the map as the visual explanation."""
    findings = [finding for finding in saved.findings if not finding.region]
    group = MeasurementsAndQualitativeEvaluations(
        tracking_identifier=TrackingIdentifier(new_uid(), f"{saved.record.title} ({saved.id})"),
        algorithm_id=_map_algorithm(subject.data.case, saved),
        measurements=_figures(findings),
        qualitative_evaluations=_answers(findings),
        source_images=[_source_image(subject.source)],
    )
    _add_explanation(group, subject, saved)
    signal = saved.record.signal
    told = [signal.sentence] if signal is not None and signal.sentence else []
    _add_texts(group, (*told, *_sentences(findings)))
    return group


def _region_group(subject: ReportSubject, region: SavedRegion, number: int) -> Any:
    """TID 1410: a region and its area."""
    spacing = subject.data.case.geometry.spacing_mm
    count = float(subject.data.mask_of(region).sum())
    area = (count, PIXELS) if spacing is None else (count * spacing[0] * spacing[1], SQUARE_MILLIMETRES)
    group = PlanarROIMeasurementsAndQualitativeEvaluations(
        tracking_identifier=_region_tracking(subject, region, number),
        referenced_segment=_segment(subject, number),
        finding_type=codes.DCM.ImageRegion,
        measurements=[_measurement(codes.SCT.Area, *area)],
    )
    _add_texts(group, (f"The region was {region.origin}.", *region.notes))
    return group


def _region_finding_groups(subject: ReportSubject, region: SavedRegion, number: int) -> list[Any]:
    """TID 1410: for each map with findings in a region, these and the map as the visual explanation."""
    groups = []
    for saved in subject.data.case.maps:
        findings = [finding for finding in saved.findings if finding.region == region.id]
        if not findings or saved.id not in subject.evidence.explanations:
            continue
        group = PlanarROIMeasurementsAndQualitativeEvaluations(
            tracking_identifier=_region_tracking(subject, region, number),
            referenced_segment=_segment(subject, number),
            finding_type=codes.DCM.ImageRegion,
            algorithm_id=_map_algorithm(subject.data.case, saved),
            measurements=_figures(findings),
            qualitative_evaluations=_answers(findings),
        )
        _add_explanation(group, subject, saved)
        _add_texts(group, _sentences(findings))
        groups.append(group)
    return groups


def _add_explanation(group: Any, subject: ReportSubject, saved: SavedMap) -> None:
    """CONTAINS IMAGE (130401, DCM, "Visual explanation"); highdicom has no argument for it."""
    explanation = subject.evidence.explanations[saved.id]
    group[0].ContentSequence.append(
        ImageContentItem(
            name=codes.DCM.VisualExplanation,
            referenced_sop_class_uid=explanation.SOPClassUID,
            referenced_sop_instance_uid=explanation.SOPInstanceUID,
            relationship_type=RelationshipTypeValues.CONTAINS,
        )
    )


def _add_texts(group: Any, texts: Iterable[str]) -> None:
    for text in texts:
        group[0].ContentSequence.append(
            TextContentItem(
                name=codes.DCM.Comment, value=text, relationship_type=RelationshipTypeValues.CONTAINS
            )
        )


def _measurement(name: Any, value: float, unit: Any) -> Measurement:
    return Measurement(name=name, value=float(value), unit=unit)


def _figures(findings: Sequence[SavedFinding]) -> list[Measurement] | None:
    """Each figure that is a number; None without any."""
    measurements = [
        _measurement(figure_concept(saved.finding, name), value, figure_unit(saved.finding, name))
        for saved in findings
        for name, value in saved.finding.values.items()
        if math.isfinite(value)
    ]
    return measurements or None


def _answers(findings: Sequence[SavedFinding]) -> list[QualitativeEvaluation] | None:
    evaluations = [
        QualitativeEvaluation(question_concept(saved.finding), answer_concept(saved.finding.answer))
        for saved in findings
        if saved.finding.answer is not None
    ]
    return evaluations or None


def _sentences(findings: Sequence[SavedFinding]) -> list[str]:
    return [f"{check_title(saved.finding)}: {saved.finding.sentence}" for saved in findings]


def _map_algorithm(case: SavedCase, saved: SavedMap) -> AlgorithmIdentification:
    return AlgorithmIdentification(
        name=f"{PROGRAM}: {saved.record.title}",
        version=program_version(),
        parameters=[method_parameters(case, saved)],
        manufacturer=PROGRAM,
    )


def _region_tracking(subject: ReportSubject, region: SavedRegion, number: int) -> TrackingIdentifier:
    """The same as in the Segmentation."""
    assert subject.evidence.regions is not None
    uid = subject.evidence.regions.SegmentSequence[number - 1].TrackingUID
    return TrackingIdentifier(uid, region.title or f"Region {region.id}")


def _segment(subject: ReportSubject, number: int) -> ReferencedSegmentationFrame:
    """Segment `number` of the Segmentation, which has one frame for each."""
    regions, source = subject.evidence.regions, subject.source
    assert regions is not None
    segment = ReferencedSegmentationFrame(
        sop_class_uid=regions.SOPClassUID,
        sop_instance_uid=regions.SOPInstanceUID,
        frame_number=number,
        segment_number=number,
        source_image=SourceImageForSegmentation(source.class_uid, source.instance_uid, _frames(source)),
    )
    # The frame tells the segment; PS3.3 10.3 wants either number, and highdicom writes both.
    del segment[0].ReferencedSOPSequence[0].ReferencedSegmentNumber
    return segment


def _source_image(source: DicomSource) -> SourceImageForMeasurementGroup:
    return SourceImageForMeasurementGroup(source.class_uid, source.instance_uid, _frames(source))


def _frames(source: DicomSource) -> list[int] | None:
    return None if source.frame is None else [source.frame]
