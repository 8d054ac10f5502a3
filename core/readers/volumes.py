"""Volumes of series: frames of any format as one stack, and slices of it across each of its axes."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.errors import Unreadable, Unsupported
from core.images.planes import Axis, plane_views
from core.images.slice import Identity, Slice
from core.images.volume import Volume
from core.readers.index import read
from core.readers.nifti import NiftiReader
from core.readers.protocol import SeriesEntry, require_size
from core.readers.stack_builder import StackBuilder
from core.readers.volume_cache import KEPT_VOLUMES, FileStates, KeptKey, file_states

# Called after each frame of a stack, with the number of those that are read and of all.
ReadCallback = Callable[[int, int], None]


def no_progress(done: int, total: int) -> None:
    """A ReadCallback for those who do not wait for it."""


@dataclass(frozen=True, slots=True)
class _Stack:
    volume: Volume
    identity: Identity


def read_plane(
    entry: SeriesEntry, number: int, axis: Axis, index: int, progress: ReadCallback = no_progress
) -> tuple[Slice, Identity]:
    """Slice `index` across an axis of volume `number`, both counted from 0, as displayed, and the identity.

    Across axis 0 it is a frame as `core.readers.index.read` gives it, read without the others; else the
    volume is kept for the next call, up to a limit of memory; missing slices of a sparse stack are padding.
    Raises Unsupported for a series that is no
    volume, Unreadable for a slice that it does not have, and an InputError as `core.readers.index.read`.
    """
    if axis == 0:
        _require_index(entry, number, entry.volumes, "volumes")
        _require_index(entry, index, entry.slices, "slices")
        return read(entry, number * entry.slices + index)
    _require_volume(entry, number)
    affine = None if entry.stack_affine_lps_mm is None else np.array(entry.stack_affine_lps_mm)
    view = plane_views(entry.stack_shape, affine)[axis]
    _require_index(entry, index, view.count, "slices across this axis")
    require_size(entry.path, view.rows, view.columns)
    if entry.reader == NiftiReader.name:
        from core.readers.nifti_volume import plane_of

        return plane_of(entry.path, number, axis, index), Identity()
    stack = _stack_of(entry, number, progress)
    return stack.volume.slice(view, index), stack.identity


def release(entry: SeriesEntry) -> None:
    """Let go of all volumes that were made of the files of a series."""
    KEPT_VOLUMES.release(entry.paths)


def _require_volume(entry: SeriesEntry, number: int) -> None:
    """Raises Unsupported or Unreadable."""
    if entry.no_volume and not entry.has_planes:
        raise Unsupported(f"{entry.path.name} belongs to no volume. {entry.no_volume}", "Open its slices.")
    _require_index(entry, number, entry.volumes, "volumes")


def _require_index(entry: SeriesEntry, index: int, count: int, name: str) -> None:
    if not 0 <= index < count:
        raise Unreadable(f"{entry.path.name} has {count} {name}, so none with the number {index}.")


def _stack_of(entry: SeriesEntry, number: int, progress: ReadCallback) -> _Stack:
    key = KeptKey(_Stack, (*entry.origin, number))
    if (kept := KEPT_VOLUMES.get(key)) is not None:
        return kept
    sources = [entry.source(number * entry.slices + index) for index in range(entry.slices)]
    states: FileStates = file_states(source.path for source in sources)
    stack = _read_stack(entry, number, progress)
    size_bytes = stack.volume.values.nbytes
    if stack.volume.padding is not None:
        size_bytes += stack.volume.padding.nbytes
    KEPT_VOLUMES.keep(key, stack, states, size_bytes)
    return stack


def _read_stack(entry: SeriesEntry, number: int, progress: ReadCallback) -> _Stack:
    first_frame = number * entry.slices
    middle, identity = read(entry, first_frame + entry.slices // 2)
    KEPT_VOLUMES.make_room(entry.stack_shape[0] * middle.values.nbytes)
    builder = StackBuilder(entry, middle)
    for index in range(entry.slices):
        builder.add(index, read(entry, first_frame + index)[0])
        progress(index + 1, entry.slices)
    return _Stack(builder.volume(), identity)
