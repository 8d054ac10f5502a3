"""One result is kept, and never two."""

import weakref

import numpy as np
import pytest

from core.readers.kept import KeepingLast


def test_that_the_last_result_is_kept_and_let_go_before_the_next_is_made() -> None:
    made: list[weakref.ref[np.ndarray]] = []
    alive_before: list[int] = []

    def make(number: int) -> np.ndarray:
        alive_before.append(sum(result() is not None for result in made))
        result = np.full(3, number)
        made.append(weakref.ref(result))
        return result

    keeping = KeepingLast(make)
    for number in (1, 1, 2, 2, 1):
        assert (keeping(number) == number).all()
    assert alive_before == [0, 0, 0]


def test_that_a_result_that_could_not_be_made_is_asked_for_again() -> None:
    answers = iter([ValueError("no"), "yes"])

    def make(number: int) -> str:
        answer = next(answers)
        if isinstance(answer, ValueError):
            raise answer
        return answer

    keeping = KeepingLast(make)
    with pytest.raises(ValueError, match=r"^no$"):
        keeping(1)
    assert keeping(1) == "yes"
