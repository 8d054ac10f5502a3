"""One result is stored, and never two."""

import weakref

import numpy as np
import pytest

from core.readers.last_result import LastResultCache


def test_that_the_last_result_is_stored_and_released_before_the_next_is_computed() -> None:
    results: list[weakref.ref[np.ndarray]] = []
    alive_before: list[int] = []

    def make(number: int) -> np.ndarray:
        alive_before.append(sum(result() is not None for result in results))
        result = np.full(3, number)
        results.append(weakref.ref(result))
        return result

    cache = LastResultCache(make)
    for number in (1, 1, 2, 2, 1):
        assert (cache(number) == number).all()
    assert alive_before == [0, 0, 0]


def test_that_a_result_that_could_not_be_computed_is_requested_again() -> None:
    answers = iter([ValueError("no"), "yes"])

    def make(number: int) -> str:
        answer = next(answers)
        if isinstance(answer, ValueError):
            raise answer
        return answer

    cache = LastResultCache(make)
    with pytest.raises(ValueError, match=r"^no$"):
        cache(1)
    assert cache(1) == "yes"
