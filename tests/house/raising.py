"""Which of the project's errors a function raises by statements of its own body."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.house.sources import FunctionNode, Source, class_definitions, last_name

ROOT_ERROR = "SaliscopeError"
CATCH_ALL = {"", "BaseException", "Exception"}


@dataclass(frozen=True, slots=True)
class ErrorClasses:
    """The project's error classes. bases: of each, itself and every project error above it."""

    bases: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, sources: Sequence[Source]) -> "ErrorClasses":
        """The classes that derive from SaliscopeError, whichever file they are in."""
        parents = {definition.name: definition.base_names for definition in class_definitions(sources)}
        parents.setdefault(ROOT_ERROR, ())
        lines = {name: _line_of_ancestors(name, parents) for name in parents}
        return cls({name: line for name, line in lines.items() if ROOT_ERROR in line})

    def __contains__(self, name: str) -> bool:
        return name in self.bases

    def is_caught(self, name: str, caught: Sequence[str]) -> bool:
        """Whether a handler of the classes `caught` stops the error."""
        return bool(CATCH_ALL & {*caught}) or not self.bases[name].isdisjoint(caught)


def _line_of_ancestors(name: str, parents: Mapping[str, Sequence[str]]) -> frozenset[str]:
    ancestors: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current in parents and current not in ancestors:
            ancestors.add(current)
            waiting += parents[current]
    return frozenset(ancestors)


def raised_errors(function: FunctionNode, errors: ErrorClasses, makers: Mapping[str, str]) -> set[str]:
    """Names of the project's errors that leave `function` by a `raise` of its own body.

    Counted are errors made in the statement, by their class or by a function of the same file that is
    annotated to return one (`makers`: its name, the error's), and errors raised again in their handler.
    """
    return _Body(errors, makers).errors_of(function.body, _Handler())


def error_makers(source: Source, errors: ErrorClasses) -> dict[str, str]:
    """The functions of the file that are annotated to return one of the project's errors."""
    return {
        node.name: name
        for node in ast.walk(source.tree)
        if isinstance(node, FunctionNode) and (name := last_name(node.returns)) in errors
    }


@dataclass(frozen=True, slots=True)
class _Handler:
    """The handler around a statement. caught: the classes it names; variable: what it calls the error."""

    caught: tuple[str, ...] = ()
    variable: str = ""


@dataclass(frozen=True, slots=True)
class _Body:
    errors: ErrorClasses
    makers: Mapping[str, str] = field(default_factory=dict)

    def errors_of(self, nodes: Sequence[ast.AST], handler: _Handler) -> set[str]:
        names: set[str] = set()
        for node in nodes:
            match node:
                case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() | ast.Lambda():
                    continue
                case ast.Raise():
                    names |= self._errors_raised(node, handler)
                case ast.Try() | ast.TryStar():
                    names |= self._errors_of_try(node, handler)
                case _:
                    names |= self.errors_of(list(ast.iter_child_nodes(node)), handler)
        return names

    def _errors_of_try(self, node: ast.Try | ast.TryStar, handler: _Handler) -> set[str]:
        handlers = [_Handler(_caught_classes(each), each.name or "") for each in node.handlers]
        names = {
            name
            for name in self.errors_of(node.body, handler)
            if not any(self.errors.is_caught(name, each.caught) for each in handlers)
        }
        for each, inner in zip(node.handlers, handlers, strict=True):
            names |= self.errors_of(each.body, inner)
        return names | self.errors_of([*node.orelse, *node.finalbody], handler)

    def _errors_raised(self, node: ast.Raise, handler: _Handler) -> set[str]:
        raised_again = {name for name in handler.caught if name in self.errors}
        match node.exc:
            case None:
                return raised_again
            case ast.Name(id=name):
                return raised_again if name == handler.variable else {name} & self.errors.bases.keys()
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name))) if name in self.errors:
                return {name}  # a constructor such as `UnknownModel.of(...)`
            case expression:
                name = last_name(expression)
                name = self.makers.get(name, name)
                return {name} & self.errors.bases.keys()


def _caught_classes(handler: ast.ExceptHandler) -> tuple[str, ...]:
    """The last names of the classes that a handler names; an empty name for a bare `except`."""
    if isinstance(handler.type, ast.Tuple):
        return tuple(last_name(element) for element in handler.type.elts)
    return (last_name(handler.type),)
