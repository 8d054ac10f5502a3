"""A files process that is killed while it saves or exports leaves whole files, the earlier or new ones."""

import json
import os
import signal
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.exports.messages import Export, SaveWorkspace
from core.exports.process import start_files
from core.workspace.file import read_workspace, write_workspace
from tests.core.exports.large_workspace import large_workspace
from tests.core.workspace.example import example_workspace

KILLS = 20


def size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


@pytest.mark.slow
def test_that_a_process_killed_while_it_saves_leaves_a_whole_workspace(tmp_path) -> None:
    path, large = tmp_path / "a.saliscope", large_workspace()
    write_workspace(path, large)
    whole = path.stat().st_size
    shares = np.random.default_rng(0).uniform(0, 1, KILLS)
    for at, share in enumerate(shares):
        write_workspace(path, example_workspace())
        process = start_files()
        part = tmp_path / f".a.saliscope.{process.pid}.part"
        process.link.send(*SaveWorkspace.of(large, path=path))
        # The first kills are before the file is begun, the last ones after it has its name.
        while at >= 2 and size_of(part) < share * whole and size_of(path) != whole:
            pass
        os.kill(process.pid, signal.SIGKILL)
        process.kill()
        document = read_workspace(path).document
        assert document in (example_workspace().document, large.document)
        part.unlink(missing_ok=True)


@pytest.mark.slow
def test_that_a_process_killed_while_it_exports_leaves_whole_files_or_none(tmp_path) -> None:
    """The values stand in the main file, which gets its name last: with it the facts beside it are there."""
    workspace = example_workspace()
    saved = workspace.document.cases[0].maps[0]
    values = np.random.default_rng(2).normal(size=(2000, 2000)).astype(np.float32)
    workspace = replace(workspace, arrays={**workspace.arrays, saved.values: values})
    choice = {"exporter": "map_npy", "case": "case-1", "map": saved.id}
    shares = np.random.default_rng(1).uniform(0, 1, KILLS)
    for at, share in enumerate(shares):
        folder = tmp_path / str(at)
        folder.mkdir()
        process = start_files()
        main, part = folder / "a.npy", folder / f".a.npy.{process.pid}.part"
        process.link.send(*Export.of(workspace, **choice, folder=folder, stem="a"))
        # The first kills are before the file is begun, the last ones after it has its name.
        while at >= 2 and size_of(part) < share * values.nbytes and not size_of(main):
            pass
        os.kill(process.pid, signal.SIGKILL)
        process.kill()
        if main.exists():
            np.testing.assert_array_equal(np.load(main), values)
            facts = json.loads((folder / "a.json").read_text(encoding="utf-8"))
            assert facts["method"]["name"] == saved.record.name
