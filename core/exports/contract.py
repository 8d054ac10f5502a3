"""What an exporter is: one case of a workspace in, one or more files out."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal

from core.errors import NotApplicable
from core.network.parameters import Parameters
from core.workspace.document import SavedCase, SavedMap
from core.workspace.workspace import CaseData

Scope = Literal["case", "map"]
IdentityUse = Literal["none", "by choice", "of the source"]


@dataclass(frozen=True, slots=True)
class ExportSubject:
    """What is exported.

    data: the case with its arrays. map: the one that is exported by exporters of the scope "map", and the one
    shown by the others where they show a single one; None where the case has none. source: the file or folder
    of the case where it was located, for exporters that read it again.
    """

    data: CaseData
    map: SavedMap | None = None
    source: Path | None = None

    @property
    def case(self) -> SavedCase:
        """The record of the case."""
        return self.data.case


class Exporter(ABC):
    """A form of file for other programs and people; one file each, listed in EXPORTERS. A subclass is final.

    title: as in the window and help. summary: one line with what it holds and who reads it. suffix: of its
    main file, with the dot. scope: one file for a case, or one for each of its maps. needs_source: whether it
    reads the source again. identity: which identity of the patient the files hold.
    Params: its options, from which the window's form, `--set` and the help are made.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    summary: ClassVar[str]
    suffix: ClassVar[str]
    scope: ClassVar[Scope]
    needs_source: ClassVar[bool] = False
    identity: ClassVar[IdentityUse] = "none"
    Params: ClassVar[type[Parameters]]

    @abstractmethod
    def applies(self, subject: ExportSubject) -> None:
        """Raises NotApplicable with the reason why this case or map cannot have this form.

        It works from the workspace alone: dialogs and batches call it before the source is located.
        """

    def applies_with(self, subject: ExportSubject, params: Any) -> None:
        """Raises NotApplicable where a case or map that `applies` allows cannot have it with these options.

        As `applies` it works from the workspace alone.
        """
        return  # by default no option matters

    def suffixes(self, subject: ExportSubject) -> tuple[str, ...]:
        """The suffixes of the files, known before they are made; the main one first."""
        return (self.suffix,)

    @abstractmethod
    def files(self, subject: ExportSubject, params: Any) -> Mapping[str, bytes]:
        """The content of each file by its suffix, such as `.npy`; the main file first.

        Raises InputError if the source cannot be read.
        """

    def shared_files(self, subject: ExportSubject, params: Any) -> Mapping[str, bytes]:
        """Files by their whole name that several exports of one slice refer to.

        They are written beside the others unless they are there: a name stands for one content.
        """
        return {}


def required_map(subject: ExportSubject) -> SavedMap:
    """The map of a subject. Raises NotApplicable if it has none."""
    if subject.map is None:
        raise NotApplicable("This case has no map.", "Explain it first.")
    return subject.map
