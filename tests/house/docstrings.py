"""Rule: public functions and methods of core and training say what they give, take and raise.

Each has a docstring; shapes stand in it where its annotations name arrays, and "Raises X" for each of the
project's errors that its own body raises (X: the error or a base of it). A dataclass or pydantic model with
array fields names their shapes in its docstring.

A method needs no words of its own where a contract has them: a member of the same name, with a docstring,
of a base class or of a Protocol of the project all of whose members its class has. Such words also count for
its shapes and errors. Nothing is asked of nested functions, dunder methods, overloads, setters and pydantic's
validators and serializers.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.house.raising import ErrorClasses, error_makers, raised_errors
from tests.house.sources import (
    ClassDefinition,
    FunctionNode,
    Source,
    Violation,
    class_definitions,
    decorator_names,
    is_public,
    last_name,
    project_sources,
)

DOCUMENTED_PACKAGES = ("core", "training")
EXEMPT_DECORATORS = {
    "deleter",
    "field_serializer",
    "field_validator",
    "model_serializer",
    "model_validator",
    "overload",
    "setter",
}
DATA_CLASS_BASES = {"BaseModel", "NamedTuple"}
ARRAY = re.compile(r"\b(?:\w*Array|ndarray)\b")
# A parenthesised shape such as `(n, height, width)`, `(n,)`, `(rows + 1, 2)` or `(..., channels)`.
AXIS = r"(?:\.\.\.|\*?[a-z0-9]\w*(?:\s*[-+*/]\s*[a-z0-9]\w*)?)"
SHAPE = re.compile(rf"\(\s*{AXIS}\s*,(?:\s*{AXIS}\s*,)*(?:\s*{AXIS})?\s*\)")
SHAPE_IN_WORDS = re.compile(r"\b(?:the same shape|any shape|scalars?)\b")
# From "Raises" to the end of the sentence.
RAISES = re.compile(r"\b[Rr]aises\b(.*?)(?:\.(?=\s|$)|\n\s*\n|$)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Described:
    """A public function, method or class with array fields, with the words that describe it.

    has_docstring: its own, or that of a contract. undescribed_errors: those it raises that no words name.
    """

    place: str
    name: str
    is_class: bool
    has_docstring: bool
    has_arrays: bool
    has_shapes: bool
    raises: bool
    undescribed_errors: tuple[str, ...]

    def problems(self) -> Iterator[str]:
        """A sentence for each part of the rule that is broken."""
        if not self.has_docstring:
            yield f"{self.name} has no docstring."
        elif self.has_arrays and not self.has_shapes:
            yield f"{self.name} has arrays, and its docstring no shapes."
        if self.undescribed_errors:
            yield f'{self.name} says "Raises" of none of: {", ".join(self.undescribed_errors)}.'


def names_shape(docstring: str) -> bool:
    """Whether the text names the shape of an array."""
    return bool(SHAPE.search(docstring) or SHAPE_IN_WORDS.search(docstring))


def errors_named(docstring: str) -> set[str]:
    """The words of the sentences from "Raises" on, among which the errors' names are."""
    return {word for sentence in RAISES.findall(docstring) for word in re.findall(r"\w+", sentence)}


def described(root: Path, packages: Sequence[str] = DOCUMENTED_PACKAGES) -> list[Described]:
    """Everything that the rule is about, in the order of the files."""
    sources = project_sources(root, packages)
    return list(_Survey.of(sources).described(sources))


def violations(root: Path, packages: Sequence[str] = DOCUMENTED_PACKAGES) -> list[Violation]:
    """One violation for each part of the rule that a function or class breaks."""
    return [
        Violation(each.place, problem) for each in described(root, packages) for problem in each.problems()
    ]


def counts(root: Path, packages: Sequence[str] = DOCUMENTED_PACKAGES) -> list[str]:
    """The lines of the acceptance table, one set a package."""
    entries = described(root, packages)
    return [
        line
        for package in packages
        for line in _package_counts(
            package, [each for each in entries if each.place.startswith(f"{package}/")]
        )
    ]


def _package_counts(package: str, entries: Sequence[Described]) -> Iterator[str]:
    functions = [each for each in entries if not each.is_class]
    arrays = [each for each in functions if each.has_arrays]
    raising = [each for each in functions if each.raises]
    classes = [each for each in entries if each.is_class]
    parts = {
        "public functions with docstring": (functions, [each.has_docstring for each in functions]),
        "of those with arrays, with shapes": (arrays, [each.has_shapes for each in arrays]),
        "of those that raise, with errors": (raising, [not each.undescribed_errors for each in raising]),
        "classes with array fields, with shapes": (classes, [each.has_shapes for each in classes]),
    }
    for name, (all_entries, holds) in parts.items():
        yield f"{package}: {name}: {sum(holds)} of {len(all_entries)} (wanted: all)"


