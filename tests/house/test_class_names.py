"""The rule that a class name stands for one thing."""

from collections.abc import Callable, Mapping
from pathlib import Path

from tests.house import class_names

Project = Callable[[Mapping[str, str]], Path]


def test_that_a_name_in_two_packages_is_reported_once_with_both_places(project: Project) -> None:
    root = project({"app/a.py": "class Line: ...", "core/b.py": "\nclass Line: ...", "core/c.py": ""})
    (violation,) = class_names.violations(root)
    assert str(violation) == "app/a.py:1: Line names 2 classes: app/a.py:1, core/b.py:2."
    assert class_names.counts(root) == ["class names used for two or more things: 1 (wanted: 0)"]


def test_that_private_nested_and_conditional_classes_count(project: Project) -> None:
    files = {
        "core/a.py": "class A:\n    class _Step: ...",
        "core/b.py": "class _Step: ...",
        "training/c.py": "def f():\n    class Row: ...",
        "app/d.py": "if True:\n    class Row: ...",
    }
    assert list(class_names.repeated_names(project(files))) == ["Row", "_Step"]


def test_that_functions_imports_tests_and_other_spelling_are_no_second_use(project: Project) -> None:
    files = {
        "core/a.py": "class Line: ...",
        "core/b.py": "from core.a import Line\ndef line(): ...\nclass Lines: ...\nclass _Line: ...",
        "tests/c.py": "class Line: ...",
    }
    assert class_names.violations(project(files)) == []
