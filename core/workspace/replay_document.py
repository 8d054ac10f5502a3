"""The document of a replay."""

from typing import Literal

from core.number_text import significant
from core.results.document import Document
from core.results.records import ErrorRecord
from core.results.versions import ChangedVersion
from core.values import FrozenRecord

ResultKind = Literal["input", "prediction", "map", "finding", "curves"]
Outcome = Literal["identical", "differs", "not_replayed"]


class ReplayedResult(FrozenRecord):
    """One result of a case, computed anew.

    id: of its map, where it belongs to one. title: for people. difference: the largest absolute one of its
    figures, where it differs in them. reason: why it was not replayed.
    """

    kind: ResultKind
    id: str = ""
    title: str
    outcome: Outcome
    difference: float | None = None
    reason: str = ""

    @property
    def words(self) -> str:
        """Such as 'identical' or 'differs by 1.2e-07'."""
        if self.outcome == "not_replayed":
            return f"not replayed: {self.reason}"
        if self.outcome == "identical":
            return "identical"
        return "differs" if self.difference is None else f"differs by {significant(self.difference, 2)}"


class ReplayedCase(FrozenRecord):
    """One case. error: why nothing of it could be replayed. changed: what is not as when it was saved.

    note: why results may differ although nothing has changed; empty without such a reason.
    """

    id: str
    name: str
    results: tuple[ReplayedResult, ...] = ()
    changed: tuple[ChangedVersion, ...] = ()
    note: str = ""
    error: ErrorRecord | None = None


class ReplayDocument(Document, name="replay"):
    """`saliscope replay --json`. file: the workspace, by its name."""

    file: str
    cases: tuple[ReplayedCase, ...]
    identical: bool
