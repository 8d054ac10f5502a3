"""Series that are split and joined while they are listed, and folders and files that are opened again."""

from pathlib import Path

import numpy as np
import pytest

from app.window.states.case_list import CaseList
from app.window.states.folder_listing import Opening
from app.window.states.position import SlicePosition
from app.window.states.series_taking import take_series
from app.window.states.session import Session
from app.window.states.tool import Tool
from core.errors import NotApplicable, Truncated
from core.images.slice import Slice
from core.readers.grouping import SeriesGroups
from core.readers.instances import FrameTimes
from core.readers.messages import Indexed
from core.readers.protocol import Contents, SeriesEntry
from tests.app.window.states.steps import MAP, PICTURE
from tests.app.window.states.test_studies import entry, refine
from tests.cards import make_card
from tests.core.readers.test_grouping import placed_instance
from tests.gui.recorded import RecordedLink, explained, frame_read, predicted

OTHER = Slice(np.ones((8, 8), np.uint8))


def part(key: str, *files: str, group: str = "g") -> SeriesEntry:
    """An entry that may exchange slices with others of its group."""
    whole = entry(key, *files)
    return whole.model_copy(update={"keys": whole.keys.model_copy(update={"group": group})})


BEGUN = part("main", "a.dcm", "b.dcm", "c.dcm")
MAIN, FURTHER = part("main", "a.dcm", "c.dcm"), part("further", "b.dcm")


@pytest.fixture
def lister(qapp) -> RecordedLink:
    return RecordedLink()


@pytest.fixture
def opened(worker, reader, lister, preferences) -> Session:
    """The middle slice b.dcm of BEGUN is shown and predicted while its folder is still being listed."""
    session = Session(worker, reader, lister, [make_card()], [], preferences)
    session.cases.open_paths(["folder"])
    refine(lister, BEGUN)
    reader.answer(*frame_read(PICTURE))
    worker.answer(predicted())
    return session


def work_on(session: Session, worker: RecordedLink) -> None:
    """A map, a region and a distance on the shown slice."""
    session.explain.start(["grad_cam"])
    worker.answer(explained(MAP), [MAP])
    session.region.draw_rectangle((1, 1), (3, 3))
    session.tool.choose(Tool.DISTANCE)
    for point in ((1.0, 1.0), (4.0, 5.0)):
        session.measurements.begin_point(point)
        session.measurements.end_point(point)


def has_work(session: Session) -> bool:
    """Whether all that `work_on` made is shown, and what was predicted."""
    has_map = [entry.method for entry in session.maps.finished] == ["grad_cam"]
    has_region = session.region.mask is not None and session.region.mask.sum() == 9
    has_prediction = session.prediction.record is not None
    return has_map and has_region and has_prediction and len(session.measurements.all) == 1


def answer_worker(worker: RecordedLink) -> None:
    """Predictions come, all that runs in the background is refused."""
    while worker.running_job is not None:
        is_prediction = worker.running_job.delivery.request.kind == "predict"
        worker.answer(predicted()) if is_prediction else worker.fail(NotApplicable("Not here."))


def place(session: Session) -> tuple[str, int, int]:
    """Key of the shown entry, index of the shown slice, and how many there are."""
    case = session.shown.current.case
    return case.entry.key, session.image.position.index, session.image.slices


def split(session: Session, lister: RecordedLink) -> None:
    """The shown slice becomes part of another entry, at once and for good."""
    refine(lister, MAIN, FURTHER)
    lister.answer(Indexed(entries=(MAIN, FURTHER)))


def join(session: Session, lister: RecordedLink) -> None:
    """The shown slice is part of another entry for a while and comes back."""
    refine(lister, MAIN, FURTHER)
    lister.answer(Indexed(entries=(BEGUN,)))


@pytest.mark.parametrize(
    ("change", "expected"),
    [(split, ("further", 0, 1)), (join, ("main", 1, 3))],
    ids=["it is split", "it is split and joined again"],
)
def test_that_what_was_made_of_a_slice_stays_with_it(
    opened, worker, reader, lister, change, expected
) -> None:
    work_on(opened, worker)
    record, sent, read = opened.prediction.record, len(worker.sent), len(reader.sent)
    change(opened, lister)
    assert has_work(opened)
    assert opened.prediction.record is record
    assert (len(worker.sent), len(reader.sent)) == (sent, read)
    assert place(opened) == expected
    assert opened.cases.slices.chosen == opened.shown.current.case.number
    assert opened.undo.can_undo


