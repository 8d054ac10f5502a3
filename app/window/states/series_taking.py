"""What a listing has found, brought into the list of cases.

Series that were opened before stay as they are until the listing has ended: what it finds on its way is less
than they have. Then their slices are those that were found, unless another path was opened that holds only
some of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from app.window.states.case_list import Case, CaseList
from app.window.states.folder_listing import Opening
from app.window.states.position import SlicePosition
from core.readers.protocol import FrameSource, SeriesEntry


@dataclass(frozen=True, slots=True)
class TakenSeries:
    """numbers: of the cases that the listing has given until now, in its order.

    renewed: of them those whose files may have been edited since they were opened. start: of the first one,
    where it is not the middle. removed: what is a part of another case now.
    """

    numbers: tuple[int, ...]
    renewed: frozenset[int]
    start: SlicePosition | None
    removed: tuple[Case, ...]


def take_series(
    cases: CaseList, opening: Opening, entries: Iterable[SeriesEntry], is_complete: bool
) -> TakenSeries:
    """Bring the list to what is known of an opened path now."""
    if opening.earlier is None:
        opening.earlier = frozenset(case.number for case in cases.opened)
    take = _take_complete if is_complete else _take_part
    taken = [(number, entry) for entry in entries for number in take(cases, opening, entry)]
    numbers = tuple(dict.fromkeys(number for number, _ in taken))
    before = opening.numbers
    opening.numbers = {*numbers} if is_complete else {*numbers} - opening.earlier
    removed = before - {*numbers}
    if is_complete:
        removed |= _superseded(cases, opening, numbers)
    return TakenSeries(
        numbers,
        frozenset(opening.numbers - before),
        _start(cases, *taken[0]) if taken and is_complete else None,
        cases.remove(removed),
    )


def _take_part(cases: CaseList, opening: Opening, entry: SeriesEntry) -> tuple[int, ...]:
    """The number of the case for what has been found of a series so far, none if it is not listed yet."""
    number = cases.number_of(entry)
    if number in opening.numbers:
        cases.grow(number, entry)
    elif number is None:
        if any(_is_earlier(opening, part.number) for part in cases.parts(entry.keys.group)):
            return ()
        number = cases.add(entry, opening.path)
    return (number,)


def _take_complete(cases: CaseList, opening: Opening, entry: SeriesEntry) -> tuple[int, ...]:
    number = cases.number_of(entry)
    if number in opening.numbers:
        cases.grow(number, entry)
        return (number,)
    holder = next((part for part in cases.parts(entry.keys.group) if _holds(part, opening, entry)), None)
    if holder is not None:
        assert holder.entry is not None
        # An entry of its own says that the values may be others.
        return (cases.add(holder.entry.model_copy(), holder.folder or opening.path, holder.number),)
    if number is not None and _stands_beside(cases[number], opening, entry):
        number = None
    return (cases.add(entry, opening.path, number),)


def _is_earlier(opening: Opening, number: int) -> bool:
    return opening.earlier is not None and number in opening.earlier


def _holds(case: Case, opening: Opening, entry: SeriesEntry) -> bool:
    """Whether a case of another path holds all slices of the entry."""
    if case.entry is None or case.folder == opening.path or not _is_earlier(opening, case.number):
        return False
    return {*_sources(entry)} <= {*_sources(case.entry)}


def _stands_beside(case: Case, opening: Opening, entry: SeriesEntry) -> bool:
    """Whether another file of the folder was opened before: both are slices of one series."""
    if case.entry is None or not case.entry.keys.group or case.folder == opening.path:
        return False
    is_same_folder = case.entry.path.parent == entry.path.parent
    return is_same_folder and not {*_sources(case.entry)} & {*_sources(entry)}


def _superseded(cases: CaseList, opening: Opening, numbers: tuple[int, ...]) -> set[int]:
    """Parts that were opened before and whose slices are all in other parts by now."""
    superseded: set[int] = set()
    given = [case for case in map(cases.get, numbers) if case is not None and case.entry is not None]
    for group in {case.entry.keys.group for case in given if case.entry is not None}:
        parts = cases.parts(group)
        others = [part for part in parts if part.number not in numbers and _is_earlier(opening, part.number)]
        if others:
            held = {source for part in parts if part.number in numbers for source in _sources(part.entry)}
            superseded |= {part.number for part in others if {*_sources(part.entry)} <= held}
    return superseded


def _start(cases: CaseList, number: int, entry: SeriesEntry) -> SlicePosition | None:
    """Where the slice of a file is that was opened alone and belongs to a series that is listed."""
    case = cases[number]
    if case.entry is None or case.entry.frames <= entry.frames or not entry.keys.group:
        return None
    frame = case.entry.frame_of(entry.source(entry.middle_frame))
    return SlicePosition.of_frame(case.entry, frame) if frame is not None else None


def _sources(entry: SeriesEntry | None) -> Iterable[FrameSource]:
    if entry is None:
        return ()
    return entry.sources or tuple(entry.source(frame) for frame in range(entry.frames))
