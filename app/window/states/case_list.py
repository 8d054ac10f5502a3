"""The list of cases: opened series and the bundled samples."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from app.texts import studies as texts
from app.window.states.position import SlicePosition
from core.arrays import Array
from core.readers.protocol import SeriesEntry
from core.samples import Sample


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """Something to look at. `entry` is None until the reader has seen the file.

    folder: the file or folder that was opened. chosen_role: the sequence as a person set it; None where
    nobody has. group_number: of the parts of a series between which slices move, None for a single case.
    """

    number: int
    title: str
    path: Path
    folder: Path | None = None
    entry: SeriesEntry | None = None
    sample: Sample | None = None
    thumbnail: Array | None = None
    chosen_role: str | None = None
    group_number: int | None = None

    @property
    def group(self) -> int:
        """What names the group of its parts; what was computed of a slice belongs to all of them."""
        return self.group_number if self.group_number is not None else self.number

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


class SeriesParts:
    """The numbers of the cases of each group, in the order in which they came; the first names the group."""

    def __init__(self) -> None:
        self._numbers: dict[str, list[int]] = {}
        self._groups: dict[str, int] = {}

    def add(self, number: int, group: str) -> int:
        """Let a case be a part of a group. Returns the group's number."""
        numbers = self._numbers.setdefault(group, [])
        if number not in numbers:
            numbers.append(number)
        return self._groups.setdefault(group, number)

    def remove(self, number: int, group: str) -> None:
        """A case has been closed; nothing for one without a group."""
        numbers = self._numbers.get(group, [])
        if number in numbers:
            numbers.remove(number)
        if group in self._numbers and not numbers:
            del self._numbers[group], self._groups[group]

    def numbers(self, group: str) -> tuple[int, ...]:
        """Of the cases of a group."""
        return tuple(self._numbers.get(group, ()))


class CaseList:
    """All cases by their number, in the order in which they came."""

    def __init__(self, samples: list[Sample]) -> None:
        self._numbers = count(1)
        self._cases: dict[int, Case] = {}
        self._opened_numbers: dict[object, int] = {}
        self._parts = SeriesParts()
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

    def add(self, entry: SeriesEntry, folder: Path, number: int | None = None) -> int:
        """Add an opened series, or replace what is known of the case with this number. Returns its number.

        The thumbnail of that case does not count any more: its file may have been edited.
        """
        earlier = self._cases[number] if number is not None else None
        number = next(self._numbers) if number is None else number
        self._opened_numbers.setdefault(_key(entry), number)
        group = self._parts.add(number, entry.keys.group) if entry.keys.group else None
        role = earlier.chosen_role if earlier is not None else None
        title = texts.title_of(entry)
        self._cases[number] = Case(
            number, title, entry.path, folder, entry, chosen_role=role, group_number=group
        )
        return number

    def grow(self, number: int, entry: SeriesEntry) -> None:
        """Further files of a series have been found by the listing that gave it."""
        case = self._cases[number]
        if case.entry is not entry and case.entry != entry:
            title = texts.title_of(entry)
            self._cases[number] = replace(case, title=title, path=entry.path, entry=entry)

    def number_of(self, entry: SeriesEntry) -> int | None:
        """The number of the case that is named like this series; None if there is none."""
        return self._opened_numbers.get(_key(entry))

    def parts(self, group: str) -> tuple[Case, ...]:
        """The cases of a group, named by the key of their entries."""
        return tuple(self._cases[number] for number in self._parts.numbers(group))

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
            if self._opened_numbers.get(_key(case.entry)) == case.number:
                del self._opened_numbers[_key(case.entry)]
            self._parts.remove(case.number, case.entry.keys.group)
        return cases


def place_now(cases: CaseList, case: Case, position: SlicePosition) -> tuple[Case, SlicePosition] | None:
    """Where a slice is now of a case as it was known before; None if that has been closed.

    While files are found, slices are sorted again, and series are split and joined.
    """
    now, before = cases.get(case.number), case.entry
    if now is case or before is None:
        return (now, position) if now is not None else None
    parts = cases.parts(before.keys.group) or ((now,) if now is not None else ())
    parts = tuple(sorted(parts, key=lambda part: part.number != case.number))
    if position.axis == 0:
        source = before.source(position.inside(before).frame(before))
        for part in parts:
            frame = part.entry.frame_of(source) if part.entry is not None else None
            if frame is not None and part.entry is not None:
                return part, SlicePosition.of_frame(part.entry, frame)
    elif now is None:
        now = next((part for part in parts if part.entry is not None and part.entry.has_planes), None)
    return (now, position.inside(now.entry)) if now is not None and now.entry is not None else None


def _key(entry: SeriesEntry) -> object:
    """What names a series in the list: a file whose header changed is another one."""
    return entry.key or (str(entry.path), entry.title, entry.frames, entry.rows, entry.columns)


def numbers_of(cases: Collection[Case]) -> tuple[int, ...]:
    """The numbers of cases, in their order."""
    return tuple(case.number for case in cases)
