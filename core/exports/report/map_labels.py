"""Names of the maps of a case, no two alike."""

from core.exports.report.words import ModelWords, parameters_of
from core.workspace.document import SavedCase, SavedMap


def labels_of(case: SavedCase, words: ModelWords) -> dict[str, str]:
    """The name of each map by its id: the method; where several have it, what tells them apart as well."""
    labels = {saved.id: saved.record.title for saved in case.maps}
    for detail in (_target, _changes):
        for saved in case.maps:
            if sum(labels[saved.id] == label for label in labels.values()) > 1:
                labels |= {
                    each.id: f"{labels[each.id]}{detail(each, words)}"
                    for each in case.maps
                    if each.id != saved.id and labels[each.id] == labels[saved.id]
                } | {saved.id: f"{labels[saved.id]}{detail(saved, words)}"}
    seen: dict[str, int] = {}
    for name, label in labels.items():
        seen[label] = seen.get(label, 0) + 1
        if seen[label] > 1:
            labels[name] = f"{label} ({seen[label]})"
    return labels


def _target(saved: SavedMap, words: ModelWords) -> str:
    return f", {words.target(saved.record.target)}"


def _changes(saved: SavedMap, words: ModelWords) -> str:
    changes = [f"{name} {value}" for name, value in parameters_of(saved.record, only_changed=True)]
    return f", {', '.join((*changes, f'seed {saved.record.seed}'))}"
