"""How far the maps of a case agree."""

from core.checks.agreement import DISAGREE_BELOW, Agreement, agreement
from core.exports.contract import ExportSubject
from core.exports.report.content import Block, Items, Section, Table, Text
from core.methods import METHODS
from core.methods.contract import Family
from core.number_text import fixed
from core.workspace.document import SavedMap

FEWEST_TO_COMPARE = 2
CONTROL_MAPS = {method.name for method in METHODS if method.family is Family.CONTROL}


def agreement_section(subject: ExportSubject, labels: dict[str, str]) -> Section | None:
    """The rank correlations of all pairs; None for a single map. labels: of the maps, by id."""
    maps = subject.case.maps
    if len(maps) < FEWEST_TO_COMPARE:
        return None
    result = _agreement_of(subject, maps)
    rows = []
    for row, name in enumerate(result.names):
        cells = ["" if value is None else fixed(value) for value in result.spearman[row]]
        rows.append((f"{row + 1} {labels[name]}", *cells))
    header = ("Map", *(str(number + 1) for number in range(len(rows))))
    shares = (3.0, *(1.0 for _ in rows))
    table = Table("Rank correlation (Spearman) of the maps' values", header, tuple(rows), shares)
    scale = f"1: the same order of all pixels; 0: no relation; {fixed(-1, 0)}: the opposite order."
    blocks: list[Block] = [table, Text(scale)]
    if result.undefined:
        blocks.append(Items(tuple(f"{labels[name]}: {reason}" for name, reason in result.undefined.items())))
    return Section("Agreement of the maps", tuple(blocks))


def disagreement_of(subject: ExportSubject, saved: SavedMap, labels: dict[str, str]) -> str:
    """The map of the same target that disagrees most with this one, in a sentence; empty if none does.

    Control maps are expected to disagree, and are left out.
    """
    others = [
        each
        for each in subject.case.maps
        if each.id != saved.id
        and each.record.target == saved.record.target
        and each.record.name not in CONTROL_MAPS
    ]
    if not others or saved.record.name in CONTROL_MAPS:
        return ""
    result = _agreement_of(subject, (saved, *others))
    values = dict(zip(result.names[1:], result.spearman[0][1:], strict=True))
    correlations = {name: value for name, value in values.items() if value is not None}
    if not correlations:
        return ""
    lowest = min(correlations, key=lambda name: correlations[name])
    if correlations[lowest] >= DISAGREE_BELOW:
        return ""
    return (
        f"Disagrees with {labels[lowest]} (rank correlation {fixed(correlations[lowest])}; 1 = same order)."
    )


def _agreement_of(subject: ExportSubject, maps: tuple[SavedMap, ...]) -> Agreement:
    values = {saved.id: subject.data.values_of(saved) for saved in maps}
    reasons = {saved.id: saved.record.no_order for saved in maps if saved.record.no_order}
    return agreement(values, no_order=reasons)
