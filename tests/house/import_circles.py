"""Rule: no circles of imports, between files or folders, imports inside functions included.

Only imports under `TYPE_CHECKING` do not count, because they never run. For folders, each folder of the
tree is looked at by itself: its files and subfolders (each with everything in it) are the nodes, and their
graph has no circle. So a file of a subfolder may import a file beside that subfolder, if no such file,
`__init__.py` aside, imports the subfolder.
"""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from tests.house.sources import PACKAGES, Source, Violation, last_name, project_sources

Graph = Mapping[str, set[str]]


@dataclass(frozen=True, slots=True)
class Import:
    """One import of a file of the project by another. importer, imported: the files; line: where."""

    importer: str
    imported: str
    line: int

    def __str__(self) -> str:
        return f"{self.importer}:{self.line} imports {self.imported}"


@dataclass(frozen=True, slots=True)
class Circle:
    """Nodes that reach one another, with one example for each edge between them."""

    nodes: tuple[str, ...]
    examples: tuple[Import, ...]

    def __str__(self) -> str:
        return f"{', '.join(self.nodes)} import one another: {'; '.join(map(str, self.examples))}."


def project_imports(sources: Sequence[Source], with_type_checking: bool = False) -> list[Import]:
    """Every import between two files that can happen when the program runs, in the order of the files.

    with_type_checking: those for type checkers, too.
    """
    files = {source.module: source.file for source in sources}
    imports = []
    for source in sources:
        for line, name in sorted(_imported_names(source, with_type_checking)):
            file = _file_of(name, files)
            if file not in (None, source.file):
                imports.append(Import(source.file, str(file), line))
    return imports


def file_circles(
    root: Path, packages: Sequence[str] = PACKAGES, with_type_checking: bool = False
) -> list[Circle]:
    """The circles between files."""
    imports = project_imports(project_sources(root, packages), with_type_checking)
    return _circles([((each.importer, each.imported), each) for each in imports])


def folder_circles(root: Path, packages: Sequence[str] = PACKAGES) -> list[Circle]:
    """The circles between the files and subfolders of one folder that a subfolder takes part in."""
    levels: dict[str, list[tuple[tuple[str, str], Import]]] = defaultdict(list)
    for each in project_imports(project_sources(root, packages)):
        level, edge = _children(each.importer, each.imported)
        levels[level].append((edge, each))
    return [
        circle
        for level in sorted(levels)
        for circle in _circles(levels[level])
        if any(node.endswith("/") for node in circle.nodes)
    ]


def violations(root: Path, packages: Sequence[str] = PACKAGES) -> list[Violation]:
    """One violation for each circle between files, then one for each between folders."""
    circles = file_circles(root, packages) + folder_circles(root, packages)
    return [
        Violation(f"{circle.examples[0].importer}:{circle.examples[0].line}", str(circle))
        for circle in circles
    ]


def counts(root: Path, packages: Sequence[str] = PACKAGES) -> list[str]:
    """The line of the acceptance table."""
    files, folders = len(file_circles(root, packages)), len(folder_circles(root, packages))
    with_type_checking = len(file_circles(root, packages, with_type_checking=True))
    return [
        f"import circles, late imports included: {files} between files, {folders} between folders"
        f" (wanted: 0 and 0); {with_type_checking} between files with imports under TYPE_CHECKING"
    ]


def _imported_names(source: Source, with_type_checking: bool) -> Iterator[tuple[int, str]]:
    """Line and absolute dotted name of everything that the file may import when it runs."""
    for node in _nodes(source.tree, with_type_checking):
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, name.name) for name in names)
            case ast.ImportFrom(names=names):
                module = _absolute(source, node)
                yield from ((node.lineno, f"{module}.{name.name}") for name in names)
            case ast.Call(args=[ast.Constant(value=str(name)), *_]) if last_name(node.func) in (
                "import_module",
                "__import__",
            ):
                yield node.lineno, name


def _nodes(tree: ast.Module, with_type_checking: bool) -> Iterator[ast.AST]:
    """The tree's nodes, without what stands under `if TYPE_CHECKING:` unless that is asked for."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        children: Iterable[ast.AST] = ast.iter_child_nodes(node)
        if isinstance(node, ast.If) and not with_type_checking:
            match node.test:
                case ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"):
                    children = node.orelse
                case ast.UnaryOp(op=ast.Not(), operand=operand) if last_name(operand) == "TYPE_CHECKING":
                    children = node.body
        waiting += children


def _absolute(source: Source, node: ast.ImportFrom) -> str:
    """The module after `from`, with the dots of a relative import resolved."""
    if not node.level:
        return node.module or ""
    parts = source.package.split(".")
    parts = parts[: len(parts) - node.level + 1]
    return ".".join([*parts, node.module] if node.module else parts)


def _file_of(name: str, files: Mapping[str, str]) -> str | None:
    """The file of the longest module that `name` starts with; None if it is not of the project."""
    while name:
        if name in files:
            return files[name]
        name = name.rpartition(".")[0]
    return None


def _children(first: str, second: str) -> tuple[str, tuple[str, str]]:
    """The deepest folder that holds both files, and its child on the way to each; folders end in a slash."""
    one, other = PurePosixPath(first).parts, PurePosixPath(second).parts
    depth = next(index for index, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    children = ["/".join(parts[: depth + 1]) + "/" * (depth + 1 < len(parts)) for parts in (one, other)]
    return "/".join(one[:depth]), (children[0], children[1])


def _circles(edges: Iterable[tuple[tuple[str, str], Import]]) -> list[Circle]:
    """The strongly connected components with two or more nodes, each edge with its first example."""
    examples: dict[tuple[str, str], Import] = {}
    for edge, example in edges:
        examples.setdefault(edge, example)
    graph: dict[str, set[str]] = defaultdict(set)
    for importer, imported in examples:
        graph[importer].add(imported)
    reachable = {node: _reachable(graph, node) for node in sorted(graph)}
    circles, placed = [], set[str]()
    for node, nodes in reachable.items():
        if node in placed or node not in nodes:
            continue
        members = {each for each in nodes if node in reachable.get(each, set())}
        placed |= members
        inside = [examples[edge] for edge in sorted(examples) if members.issuperset(edge)]
        circles.append(Circle(tuple(sorted(members)), tuple(inside)))
    return circles


def _reachable(graph: Graph, start: str) -> set[str]:
    """The nodes that a way of one or more edges leads to from `start`."""
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        for node in graph.get(waiting.pop(), set()) - reached:
            reached.add(node)
            waiting.append(node)
    return reached
