"""The messages between the window and the files process; arrays travel beside them as raw buffers."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, TypeAdapter

from core.arrays import Array
from core.errors import Refused
from core.file_hash import FileState
from core.link import ARRAYS_LIMIT, BUILT_WHEN_USED, Cancel, CancelledJob, Failed, LinkError, Message
from core.values import FrozenRecord
from core.workspace.document import SourceRecord, WorkspaceDocument
from core.workspace.workspace import Workspace


class SourceFile(FrozenRecord):
    """The file that holds a slice. state: when the slice was read; None where that is not known."""

    path: Path
    state: FileState | None = None


class WorkspaceMessage(Message):
    """Base of what carries a workspace. names: of the arrays that travel with it, in their order.

    files: by the id of a case the file that holds its slice. The files process fills in its hash where none
    is noted and the file is as it was when the slice was read.
    """

    document: WorkspaceDocument
    names: tuple[str, ...]
    files: dict[str, SourceFile] = Field(default_factory=dict)

    @classmethod
    def of(cls, workspace: Workspace, **fields: Any) -> tuple[Self, list[Array]]:
        """The message, with the other fields of its class, and its arrays of any shape.

        Raises Refused for a workspace that is too large to be sent.
        """
        arrays = list(workspace.arrays.values())
        if sum(array.nbytes for array in arrays) > ARRAYS_LIMIT:
            raise Refused(
                f"The workspace is larger than {ARRAYS_LIMIT >> 30} GB.", "Close images or remove maps."
            )
        return cls(document=workspace.document, names=tuple(workspace.arrays), **fields), arrays

    def workspace(self, arrays: Sequence[Array]) -> Workspace:
        """The workspace again. arrays: of any shape, one for each name.

        Raises LinkError if there are more or fewer.
        """
        if len(arrays) != len(self.names):
            raise LinkError(f"{len(arrays)} arrays came for a workspace with {len(self.names)}.")
        return Workspace(self.document, dict(zip(self.names, arrays, strict=True)))


class SaveWorkspace(WorkspaceMessage):
    """Write a workspace to a file. Its folder is made if it does not exist."""

    kind: Literal["save_workspace"] = "save_workspace"
    path: Path


class WorkspaceSaved(Message):
    """Answer to SaveWorkspace."""

    kind: Literal["workspace_saved"] = "workspace_saved"


class ReadWorkspace(Message):
    """Read the workspace in a file."""

    kind: Literal["read_workspace"] = "read_workspace"
    path: Path


class WorkspaceRead(WorkspaceMessage):
    """Answer to ReadWorkspace."""

    kind: Literal["workspace_read"] = "workspace_read"


class Export(WorkspaceMessage):
    """Export one case of the workspace that comes with it.

    exporter: its name. values: its options by name. case, map: their ids; an empty map is none. source: the
    file of the case, where it was located. folder, stem: the files are `folder/stem` and their own suffixes.
    """

    kind: Literal["export"] = "export"
    exporter: str
    values: dict[str, Any] = Field(default_factory=dict)
    case: str
    map: str = ""
    source: Path | None = None
    folder: Path
    stem: str


class Exported(Message):
    """Answer to Export. paths: the files that were written, the main one first."""

    kind: Literal["exported"] = "exported"
    paths: tuple[Path, ...]


class LocateSources(Message):
    """Look for the sources of a workspace. folder: that of the workspace's file."""

    kind: Literal["locate_sources"] = "locate_sources"
    folder: Path
    sources: tuple[SourceRecord, ...]


class SourcesLocated(Message):
    """Answer to LocateSources. paths: for each source in its order; None where it is missing."""

    kind: Literal["sources_located"] = "sources_located"
    paths: tuple[Path | None, ...]


class HashFiles(Message):
    """Compute the hashes of files."""

    kind: Literal["hash_files"] = "hash_files"
    paths: tuple[Path, ...]


class FilesHashed(Message):
    """Answer to HashFiles. hashes: SHA-256 of each file in its order; empty for one that cannot be read."""

    kind: Literal["files_hashed"] = "files_hashed"
    hashes: tuple[str, ...]


FilesRequest = SaveWorkspace | ReadWorkspace | Export | LocateSources | HashFiles
FilesAnswer = Annotated[
    WorkspaceSaved | WorkspaceRead | Exported | SourcesLocated | FilesHashed | Failed | CancelledJob,
    Field(discriminator="kind"),
]
REQUESTS: TypeAdapter[FilesRequest | Cancel] = TypeAdapter(
    Annotated[FilesRequest | Cancel, Field(discriminator="kind")], config=BUILT_WHEN_USED
)
ANSWERS: TypeAdapter[FilesAnswer] = TypeAdapter(FilesAnswer, config=BUILT_WHEN_USED)
