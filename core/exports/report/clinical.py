"""The clinical extent: what fits on one page and is read in two minutes.

Every text is bounded, so that no case is longer than a page; what is left out is in the full report.
"""

from core.exports.contract import ExportSubject
from core.exports.report.agreement import disagreement_of
from core.exports.report.content import (
    Block,
    ColumnBlock,
    Items,
    Pictures,
    Section,
    Text,
    Verdict,
    Verdicts,
)
from core.exports.report.evidence import verdicts_of
from core.exports.report.map_labels import labels_of
from core.exports.report.options import ReportParams
from core.exports.report.sections import (
    answer_text,
    limits_of,
    map_part,
    origin_section,
    prediction_bars,
    slice_part,
    trust_texts,
)
from core.exports.report.words import ModelWords, shortened
from core.exports.statement import Statement
from core.number_text import counted

# The most of each part, in characters, rows or sentences.
MOST_CLASS_NAME, MOST_TEXT, MOST_CAPTION, MOST_SENTENCE = 60, 380, 200, 210
MOST_BARS, MOST_VERDICTS, MOST_LIMITS = 5, 6, 3


def clinical_body(
    subject: ExportSubject, params: ReportParams, statement: Statement, words: ModelWords
) -> tuple[Block, ...]:
    """Image and prediction beside one map and its checks; below, limits and origin."""
    case = subject.case
    prediction: list[Block] = [answer_text(case, words), prediction_bars(case, words, MOST_BARS)]
    left = (
        Section("Image", (Pictures((slice_part(subject),)),)),
        Section("Prediction of the model", (*prediction, *trust_texts(case, words, MOST_TEXT))),
    )
    limits = tuple(shortened(each, MOST_TEXT) for each in limits_of(words.card))
    sections = [ColumnBlock(left, _explanation(subject, words))]
    below = []
    if limits:
        below.append(Section("Limits of the model", (Items(limits[: MOST_LIMITS + 1]),)))
    below.append(origin_section(subject, params, statement))
    return (*sections, *below)


def _explanation(subject: ExportSubject, words: ModelWords) -> tuple[Section, ...]:
    saved = subject.map
    if saved is None:
        return (Section("Explanation", (Text("No map was computed."),)),)
    verdicts = verdicts_of(subject.case, saved)
    shown = tuple(_bounded(each) for each in verdicts[:MOST_VERDICTS])
    blocks: list[Block] = [Verdicts(shown)]
    if len(verdicts) > len(shown):
        more = counted(len(verdicts) - len(shown), "more answer")
        blocks.append(Text(f"The full report has {more}.", "small"))
    disagreement = disagreement_of(subject, saved, labels_of(subject.case, words))
    if disagreement:
        blocks.insert(1, Text(shortened(disagreement, MOST_SENTENCE), "caution"))
    if saved.record.caution:
        blocks.insert(0, Text(shortened(saved.record.caution, MOST_SENTENCE), "caution"))
    others = len(subject.case.maps) - 1
    if others:
        blocks.append(Text(f"{counted(others, 'other map')} of this image: see the full report.", "small"))
    return (
        Section(
            f"Explanation: {saved.record.title}",
            (Pictures((map_part(subject, saved, words, MOST_CAPTION),)),),
        ),
        Section("Can this map be trusted?", tuple(blocks)),
    )


def _bounded(verdict: Verdict) -> Verdict:
    return Verdict(
        verdict.question, verdict.symbol, verdict.answer, shortened(verdict.sentence, MOST_SENTENCE)
    )
