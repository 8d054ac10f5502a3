"""Workspaces as files."""

from pathlib import Path

import numpy as np

from core.workspace.file import read_workspace, write_workspace
from tests.core.workspace.example import TURNED, example_workspace


def test_that_a_workspace_is_read_as_it_was_written(tmp_path: Path) -> None:
    workspace = example_workspace()
    write_workspace(tmp_path / "a.saliscope", workspace)
    read = read_workspace(tmp_path / "a.saliscope")
    assert read.document == workspace.document
    assert read.arrays.keys() == workspace.arrays.keys()
    for name, values in workspace.arrays.items():
        assert read.arrays[name].dtype == values.dtype
        assert np.array_equal(read.arrays[name], values)
    (case,) = read.cases
    assert case.case.grid.grid_map == TURNED
