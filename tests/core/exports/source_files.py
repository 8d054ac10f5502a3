"""A source whose hash is not known yet, and the file that holds it."""

from pathlib import Path

from core.exports.messages import SourceFile
from core.file_hash import file_state
from core.workspace.workspace import Workspace
from tests.core.workspace.example import example_workspace


def file_as_read(path: Path) -> SourceFile:
    """A file whose slice is read now."""
    return SourceFile(path=path, state=file_state(path))


def without_hash() -> Workspace:
    """The example, of whose source no hash is known."""
    workspace = example_workspace()
    (case,) = workspace.document.cases
    record = case.image.image.model_copy(update={"sha256": ""})
    image = case.image.model_copy(update={"image": record})
    source = case.source.model_copy(update={"file_sha256": ""})
    case = case.model_copy(update={"image": image, "source": source})
    return Workspace(workspace.document.model_copy(update={"cases": (case,)}), workspace.arrays)
