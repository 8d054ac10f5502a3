"""Frames of one kind as volumes: sorted by position along the normal, divided by time, the stack checked."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from core.arrays import Array
from core.images.geometry import affine_lps_mm, is_affine
from core.number_text import counted, fixed
from core.readers.instances import FrameFacts, FrameTimes
from core.readers.protocol import FrameSource, SparseStack, affine_rows

# Positions of the same place are written with rounding errors; so are those of equal steps.
SAME_POSITION_MM = 0.01
_STEP_SHARE = 0.05
_LEAST_DEVIATION_MM = 0.02
# Beyond rounding, and far below any tilt that a gantry is set to.
_TILT_DEGREES = 0.5
# More values of a time than this many for each frame of a position are no time points.
_MOST_TIMES = 2
TimeName = Literal["dimensions", "temporal", "acquisition", "trigger", "b_value", "clock"]
# What the file itself names as its dimensions comes first.
_TIME_NAMES: tuple[TimeName, ...] = ("dimensions", "temporal", "acquisition", "trigger", "b_value", "clock")
# More would make the sentence too long to be read.
_MOST_GAPS = 3
# Of all slices; with more missing, too little of the other planes would be image.
_MOST_MISSING = 0.25
SPARSE_NOTE = "In the two other planes the missing slices are empty."
NO_POSITION = "Its frames have no position in the patient."


@dataclass(frozen=True, slots=True)
class PlacedFrame:
    """A frame and where it is stored."""

    source: FrameSource
    facts: FrameFacts


@dataclass(frozen=True, slots=True)
class Stack:
    """Frames in the order in which they are shown: slice by slice, volume by volume.

    affine: (4, 4) as for an entry; None where there is no regular stack. no_volume: why. sparse: as for an
    entry. part: tells stacks
    apart that were made of frames of one kind, empty for the first one.
    """

    frames: tuple[PlacedFrame, ...]
    volumes: int = 1
    affine: Array | None = field(default=None, compare=False)
    no_volume: str = ""
    notes: tuple[str, ...] = ()
    part: str = ""
    sparse: SparseStack | None = None


def stacks_of(frames: Sequence[PlacedFrame]) -> list[Stack]:
    """The stacks of frames of one size, orientation, spacing and kind."""
    if not all(frame.facts.has_place for frame in frames):
        return [_without_place(frames)]
    places = _places(frames)
    most = max(len(frames_at_place) for frames_at_place in places)
    if most == 1:
        return [_stack([frames_at_place[0] for frames_at_place in places], 1, ())]
    return _repeated(places)


def _without_place(frames: Sequence[PlacedFrame]) -> Stack:
    """In the order of time, and of the positions in the stack as far as the file counts them."""
    ordered = sorted(frames, key=lambda frame: _time_key(frame.facts.times))
    volumes: dict[object, list[PlacedFrame]] = defaultdict(list)
    for frame in ordered:
        volumes[frame.facts.times.dimensions].append(frame)
    counted_volumes = [_by_count(volume) for volume in volumes.values()]
    numbers = {tuple(frame.facts.in_stack for frame in volume) for volume in counted_volumes}
    is_whole = len(numbers) == 1 and _is_count(*numbers)
    ordered = [frame for volume in counted_volumes for frame in volume]
    reason = NO_POSITION if len(ordered) > 1 else ""
    return Stack(tuple(ordered), len(volumes) if is_whole else 1, no_volume=reason)


def _by_count(frames: list[PlacedFrame]) -> list[PlacedFrame]:
    """The frames of a volume in the order in which the file counts them, else as they are."""
    if not _is_count(tuple(frame.facts.in_stack for frame in frames)):
        return frames
    return sorted(frames, key=lambda frame: frame.facts.in_stack or 0)


def _is_count(numbers: tuple[int | None, ...]) -> bool:
    """Whether these positions in a stack tell all its frames apart."""
    return None not in numbers and len({*numbers}) == len(numbers)


def _places(frames: Sequence[PlacedFrame]) -> list[list[PlacedFrame]]:
    """The frames of each position, from the first along the normal to the last."""
    orientation = frames[0].facts.orientation
    assert orientation is not None
    normal = np.cross(orientation[:3], orientation[3:])
    heights = np.array([frame.facts.position for frame in frames], dtype=float) @ normal
    order = np.argsort(heights, kind="stable")
    places: list[list[PlacedFrame]] = []
    last = -np.inf
    for number in order:
        if not places or heights[number] - last > SAME_POSITION_MM:
            places.append([])
            last = heights[number]
        places[-1].append(frames[number])
    return places


def _repeated(places: list[list[PlacedFrame]]) -> list[Stack]:
    """Stacks where some position has several frames: time points, or frames that were stored twice."""
    name = next((name for name in _TIME_NAMES if _tells_apart(name, places)), None)
    if name is not None:
        return _by_time(name, places)
    for frames in places:
        frames.sort(key=lambda frame: _time_key(frame.facts.times))
    volumes = min(len(frames) for frames in places)
    ordered = [frames[volume] for volume in range(volumes) for frames in places]
    stacks = [_stack(ordered, volumes, _volume_notes(ordered, volumes))]
    further = [frame for frames in places for frame in frames[volumes:]]
    if further:
        note = f"{counted(len(further), 'further image')} of its positions {_verb(len(further))} beside it."
        stacks[0] = replace(stacks[0], notes=(*stacks[0].notes, note))
        stacks.append(
            _irregular(further, "These are further images of positions of a stack.", "further images")
        )
    return stacks


def _tells_apart(name: TimeName, places: list[list[PlacedFrame]]) -> bool:
    """Whether the frames of each position differ in this time, and every frame has it."""
    values: set[object] = set()
    for frames in places:
        at_place = {getattr(frame.facts.times, name) for frame in frames}
        if None in at_place or len(at_place) < len(frames):
            return False
        values |= at_place
    # A time that is another one for each slice says nothing about volumes.
    return len(values) <= _MOST_TIMES * max(len(frames) for frames in places)


def _by_time(name: TimeName, places: list[list[PlacedFrame]]) -> list[Stack]:
    groups: dict[object, list[PlacedFrame]] = defaultdict(list)
    for frames in places:
        for frame in frames:
            groups[getattr(frame.facts.times, name)].append(frame)
    groups = dict(sorted(groups.items(), key=lambda group: _group_key(group[1])))
    complete = [group for group in groups.values() if len(group) == len(places)]
    if not complete:
        return [
            replace(_stack(group, 1, ()), part=f"part {number}" if number > 1 else "")
            for number, group in enumerate(groups.values(), start=1)
        ]
    ordered = [frame for group in complete for frame in group]
    stacks = [_stack(ordered, len(complete), _volume_notes(ordered, len(complete)))]
    partial = [frame for group in groups.values() if len(group) < len(places) for frame in group]
    if partial:
        count = counted(len(groups) - len(complete), "time point")
        note = f"{count} without all slices {_verb(len(groups) - len(complete))} beside it."
        stacks[0] = replace(stacks[0], notes=(*stacks[0].notes, note))
        stacks.append(_irregular(partial, "Slices of its time points are missing.", "incomplete time points"))
    return stacks


def _group_key(frames: list[PlacedFrame]) -> tuple[Any, ...]:
    return min(_time_key(frame.facts.times) for frame in frames)


def _time_key(times: FrameTimes) -> tuple[Any, ...]:
    values = (times.temporal, times.acquisition, times.trigger, times.b_value, times.clock, times.number)
    return (times.dimensions or (), *(-1.0 if value is None else value for value in values))


def _irregular(frames: list[PlacedFrame], reason: str, part: str) -> Stack:
    if len(frames) == 1:
        return replace(_stack(frames, 1, ()), part=part)
    return Stack(tuple(frames), no_volume=reason, part=part)


def _volume_notes(frames: list[PlacedFrame], volumes: int) -> tuple[str, ...]:
    stated = (frame.facts.times.b_value for frame in frames)
    b_values = sorted({round(value) for value in stated if value is not None})
    if volumes == 1 or len(b_values) < 2:
        return ()
    return (f"Its volumes have b-values of {', '.join(map(str, b_values))} s/mm².",)


def _stack(frames: list[PlacedFrame], volumes: int, notes: tuple[str, ...]) -> Stack:
    """The stack of frames in their order, with its affine where its slices are equally spaced."""
    slices = len(frames) // volumes
    facts = frames[0].facts
    assert facts.position is not None
    assert facts.orientation is not None
    assert facts.spacing_mm is not None
    affine = affine_lps_mm(facts.position, facts.orientation, facts.spacing_mm, facts.thickness_mm)
    if affine is None:
        reason = "The stated directions of rows and columns are impossible." if slices > 1 else ""
        return Stack(tuple(frames), volumes, None, reason, notes)
    if slices == 1:
        return Stack(tuple(frames), volumes, affine, "", notes)
    positions = np.array([frame.facts.position for frame in frames[:slices]], dtype=float)
    normal = affine[:3, 0] / np.linalg.norm(affine[:3, 0])
    step = (positions[-1] - positions[0]) / (slices - 1)
    notes += _tilt_notes(positions, normal)
    reason, sparse = _irregularity(positions, normal, step), None
    if reason:
        sparse = _sparse_stack(affine, positions, normal)
    affine[:3, 0] = step
    if not reason and not is_affine(affine):
        reason = "Its slices are at one position."
    if (not reason or sparse is not None) and not _is_at_one_place(frames, volumes, min(facts.spacing_mm)):
        reason, sparse = "Its volumes are at different positions.", None
    if sparse is not None:
        notes += (SPARSE_NOTE,)
    return Stack(tuple(frames), volumes, None if reason else affine, reason, notes, sparse=sparse)


def _is_at_one_place(frames: list[PlacedFrame], volumes: int, pixel_mm: float) -> bool:
    """Whether the slices of all volumes are where those of the first one are, to within half a pixel."""
    positions = np.array([frame.facts.position for frame in frames], dtype=float).reshape(volumes, -1, 3)
    return bool(np.linalg.norm(positions - positions[0], axis=2).max() <= pixel_mm / 2)


def _tilt_notes(positions: Array, normal: Array) -> tuple[str, ...]:
    way = positions[-1] - positions[0]
    along = abs(float(way @ normal))
    across = float(np.linalg.norm(way - (way @ normal) * normal))
    degrees = float(np.degrees(np.arctan2(across, along)))
    if degrees < _TILT_DEGREES:
        return ()
    return (f"The slices are tilted by {fixed(degrees, 1)}° against the direction of the stack.",)


def _irregularity(positions: Array, normal: Array, step: Array) -> str:
    """Why positions (slices, 3) are no regular stack, one sentence; empty if they are one."""
    numbers = np.arange(len(positions))[:, None]
    deviation = np.linalg.norm(positions - positions[0] - numbers * step, axis=1).max()
    length = float(np.linalg.norm(step))
    if deviation <= max(_LEAST_DEVIATION_MM, _STEP_SHARE * length):
        return ""
    distances = np.diff(positions @ normal)
    usual = float(np.median(distances))
    multiples = distances / usual
    missing = round(float((np.round(multiples) - 1).sum()))
    is_whole = np.abs(multiples - np.round(multiples)).max() * usual <= max(_LEAST_DEVIATION_MM, 0.1 * usual)
    if is_whole and missing > 0:
        return _missing_slices(np.round(multiples).astype(int) - 1)
    low, high = float(distances.min()), float(distances.max())
    if high - low <= max(_LEAST_DEVIATION_MM, _STEP_SHARE * usual):
        return "Its slices are shifted against each other."
    return f"Its slices are not equally spaced: {fixed(low, 2)} to {fixed(high, 2)} mm apart."


def _sparse_stack(affine: Array, positions: Array, normal: Array) -> SparseStack | None:
    """Where the slices at positions (slices, 3) lie in a stack with missing ones; None where there is none.

    affine: of the first slice. The gaps must be whole multiples of the usual step, and few.
    """
    distances = np.diff(positions @ normal)
    numbers = np.concatenate([[0], np.cumsum(np.round(distances / np.median(distances)))]).astype(int)
    count = int(numbers[-1]) + 1
    if not 0 < count - len(positions) <= _MOST_MISSING * count or len(np.unique(numbers)) < len(positions):
        return None
    step = (positions[-1] - positions[0]) / (count - 1)
    deviation = np.linalg.norm(positions - positions[0] - numbers[:, None] * step, axis=1).max()
    whole = affine.copy()
    whole[:3, 0] = step
    rows = affine_rows(whole)
    if deviation > max(_LEAST_DEVIATION_MM, _STEP_SHARE * float(np.linalg.norm(step))) or not is_affine(
        whole
    ):
        return None
    return SparseStack(numbers=tuple(numbers.tolist()), affine_lps_mm=rows) if rows is not None else None


def _missing_slices(missing: Array) -> str:
    """missing: how many slices are between each slice and the next one (slices - 1,); one sentence."""
    gaps = [(int(at), int(missing[at])) for at in np.flatnonzero(missing > 0)]
    count = sum(number for _, number in gaps)
    told = [
        f"{number} between slices {at + 1} and {at + 2}" if len(gaps) > 1 else f"{at + 1} and {at + 2}"
        for at, number in gaps[:_MOST_GAPS]
    ]
    start = f"{counted(count, 'slice')} of the stack {'is' if count == 1 else 'are'} missing"
    if len(gaps) == 1:
        return f"{start}, between slices {told[0]}."
    further = len(gaps) - len(told)
    rest = f", and others at {counted(further, 'further place')}" if further else ""
    return f"{start}: {', '.join(told)}{rest}."


def _verb(count: int) -> str:
    return "stands" if count == 1 else "stand"
