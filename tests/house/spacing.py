"""Rule: the window's layouts are spaced by the constants of its theme, which lie on one grid."""

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.house.sources import Source, Violation, last_name, project_sources

CALLS = frozenset(
    {"addSpacing", "setContentsMargins", "setHorizontalSpacing", "setSpacing", "setVerticalSpacing"}
)
CONSTANTS = ("TIGHT", "GAP", "MARGIN")
GRID, HALF = 8, 4


def violations(root: Path, packages: Sequence[str] = ("app",)) -> list[Violation]:
    """Spacings that are other numbers, and constants of the theme beside the grid."""
    sources = project_sources(root, packages)
    return [violation for source in sources for violation in _violations_of(source)]


def _violations_of(source: Source) -> Iterator[Violation]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and last_name(node.func) in CALLS:
            for argument in node.args:
                if not _is_on_grid(argument):
                    words = f"{last_name(node.func)} takes {ast.unparse(argument)}, no step of the grid."
                    yield Violation(source.place(node.lineno), words)
        elif isinstance(node, ast.Assign) and source.module.endswith(".theme"):
            yield from _constants_beside_grid(source, node)


def _is_on_grid(node: ast.expr) -> bool:
    """Nothing, a constant of the theme, several of them, or a value that was handed in."""
    match node:
        case ast.Constant(value=value):
            return bool(value == 0)
        case ast.BinOp(left=ast.Constant(), op=ast.Mult(), right=right):
            return _is_on_grid(right)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _is_on_grid(left) and _is_on_grid(right)
        case ast.Starred(value=value):
            return _is_on_grid(value)
        case ast.Name(id=name):
            return name in CONSTANTS or not name.isupper()
        case _:
            return False


def _constants_beside_grid(source: Source, node: ast.Assign) -> Iterator[Violation]:
    for target in node.targets:
        if not (isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)):
            continue
        for name, value in zip(target.elts, node.value.elts, strict=False):
            if last_name(name) in CONSTANTS and isinstance(value, ast.Constant):
                step = HALF if last_name(name) == "TIGHT" else GRID
                if value.value == 0 or value.value % step:
                    words = f"{last_name(name)} is {value.value}, no multiple of {step}."
                    yield Violation(source.place(node.lineno), words)


def counts(root: Path) -> list[str]:
    """The line of the acceptance table."""
    return [f"spacings beside the grid of 8 pixels: {len(violations(root))} (wanted: 0)"]
