"""Which checks belong to which row of the index, and the files of the set as the program reads them."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.arrays import Array
from core.images.slice import Slice
from core.readers.process import ReaderProcess


@dataclass(frozen=True)
class Files:
    """The files of the set, read in the reader process as everywhere in the program."""

    folder: Path
    reader: ReaderProcess

    def frames(self, name: str) -> int:
        (entry,) = self.reader.index(self.folder / name)
        return entry.frames

    def image(self, name: str, frame: int = 0) -> Slice:
        (entry,) = self.reader.index(self.folder / name)
        image, _ = self.reader.read(entry, frame)
        assert image.shape == (entry.rows, entry.columns)
        return image

    def truth(self, name: str) -> Array:
        values: Array = np.load(self.folder / name)
        return values


CheckResult = Callable[[Files], None]
CHECKS: dict[str, list[CheckResult]] = defaultdict(list)


def case(*rows: str) -> Callable[[CheckResult], CheckResult]:
    """A check of these rows of the index; a row may have several."""

    def added(check: CheckResult) -> CheckResult:
        for row in rows:
            CHECKS[row].append(check)
        return check

    return added
