"""Rule: every control that the mouse wheel could change is made with its guard."""

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.house.sources import (
    ClassDefinition,
    Source,
    Violation,
    class_definitions,
    last_name,
    project_sources,
)

CONTROLS = frozenset(
    {
        "QComboBox",
        "QDateEdit",
        "QDateTimeEdit",
        "QDial",
        "QDoubleSpinBox",
        "QFontComboBox",
        "QSlider",
        "QSpinBox",
        "QTabBar",
        "QTabWidget",
        "QTimeEdit",
    }
)
GUARD = "guarded"


def violations(root: Path, packages: Sequence[str] = ("app",)) -> list[Violation]:
    """Controls that are made outside `guarded(...)`; a subclass may guard itself: `guarded(self)`."""
    sources = project_sources(root, packages)
    subclasses = [each for each in class_definitions(sources) if CONTROLS & set(each.base_names)]
    unguarded = {each.name for each in subclasses if not _guards_itself(each)}
    names = CONTROLS | unguarded
    return [
        Violation(source.place(call.lineno), f"{last_name(call.func)} is made without its wheel guard.")
        for source in sources
        for call in _calls_without_guard(source, names)
    ]


def _guards_itself(definition: ClassDefinition) -> bool:
    return any(
        isinstance(node, ast.Call)
        and last_name(node.func) == GUARD
        and any(last_name(argument) == "self" for argument in node.args)
        for node in ast.walk(definition.node)
    )


def _calls_without_guard(source: Source, names: frozenset[str]) -> Iterator[ast.Call]:
    calls = [node for node in ast.walk(source.tree) if isinstance(node, ast.Call)]
    inside = {id(argument) for call in calls if last_name(call.func) == GUARD for argument in call.args}
    for call in calls:
        if last_name(call.func) in names and id(call) not in inside:
            yield call


def counts(root: Path) -> list[str]:
    """The line of the acceptance table."""
    return [f"controls without a wheel guard: {len(violations(root))} (wanted: 0)"]
