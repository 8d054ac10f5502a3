"""The README's promises that a machine can check."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")


def test_that_the_readmes_script_runs_and_prints_the_stated_output(capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    block = re.search(r"```python\n(.*?)```", TEXT, re.DOTALL)
    assert block is not None
    names: dict[str, object] = {}
    exec(compile(block.group(1), "README.md", "exec"), names)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("glioma 0.")
    assert float(lines[1].removeprefix("completeness error ")) < 0.05
    scored = {tuple(line.split()[:2]): float(line.split()[2]) for line in lines[2:]}
    for kind in ("aic", "sic"):
        assert {method for method, answer in scored if answer == kind} == {
            "integrated_gradients",
            "random",
            "edge",
        }
    assert scored["integrated_gradients", "sic"] > scored["random", "sic"]


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#]+)\)", TEXT))
def test_that_every_file_the_readme_points_to_is_there(target):
    assert (ROOT / target).is_file()


def test_that_the_table_of_the_readme_names_commands_that_exist():
    from app.command_line.group import COMMANDS

    rows = [line.split("|")[1] for line in TEXT.splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in re.findall(r"`([a-z-]+)", row)}
    assert named <= {command.name for command in COMMANDS}
    # A new command may be left to `saliscope --help`; those by which the program is known may not.
    assert named >= {
        "explain",
        "curves",
        "evaluate",
        "predict",
        "info",
        "models",
        "methods",
        "train",
        "self-test",
    }
