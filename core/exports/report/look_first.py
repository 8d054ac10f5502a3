"""The section of look-first mode: what a reader said before and after the prediction."""

from datetime import datetime

from core.exports.report.content import Section, Table
from core.exports.report.words import ModelWords
from core.number_text import percent
from core.results.look_first import OTHER, UNSURE, LookFirstRecord, RevealedPrediction

CHOICES = {"accept": "agreed", "amend": "gave another answer", "reject": "kept the impression"}


def look_first_section(record: LookFirstRecord | None, words: ModelWords, model: str) -> Section | None:
    """Each step with its time; None where the case was not read this way.

    words: of the classes of `model`, the id of the case's model; those of others have their identifiers.
    """
    if record is None:
        return None
    rows = [("Opened", "", _time(record.opened_at))]
    impression, prediction, decision = record.impression, record.prediction, record.decision
    if impression is not None:
        sure = f", confidence: {impression.confidence}" if impression.confidence is not None else ""
        answer = _answer(impression.answer, _words_for(record.model, words, model))
        rows.append(("Impression", f"{answer}{sure}", _time(impression.at)))
    if prediction is not None:
        rows.append(("Prediction seen", _prediction(prediction, words, model), _time(prediction.at)))
    if record.map is not None:
        rows.append(("First map seen", record.map.title, _time(record.map.at)))
    if decision is not None:
        answer = _answer(decision.answer, _words_for(decision.prediction.model, words, model))
        said = f"{CHOICES[decision.choice]}: {answer}"
        note = f". Note: {decision.note}" if decision.note else ""
        about = _prediction(decision.prediction, words, model)
        rows.append(("Decision", f"{said}, about the prediction {about}{note}", _time(decision.at)))
    title = "What the reader said before and after the prediction"
    return Section("Look first", (Table(title, ("Step", "Answer", "Time (UTC)"), tuple(rows), (2, 6, 3)),))


def _prediction(prediction: RevealedPrediction, words: ModelWords, model: str) -> str:
    name = _words_for(prediction.model, words, model).class_name(prediction.class_name)
    other = "" if prediction.model == model else f" (model {prediction.model})"
    return f"{name}, {percent(prediction.probability)}{other}"


def _words_for(model: str, words: ModelWords, case_model: str) -> ModelWords:
    return words if model == case_model else ModelWords(None)


def _answer(answer: str, words: ModelWords) -> str:
    special = {OTHER: "something else", UNSURE: "not sure"}
    return special.get(answer) or words.class_name(answer)


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"
