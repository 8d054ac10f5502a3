"""A result that is kept for the next call with the same arguments, and let go before another is made."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Result = TypeVar("Result")


class KeepingLast(Generic[Result]):
    """As `functools.lru_cache(maxsize=1)`, which would hold two large results while the second is made."""

    def __init__(self, make: Callable[..., Result]) -> None:
        self._make = make
        self._kept: tuple[tuple[Hashable, ...], Result] | None = None

    def __call__(self, *arguments: Hashable) -> Result:
        if self._kept is None or self._kept[0] != arguments:
            self._kept = None
            self._kept = arguments, self._make(*arguments)
        return self._kept[1]
