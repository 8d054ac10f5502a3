"""Rule: every class name stands for one thing in the whole project."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from tests.house.sources import (
    PACKAGES,
    ClassDefinition,
    Violation,
    class_definitions,
    project_sources,
)


def repeated_names(root: Path, packages: Sequence[str] = PACKAGES) -> dict[str, list[ClassDefinition]]:
    """The definitions of each class name that is defined more than once, nested and private ones included."""
    definitions: dict[str, list[ClassDefinition]] = defaultdict(list)
    for definition in class_definitions(project_sources(root, packages)):
        definitions[definition.name].append(definition)
    return {name: places for name, places in sorted(definitions.items()) if len(places) > 1}


def violations(root: Path, packages: Sequence[str] = PACKAGES) -> list[Violation]:
    """One violation for each repeated name, at its first place."""
    return [
        Violation(
            definitions[0].place,
            f"{name} names {len(definitions)} classes: {', '.join(each.place for each in definitions)}.",
        )
        for name, definitions in repeated_names(root, packages).items()
    ]


def counts(root: Path, packages: Sequence[str] = PACKAGES) -> list[str]:
    """The line of the acceptance table."""
    return [f"class names used for two or more things: {len(repeated_names(root, packages))} (wanted: 0)"]
