"""The rule that public functions say what they give, which shapes they take and what they raise."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.house.docstrings import counts, errors_named, names_shape, violations

Project = Callable[[Mapping[str, str]], Path]

ERRORS = """
class SaliscopeError(Exception): ...
class InputError(SaliscopeError): ...
class Unreadable(InputError): ...
class Refused(InputError): ...
"""


def messages(project: Project, source: str, path: str = "core/a.py") -> list[str]:
    """What the rule says of this file, in a project with errors."""
    return [each.message for each in violations(project({path: source, "core/errors.py": ERRORS}))]


@pytest.mark.parametrize("path", ["core/a.py", "training/deep/b.py"])
def test_that_a_public_function_needs_a_docstring_in_core_and_training(project: Project, path: str) -> None:
    root = project({path: "\ndef mean(): ...", "app/a.py": "def mean(): ..."})
    assert [str(each) for each in violations(root)] == [f"{path}:2: mean has no docstring."]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("class A:\n    def run(self): ...", "A.run"),
        ("class A:\n    async def run(self): ...", "A.run"),
        ("class A:\n    @property\n    def size(self): ...", "A.size"),
        ("class A:\n    @classmethod\n    def of(cls): ...", "A.of"),
        ("class A:\n    @computed_field\n    def size(self): ...", "A.size"),
        ("class A:\n    class B:\n        def run(self): ...", "A.B.run"),
        ("if sys:\n    def f(): ...", "f"),
        ("try:\n    pass\nexcept ImportError:\n    pass\nelse:\n    def f(): ...", "f"),
        ("class P(Protocol):\n    def size(self) -> int: ...", "P.size"),
        ("def f():\n    'x' + 'no docstring'", "f"),
    ],
)
def test_that_no_public_function_escapes(project: Project, source: str, name: str) -> None:
    assert messages(project, source) == [f"{name} has no docstring."]


@pytest.mark.parametrize(
    "source",
    [
        "def _private(): ...",
        "class _Private:\n    def run(self): ...",
        "class A:\n    def __init__(self): ...\n    def __len__(self): ...\n    def _own(self): ...",
        "def f():\n    'Says it.'\n    def inner(): ...",
        "class A:\n    @field_validator('x')\n    @classmethod\n    def check(cls, value): ...",
        "class A:\n    @model_validator(mode='after')\n    def check(self): ...",
        "@overload\ndef f(x: int): ...\n@typing.overload\ndef f(x: str): ...\ndef f(x):\n    'Says it.'",
        "class A:\n    @property\n    def a(self):\n        'It.'\n    @a.setter\n    def a(self, x): ...",
        "f = lambda: 1",
    ],
)
def test_that_nothing_is_asked_of_other_functions(project: Project, source: str) -> None:
    assert messages(project, source) == []


CONTRACT = """
class Method(Protocol):
    name: str
    def run(self, x: Array) -> Array:
        '''The map (height, width). Raises Refused.'''
