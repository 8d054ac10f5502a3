"""What the arguments of the program start: the window, or the command line."""

import pytest

from app import __main__
from core.workspace.file import SUFFIX


@pytest.mark.parametrize("arguments", [[], ["case 1.saliscope"], ["a.saliscope", "/disk/b.saliscope"]])
def test_that_workspaces_are_opened_in_the_window(monkeypatch, arguments) -> None:
    opened = []
    monkeypatch.setattr("app.window.program.open_window", lambda paths, failure: opened.append(paths) or 0)
    monkeypatch.setattr("sys.argv", ["saliscope", *arguments])
    monkeypatch.setattr("sys.excepthook", None)
    assert __main__.main() == 0
    assert opened == [arguments]


def test_that_anything_else_is_a_command(monkeypatch) -> None:
    run = []
    monkeypatch.setattr("app.command_line.group.run", lambda arguments: run.append(arguments) or 2)
    monkeypatch.setattr("sys.excepthook", None)
    monkeypatch.setattr("sys.argv", ["saliscope", "replay", "a.saliscope"])
    assert __main__.main() == 2
    assert run == [["replay", "a.saliscope"]]


def test_that_the_ending_of_workspaces_is_known_at_the_start() -> None:
    assert __main__.WORKSPACE_SUFFIX == SUFFIX
