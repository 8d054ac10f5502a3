"""Which controls count as guarded against the wheel."""

from collections.abc import Callable, Mapping
from pathlib import Path

from tests.house.guarded_controls import violations

Project = Callable[[Mapping[str, str]], Path]


def test_that_a_control_without_its_guard_is_a_violation(project: Project) -> None:
    root = project(
        {"app/a.py": "slider = QSlider(1)\nsafe = guarded(QSlider(1))\nspin = widgets.QSpinBox()\n"}
    )
    assert [each.place for each in violations(root)] == ["app/a.py:1", "app/a.py:3"]


def test_that_a_subclass_counts_until_it_guards_itself(project: Project) -> None:
    source = """
        class Safe(QComboBox):
            def __init__(self):
                guarded(self)
        class Bare(QSpinBox): ...
        safe, bare, wrapped = Safe(), Bare(), guarded(Bare())
    """
    root = project({"app/a.py": source})
    assert [each.message for each in violations(root)] == ["Bare is made without its wheel guard."]
    assert len(violations(root)) == 1
