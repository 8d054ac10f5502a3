"""What is known of a map: the answers of its checks and curves, in the checks' own words."""

from collections.abc import Iterator

from core.checks import CHECKS
from core.checks.completeness import completeness_answer, completeness_difference
from core.checks.contract import Check
from core.curves.curve_set import CurveScore, CurveSet
from core.exports.report.content import Verdict
from core.exports.report.words import ANSWERS, NOT_CHECKED, NOT_CHECKED_SYMBOL, SYMBOLS, check_of
from core.methods.control.random_map import RandomMap
from core.workspace.document import SavedCase, SavedFinding, SavedMap

RANDOM_QUESTION, COMPLETENESS_QUESTION = "Better than random", "Sums to the score"
RANDOM_UNCHECKED = "No curves were computed for this map."


def verdicts_of(case: SavedCase, saved: SavedMap) -> tuple[Verdict, ...]:
    """The answers of a map: first those that stand beside every map in the window, then the others.

    Questions of the first kind are named also where nothing answers them.
    """
    findings = {each.finding.metric: each for each in saved.findings}
    first = [check for check in CHECKS if check.chip is not None]
    named = [_chip_verdict(check, findings.get(check.name)) for check in first]
    others = [
        _finding_verdict(each)
        for each in saved.findings
        if each.finding.metric not in {check.name for check in first}
    ]
    needs_region = {check.chip.label for check in first if check.chip is not None and check.chip.share}
    if not case.regions:
        named = [
            each for each in named if each.symbol != NOT_CHECKED_SYMBOL or each.question not in needs_region
        ]
    return (*_random_verdicts(case, saved), *named, *_completeness(saved), *others)


def curve_score_of(case: SavedCase, saved: SavedMap) -> tuple[CurveSet, CurveScore] | None:
    """The curves that a map belongs to with its score from which "better than random" follows, SIC first."""
    for curves in case.curves:
        for name, map_id in curves.maps.items():
            for kind in ("sic", "aic"):
                score = curves.curves.score(name, kind)
                if map_id == saved.id and score is not None and score.better_than_random is not None:
                    return curves.curves, score
    return None


def no_evidence(saved: SavedMap) -> str:
    """Why a map holds no evidence; empty if it holds some."""
    return saved.record.no_share


def _random_verdicts(case: SavedCase, saved: SavedMap) -> Iterator[Verdict]:
    if saved.record.name == RandomMap.name:
        return
    pair = curve_score_of(case, saved)
    if pair is not None:
        score = pair[1]
        answer = score.better_than_random or "undecided"
        sentence = f"{score.kind.upper()} gap {score.words(2)} (0 = no better than chance)."
        yield Verdict(RANDOM_QUESTION, SYMBOLS[answer], ANSWERS[answer], sentence)
        return
    reasons = [
        undefined.message
        for curves in case.curves
        if saved.id in curves.maps.values()
        for undefined in curves.curves.undefined
    ]
    sentence = reasons[0] if reasons else RANDOM_UNCHECKED
    why = "no answer" if reasons else NOT_CHECKED
    yield Verdict(RANDOM_QUESTION, NOT_CHECKED_SYMBOL, why, sentence)


def _chip_verdict(check: Check, saved: SavedFinding | None) -> Verdict:
    assert check.chip is not None
    if saved is None:
        return Verdict(check.chip.label, NOT_CHECKED_SYMBOL, NOT_CHECKED, "")
    return _verdict(check.chip.label, saved)


def _finding_verdict(saved: SavedFinding) -> Verdict:
    check = check_of(saved.finding)
    title = (check.short_title or check.title) if check is not None else saved.finding.metric
    return _verdict(title, saved)


def _verdict(question: str, saved: SavedFinding) -> Verdict:
    answer = saved.finding.answer
    if answer is None:
        return Verdict(question, NOT_CHECKED_SYMBOL, "not finished", saved.finding.sentence)
    return Verdict(question, SYMBOLS[answer], ANSWERS[answer], saved.finding.sentence)


def _completeness(saved: SavedMap) -> Iterator[Verdict]:
    diagnostics = {} if saved.record.no_order else saved.record.diagnostics
    answer = completeness_answer(diagnostics)
    if answer is not None:
        sentence = (
            f"The sum of the map's values and the rise of the score: {completeness_difference(diagnostics)}."
        )
        yield Verdict(COMPLETENESS_QUESTION, SYMBOLS[answer], ANSWERS[answer], sentence)
