"""The project is held to its own rules; `python -m tests.house` prints the counts and all violations."""

from pathlib import Path
from types import ModuleType

import pytest

from tests.house.__main__ import RULES, main
from tests.house.sources import PACKAGES, project_sources


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__.rpartition(".")[2])
def test_that_the_project_keeps_the_rule(repository: Path, rule: ModuleType) -> None:
    assert [str(violation) for violation in rule.violations(repository)] == []


def test_that_the_rules_see_every_package(repository: Path) -> None:
    files = [source.file for source in project_sources(repository)]
    assert {file.partition("/")[0] for file in files} == set(PACKAGES)


def test_that_the_report_counts_every_violation_and_ends_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "a.py").write_text("class A:\n    class A: ...\ndef f(): ...\n", encoding="utf-8")
    assert main(tmp_path) == 1
    output = capsys.readouterr().out
    assert "violations: 2\n" in output
    assert "core/a.py:3: f has no docstring.\n" in output
    assert "core/a.py:1: A names 2 classes" in output


def test_that_the_report_on_a_clean_project_ends_with_0(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(tmp_path) == 0
    assert capsys.readouterr().out.endswith("violations: 0\n")