"""


def test_that_a_contract_speaks_for_those_who_fulfil_it(project: Project) -> None:
    member = "    def run(self, x: Array) -> Array:\n        raise Refused('x')\n"
    source = f"{CONTRACT}class A:\n    name: ClassVar[str] = 'a'\n{member}"
    source += f"class B:\n    def __init__(self):\n        self.name = 'b'\n{member}"
    assert messages(project, source) == []


def test_that_a_contract_speaks_for_nobody_who_lacks_a_member_of_it(project: Project) -> None:
    source = f"{CONTRACT}class A:\n    def run(self, x): ...\ndef run(x): ...\n"
    assert messages(project, source) == ["run has no docstring.", "A.run has no docstring."]


def test_that_local_variables_do_not_fulfil_a_contract(project: Project) -> None:
    source = f"{CONTRACT}class A:\n    def run(self, x):\n        name = 1\n"
    assert messages(project, source) == ["A.run has no docstring."]


def test_that_a_contract_without_words_speaks_for_nobody(project: Project) -> None:
    source = "class P(Protocol):\n    def size(self): ...\nclass A:\n    def size(self): ...\n"
    assert messages(project, source) == ["P.size has no docstring.", "A.size has no docstring."]


def test_that_a_base_class_in_another_file_speaks_for_its_own_members_only(project: Project) -> None:
    files = {
        "core/a.py": "class Base:\n    def run(self):\n        'Says it.'\nclass Middle(Base): ...",
        "core/b.py": "class Lower(Middle):\n    def run(self): ...\n    def other(self): ...",
    }
    assert [each.message for each in violations(project(files))] == ["Lower.other has no docstring."]


def test_that_an_error_beyond_the_contract_needs_words_of_its_own(project: Project) -> None:
    source = f"{CONTRACT}class A:\n    name = 'a'\n    def run(self, x):\n        raise Unreadable('x')\n"
    assert messages(project, source) == ['A.run says "Raises" of none of: Unreadable.']


@pytest.mark.parametrize(
    "signature",
    [
        "x: Array",
        "x: 'FloatArray | None'",
        "*, x: list[NDArray[np.float32]]",
        "*x: np.ndarray",
        "**x: Array",
        "x: Array, /",
    ],
)
def test_that_arrays_among_the_parameters_need_shapes(project: Project, signature: str) -> None:
    source = f"def f({signature}):\n    'Says it.'"
    assert messages(project, source) == ["f has arrays, and its docstring no shapes."]


def test_that_an_array_that_is_given_back_needs_a_shape(project: Project) -> None:
    source = "class A:\n    @property\n    def x(self) -> tuple[Array, int]:\n        'Says it.'\n"
    assert messages(project, source) == ["A.x has arrays, and its docstring no shapes."]


def test_that_only_annotations_of_arrays_ask_for_shapes(project: Project) -> None:
    source = "def f(x: ArrayLike, y: 'Arrays') -> None:\n    'Says it.'\n    z: Array = x"
    assert messages(project, source) == []


@pytest.mark.parametrize(
    "text",
    [
        "The mean of (height, width).",
        "(n,) values",
        "x: (n, height, width, channels)",
        "(rows + 1, 2)",
        "(..., channels)",
        "(n, *grid, classes)",
        "(2*n, 4)",
        "(n,\n    classes)",
        "an array of any shape",
        "two arrays of the same shape",
        "of the\nsame shape".replace("\n", " "),
        "a scalar",
    ],
)
def test_that_shapes_are_recognised(text: str) -> None:
    assert names_shape(text)


@pytest.mark.parametrize(
    "text",
    [
        "The mean.",
        "The mean (see the paper, section 2).",
        "The mean (Selvaraju, 2017).",
        "The mean (n).",
        "f(x)",
        "height, width",
        "(doi 10.1109/ICCV.2017.74)",
        "rescalars",
        "()",
        "(, n)",
    ],
)
def test_that_other_brackets_are_no_shapes(text: str) -> None:
    assert not names_shape(text)


@pytest.mark.parametrize(
    ("docstring", "missing"),
    [
        ("Reads it. Raises Refused.", []),
        ("Reads it. Raises Unreadable or Refused, if it is\nlarge.", []),
        ("Raises an InputError.", []),
        ("Raises SaliscopeError.", []),
        ("Raises ValueError. Raises Refused.", []),
        ("Reads it, and raises Refused.", []),
        ("Reads it. Refused is not said with the word.", ["Refused"]),
        ("Raises Unreadable.", ["Refused"]),
        ("Raises Unreadable. Refused comes after the sentence.", ["Refused"]),
        ("Raises RefusedLater.", ["Refused"]),
    ],
)
def test_that_errors_are_named_by_class_or_base(project: Project, docstring: str, missing: list[str]) -> None:
    source = f"def f(x):\n    '''{docstring}'''\n    raise Refused('x')\n"
    assert messages(project, source) == [f'f says "Raises" of none of: {name}.' for name in missing]


def test_that_errors_of_several_sentences_and_lines_are_named() -> None:
    docstring = "Raises A\nor B if x. And then\n\nraises C\n\nD is in a paragraph of its own."
    assert errors_named(docstring) == {"A", "or", "B", "if", "x", "C"}


@pytest.mark.parametrize(
    "head",
    [
        "@dataclass(frozen=True)\nclass A:",
        "@dataclasses.dataclass\nclass A:",
        "class Frozen(BaseModel): ...\nclass A(Frozen):",
        "class A(NamedTuple):",
    ],
)
def test_that_a_value_with_array_fields_names_their_shapes(project: Project, head: str) -> None:
    fields = "\n    x: Array\n    y: int\n"
    assert messages(project, f"{head}\n    'Says it.'{fields}") == [
        "A has arrays, and its docstring no shapes."
    ]
    assert messages(project, f"{head}\n    'x: (n, 2).'{fields}") == []
    assert messages(project, f"{head}\n    'Says it.'\n    x: ClassVar[Array]\n    y: int\n") == []


def test_that_the_counts_are_of_one_package_each(project: Project) -> None:
    source = """
def without(): ...
def full(x: Array):
    '''Of (n,). Raises Refused.'''
    raise Refused('x')
def half(x: Array):
    '''Says nothing.'''
    raise Refused('x')
@dataclass
class A:
    '''Of (n,).'''
    x: Array
"""
    root = project({"core/a.py": source, "core/errors.py": ERRORS, "training/b.py": "def f():\n    'It.'"})
    assert counts(root) == [
        "core: public functions with docstring: 2 of 3 (wanted: all)",
        "core: of those with arrays, with shapes: 1 of 2 (wanted: all)",
        "core: of those that raise, with errors: 1 of 2 (wanted: all)",
        "core: classes with array fields, with shapes: 1 of 1 (wanted: all)",
        "training: public functions with docstring: 1 of 1 (wanted: all)",
        "training: of those with arrays, with shapes: 0 of 0 (wanted: all)",
        "training: of those that raise, with errors: 0 of 0 (wanted: all)",
        "training: classes with array fields, with shapes: 0 of 0 (wanted: all)",
    ]
