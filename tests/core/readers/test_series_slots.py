"""Requests carry the sources of a series once, and of a frame its own alone."""

from pathlib import Path

import numpy as np
import pytest

from core.images.slice import Slice
from core.images.slice_place import SlicePlace
from core.readers.messages import (
    REQUESTS,
    CloseSeries,
    ReadFrame,
    ReadMask,
    ReadMaskAreas,
    ReadPlane,
    ReadTags,
)
from core.readers.protocol import FrameSource, SeriesEntry
from core.readers.series_slots import SLOTS, SeriesSender, SeriesStore

PLACE = SlicePlace.of(Slice(np.zeros((2, 2))))


def series(name: str = "a", files: int = 1500) -> SeriesEntry:
    """One frame a file."""
    sources = tuple(FrameSource(path=Path(f"folder/{name}{number}.dcm")) for number in range(files))
    return SeriesEntry(
        path=sources[0].path, reader="DICOM", title="", frames=files, rows=2, columns=2, sources=sources
    )


def plane(entry: SeriesEntry, index: int = 0) -> ReadPlane:
    return ReadPlane(entry=entry, volume=0, axis=1, index=index)


@pytest.mark.parametrize("kind", [ReadFrame, ReadTags])
def test_that_the_request_of_a_frame_names_its_file_alone(kind) -> None:
    entry = series()
    request = SeriesSender().shortened(kind(entry=entry, frame=1234))
    assert request.entry.sources == (entry.sources[1234],)
    assert request.entry.source(request.frame) == entry.source(1234)
    assert len(request.model_dump_json()) < 1000


@pytest.mark.parametrize("frame", [-1, 1500])
def test_that_a_frame_that_is_missing_is_still_refused_by_the_reader(frame: int) -> None:
    request = ReadFrame(entry=series(), frame=frame)
    assert SeriesSender().shortened(request) is request


def test_that_planes_and_masks_get_all_sources_though_they_are_sent_once() -> None:
    sender, store = SeriesSender(), SeriesStore()
    image, mask = series("a"), series("mask")
    requests = [plane(image), plane(image, 1), ReadMask(entry=mask, place=PLACE), plane(image, 2)]
    requests += [ReadMask(entry=mask, place=PLACE, labels=(2.0,))]
    sent = [REQUESTS.validate_json(sender.shortened(request).model_dump_json()) for request in requests]
    assert [len(request.entry.sources) for request in sent] == [1500, 0, 1500, 0, 0]
    arrived = [store.whole(request) for request in sent]
    assert [request.entry for request in arrived] == [request.entry for request in requests]
    assert arrived[3].index == 2
    assert arrived[4].labels == (2.0,)


def test_that_a_series_of_which_more_files_are_known_by_now_is_sent_again() -> None:
    sender, store = SeriesSender(), SeriesStore()
    for entry in (series(files=3), series(files=5), series(files=5)):
        assert store.whole(sender.shortened(plane(entry))).entry == entry


def test_that_more_series_than_there_are_slots_are_never_mistaken_for_each_other() -> None:
    sender, store = SeriesSender(), SeriesStore()
    entries = [series(str(number), files=2) for number in range(2 * SLOTS + 1)]
    for entry in [*entries, *entries, entries[-1], entries[0], entries[-1]]:
        assert store.whole(sender.shortened(plane(entry))).entry == entry


@pytest.mark.parametrize("earlier", [0, 1, 2])
def test_that_the_areas_of_a_mask_name_both_series_shortly(earlier: int) -> None:
    """earlier: how many of the two series, the image first, the process has already."""
    sender, store = SeriesSender(), SeriesStore()
    image, mask = series("a"), series("mask")
    for request in [plane(image), ReadMask(entry=mask, place=PLACE)][:earlier]:
        store.whole(sender.shortened(request))
    areas = ReadMaskAreas(entry=mask, image=image, volume=0, axis=1, labels=(2.0,))
    sizes = []
    for _ in range(2):
        sent = REQUESTS.validate_json(sender.shortened(areas).model_dump_json())
        sizes.append((len(sent.image.sources), len(sent.entry.sources)))
        arrived = store.whole(sent)
        assert (arrived.entry, arrived.image, arrived.labels) == (mask, image, (2.0,))
    assert sizes == [(0 if earlier > 0 else 1500, 0 if earlier > 1 else 1500), (0, 0)]


def test_that_a_mask_of_its_own_image_takes_one_slot() -> None:
    sender, store, image = SeriesSender(), SeriesStore(), series()
    sent = sender.shortened(ReadMaskAreas(entry=image, image=image, volume=0, axis=1))
    assert (len(sent.entry.sources), len(sent.image.sources)) == (1500, 0)
    assert store.whole(sent).image == image


def test_that_a_series_is_closed_by_its_slot_which_is_free_then() -> None:
    sender, store = SeriesSender(), SeriesStore()
    image, other = series("a"), series("b")
    for request in (plane(image), plane(other)):
        store.whole(sender.shortened(request))
    sent = REQUESTS.validate_json(sender.shortened(CloseSeries(entry=image)).model_dump_json())
    assert (sent.entry.sources, sent.slot) == ((), 0)
    assert store.whole(sent).entry == image
    assert store.whole(sender.shortened(plane(other, 1))).entry == other
    again = sender.shortened(plane(image))
    assert len(again.entry.sources) == 1500
    assert store.whole(again).entry == image


def test_that_other_requests_and_series_in_one_file_stay_as_they_are() -> None:
    alone = SeriesEntry(path=Path("a.nii"), reader="NIfTI", title="", frames=9, rows=2, columns=2)
    for request in (ReadFrame(entry=alone, frame=4), plane(alone), CloseSeries(entry=series())):
        assert SeriesSender().shortened(request) is request
