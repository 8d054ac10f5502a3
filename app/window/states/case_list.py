"""The list of cases: opened series and the bundled samples."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from app.texts import studies as texts
from core.arrays import Array
from core.readers.protocol import SeriesEntry
from core.samples import Sample


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """Something to look at. `entry` is None until the reader has seen the file.

    folder: the file or folder that was opened. chosen_role: the sequence as a person set it; None where
    nobody has.
    """

    number: int
    title: str
    path: Path
    folder: Path | None = None
    entry: SeriesEntry | None = None
    sample: Sample | None = None
    thumbnail: Array | None = None
    chosen_role: str | None = None

    @property
    def frames(self) -> int:
        return self.entry.frames if self.entry is not None else 1

    @property
    def note(self) -> str:
        """What a person must know of a sample's label; empty where its title does not tell the class."""
        if self.sample is None or self.title != self.sample.title:
            return ""
        return self.sample.note

    @property
    def first_shown(self) -> int:
        """The frame with which a case opens: the one that the command line takes."""
        return self.entry.middle_frame if self.entry is not None else 0

    @property
    def role(self) -> str:
        """Which of several sequences it is, such as `T1 post contrast`; empty where that is unknown."""
        if self.chosen_role is not None:
            return self.chosen_role
        return self.entry.role if self.entry is not None else ""


class CaseList:
    """All cases by their number, in the order in which they came."""

    def __init__(self, samples: list[Sample]) -> None:
        self._numbers = count(1)
        self._cases: dict[int, Case] = {}
        self._opened_numbers: dict[object, int] = {}
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

    def add(self, entry: SeriesEntry, folder: Path, numbers_before: Collection[int] = ()) -> int:
        """Add an opened series, or replace what is known of it; its number stays.

        numbers_before: of those that the same listing has given already. The file of any other may have been
        edited since it was opened before, so its thumbnail does not count any more.
        """
        key = _key(entry)
        number = self._opened_numbers.get(key) or next(self._numbers)
        earlier = self._cases.get(number)
        self._opened_numbers[key] = number
        if earlier is None or number not in numbers_before:
            role = earlier.chosen_role if earlier is not None else None
            title = texts.title_of(entry)
            self._cases[number] = Case(number, title, entry.path, folder, entry, chosen_role=role)
        elif earlier.entry is not entry and earlier.entry != entry:
            title = texts.title_of(entry)
            self._cases[number] = replace(earlier, title=title, path=entry.path, entry=entry)
        return number

    def set_entry(self, number: int, entry: SeriesEntry) -> None:
        """What the reader says of the file; nothing for a case that has been closed."""
        if number in self._cases:
            self._cases[number] = replace(self._cases[number], entry=entry)

    def set_blind(self, is_blind: bool) -> None:
        """Name the samples without their class, which is in their titles, or with it."""
        for place, case in enumerate(self.samples, 1):
            assert case.sample is not None
            title = texts.blind_title(case.sample.title, place) if is_blind else case.sample.title
            self._cases[case.number] = replace(case, title=title)

    def set_thumbnail(self, number: int, picture: Array) -> None:
        self._cases[number] = replace(self._cases[number], thumbnail=picture)

    def set_role(self, number: int, role: str) -> None:
        """Which sequence it is, as a person says; empty for none."""
        self._cases[number] = replace(self._cases[number], chosen_role=role)

    def remove(self, numbers: Iterable[int]) -> tuple[Case, ...]:
        """Take opened cases off the list. Returns those that were there; samples stay."""
        candidates = (self._cases.get(number) for number in numbers)
        cases = tuple(case for case in candidates if case is not None and case.sample is None)
        for case in cases:
            del self._cases[case.number]
            assert case.entry is not None
            del self._opened_numbers[_key(case.entry)]
        return cases


def _key(entry: SeriesEntry) -> object:
    """What names a series in the list: a file whose header changed is another one."""
    return entry.key or (str(entry.path), entry.title, entry.frames, entry.rows, entry.columns)


def numbers_of(cases: Collection[Case]) -> tuple[int, ...]:
    """The numbers of cases, in their order."""
    return tuple(case.number for case in cases)
