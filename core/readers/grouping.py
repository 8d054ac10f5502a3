"""Files as series: instances of one series are split by size, orientation and kind, and stacked.

Nothing here opens a file, so the process that asked for a folder groups what has come so far.
"""

from collections import defaultdict
from dataclasses import dataclass

from core.images.slice import Identity
from core.readers.instances import FrameFacts, Instance, digest_of
from core.readers.protocol import Contents, FrameSource, SeriesEntry, SeriesKeys
from core.readers.stack_kinds import StackKind, title_additions
from core.readers.stacking import PlacedFrame, Stack, stacks_of

# Directions this much apart are those of one stack; the planes of a localizer are much further apart.
_SAME_DIRECTION = 0.005
_SPACING_DIGITS = 4
_OWN_ORDER = "Its frames are in the order of their file, which is no stack."
_LOCALIZER_NOTE = "It is an overview for planning (localizer)."


def grouped(contents: Contents) -> Contents:
    """The contents with their instances as entries, in the order in which their first files were listed."""
    groups = SeriesGroups()
    groups.add(contents)
    return groups.contents()


@dataclass(frozen=True, slots=True)
class _FrameOfFile(PlacedFrame):
    """A frame with the file that it is in."""

    instance: Instance


class _Series:
    """What has come of one series: its frames by what keeps stacks apart, in the order in which they come.

    All that can be said of a file alone is worked out when it comes, since a snapshot of thousands of files
    must not take long. first: the instance that came first.
    """

    def __init__(self, first: Instance) -> None:
        self.first = first
        self._images: set[object] = set()
        self._copies = 0
        self._directions = _Directions()
        # Most frames of a series state the same.
        self._kinds: dict[object, StackKind] = {}
        self._frames: dict[StackKind, list[_FrameOfFile]] = defaultdict(list)
        self._entries: list[SeriesEntry] | None = None

    def add(self, instance: Instance) -> None:
        """Take a further file; a copy of an image that another file holds counts as such."""
        self._entries = None
        # Some programs give every slice the same identifier.
        place = instance.frames[0].position, instance.frames[0].times.number, len(instance.frames)
        image = (instance.uid, *place) if instance.uid else instance.path
        if image in self._images:
            self._copies += 1
            return
        self._images.add(image)
        size = instance.rows, instance.columns, instance.is_colour
        for number, facts in enumerate(instance.frames):
            plane = facts.position is None, facts.orientation, facts.spacing_mm
            statement = size, plane, facts.image_type, facts.echo_ms, facts.stack
            if statement not in self._kinds:
                self._kinds[statement] = _kind_of(instance, facts, self._directions)
            source = FrameSource(path=instance.path, frame=number)
            self._frames[self._kinds[statement]].append(_FrameOfFile(source, facts, instance))

    @property
    def entries(self) -> list[SeriesEntry]:
        """The entries of all that has come, the same ones until a further file comes."""
        if self._entries is None:
            self._entries = self._made_entries()
        return self._entries

    def _made_entries(self) -> list[SeriesEntry]:
        additions = title_additions([*self._frames])
        entries = [
            entry
            for kind, frames in self._frames.items()
            for entry in _entries_of_kind(kind, frames, additions[kind])
        ]
        if self._copies:
            what = "copy of another file was" if self._copies == 1 else "copies of other files were"
            notes = (*entries[0].notes, f"{self._copies:,} {what} left out.")
            entries[0] = entries[0].model_copy(update={"notes": notes})
        return entries


class SeriesGroups:
    """The contents of a folder while it is listed: only series with new files are grouped again."""

    def __init__(self) -> None:
        self._series: dict[str, _Series] = {}
        self._others: list[Contents] = []

    def add(self, contents: Contents) -> None:
        """Take the contents of further files."""
        for instance in contents.instances:
            if instance.group not in self._series:
                self._series[instance.group] = _Series(instance)
            self._series[instance.group].add(instance)
        self._others.append(contents.model_copy(update={"instances": ()}))

    def contents(self) -> Contents:
        """All that was added, with its instances as entries, sorted by the path of their first file."""
        others = Contents.joined(self._others)
        self._others = [others]
        placed = [(entry.path, entry) for entry in others.entries]
        identities: dict[str, Identity] = {}
        for series in self._series.values():
            placed += [(series.first.path, entry) for entry in series.entries]
            identities |= dict.fromkeys((entry.key for entry in series.entries), series.first.identity)
        placed.sort(key=lambda place: place[0])
        entries = tuple(entry for _, entry in placed)
        return others.model_copy(update={"entries": entries, "identities": identities})


class _Directions:
    """The orientations that have come so far, equal but for rounding."""

    def __init__(self) -> None:
        self._common: dict[tuple[float, ...], tuple[float, ...]] = {}

    def common(self, orientation: tuple[float, ...] | None) -> tuple[float, ...]:
        """The first orientation that came and equals this one; empty for none."""
        if orientation is None:
            return ()
        if orientation not in self._common:
            equal = (
                earlier
                for earlier in self._common.values()
                if max(abs(a - b) for a, b in zip(earlier, orientation, strict=True)) <= _SAME_DIRECTION
            )
            self._common[orientation] = next(equal, orientation)
        return self._common[orientation]


def _kind_of(instance: Instance, facts: FrameFacts, directions: _Directions) -> StackKind:
    has_place = facts.has_place
    return StackKind(
        rows=instance.rows,
        columns=instance.columns,
        is_colour=instance.is_colour,
        orientation=directions.common(facts.orientation) if has_place else (),
        spacing=tuple(f"{step:.{_SPACING_DIGITS}g}" for step in facts.spacing_mm or ()) if has_place else (),
        image_type=facts.image_type,
        echo_ms=facts.echo_ms,
        stack=facts.stack,
    )


def _entries_of_kind(kind: StackKind, frames: list[_FrameOfFile], addition: str) -> list[SeriesEntry]:
    stacks = stacks_of(frames)
    if frames[0].instance.is_single and stacks[0].frames != tuple(frames):
        # Frames that are told apart by more than place and time, such as segments, stay in their order.
        stacks = [Stack(tuple(frames), no_volume=_OWN_ORDER)]
    instances = {frame.source.path: frame.instance for frame in frames}
    return [_entry(kind, stack, instances[stack.frames[0].source.path], addition) for stack in stacks]


def _entry(kind: StackKind, stack: Stack, instance: Instance, addition: str) -> SeriesEntry:
    sources = tuple(frame.source for frame in stack.frames)
    path, affine = sources[0].path, stack.affine
    is_in_order = all(source.path == path and source.frame == number for number, source in enumerate(sources))
    return SeriesEntry(
        path=path,
        reader=instance.reader,
        title=", ".join(filter(None, (instance.title, addition, stack.part))),
        modality=instance.modality,
        frames=len(sources),
        rows=instance.rows,
        columns=instance.columns,
        volumes=stack.volumes,
        key=digest_of(instance.group, repr(kind), stack.part),
        role="" if instance.is_localizer else instance.role,
        keys=SeriesKeys(
            patient=instance.patient,
            study=instance.study,
            frame_of_reference=instance.frame_of_reference,
            group=digest_of(instance.group, repr(kind)),
        ),
        sources=() if is_in_order else sources,
        affine_lps_mm=tuple(tuple(row) for row in affine.tolist()) if affine is not None else None,
        no_volume=stack.no_volume,
        sparse=stack.sparse,
        notes=(_LOCALIZER_NOTE, *stack.notes) if instance.is_localizer else stack.notes,
    )