@pytest.mark.parametrize("change", [split, join])
def test_that_what_was_made_of_a_slice_comes_back_with_it(opened, worker, reader, lister, change) -> None:
    work_on(opened, worker)
    opened.cases.slices.go_to_index(0)
    reader.answer(*frame_read(OTHER))
    assert not opened.maps.finished
    change(opened, lister)
    holder = next(
        case for case in opened.cases.list.opened if case.entry.frame_of(BEGUN.source(1)) is not None
    )
    frame = holder.entry.frame_of(BEGUN.source(1))
    opened.cases.choose(holder.number, SlicePosition.of_frame(holder.entry, frame))
    while reader.running_job is not None:
        reader.answer(*frame_read(PICTURE))
    answer_worker(worker)
    assert has_work(opened)


@pytest.mark.parametrize("change", [split, join])
def test_that_a_map_that_is_being_computed_arrives_at_its_slice(opened, worker, lister, change) -> None:
    opened.explain.start(["grad_cam"])
    change(opened, lister)
    worker.answer(explained(MAP), [MAP])
    assert [map_.method for map_ in opened.maps.finished] == ["grad_cam"]


@pytest.mark.parametrize("change", [split, join])
def test_that_a_slice_that_cannot_be_read_leaves_the_shown_one(opened, reader, lister, change) -> None:
    opened.cases.slices.go_to_index(2)
    change(opened, lister)
    while reader.running_job is not None:
        reader.fail(Truncated("c.dcm ends early."))
    assert opened.cases.slices.case.entry.source(opened.cases.slices.position.index) in (
        BEGUN.source(1),
        BEGUN.source(2),
    )
    assert opened.image.image is not None


def test_that_a_slice_on_which_nothing_was_done_makes_way_for_the_first_part(opened, reader, lister) -> None:
    split(opened, lister)
    assert (reader.last.entry, reader.last.frame) == (MAIN, 1)
    assert opened.cases.slices.case.entry is MAIN


def test_that_work_leaves_with_the_last_part_of_its_series(opened, worker, lister) -> None:
    work_on(opened, worker)
    split(opened, lister)
    key = opened.maps.key
    main, further = (case.number for case in opened.cases.list.opened)
    opened.cases.close([main])
    assert has_work(opened)
    opened.cases.close([further])
    assert key not in opened.maps._maps
    assert (opened.region.histories._regions, opened.measurements._measurements) == ({}, {})
    assert not opened.undo.can_undo


def end(lister: RecordedLink, *entries: SeriesEntry) -> None:
    """Answer the listing that runs, after pictures that wait before it."""
    while lister.running_job.delivery.request.kind != "index":
        lister.answer(*frame_read(PICTURE))
    lister.answer(Indexed(entries=entries))


@pytest.fixture
def listed(opened, worker, lister) -> Session:
    """The folder has been listed to its end, and the shown slice was worked on."""
    work_on(opened, worker)
    lister.answer(Indexed(entries=(BEGUN,)))
    while lister.running_job is not None:
        lister.answer(*frame_read(PICTURE))
    return opened


def answer_all(session: Session, reader: RecordedLink, worker: RecordedLink) -> None:
    """Slices and predictions that are asked for; the values of each file stay the same."""
    while reader.running_job is not None:
        request = reader.running_job.delivery.request
        is_worked_on = request.entry.source(request.frame) == BEGUN.source(1)
        reader.answer(*frame_read(PICTURE if is_worked_on else OTHER))
    answer_worker(worker)


def test_that_a_folder_opened_again_is_the_same_case_with_its_work(listed, reader, worker, lister) -> None:
    (number,) = [case.number for case in listed.cases.list.opened]
    listed.cases.open_paths(["folder"])
    for found in ((part("main", "a.dcm"),), (part("main", "c.dcm"), part("incomplete", "a.dcm"))):
        refine(lister, *found)
        assert [(case.number, case.entry) for case in listed.cases.list.opened] == [(number, BEGUN)]
    answer_all(listed, reader, worker)
    assert has_work(listed)
    end(lister, BEGUN.model_copy())
    answer_all(listed, reader, worker)
    assert [case.number for case in listed.cases.list.opened] == [number]
    assert has_work(listed)
    assert place(listed) == ("main", 1, 3)


def test_that_a_folder_opened_again_has_the_files_that_it_has_now(listed, reader, worker, lister) -> None:
    (number,) = [case.number for case in listed.cases.list.opened]
    listed.cases.open_paths(["folder"])
    end(lister, part("main", "b.dcm", "c.dcm"))
    (case,) = listed.cases.list.opened
    assert (case.number, case.entry.frames) == (number, 2)
    answer_all(listed, reader, worker)
    listed.cases.slices.go_to_index(0)
    answer_all(listed, reader, worker)
    assert has_work(listed)


