"""The terms of the program's glossary that a report uses."""

import json
import re
from functools import cache

from core.exports.report.content import (
    Bars,
    Facts,
    Items,
    Pictures,
    Plots,
    Report,
    Section,
    Table,
    Text,
    Verdicts,
)
from core.models.bundle import RESOURCES


def words_of_report(report: Report) -> str:
    """Every text that a reader of the report sees, one below the other."""
    lines = [report.title, report.subtitle, report.caution, *report.statement]
    for part in report.body:
        for section in (part,) if isinstance(part, Section) else (*part.left, *part.right):
            lines += _section_words(section)
    return "\n".join(lines)


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
    return tuple(sorted(((each["term"], each["definition"]) for each in entries), key=lambda pair: pair[0].lower()))


def _section_words(section: Section) -> list[str]:
    lines = [section.title]
    for block in section.blocks:
        match block:
            case Text(words=words):
                lines.append(words)
            case Items(entries=entries):
                lines += entries
            case Facts(rows=rows):
                lines += [" ".join(row) for row in rows]
            case Table(title=title, header=header, rows=rows):
                lines += [title, " ".join(header), *(" ".join(row) for row in rows)]
            case Bars(title=title, bars=bars):
                lines += [title, *(f"{bar.name} {bar.words}" for bar in bars)]
            case Verdicts(verdicts=verdicts):
                lines += [f"{each.question}: {each.answer}. {each.sentence}" for each in verdicts]
            case Pictures(pictures=pictures):
                lines += [f"{picture.caption} {picture.note}" for picture in pictures]
            case Plots(plots=plots):
                for plot in plots:
                    lines += [plot.title, plot.x_label, plot.y_label, plot.note]
                    lines += [series.label for series in plot.series]
    for each in section.parts:
        lines += _section_words(each)
    return lines
