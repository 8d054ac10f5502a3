"""Rule: a class has at most 15 methods; a few have more, none more than 25."""

import ast
from collections.abc import Sequence
from pathlib import Path

from tests.house.sources import (
    PACKAGES,
    ClassDefinition,
    FunctionNode,
    Violation,
    class_definitions,
    decorator_names,
    project_sources,
)

MOST_METHODS = 15
MOST_METHODS_EVER = 25
MOST_LARGE_CLASSES = 5


def method_count(node: ast.ClassDef) -> int:
    """How many functions stand directly in the class body; the overloads of one name count once."""
    functions = [child for child in node.body if isinstance(child, FunctionNode)]
    implemented = {function.name for function in functions if "overload" not in decorator_names(function)}
    declared = {function.name for function in functions if "overload" in decorator_names(function)}
    without_overloads = sum("overload" not in decorator_names(function) for function in functions)
    return without_overloads + len(declared - implemented)


def large_classes(root: Path, packages: Sequence[str] = PACKAGES) -> list[tuple[int, ClassDefinition]]:
    """The classes with more than MOST_METHODS methods and how many each has, the largest first."""
    sizes = [(method_count(each.node), each) for each in class_definitions(project_sources(root, packages))]
    large = [(size, each) for size, each in sizes if size > MOST_METHODS]
    return sorted(large, key=lambda pair: (-pair[0], pair[1].place))


def violations(root: Path, packages: Sequence[str] = PACKAGES) -> list[Violation]:
    """Classes above MOST_METHODS_EVER; all large ones if they are more than MOST_LARGE_CLASSES."""
    large = large_classes(root, packages)
    is_over = len(large) > MOST_LARGE_CLASSES
    return [
        Violation(definition.place, f"{definition.path} has {size} methods.")
        for size, definition in large
        if is_over or size > MOST_METHODS_EVER
    ]


def counts(root: Path, packages: Sequence[str] = PACKAGES) -> list[str]:
    """The line of the acceptance table."""
    large = large_classes(root, packages)
    names = ", ".join(f"{definition.path} {size}" for size, definition in large) or "none"
    return [
        f"classes with more than {MOST_METHODS} methods: {len(large)} (wanted: at most {MOST_LARGE_CLASSES},"
        f" none above {MOST_METHODS_EVER}): {names}"
    ]