@dataclass(frozen=True, slots=True)
class _Survey:
    """What must be known of all files before one of them can be judged.

    classes: by name; a name that stands for several classes keeps them all. docstrings: by class name, those
    of its public methods. protocols: the names of the Protocols.
    """

    classes: Mapping[str, list[ClassDefinition]]
    docstrings: Mapping[str, Mapping[str, str]]
    protocols: tuple[str, ...]
    errors: ErrorClasses

    @classmethod
    def of(cls, sources: Sequence[Source]) -> "_Survey":
        classes: dict[str, list[ClassDefinition]] = defaultdict(list)
        docstrings: dict[str, dict[str, str]] = defaultdict(dict)
        for definition in class_definitions(sources):
            classes[definition.name].append(definition)
            for function in _functions_in(definition.node.body):
                docstring = ast.get_docstring(function)
                if docstring and is_public(function.name):
                    docstrings[definition.name][function.name] = docstring
        protocols = [
            name for name, each in classes.items() if any("Protocol" in one.base_names for one in each)
        ]
        return cls(classes, docstrings, tuple(protocols), ErrorClasses.of(sources))

    def described(self, sources: Sequence[Source]) -> Iterator[Described]:
        for source in sources:
            makers = error_makers(source, self.errors)
            for function in _functions_in(source.tree.body):
                if _is_asked(function):
                    yield self._function(source, function, "", (), makers)
            for node in _classes_in(source.tree.body):
                yield from self._class(source, node, "", makers)

    def _class(
        self, source: Source, node: ast.ClassDef, outer: str, makers: Mapping[str, str]
    ) -> Iterator[Described]:
        if not is_public(node.name):
            return
        path = f"{outer}{node.name}"
        if self._holds_data(node) and _has_array_field(node):
            docstring = ast.get_docstring(node) or ""
            yield Described(
                place=source.place(node.lineno),
                name=path,
                is_class=True,
                has_docstring=bool(docstring),
                has_arrays=True,
                has_shapes=names_shape(docstring),
                raises=False,
                undescribed_errors=(),
            )
        contracts = self._contracts(node)
        for function in _functions_in(node.body):
            if _is_asked(function):
                yield self._function(source, function, f"{path}.", contracts, makers)
        for inner in _classes_in(node.body):
            yield from self._class(source, inner, f"{path}.", makers)

    def _function(
        self,
        source: Source,
        function: FunctionNode,
        outer: str,
        contracts: Sequence[str],
        makers: Mapping[str, str],
    ) -> Described:
        texts = [self.docstrings.get(contract, {}).get(function.name, "") for contract in contracts]
        words = "\n\n".join(filter(None, [ast.get_docstring(function) or "", *texts]))
        raised = raised_errors(function, self.errors, makers)
        named = errors_named(words)
        return Described(
            place=source.place(function.lineno),
            name=f"{outer}{function.name}",
            is_class=False,
            has_docstring=bool(words),
            has_arrays=_has_array_annotation(function),
            has_shapes=names_shape(words),
            raises=bool(raised),
            undescribed_errors=tuple(
                sorted(name for name in raised if self.errors.bases[name].isdisjoint(named))
            ),
        )

    def _contracts(self, node: ast.ClassDef) -> list[str]:
        """The names of the base classes, and of the Protocols all of whose members the class has."""
        names = self._base_names(node)
        if "Protocol" not in names:
            members = self._members(node)
            names.update(
                protocol
                for protocol in self.protocols
                if members.issuperset(*(self._members(each.node) for each in self.classes[protocol]))
            )
        return sorted(names)

    def _members(self, node: ast.ClassDef) -> set[str]:
        """The public names that the class and its base classes in the project define."""
        bases = [each.node for name in self._base_names(node) for each in self.classes.get(name, [])]
        return {name for each in (node, *bases) for name in _defined_names(each)}

    def _base_names(self, node: ast.ClassDef) -> set[str]:
        """The names of all classes above this one, those of other projects included."""
        names: set[str] = set()
        waiting = [last_name(base) for base in node.bases]
        while waiting:
            name = waiting.pop()
            if name and name not in names:
                names.add(name)
                waiting += [base for each in self.classes.get(name, []) for base in each.base_names]
        return names

    def _holds_data(self, node: ast.ClassDef) -> bool:
        return "dataclass" in decorator_names(node) or not DATA_CLASS_BASES.isdisjoint(self._base_names(node))


def _defined_names(node: ast.ClassDef) -> set[str]:
    """The public names of a class body, and those that its methods set on `self`."""
    names = {last_name(target) for child in node.body for target in _targets(child)}
    names |= {function.name for function in _functions_in(node.body)}
    names |= {
        child.attr
        for child in ast.walk(node)
        if isinstance(child, ast.Attribute)
        and isinstance(child.ctx, ast.Store)
        and last_name(child.value) == "self"
    }
    return {name for name in names if name and is_public(name)}


def _targets(statement: ast.stmt) -> list[ast.expr]:
    match statement:
        case ast.Assign(targets=targets):
            return targets
        case ast.AnnAssign(target=target):
            return [target]
        case _:
            return []


def _functions_in(body: Sequence[ast.stmt]) -> Iterator[FunctionNode]:
    """The functions of a module or class body, also those under `if` or `try`, not those inside others."""
    for node in _statements(body):
        if isinstance(node, FunctionNode):
            yield node


def _classes_in(body: Sequence[ast.stmt]) -> Iterator[ast.ClassDef]:
    for node in _statements(body):
        if isinstance(node, ast.ClassDef):
            yield node


def _statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        yield node
        if isinstance(node, ast.If | ast.Try | ast.With):
            yield from _statements(
                [each for each in ast.iter_child_nodes(node) if isinstance(each, ast.stmt)]
            )


def _is_asked(function: FunctionNode) -> bool:
    return is_public(function.name) and EXEMPT_DECORATORS.isdisjoint(decorator_names(function))


def _has_array_annotation(function: FunctionNode) -> bool:
    arguments = function.args
    parameters = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    parameters += [each for each in (arguments.vararg, arguments.kwarg) if each]
    annotations = [each.annotation for each in parameters] + [function.returns]
    return any(_names_array(annotation) for annotation in annotations)


def _has_array_field(node: ast.ClassDef) -> bool:
    fields = [child.annotation for child in node.body if isinstance(child, ast.AnnAssign)]
    return any(_names_array(each) for each in fields if last_name(each) != "ClassVar")


def _names_array(annotation: ast.expr | None) -> bool:
    return annotation is not None and bool(ARRAY.search(ast.unparse(annotation)))
