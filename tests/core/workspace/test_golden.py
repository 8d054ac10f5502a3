"""Workspaces of every revision there has been open, with the content that they were saved with."""

from pathlib import Path

import numpy as np
import pytest

from core.workspace.file import SCHEMA_REVISION, read_workspace
from tests.core.workspace.golden_example import golden_workspace

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("revision", range(1, SCHEMA_REVISION + 1))
def test_that_a_workspace_of_each_revision_opens_with_its_content(revision):
    read, expected = read_workspace(GOLDEN / f"revision_{revision}.saliscope"), golden_workspace()
    assert read.document == expected.document
    assert read.arrays.keys() == expected.arrays.keys()
    for name, values in expected.arrays.items():
        assert read.arrays[name].dtype == values.dtype
        assert np.array_equal(read.arrays[name], values)


def test_that_the_golden_file_sets_every_field_that_can_be_set():
    document = golden_workspace().document
    (case,) = document.cases
    unset = {name for name in type(case).model_fields if getattr(case, name) in (None, (), {}, "")}
    assert unset == set()
    assert {name for name in type(document.view).model_fields if not getattr(document.view, name)} == set()
    assert case.geometry.volume is not None
