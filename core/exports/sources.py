"""The located sources of cases, for exporters that read them again."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

from core.exports.writing import SourceOf
from core.readers.process import ReaderProcess
from core.workspace.document import SavedCase
from core.workspace.finding import SourceFinder


@contextmanager
def source_locator(folder: Path, located: Path | None = None) -> Iterator[SourceOf]:
    """Gives the file or folder of a case's source; the reader process starts with the first that is needed.

    folder, located: as for `SourceFinder`, whose errors it raises.
    """
    with ExitStack() as stack:

        @cache
        def finder() -> SourceFinder:
            return SourceFinder(stack.enter_context(ReaderProcess()), folder, located)

        def source_of(case: SavedCase) -> Path:
            return finder().find(case).path

        yield source_of
