"""What a command prints: text for people, or one JSON document for programs; progress apart from both."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import click
from pydantic import BaseModel

from core.network.run import Run


@dataclass(frozen=True, slots=True)
class Output:
    """Where the text of a command goes. quiet: nothing but errors and, if asked for, the document."""

    as_json: bool = False
    quiet: bool = False

    def print(self, text: str = "") -> None:
        """A line for people, on standard output."""
        if not (self.as_json or self.quiet):
            click.echo(text)

    def table(self, rows: Sequence[Sequence[str]], indent: int = 0) -> None:
        """Aligned columns."""
        for line in aligned(rows):
            self.print(" " * indent + line)

    def document(self, document: BaseModel) -> None:
        """The one document, in UTF-8 whatever the terminal's encoding is."""
        if self.as_json:
            click.echo(document.model_dump_json(indent=2).encode("utf-8"))

    @contextmanager
    def progress(self, text: str, run: Run) -> Iterator[Run]:
        """`run`, with its progress drawn on standard error if that is a terminal."""
        if self.quiet or not sys.stderr.isatty():
            yield run
            return
        from tqdm import tqdm

        # The bar's monitor thread is not needed: every batch reports.
        tqdm.monitor_interval = 0
        with tqdm(desc=text, leave=False, file=sys.stderr) as bar:

            def draw(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            yield replace(run, on_progress=draw)


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows of equal length as lines with aligned columns."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    padded = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return [line.rstrip() for line in padded]
