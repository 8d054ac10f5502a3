"""The list of cases: opened files and the bundled samples."""

from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from app.texts import window as texts
from core.arrays import Array
from core.readers.protocol import SeriesEntry
from core.samples import Sample


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """Something to look at. `entry` is None until the reader has seen the file; `group` names the folder."""

    number: int
    title: str
    path: Path
    group: str = ""
    entry: SeriesEntry | None = None
    sample: Sample | None = None
    thumbnail: Array | None = None

    @property
    def frames(self) -> int:
        return self.entry.frames if self.entry is not None else 1

    @property
    def first_shown(self) -> int:
        """The frame with which a case opens: the one that the command line takes."""
        return self.entry.middle_frame if self.entry is not None else 0


class CaseList:
    """All cases by their number, in the order in which they came."""

    def __init__(self, samples: list[Sample]) -> None:
        self._numbers = count(1)
        self._cases: dict[int, Case] = {}
        for sample in samples:
            number = next(self._numbers)
            self._cases[number] = Case(number, sample.title, sample.path, sample=sample)

    def __getitem__(self, number: int) -> Case:
        return self._cases[number]

    def get(self, number: int | None) -> Case | None:
        """None for a case that has been closed."""
        return self._cases.get(number) if number is not None else None

    @property
    def opened(self) -> tuple[Case, ...]:
        return tuple(case for case in self._cases.values() if case.sample is None)

    @property
    def samples(self) -> tuple[Case, ...]:
        return tuple(case for case in self._cases.values() if case.sample is not None)

    @property
    def without_thumbnail(self) -> list[int]:
        return [case.number for case in self._cases.values() if case.thumbnail is None]

    def add(self, entry: SeriesEntry, group: str) -> int:
        """Add an opened series, or take the number that it has if it is opened again."""
        earlier = (case.number for case in self.opened if case.entry == entry)
        number = next(earlier, None) or next(self._numbers)
        title = texts.case_title(entry.path.name, entry.title)
        self._cases[number] = Case(number, title, entry.path, group, entry)
        return number

    def set_entry(self, number: int, entry: SeriesEntry) -> None:
        """What the reader says of the file; nothing for a case that has been closed."""
        if number in self._cases:
            self._cases[number] = replace(self._cases[number], entry=entry)

    def set_thumbnail(self, number: int, picture: Array) -> None:
        self._cases[number] = replace(self._cases[number], thumbnail=picture)

    def remove(self, number: int) -> None:
        del self._cases[number]
