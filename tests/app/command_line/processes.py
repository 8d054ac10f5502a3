"""Processes that tests of the command line start."""

import os
import subprocess
import sys


def ended_process(folder, repository, *arguments):
    """This Python with these arguments, called in `folder`, ended."""
    env = os.environ | {"XDG_STATE_HOME": str(folder / "state"), "PYTHONPATH": str(repository)}
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=folder,
        env=env,
        check=False,
    )
