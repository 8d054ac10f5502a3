"""Which errors a function raises."""

import ast
from textwrap import dedent

import pytest

from tests.house.raising import ErrorClasses, error_makers, raised_errors
from tests.house.sources import FunctionNode, Source

ERRORS = """
    class SaliscopeError(Exception): ...
    class InputError(SaliscopeError): ...
    class Unreadable(InputError): ...
    class Truncated(Unreadable): ...
    class Conflict(ValueError): ...
"""


def raised(body: str, rest: str = "") -> set[str]:
    """What a function of this body raises, in a file with the errors and `rest`."""
    text = (
        dedent(ERRORS)
        + dedent(rest)
        + "def f(x):\n"
        + "\n".join(f"    {line}" for line in dedent(body).strip().splitlines())
    )
    source = Source("core/a.py", "core.a", ast.parse(text))
    function = source.tree.body[-1]
    assert isinstance(function, FunctionNode)
    errors = ErrorClasses.of([source])
    return raised_errors(function, errors, error_makers(source, errors))


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("raise Unreadable('no')", {"Unreadable"}),
        ("raise Unreadable", {"Unreadable"}),
        ("raise errors.Unreadable('no') from None", {"Unreadable"}),
        ("raise Unreadable.of(x)", {"Unreadable"}),
        (
            "if x:\n    raise InputError('a')\nfor y in x:\n    raise Truncated('b')",
            {"InputError", "Truncated"},
        ),
        ("raise ValueError('no')", set()),
        ("raise Conflict('x')", set()),
        ("return Unreadable('no')", set()),
        ("def inner():\n    raise Unreadable('no')\nreturn inner", set()),
        ("class Inner:\n    def g(self):\n        raise Unreadable('no')", set()),
    ],
)
def test_that_the_errors_of_the_own_body_count(body: str, names: set[str]) -> None:
    assert raised(body) == names


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("try:\n    g()\nexcept InputError:\n    raise", {"InputError"}),
        ("try:\n    g()\nexcept InputError as error:\n    raise error", {"InputError"}),
        ("try:\n    g()\nexcept (Unreadable, OSError):\n    clean()\n    raise", {"Unreadable"}),
        ("try:\n    g()\nexcept OSError:\n    raise", set()),
        ("try:\n    g()\nexcept OSError as error:\n    raise Unreadable(error) from None", {"Unreadable"}),
        ("try:\n    g()\nfinally:\n    raise Unreadable('x')", {"Unreadable"}),
        ("try:\n    raise Truncated('x')\nexcept Unreadable:\n    pass", set()),
        ("try:\n    raise Unreadable('x')\nexcept Truncated:\n    pass", {"Unreadable"}),
        ("try:\n    raise Unreadable('x')\nexcept Exception:\n    pass", set()),
        ("try:\n    raise Unreadable('x')\nexcept:\n    pass", set()),
        ("try:\n    raise Unreadable('x')\nexcept Unreadable:\n    raise InputError('y')", {"InputError"}),
        ("try:\n    pass\nexcept Unreadable:\n    pass\nelse:\n    raise Unreadable('x')", {"Unreadable"}),
    ],
)
def test_that_handlers_stop_errors_and_raise_them_again(body: str, names: set[str]) -> None:
    assert raised(body) == names


def test_that_an_error_made_by_a_function_of_the_file_counts() -> None:
    maker = "def _damaged(x) -> Unreadable: ...\ndef _text(x) -> str: ...\n"
    assert raised("raise _damaged(x) from None", maker) == {"Unreadable"}
    assert raised("raise self._damaged(x)", maker) == {"Unreadable"}
    assert raised("raise _text(x)", maker) == set()
