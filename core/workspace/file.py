"""Workspaces as files: a ZIP archive of `workspace.json` and `arrays/NAME.npy`, without pickle."""

import io
import zipfile
from pathlib import Path

import numpy as np

from core.arrays import Array
from core.output import written
from core.workspace.document import WorkspaceDocument
from core.workspace.workspace import Workspace

SUFFIX = ".saliscope"
DOCUMENT, ARRAYS = "workspace.json", "arrays/"


def write_workspace(path: Path, workspace: Workspace) -> None:
    """Write a workspace; the earlier file stays until the new one is whole. Raises DiskFull."""
    with written(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(DOCUMENT, workspace.document.model_dump_json(indent=1))
        for name, values in workspace.arrays.items():
            with archive.open(f"{ARRAYS}{name}.npy", "w") as entry:
                np.save(entry, values, allow_pickle=False)


def read_workspace(path: Path) -> Workspace:
    """The workspace in a file."""
    arrays: dict[str, Array] = {}
    with zipfile.ZipFile(path) as archive:
        document = WorkspaceDocument.model_validate_json(archive.read(DOCUMENT))
        for name in archive.namelist():
            if name.startswith(ARRAYS):
                content = io.BytesIO(archive.read(name))
                arrays[name.removeprefix(ARRAYS).removesuffix(".npy")] = np.load(content, allow_pickle=False)
    return Workspace(document, arrays)
