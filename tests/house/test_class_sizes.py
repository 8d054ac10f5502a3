"""The rule that classes stay small."""

import ast
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.house import class_sizes

Project = Callable[[Mapping[str, str]], Path]


def class_of(methods: int, name: str = "Large") -> str:
    """The text of a class with so many methods."""
    return f"class {name}:\n" + "".join(f"    def method_{number}(self): ...\n" for number in range(methods))


def count_in(body: str) -> int:
    (node,) = ast.parse(f"class A:\n{body}").body
    assert isinstance(node, ast.ClassDef)
    return class_sizes.method_count(node)


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("    x: int = 1", 0),
        ("    def __init__(self): ...\n    async def run(self): ...\n    def _private(self): ...", 3),
        ("    @property\n    def a(self): ...\n    @a.setter\n    def a(self, value): ...", 2),
        (
            "    @overload\n    def f(self): ...\n    @typing.overload\n    def f(self): ..."
            "\n    def f(self): ...",
            1,
        ),
        ("    @overload\n    def f(self): ...\n    @overload\n    def f(self): ...", 1),
        ("    def f(self):\n        def inner(): ...\n        return lambda: 1", 1),
        ("    class Inner:\n        def f(self): ...", 0),
    ],
)
def test_that_each_function_of_the_class_body_counts_once(body: str, count: int) -> None:
    assert count_in(body) == count


def test_that_fifteen_methods_are_no_large_class_and_sixteen_are(project: Project) -> None:
    root = project({"app/a.py": class_of(15, "Small"), "core/b.py": class_of(16)})
    assert [(size, each.path) for size, each in class_sizes.large_classes(root)] == [(16, "Large")]


def test_that_five_classes_may_be_large_and_six_are_all_reported(project: Project) -> None:
    files = {f"core/large_{number}.py": class_of(25, f"Large{number}") for number in range(5)}
    assert class_sizes.violations(project(files)) == []
    violations = class_sizes.violations(project({"training/sixth.py": class_of(16, "Sixth")}))
    assert [str(each) for each in violations][-1] == "training/sixth.py:1: Sixth has 16 methods."
    assert len(violations) == 6


def test_that_one_class_above_25_is_too_large_by_itself(project: Project) -> None:
    root = project({"core/a.py": class_of(26), "core/b.py": class_of(25, "Allowed")})
    assert [str(each) for each in class_sizes.violations(root)] == ["core/a.py:1: Large has 26 methods."]


def test_that_the_count_names_each_large_class_the_largest_first(project: Project) -> None:
    root = project({"core/a.py": class_of(16, "A"), "core/b.py": class_of(26, "B")})
    (line,) = class_sizes.counts(root)
    assert line.startswith("classes with more than 15 methods: 2 ")
    assert line.endswith(": B 26, A 16")
