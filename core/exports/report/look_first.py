"""The section of look-first mode: what a reader said before and after the prediction."""

from datetime import datetime

from core.exports.report.content import Section, Table
from core.exports.report.words import Words
from core.number_text import percent
from core.results.look_first import OTHER, UNSURE, LookFirstRecord

CHOICES = {"accept": "agreed", "amend": "gave another answer", "reject": "kept the impression"}


def look_first_section(record: LookFirstRecord | None, words: Words) -> Section | None:
    """Each step with its time; None where the case was not read this way."""
    if record is None:
        return None
    rows = [("Opened", "", _time(record.opened_at))]
    impression, prediction, decision = record.impression, record.prediction, record.decision
    if impression is not None:
        sure = f", confidence: {impression.confidence}" if impression.confidence is not None else ""
        rows.append(("Impression", f"{_answer(impression.answer, words)}{sure}", _time(impression.at)))
    if prediction is not None:
        said = f"{words.class_name(prediction.class_name)}, {percent(prediction.probability)}"
        rows.append(("Prediction seen", said, _time(prediction.at)))
    if record.map is not None:
        rows.append(("First map seen", record.map.title, _time(record.map.at)))
    if decision is not None:
        said = f"{CHOICES[decision.choice]}: {_answer(decision.answer, words)}"
        note = f". Note: {decision.note}" if decision.note else ""
        rows.append(("Decision", f"{said}{note}", _time(decision.at)))
    title = "What the reader said before and after the prediction"
    return Section("Look first", (Table(title, ("Step", "Answer", "Time (UTC)"), tuple(rows), (2, 6, 3)),))


def _answer(answer: str, words: Words) -> str:
    special = {OTHER: "something else", UNSURE: "not sure"}
    return special.get(answer) or words.class_name(answer)


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"
