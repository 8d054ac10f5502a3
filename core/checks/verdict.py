"""The answer of a check to its question, and the thresholds from which it follows."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Answer = Literal["yes", "partly", "no", "undecided"]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Bounds of one figure: the answer is `yes` from the first on, `no` beyond the second.

    figure: what is compared with them, in words. Higher is better where `yes` is above `no`, else lower; a
    bound belongs to the better answer. between: the answer of a figure that reaches neither.
    """

    figure: str
    yes: float
    no: float
    between: Answer = "partly"

    def answer(self, value: float) -> Answer:
        """The answer for a value of the figure; `undecided` for NaN."""
        sign = 1 if self.yes > self.no else -1
        if math.isnan(value):
            return "undecided"
        if sign * value >= sign * self.yes:
            return "yes"
        return "no" if sign * value < sign * self.no else self.between


@dataclass(frozen=True, slots=True)
class ChipWords:
    """The words of the short answer beside a map.

    key: names the chip. question: until it is answered. label: the same before an answer in a sentence, such
    as 'Repeatable' before ': yes'. aspect: the same after a symbol, where there is room for one or two short
    words. One text for each answer, and `failed` for a check
    that ended without one. share, share_words: the name of a figure from 0 to 1 that is written in
    percent, with the words after it, instead of the answer's text. no_sentence: what a sentence says for
    `no`, where that says more than the label with ': no'.
    """

    key: str
    question: str
    label: str
    aspect: str
    yes: str
    partly: str
    no: str
    undecided: str
    failed: str
    share: str = ""
    share_words: str = ""
    no_sentence: str = ""

    def words(self, answer: str) -> str:
        """The text for an answer or `failed`; the question for any other state."""
        texts = {
            "yes": self.yes,
            "partly": self.partly,
            "no": self.no,
            "undecided": self.undecided,
            "failed": self.failed,
        }
        return texts.get(answer, self.question)


def common_answer(answers: Iterable[Answer]) -> Answer:
    """The answer on which all parts agree, else `partly`; `undecided` for no part."""
    distinct = set(answers)
    if not distinct:
        return "undecided"
    return distinct.pop() if len(distinct) == 1 else "partly"
