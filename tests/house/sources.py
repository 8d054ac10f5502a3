"""The Python files of the project, parsed, and what a rule says of them."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PACKAGES = ("app", "core", "training", "saliscope")

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """One place that breaks a rule. place: file and line, relative to the root."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


@dataclass(frozen=True, slots=True)
class Source:
    """One parsed file.

    file: its path relative to the root, with slashes. module: its dotted name; that of an `__init__.py`
    is its package's.
    """

    file: str
    module: str
    tree: ast.Module

    @property
    def is_package(self) -> bool:
        return self.file.endswith("/__init__.py")

    @property
    def package(self) -> str:
        """The package from which relative imports of this file start."""
        return self.module if self.is_package else self.module.rpartition(".")[0]

    def place(self, line: int) -> str:
        """The file and a line of it, as violations name them."""
        return f"{self.file}:{line}"


@dataclass(frozen=True, slots=True)
class ClassDefinition:
    """A class of the project. path: its name after those of the classes and functions that hold it."""

    source: Source
    node: ast.ClassDef
    path: str

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def place(self) -> str:
        return self.source.place(self.node.lineno)

    @property
    def base_names(self) -> tuple[str, ...]:
        """The last name of each base: `Protocol` for `typing.Protocol[T]`."""
        return tuple(name for base in self.node.bases if (name := last_name(base)))


def project_sources(root: Path, packages: Sequence[str] = PACKAGES) -> list[Source]:
    """Every Python file of those packages that exist under `root`, in the order of their paths."""
    paths = [path for package in packages for path in sorted((root / package).rglob("*.py"))]
    sources = []
    for path in paths:
        file = path.relative_to(root).as_posix()
        parts = list(path.relative_to(root).with_suffix("").parts)
        module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        sources.append(Source(file, module, _tree(path.read_text(encoding="utf-8"), file)))
    return sources


@cache
def _tree(text: str, file: str) -> ast.Module:
    """The parsed text; every rule looks at the same files."""
    return ast.parse(text, filename=file)


def class_definitions(sources: Sequence[Source]) -> list[ClassDefinition]:
    """Every class of the sources, nested ones included, in the order of their places."""
    return [definition for source in sources for definition in _classes_in(source, source.tree, "")]


def _classes_in(source: Source, node: ast.AST, outer: str) -> Iterator[ClassDefinition]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            yield ClassDefinition(source, child, outer + child.name)
            yield from _classes_in(source, child, f"{outer}{child.name}.")
        elif isinstance(child, FunctionNode):
            yield from _classes_in(source, child, f"{outer}{child.name}.")
        elif isinstance(child, ast.stmt | ast.excepthandler | ast.match_case):
            yield from _classes_in(source, child, outer)


def last_name(node: ast.AST | None) -> str:
    """The last name of an expression such as `a.b.Name`, `Name[T]` or `Name(...)`; empty if it has none."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(value=inner) | ast.Call(func=inner):
            return last_name(inner)
        case _:
            return ""


def decorator_names(node: FunctionNode | ast.ClassDef) -> set[str]:
    """The last names of the decorators: `setter` for `@size.setter`."""
    return {last_name(decorator) for decorator in node.decorator_list}


def is_public(name: str) -> bool:
    """Whether a name is offered to other files; dunder names belong to Python."""
    return not name.startswith("_")
