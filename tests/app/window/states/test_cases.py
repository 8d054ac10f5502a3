"""Cases, with recorded links: readable and broken files, slices, thumbnails, cancelling."""

from pathlib import Path

import numpy as np
import pytest

from app.window.states.notices import Weight
from app.window.states.position import SlicePosition
from core.errors import Truncated
from core.images import digest
from core.images.digest import digest_of
from core.images.slice import Slice
from core.images.windowing import default_window
from core.link import CancelledJob
from core.readers.messages import Indexed
from core.readers.protocol import Contents, FailedFile, SkippedFile
from tests.app.window.states.steps import MAP, PICTURE, open_and_predict, open_file
from tests.gui.recorded import explained, frame_read, indexed


def test_that_a_sample_brings_its_modality_so_that_it_fits_the_card(with_sample, reader, worker) -> None:
    with_sample.open_sample()
    reader.answer(indexed("one.png"))
    reader.answer(*frame_read(PICTURE))
    assert with_sample.image.image.modality == "MR"
    assert not any("made for" in notice.text for notice in with_sample.notices.notices)


def test_that_a_bad_file_is_reported_above_the_image_and_the_next_one_opens(session, reader, worker) -> None:
    session.cases.open_paths(["folder/bad.dcm"])
    reader.fail(Truncated("bad.dcm ends early.", "Copy it again."))
    notice = session.notices.notices[0]
    assert (notice.weight, notice.text, notice.hint) == (
        Weight.ERROR,
        "bad.dcm ends early.",
        "Copy it again.",
    )
    assert "bad.dcm" not in notice.details
    open_file(session, reader)
    assert session.image.image is not None
    assert notice in session.notices.notices
    session.cases.open_paths(["folder/bad.dcm"])
    reader.answer(indexed("bad.dcm"))
    assert notice not in session.notices.notices


def test_that_a_bad_file_among_good_ones_is_still_reported_when_they_are_read(
    session, reader, worker
) -> None:
    session.cases.open_paths(["folder/a.png", "folder/bad.dcm", "folder/worse.dcm"])
    reader.answer(indexed("a.png"))
    reader.fail(Truncated("bad.dcm ends early."))
    reader.fail(Truncated("worse.dcm ends early."))
    reader.answer(*frame_read(PICTURE))
    assert session.image.image is not None
    errors = [n.text for n in session.notices.notices if n.weight is Weight.ERROR]
    assert errors == ["bad.dcm ends early.", "worse.dcm ends early."]


def test_that_the_last_request_wins_when_slices_are_turned_quickly(session, reader, worker) -> None:
    open_file(session, reader, frames=9)
    assert session.cases.slices.position.index == 4
    for _ in range(3):
        session.cases.slices.go_by(1)
    requested_frames = [message.frame for message, _ in reader.sent if message.kind == "read"]
    assert requested_frames[-1] == 5
    reader.answer(*frame_read(PICTURE))
    assert session.image.position.index == 4
    assert reader.last.frame == 7
    reader.answer(*frame_read(PICTURE))
    assert (session.image.position.index, session.cases.slices.position.index) == (7, 7)
    session.cases.slices.go_to_index(100)
    assert session.cases.slices.position.index == 8


def test_that_thumbnails_wait_until_the_reader_is_free_and_a_bad_one_stops_nothing(
    with_sample, reader, worker
) -> None:
    with_sample.cases.open_paths(["folder"])
    reader.answer(indexed("a.png", "b.png", "c.png"))
    reader.answer(*frame_read(PICTURE))
    assert [case.folder.name for case in with_sample.cases.list.opened] == ["folder"] * 3
    with_sample.cases.thumbnails.ask_for_all()
    while reader.running_job is not None:
        if reader.last.kind == "index":
            reader.fail(Truncated("The sample ends early."))
        elif reader.last.entry.path == Path("folder/b.png"):
            reader.fail(Truncated("b.png ends early."))
        else:
            reader.answer(*frame_read(PICTURE))
    assert [case.thumbnail is not None for case in with_sample.cases.list.opened] == [True, False, True]
    assert not any(n.weight is Weight.ERROR for n in with_sample.notices.notices)


