"""Which map of a case stands for it where only one is shown."""

from core.exports.report.evidence import no_evidence, verdicts_of
from core.exports.report.words import ANSWERS
from core.workspace.consistency import CONTROL_MAPS
from core.workspace.document import SavedCase, SavedMap


def maps_by_evidence(case: SavedCase) -> list[SavedMap]:
    """The maps of a case, those with the best evidence first.

    The more answers of its checks and curves are yes than no, the earlier it comes; of equal ones that which
    was computed first. Maps without evidence and control maps, which explain nothing, come last.
    """
    return sorted(case.maps, key=lambda saved: _rank(case, saved))


def maps_named(case: SavedCase, name: str) -> list[SavedMap]:
    """The map of a case with this id; else those by the method of this name."""
    by_id = [saved for saved in case.maps if saved.id == name]
    return by_id or [saved for saved in case.maps if saved.record.name == name]


def _rank(case: SavedCase, saved: SavedMap) -> tuple[bool, bool, int]:
    answers = [verdict.answer for verdict in verdicts_of(case, saved)]
    surplus = answers.count(ANSWERS["yes"]) - answers.count(ANSWERS["no"])
    return saved.record.name in CONTROL_MAPS, bool(no_evidence(saved)), -surplus
