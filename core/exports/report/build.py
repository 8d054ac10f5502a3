"""The content of a report of one case, from which HTML and PDF are drawn."""

from dataclasses import replace

from core.errors import BadParameter
from core.exports.class_words import card_of
from core.exports.contract import ExportSubject
from core.exports.report.clinical import MOST_CLASS_NAME, clinical_body
from core.exports.report.content import FactBlock, Report, Section
from core.exports.report.full import full_body
from core.exports.report.glossary import glossary_of, words_of_report
from core.exports.report.map_choice import maps_by_evidence, maps_named
from core.exports.report.options import ReportParams
from core.exports.report.words import ModelWords, shortened
from core.exports.statement import Statement
from core.number_text import percent

TITLE = "Saliscope: prediction and explanation"
# Of a subtitle, which is one or two lines.
MOST_SUBTITLE = 160


def shown_subject(subject: ExportSubject, params: ReportParams) -> ExportSubject:
    """The same with the map that is shown alone, where the case has one.

    It is the one that the options name, else that of the subject, else that with the best evidence. Raises
    BadParameter for a name that is not that of one map.
    """
    case = subject.case
    if params.map:
        maps = maps_named(case, params.map)
        if len(maps) != 1:
            reason = "several maps are by it" if maps else "the case has no such map"
            ids = ", ".join(f"{each.id} ({each.record.name})" for each in maps or case.maps)
            hint = f"Maps: {ids}." if ids else "Explain it first."
            raise BadParameter(f"map cannot be {params.map!r}: {reason}.", hint, "map")
        return replace(subject, map=maps[0])
    if subject.map is not None or not case.maps:
        return subject
    return replace(subject, map=maps_by_evidence(case)[0])


def report_of(subject: ExportSubject, params: ReportParams, statement: Statement) -> Report:
    """The report of a case; on a single page with the subject's map."""
    case = subject.case
    is_clinical = params.extent == "clinical"
    words = ModelWords(card_of(case.image.model), MOST_CLASS_NAME if is_clinical else None)
    make = clinical_body if is_clinical else full_body
    statement = _worded(statement, subject, words, is_clinical)
    probability = percent(case.image.prediction.probability)
    answer = f"Predicted: {words.class_name(case.image.prediction.class_name)}, {probability}"
    report = Report(
        extent=params.extent,
        title=TITLE,
        subtitle=shortened(f"{params.label}. {answer}" if params.label else answer, MOST_SUBTITLE),
        caution=statement.research_use,
        body=make(subject, params, statement, words),
        statement=statement.lines,
        date=statement.date,
    )
    if is_clinical:
        return report
    terms = glossary_of(words_of_report(report))
    return replace(report, body=(*report.body, Section("Glossary", (FactBlock(terms),)))) if terms else report


def _worded(
    statement: Statement, subject: ExportSubject, words: ModelWords, has_single_map: bool
) -> Statement:
    """With the target in the words of the card; without a method where every map states its own."""
    if statement.method is None or subject.map is None or not has_single_map:
        return statement.model_copy(update={"method": None})
    target = words.target(subject.map.record.target)
    return statement.model_copy(update={"method": statement.method.model_copy(update={"target": target})})