def test_that_identity_never_reaches_a_state(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    state_text = repr(session.cases.slices.case) + repr(session.image.image) + session.image.case_title
    assert "Nobody" not in state_text


def test_that_a_file_edited_and_opened_again_gets_no_old_map_and_a_new_thumbnail(
    session, reader, worker
) -> None:
    open_and_predict(session, reader, worker)
    session.explain.start(["grad_cam"])
    worker.answer(explained(MAP), [MAP])
    before = session.cases.slices.case
    open_file(session, reader, Slice(255 - PICTURE.values))
    after = session.cases.slices.case
    assert after.number == before.number
    assert (session.maps.entries, session.image.overlay) == ((), None)
    assert not np.array_equal(after.thumbnail, before.thumbnail)
    open_file(session, reader)
    assert [entry.method for entry in session.maps.entries] == ["grad_cam"]


def test_that_a_series_of_volumes_opens_where_the_command_line_opens_it(session, reader, worker) -> None:
    session.cases.open_paths(["folder/a.nii"])
    message = indexed("a.nii", frames=200, volumes=10)
    reader.answer(message)
    assert (session.cases.slices.position, reader.last.frame) == (SlicePosition(0, 10, 0), 10)
    assert message.entries[0].middle_frame == 10


def test_that_reading_counts_as_busy_and_is_cancelled_with_all_that_waits(session, reader, worker) -> None:
    session.cases.open_paths(["folder/a.png", "folder/b.png"])
    assert session.busy
    session.cancel()
    assert reader.last.kind == "cancel"
    reader.answer(CancelledJob())
    assert (session.busy, reader.open_jobs, session.notices.notices) == (False, [], ())


def failing(count: int) -> Contents:
    """A folder of one image and some files that fail."""
    failures = tuple(
        FailedFile.of(Path(f"folder/{at}.dcm"), Truncated(f"{at}.dcm ends too early.")) for at in range(count)
    )
    return Contents(entries=indexed("a.png").entries, failures=failures)


def test_that_files_of_a_folder_that_fail_are_reported_in_one_line_and_the_rest_opens(
    session, reader
) -> None:
    session.cases.open_paths(["folder"])
    reader.answer(Indexed.of(failing(5)))
    assert [case.title for case in session.cases.list.opened] == ["a.png"]
    (notice,) = session.notices.notices
    assert notice.text == "5 of 6 files could not be read."
    assert notice.hint == ("0.dcm ends too early. 1.dcm ends too early. 2.dcm ends too early. And 2 more.")
    assert notice.weight is Weight.ERROR


def test_that_a_folder_opened_again_without_failures_takes_its_notice_away(session, reader) -> None:
    session.cases.open_paths(["folder"])
    reader.answer(Indexed.of(failing(1)))
    assert [notice.text for notice in session.notices.notices] == ["1 of 2 files could not be read."]
    session.cases.open_paths(["folder"])
    while reader.last.kind != "index" or reader.running_job is None:
        reader.fail(Truncated("No small picture."))
    reader.answer(Indexed.of(failing(0)))
    assert [n.text for n in session.notices.notices if "could not be read" in n.text] == []


def test_that_what_a_folder_skips_has_a_notice_beside_its_failures(session, reader) -> None:
    skipped = (SkippedFile(path=Path("folder/study.zip"), kind="archive"),)
    session.cases.open_paths(["folder"])
    reader.answer(Indexed.of(failing(1).model_copy(update={"skipped": skipped})))
    assert [(notice.weight, notice.text) for notice in session.notices.notices] == [
        (Weight.ERROR, "1 of 2 files could not be read."),
        (Weight.WARNING, "1 file was skipped: study.zip (archive)."),
    ]
    session.cases.open_paths(["folder"])
    while reader.last.kind != "index" or reader.running_job is None:
        reader.fail(Truncated("No small picture."))
    reader.answer(Indexed.of(failing(0)))
    assert not any("skipped" in notice.text for notice in session.notices.notices)


def test_that_opening_an_image_neither_ranks_nor_digests_its_values_on_the_windows_thread(
    session, reader, worker, monkeypatch
) -> None:
    image = Slice(np.random.default_rng(0).random((40, 30), dtype=np.float32), modality="MG")
    message, arrays = frame_read(image)
    expected = default_window(image), digest_of(image)
    monkeypatch.setattr(np, "percentile", lambda *_: pytest.fail("the values were ranked"))
    monkeypatch.setattr(digest, "_array_digest", lambda _: pytest.fail("the values were digested"))
    session.cases.open_paths(["folder/one.dcm"])
    reader.answer(indexed("one.dcm"))
    reader.answer(message, [array.copy() for array in arrays])
    assert (session.image.display.window, session.shown.current.digest) == expected
    assert len(session.image.display.presets) == 2
