"""A file that ends or blocks its reader process is lost alone, and the real cause is reported."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from core.errors import NoImages, OutOfMemory, Refused, SaliscopeError, TimedOut, Unreadable
from core.link import Outcome
from core.readers import losses
from core.readers.listing import Listing
from core.readers.process import ReaderProcess
from tests.core.readers.dicom_files import RAMP, dicom_file
from tests.core.readers.failing_reader import COMMAND

ENDS = {
    "abort": (Unreadable, "The decoder ended unexpectedly while it read x; nothing was read from it."),
    "fault": (Unreadable, "The decoder ended unexpectedly while it read x; nothing was read from it."),
    "leave": (Unreadable, "The decoder ended unexpectedly while it read x; nothing was read from it."),
    "killed": (
        OutOfMemory,
        "The system ended the decoder while it read x, most likely because memory ran out.",
    ),
    "nonsense": (Unreadable, "What the decoder sent of x could not be understood, and it was stopped."),
    "panic": (Unreadable, "x cannot be decoded as a picture: "),
    "bad_alloc": (Refused, "x needs more memory than a file may take."),
    "chatter": (Unreadable, "The decoder ended unexpectedly while it read x; nothing was read from it."),
    "memory": (Refused, "x needs more memory than a file may take."),
}


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[..., ReaderProcess]:
    """A reader process that also takes files that say how it is to fail."""
    monkeypatch.setattr("core.readers.process.command_of", lambda name: COMMAND)
    return ReaderProcess


@pytest.fixture
def reader(failing: Callable[..., ReaderProcess]) -> Iterator[ReaderProcess]:
    with failing() as process:
        yield process


def file_that_fails(path: Path, when: str, how: str) -> Path:
    path.write_text(f"FAIL {when} {how}")
    return path


@pytest.mark.parametrize("how", ENDS)
def test_that_the_reported_cause_is_the_real_one_and_the_next_file_is_read(
    tmp_path: Path, reader: ReaderProcess, how: str
) -> None:
    kind, sentence = ENDS[how]
    good = dicom_file(tmp_path / "a.dcm")
    with pytest.raises(SaliscopeError) as at_index:
        reader.index(file_that_fails(tmp_path / "x", "index", how))
    (entry,) = reader.index(file_that_fails(tmp_path / "x", "read", how))
    with pytest.raises(SaliscopeError) as at_read:
        reader.read(entry, 0)
    for raised in (at_index, at_read):
        assert type(raised.value) is kind
        assert raised.value.message.startswith(sentence)
        assert not set(re.findall(r"\w+", str(raised.value))) & {"signal", "bounds", "Panic", "bad_alloc"}
    (entry,) = reader.index(good)
    np.testing.assert_array_equal(reader.read(entry, 0)[0].values, RAMP)


def test_that_a_file_that_takes_too_long_is_reported_with_the_limit(tmp_path: Path, failing) -> None:
    hanging = file_that_fails(tmp_path / "x", "read", "hang")
    with failing(time_limit_s=1) as reader:
        (entry,) = reader.index(hanging)
        with pytest.raises(TimedOut, match=r"^Reading x took longer than 1 seconds and was stopped\."):
            reader.read(entry, 0)
        assert len(reader.index(dicom_file(tmp_path / "a.dcm"))) == 1


def test_that_a_process_stopped_by_its_own_clock_was_too_slow_and_did_not_crash(
    tmp_path: Path, failing
) -> None:
    with failing(time_limit_s=7) as reader, pytest.raises(TimedOut, match="longer than 70 seconds"):
        reader.index(file_that_fails(tmp_path / "x", "index", "alarm"))


def test_that_an_answer_in_the_last_second_is_accepted_and_blames_no_later_file(
    tmp_path: Path, failing, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = dicom_file(tmp_path / "a.dcm")
    with failing() as reader:
        (entry,) = reader.index(path)
        stopped = reader._child
        receive = reader._receive

        def late(child, request, timeout, listing):
            received = receive(child, request, timeout, listing)
            timeout._expire()  # the limit is over while the answer is already there
            return received

        monkeypatch.setattr(reader, "_receive", late)
        np.testing.assert_array_equal(reader.read(entry, 0)[0].values, RAMP)
        monkeypatch.undo()
        np.testing.assert_array_equal(reader.read(entry, 0)[0].values, RAMP)
        assert reader._child is not stopped


def test_that_a_process_that_ended_between_two_files_is_the_fault_of_neither(tmp_path: Path, failing) -> None:
    path = dicom_file(tmp_path / "a.dcm")
    with failing() as reader:
        (entry,) = reader.index(path)
        assert reader._child is not None
        reader._child.stop()
        reader._child.outcome(wait_s=60)
        np.testing.assert_array_equal(reader.read(entry, 0)[0].values, RAMP)


@pytest.mark.parametrize("code", [-11, -6, -9, -14, 1, 3, 0xC0000005])
def test_that_no_sentence_quotes_a_signal_or_an_exit_code(code: int) -> None:
    error = losses.ended(Path("/Surname Given/x.dcm"), Outcome(code), 300)
    assert "x.dcm" in error.message
    words = set(re.findall(r"\w+", str(error)))
    assert words & {"signal", "code", "exit", "Surname", "SIGKILL", str(abs(code))} == set()


def test_that_files_of_a_folder_that_cost_the_process_are_named_and_the_rest_is_listed_once(
    tmp_path: Path, reader: ReaderProcess
) -> None:
    for name in ("a.dcm", "c.dcm", "f.dcm", "z.dcm"):
        dicom_file(tmp_path / name)
    (tmp_path / "broken.dcm").touch()
    (tmp_path / "study.zip").write_bytes(b"PK\x03\x04")
    file_that_fails(tmp_path / "b", "index", "abort")
    file_that_fails(tmp_path / "d", "index", "killed")
    file_that_fails(tmp_path / "e", "index", "panic")
    file_that_fails(tmp_path / "y", "index", "nonsense")
    contents = reader.contents(tmp_path)
    assert [entry.path.name for entry in contents.entries] == ["a.dcm", "c.dcm", "f.dcm", "z.dcm"]
    assert [(failure.path.name, failure.code) for failure in contents.failures] == [
        ("b", "unreadable"),
        ("broken.dcm", "unreadable"),
        ("d", "out_of_memory"),
        ("e", "unreadable"),
        ("y", "unreadable"),
    ]
    assert isinstance(contents.failures[2].error(), OutOfMemory)
    assert [file.path.name for file in contents.skipped] == ["study.zip"]


def test_that_a_file_that_hangs_costs_its_folder_one_file(tmp_path: Path, failing) -> None:
    for name in ("a.dcm", "c.dcm"):
        dicom_file(tmp_path / name)
    file_that_fails(tmp_path / "b", "index", "hang")
    with failing(time_limit_s=2) as reader:
        contents = reader.contents(tmp_path)
    assert [entry.path.name for entry in contents.entries] == ["a.dcm", "c.dcm"]
    (failure,) = contents.failures
    assert failure.message == "Reading b took longer than 2 seconds and was stopped."
    assert isinstance(failure.error(), TimedOut)


def test_that_a_folder_of_nothing_but_such_files_reports_it(tmp_path: Path, reader: ReaderProcess) -> None:
    folder = tmp_path / "set"
    folder.mkdir()
    for name in "ab":
        file_that_fails(folder / name, "index", "abort")
    with pytest.raises(
        NoImages, match=r"^The folder holds no image .* first of 2 that failed: The decoder ended"
    ):
        reader.contents(folder)


def test_that_a_lost_file_costs_its_folder_one_more_request_and_no_second_reading(
    tmp_path: Path, reader: ReaderProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    resumed_after, begun = [], []
    receive, take = reader._receive, Listing.take

    def recording_receive(child, request, timeout, listing):
        resumed_after.append(request.after and request.after.name)
        return receive(child, request, timeout, listing)

    def taken(listing, message):
        begun.append(message.path.name)
        take(listing, message)

    monkeypatch.setattr(reader, "_receive", recording_receive)
    monkeypatch.setattr(Listing, "take", taken)
    for name in ("a.dcm", "c.dcm", "d.dcm"):
        dicom_file(tmp_path / name)
    file_that_fails(tmp_path / "b", "index", "abort")
    assert len(reader.contents(tmp_path).entries) == 3
    assert resumed_after == [None, "b"]
    assert begun == ["a.dcm", "b", "c.dcm", "d.dcm"]


def test_that_the_room_of_a_file_is_that_of_its_image(tmp_path: Path, reader: ReaderProcess) -> None:
    (small,) = reader.index(file_that_fails(tmp_path / "x", "read", "grow"))
    with pytest.raises(Refused, match="x needs more memory than a file may take"):
        reader.read(small, 0)
    # As many pixels as a whole-slide scan has: what is made of them on the way to a slice needs room.
    large = small.model_copy(update={"rows": 8192, "columns": 8192})
    with pytest.raises(Unreadable, match="x cannot be decoded"):
        reader.read(large, 0)
    with pytest.raises(Refused, match="x needs more memory than a file may take"):
        reader.read(small, 0)


def test_that_the_last_output_of_one_file_is_not_attributed_to_the_next(
    tmp_path: Path, reader: ReaderProcess
) -> None:
    with pytest.raises(Unreadable, match="x cannot be decoded"):
        reader.index(file_that_fails(tmp_path / "x", "index", "mutter"))
    with pytest.raises(Unreadable, match="The decoder ended unexpectedly while it read y"):
        reader.index(file_that_fails(tmp_path / "y", "index", "abort"))
