"""A result that is kept for the next call with the same arguments, and let go before another is made."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Result = TypeVar("Result")


class LastResultCache(Generic[Result]):
    """As `functools.lru_cache(maxsize=1)`, which would hold two large results while the second is made."""

    def __init__(self, make: Callable[..., Result]) -> None:
        self._make = make
        self._entry: tuple[tuple[Hashable, ...], Result] | None = None

    def __call__(self, *arguments: Hashable) -> Result:
        if self._entry is None or self._entry[0] != arguments:
            self._entry = None
            self._entry = arguments, self._make(*arguments)
        return self._entry[1]
