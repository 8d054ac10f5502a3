"""A cache of the last result, which is freed before the next one is computed."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Result = TypeVar("Result")


class LastResultCache(Generic[Result]):
    """As `functools.lru_cache(maxsize=1)`, which would hold two large results while computing the second."""

    def __init__(self, compute: Callable[..., Result]) -> None:
        self._compute = compute
        self._entry: tuple[tuple[Hashable, ...], Result] | None = None

    def __call__(self, *arguments: Hashable) -> Result:
        if self._entry is None or self._entry[0] != arguments:
            self._entry = None
            self._entry = arguments, self._compute(*arguments)
        return self._entry[1]
