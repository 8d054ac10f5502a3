"""Which spacings count as steps of the grid."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.house.spacing import violations

Project = Callable[[Mapping[str, str]], Path]


@pytest.mark.parametrize("argument", ["0", "GAP", "2 * MARGIN", "GAP + TIGHT", "spacing", "*sides"])
def test_that_steps_of_the_grid_are_kept(project: Project, argument: str) -> None:
    assert violations(project({"app/a.py": f"row.setSpacing({argument})\n"})) == []


@pytest.mark.parametrize("argument", ["2", "GAP + 2", "FRAME", "3 * FRAME", "12", "GAP // 3"])
def test_that_any_other_number_is_a_violation(project: Project, argument: str) -> None:
    root = project({"app/a.py": f"column.setContentsMargins(0, 0, {argument}, 0)\n"})
    assert [each.place for each in violations(root)] == ["app/a.py:1"]


def test_that_the_constants_of_the_theme_lie_on_the_grid(project: Project) -> None:
    root = project({"app/theme.py": "TIGHT, GAP, MARGIN = 4, 8, 12\n"})
    assert [each.message for each in violations(root)] == ["MARGIN is 12, no multiple of 8."]
