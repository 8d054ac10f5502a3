"""The terms of the program's glossary that a report uses."""

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache

from core.exports.report.content import (
    Bars,
    Block,
    ColumnBlock,
    FactBlock,
    Items,
    Pictures,
    Plots,
    Report,
    Section,
    Table,
    Text,
    Verdicts,
    WordBlock,
)
from core.models.bundle import RESOURCES


def words_of_report(report: Report) -> str:
    """Every text that a reader of the report sees, one below the other."""
    lines = [report.title, report.subtitle, report.caution, *report.statement]
    return "\n".join((*lines, *_words_of(report.body)))


def glossary_of(text: str) -> tuple[tuple[str, str], ...]:
    """The terms that occur in a text, with their definitions, in alphabetical order."""
    return tuple(
        (term, definition)
        for term, definition in _terms()
        if re.search(rf"(?<!\w){re.escape(term)}s?(?!\w)", text, re.IGNORECASE)
    )


@cache
def _terms() -> tuple[tuple[str, str], ...]:
    entries = json.loads((RESOURCES / "help" / "glossary.json").read_text(encoding="utf-8"))["terms"]
    return tuple(
        sorted(
            ((each["term"], each["definition"].replace("`", "")) for each in entries),
            key=lambda pair: pair[0].lower(),
        )
    )


def _words_of(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Section(title=title, blocks=below):
                yield title
                yield from _words_of(below)
            case ColumnBlock(left=left, right=right):
                yield from _words_of((*left, *right))
            case Pictures(pictures=pictures):
                yield from (f"{picture.caption} {picture.note}" for picture in pictures)
            case Plots(plots=plots):
                for plot in plots:
                    yield from (plot.title, plot.x_label, plot.y_label, plot.note)
                    yield from (series.label for series in plot.series)
            case _:
                yield from _words_in(block)


def _words_in(block: WordBlock) -> Iterator[str]:
    match block:
        case Text(words=words):
            yield words
        case Items(entries=entries):
            yield from entries
        case FactBlock(rows=rows):
            yield from (" ".join(row) for row in rows)
        case Table(title=title, header=header, rows=rows):
            yield from (title, " ".join(header), *(" ".join(row) for row in rows))
        case Bars(title=title, bars=bars):
            yield from (title, *(f"{bar.name} {bar.words}" for bar in bars))
        case Verdicts(verdicts=verdicts):
            yield from (f"{each.question}: {each.answer}. {each.sentence}" for each in verdicts)
