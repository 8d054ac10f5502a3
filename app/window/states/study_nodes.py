"""The rows of the tree of opened series: patients, studies, co-registered sequences, folders, series."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Self

from app.texts import studies as texts
from app.window.states.case_list import Case
from core.images.slice import Identity
from core.policy import policy
from core.readers.protocol import FailedFile

# More rows help nobody.
MOST_FAILURES = 200


class NodeKind(Enum):
    """What a node of the tree stands for."""

    PATIENT = "patient"
    STUDY = "study"
    SEQUENCES = "sequences"
    FOLDER = "folder"
    SERIES = "series"
    FAILURES = "failures"
    FAILED_FILE = "failed file"


@dataclass(frozen=True, slots=True)
class StudyNode:
    """A row of the tree. key: names it while the tree changes. case: the number of a series."""

    key: tuple[str, ...]
    kind: NodeKind
    label: str
    details: str = ""
    case: int | None = None
    children: tuple[Self, ...] = ()

    @property
    def cases(self) -> tuple[int, ...]:
        """The numbers of all series in it."""
        if self.case is not None:
            return (self.case,)
        return tuple(number for child in self.children for number in child.cases)


class StudyNodes:
    """Makes the tree. Patients and studies have a number in the order in which they came, or an identity."""

    def __init__(self, identities: dict[str, Identity]) -> None:
        self._identities = identities
        self._numbers: dict[tuple[str, ...], dict[str, int]] = {}
        self._series: dict[int, tuple[Case, str, StudyNode]] = {}
        self.is_identity_shown = policy().is_on("identity_display")

    def tree(self, cases: Iterable[Case]) -> tuple[StudyNode, ...]:
        """The nodes of the first level: patients, and the folders or files of no known patient."""
        groups: dict[tuple[str, str | Path | None], list[Case]] = {}
        cases = tuple(cases)
        numbers = {case.number for case in cases}
        self._series = {number: series for number, series in self._series.items() if number in numbers}
        for case in cases:
            patient = _patient_of(case)
            groups.setdefault(("patient", patient) if patient else ("folder", case.folder), []).append(case)
        nodes: list[StudyNode] = []
        for (kind, _), group in groups.items():
            nodes += [self._patient(group)] if kind == "patient" else self._folder(group)
        return tuple(nodes)

    def _patient(self, cases: list[Case]) -> StudyNode:
        key = _patient_of(cases[0])
        studies: dict[str, list[Case]] = {}
        for case in cases:
            studies.setdefault(_study_of(case), []).append(case)
        label = texts.patient(self._number((), key), self._identity(cases))
        children = tuple(self._study(key, study, group) for study, group in studies.items())
        return StudyNode(("patient", key), NodeKind.PATIENT, label, label, children=children)

    def _study(self, patient: str, key: str, cases: list[Case]) -> StudyNode:
        number = self._number((patient,), key)
        titles = [case.title for case in cases if _has_title(case)]
        label = texts.study(number, titles, self._identity(cases))
        names = iter(texts.series_names(titles))
        series = {
            case.number: self._series_node(case, next(names) if _has_title(case) else "") for case in cases
        }
        children: list[StudyNode] = []
        groups = _registered_sequences(cases)
        for case in cases:
            group = groups.get(_frame_of_reference(case), []) if case.role else []
            if not group:
                children.append(series[case.number])
            elif case is group[0]:
                nodes = tuple(series[other.number] for other in group)
                children.append(_sequences((patient, key, _frame_of_reference(case)), group, nodes))
        return StudyNode(("study", patient, key), NodeKind.STUDY, label, label, children=tuple(children))

    def _folder(self, cases: list[Case]) -> list[StudyNode]:
        """A node for several files of a folder; a single file stands by itself."""
        series = [self._series_node(case) for case in cases]
        folder = cases[0].folder
        if len(series) == 1 or folder is None:
            return series
        key = ("folder", str(folder))
        return [StudyNode(key, NodeKind.FOLDER, folder.name, folder.name, children=tuple(series))]

    def _series_node(self, case: Case, name: str = "") -> StudyNode:
        """name: what tells it from others of its study; empty for a file that is named by itself."""
        known = self._series.get(case.number)
        if known is not None and known[:2] == (case, name):
            return known[2]
        label = texts.series_label(name or case.path.name, case.entry, case.role)
        details = texts.series_details(case.title, case.entry, case.role)
        node = StudyNode(("series", str(case.number)), NodeKind.SERIES, label, details, case.number)
        self._series[case.number] = case, name, node
        return node

    def _number(self, parent: tuple[str, ...], key: str) -> int:
        numbers = self._numbers.setdefault(parent, {})
        return numbers.setdefault(key, len(numbers) + 1)

    def _identity(self, cases: list[Case]) -> Identity | None:
        if not self.is_identity_shown:
            return None
        keys = (case.entry.key for case in cases if case.entry is not None)
        return next((self._identities[key] for key in keys if key in self._identities), None)


def failures_node(folder: Path, failures: Sequence[FailedFile]) -> StudyNode:
    """One row for all files of a folder that could not be read, with a row for each below it."""
    rows = [
        StudyNode(
            ("failed", str(folder), str(failure.path)),
            NodeKind.FAILED_FILE,
            failure.message,
            f"{failure.message}\n{failure.hint}".rstrip(),
        )
        for failure in failures[:MOST_FAILURES]
    ]
    if len(failures) > MOST_FAILURES:
        more = texts.more_failures(len(failures) - MOST_FAILURES)
        rows.append(StudyNode(("more failed", str(folder)), NodeKind.FAILED_FILE, more, more))
    label = texts.failures(len(failures), folder.name)
    return StudyNode(("failures", str(folder)), NodeKind.FAILURES, label, label, children=tuple(rows))


def _sequences(key: tuple[str, ...], cases: list[Case], nodes: tuple[StudyNode, ...]) -> StudyNode:
    label = texts.sequences(list(dict.fromkeys(case.role for case in cases)))
    return StudyNode(("sequences", *key), NodeKind.SEQUENCES, label, label, children=nodes)


def _has_title(case: Case) -> bool:
    return case.entry is not None and texts.has_title(case.entry)


def _patient_of(case: Case) -> str:
    return case.entry.keys.patient if case.entry is not None else ""


def _study_of(case: Case) -> str:
    return case.entry.keys.study if case.entry is not None else ""


def _frame_of_reference(case: Case) -> str:
    return case.entry.keys.frame_of_reference if case.entry is not None else ""


def _registered_sequences(cases: list[Case]) -> dict[str, list[Case]]:
    """Series of several known sequences whose positions can be compared, by their frame of reference."""
    groups: dict[str, list[Case]] = {}
    for case in cases:
        if case.role and _frame_of_reference(case):
            groups.setdefault(_frame_of_reference(case), []).append(case)
    return {key: group for key, group in groups.items() if len({case.role for case in group}) > 1}


def matching_nodes(
    nodes: Iterable[StudyNode], words: list[str], labels_above: str = ""
) -> tuple[StudyNode, ...]:
    """The series in whose label, or those above it, all words appear, and the nodes that lead to them.

    words: in the form of `str.casefold`.
    """
    matches: list[StudyNode] = []
    for node in nodes:
        labels = f"{labels_above} {node.label.casefold()}"
        if node.case is not None:
            if all(word in labels for word in words):
                matches.append(node)
        elif children := matching_nodes(node.children, words, labels):
            matches.append(replace(node, children=children))
    return tuple(matches)