def test_that_a_part_whose_slices_are_in_another_one_by_now_leaves(opened, reader, worker, lister) -> None:
    work_on(opened, worker)
    split(opened, lister)
    while lister.running_job is not None:
        lister.answer(*frame_read(PICTURE))
    opened.cases.open_paths(["folder"])
    end(lister, BEGUN.model_copy())
    (case,) = opened.cases.list.opened
    assert case.entry == BEGUN
    answer_all(opened, reader, worker)
    assert has_work(opened)


def test_that_a_file_of_a_listed_series_is_its_slice(listed, reader, worker, lister) -> None:
    (number,) = [case.number for case in listed.cases.list.opened]
    listed.cases.open_paths(["folder/c.dcm"])
    end(lister, part("main", "c.dcm"))
    answer_all(listed, reader, worker)
    (case,) = listed.cases.list.opened
    assert (case.number, case.entry, case.folder.name) == (number, BEGUN, "folder")
    assert place(listed) == ("main", 2, 3)
    listed.cases.slices.go_to_index(1)
    answer_all(listed, reader, worker)
    assert has_work(listed)


def test_that_two_files_of_a_series_stand_beside_each_other_until_their_folder_is_opened(
    worker, reader, lister, preferences
) -> None:
    session = Session(worker, reader, lister, [make_card()], [], preferences)
    session.cases.open_paths(["folder/b.dcm"])
    end(lister, part("main", "b.dcm"))
    answer_all(session, reader, worker)
    work_on(session, worker)
    session.cases.open_paths(["folder/c.dcm"])
    end(lister, part("main", "c.dcm"))
    assert [case.path.name for case in session.cases.list.opened] == ["b.dcm", "c.dcm"]
    session.cases.open_paths(["folder/b.dcm"])
    end(lister, part("main", "b.dcm"))
    answer_all(session, reader, worker)
    assert has_work(session)
    assert len(session.cases.list.opened) == 2
    session.cases.open_paths(["folder"])
    end(lister, BEGUN)
    answer_all(session, reader, worker)
    assert [case.entry for case in session.cases.list.opened] == [BEGUN]
    assert has_work(session)


def test_that_a_copy_of_a_series_in_another_folder_takes_its_place(listed, reader, worker, lister) -> None:
    sources = tuple(
        source.model_copy(update={"path": Path("copy") / source.path.name}) for source in BEGUN.sources
    )
    copy = BEGUN.model_copy(update={"path": sources[0].path, "sources": sources})
    listed.cases.open_paths(["copy"])
    end(lister, copy)
    assert [case.entry for case in listed.cases.list.opened] == [copy]


@pytest.mark.parametrize("order", ["time", "place"])
@pytest.mark.parametrize("missing", [0, 1, 5, 11])
def test_that_work_stays_while_time_points_come_file_by_file(
    worker, reader, lister, preferences, order, missing
) -> None:
    """As `core.readers.grouping` divides them: incomplete time points come and go beside the whole ones."""
    places = [(time, z) for time in range(3) for z in range(4)]
    del places[missing]
    if order == "place":
        places.sort(key=lambda place: (place[1], place[0]))
    files = [
        placed_instance(
            f"folder/{number:02}.dcm",
            (0.0, 0.0, 2.0 * z),
            uid=f"{number}",
            times=FrameTimes(temporal=float(time), number=float(number)),
        )
        for number, (time, z) in enumerate(places)
    ]
    session = Session(worker, reader, lister, [make_card()], [], preferences)
    session.cases.open_paths(["folder"])
    groups = SeriesGroups()
    for number, file in enumerate(files):
        groups.add(Contents(entries=(), instances=(file,)))
        refine(lister, *groups.contents().entries)
        if number == 0:
            reader.answer(*frame_read(PICTURE))
            worker.answer(predicted())
            work_on(session, worker)
        assert has_work(session)
        chosen, position = session.cases.slices.case, session.cases.slices.position
        assert chosen.entry.source(position.frame(chosen.entry)).path == files[0].path
    lister.answer(Indexed.of(groups.contents()))
    assert has_work(session)
    shown = session.shown.current
    assert shown.case.entry.source(shown.position.frame(shown.case.entry)).path == files[0].path
    assert sum(case.entry.frames for case in session.cases.list.opened) == len(files)


def test_that_a_series_is_found_without_a_look_at_all_others(monkeypatch) -> None:
    """With a look at all others, two thousand films would hold the window up for a third of a second."""
    looks: list[int] = []
    opened = CaseList.opened.fget
    monkeypatch.setattr(CaseList, "opened", property(lambda cases: (looks.append(1), opened(cases))[1]))
    cases = CaseList([])
    films = [part(str(number), group=str(number)) for number in range(200)]
    for _ in range(2):
        take_series(cases, Opening(Path("folder"), True), films, is_complete=True)
    assert (len(cases.opened), len(looks) <= 4) == (200, True)
