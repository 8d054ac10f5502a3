"""What the program starts: the window or the command line, and what is loaded before the first window."""

import subprocess
import sys

import pytest

from app import __main__
from app.__main__ import BEFORE_QT

SCRIPT = """
import sys
from app.__main__ import load_before_qt
load_before_qt()
early = set(sys.modules)
import app.window.main_window
print(*sorted(early), "-", *sorted(set(sys.modules) - early))
"""
# Each takes longer to load than the window may take to open, or is needed only for what is asked for later.
NOT_AT_THE_START = ("scipy", "pydicom", "nibabel", "matplotlib", "skimage", "tensorflow", "keras")


@pytest.fixture(autouse=True)
def started_logs(monkeypatch) -> list[str]:
    """The kinds of processes whose logs were begun; nothing is written."""
    kinds: list[str] = []
    monkeypatch.setattr(__main__, "start_log", kinds.append)
    return kinds


def test_that_the_engines_modules_come_before_qt_and_slow_libraries_not_at_all() -> None:
    result = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    early, late = (words.split() for words in result.stdout.split(" - "))
    assert {"numpy", "pydantic", *BEFORE_QT} <= set(early)
    assert not [name for name in early if name.startswith("PySide6")]
    assert "PySide6.QtWidgets" in late
    packages = {name.partition(".")[0] for name in (*early, *late)}
    assert not packages & set(NOT_AT_THE_START)


@pytest.mark.parametrize("arguments", [[], ["case 1.saliscope"], ["a.saliscope", "/disk/b.saliscope"]])
def test_that_workspaces_are_opened_in_the_window(monkeypatch, arguments, started_logs) -> None:
    opened = []
    monkeypatch.setattr("app.window.program.open_window", lambda paths, failure: opened.append(paths) or 0)
    monkeypatch.setattr("sys.argv", ["saliscope", *arguments])
    monkeypatch.setattr("sys.excepthook", None)
    assert __main__.main() == 0
    assert opened == [arguments]
    assert started_logs == ["window"]


def test_that_anything_else_is_a_command(monkeypatch) -> None:
    run = []
    monkeypatch.setattr("app.command_line.group.run", lambda arguments: run.append(arguments) or 2)
    monkeypatch.setattr("sys.excepthook", None)
    monkeypatch.setattr("sys.argv", ["saliscope", "replay", "a.saliscope"])
    assert __main__.main() == 2
    assert run == [["replay", "a.saliscope"]]
