"""Messages over a pipe: what goes in comes out, and invalid bytes, crashes and hangs are distinguished."""

import io
import math
import os
import struct
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from pydantic import TypeAdapter

import core
from core.errors import InputError, SaliscopeError, Truncated, UnknownModel
from core.link import Child, Failed, JobProgress, Link, LinkError, Message, Outcome
from core.results.records import MethodRecord, TargetRecord
from core.worker.messages import ANSWERS, ExplainDone
from tests.core.link_child import Ask

PROGRESS = TypeAdapter(JobProgress)


def started_child() -> Child:
    # By its own folder: an installed package may carry the name `tests`.
    path = os.pathsep.join((str(Path(core.__file__).parent.parent), str(Path(__file__).parent)))
    return Child.start(
        [sys.executable, "-P", "-m", "link_child"],
        TypeAdapter(Ask),
        env={"PYTHONPATH": path},
    )


@pytest.fixture
def child() -> Iterator[Child]:
    started = started_child()
    yield started
    started.kill()


def sent(*messages: Message, arrays: tuple[np.ndarray, ...] = ()) -> bytes:
    """The bytes of messages of the jobs 1, 2, and so on."""
    stream = io.BytesIO()
    link = Link(io.BytesIO(), stream, PROGRESS)
    for number, message in enumerate(messages, 1):
        link.send(message, arrays, number)
    return stream.getvalue()


def receiving(data: bytes) -> Link:
    return Link(io.BytesIO(data), io.BytesIO(), PROGRESS)


def test_that_a_message_crosses_with_its_arrays_bit_for_bit() -> None:
    arrays = (
        np.array([[1.5, np.nan], [np.inf, -0.0]], ">f4"),
        np.zeros((0, 3), np.uint8),
        np.arange(6, dtype=np.int16).reshape(2, 3).T,
        np.array(7, np.int64),
        np.array([True, False]),
    )
    received = receiving(sent(JobProgress(done=2, total=3, text="Müller"), arrays=arrays)).receive()
    assert received is not None
    assert (received.job, received.message) == (1, JobProgress(done=2, total=3, text="Müller"))
    for original, copy in zip(arrays, received.arrays, strict=True):
        assert (copy.dtype, copy.shape) == (original.dtype, original.shape)
        assert copy.tobytes() == original.tobytes()


def test_that_nan_in_a_record_within_a_message_crosses() -> None:
    record = MethodRecord(
        name="gradient",
        title="Gradient",
        parameters={"share": math.inf},
        target=TargetRecord(class_name="glioma"),
        seed=0,
        signed=True,
        minimum=-math.inf,
        maximum=1.0,
        cells=(2, 2),
        diagnostics={"completeness_error": math.nan},
        choices={},
        forwards=1,
        gradients=0,
        seconds=0.5,
    )
    stream = io.BytesIO()
    Link(io.BytesIO(), stream, PROGRESS).send(ExplainDone(record=record))
    received = Link(io.BytesIO(stream.getvalue()), io.BytesIO(), ANSWERS).receive()
    assert received is not None
    copy = received.message.record
    assert math.isnan(copy.diagnostics["completeness_error"])
    assert (copy.parameters["share"], copy.minimum) == (math.inf, -math.inf)


def test_that_messages_come_in_order_and_then_the_end() -> None:
    link = receiving(sent(*(JobProgress(done=done, total=3) for done in range(3))))
    received = [(answer.job, answer.message.done) for answer in iter(link.receive, None)]
    assert received == [(1, 0), (2, 1), (3, 2)]


@pytest.mark.parametrize("length", [1, 3, 4, 20, 90])
def test_that_a_stream_cut_inside_a_message_is_its_end(length: int) -> None:
    frame = sent(JobProgress(done=0, total=1), arrays=(np.zeros(100),))
    assert receiving(frame[:length]).receive() is None
    assert receiving(frame[:-1]).receive() is None


@pytest.mark.parametrize(
    "header",
    [
        b"not json",
        b"[]",
        b'{"arrays":[],"message":{"kind":"progress","done":0,"total":1}}',
        b'{"job":"one","arrays":[],"message":{"kind":"progress","done":0,"total":1}}',
        b'{"job":0,"arrays":[],"message":{"kind":"unheard"}}',
        b'{"job":0,"arrays":[],"message":{"kind":"progress","done":0,"total":1,"more":2}}',
        b'{"job":0,"arrays":[{"dtype":"O","shape":[1]}],"message":{}}',
        b'{"job":0,"arrays":[{"dtype":"<f8","shape":[-1]}],"message":{}}',
        b'{"job":0,"arrays":[{"dtype":"<f8","shape":[99999,99999]}],"message":{}}',
        b'{"job":0,"arrays":[{"dtype":"<f8","shape":[0,2147483648,2147483648,2147483648]}],"message":{}}',
        b'{"job":0,"arrays":[{"dtype":"<f1","shape":[1]}],"message":{}}',
        b'{"job":0,"arrays":[{"dtype":"<b8","shape":[1]}],"message":{}}',
    ],
)
def test_that_garbage_is_a_link_error(header: bytes) -> None:
    with pytest.raises(LinkError):
        receiving(struct.pack(">I", len(header)) + header).receive()


def test_that_a_huge_header_is_refused_before_it_is_read() -> None:
    with pytest.raises(LinkError, match="4294967295 bytes"):
        receiving(b"\xff\xff\xff\xff").receive()


def test_that_an_array_of_an_unforeseen_kind_is_a_link_error() -> None:
    received = sent(JobProgress(done=0, total=1), arrays=(np.zeros(3, np.complex64),))
    with pytest.raises(LinkError):
        receiving(received).receive()


def test_that_an_error_comes_back_in_its_class() -> None:
    rebuilt = Failed.of(UnknownModel("brain", ["brain-mri"])).error()
    assert type(rebuilt) is UnknownModel
    assert rebuilt.message == "There is no model 'brain'."
    assert rebuilt.hint == "Did you mean 'brain-mri'?"
    assert type(Failed.of(Truncated("x", "y")).error()) is Truncated


def test_that_an_error_of_an_unknown_code_comes_back_as_its_family() -> None:
    assert type(Failed(code="newer", message="m", exit_code=3).error()) is InputError
    assert type(Failed(code="newer", message="m", exit_code=99).error()) is SaliscopeError


def test_that_a_child_echoes_and_its_prints_stay_out_of_the_pipe(child: Child) -> None:
    values = np.random.default_rng(0).normal(size=(700, 900))
    child.link.send(Ask(share=math.inf), [values], job=3)
    received = child.link.receive()
    assert received is not None
    assert (received.job, received.message) == (3, Ask(share=math.inf))
    np.testing.assert_array_equal(received.arrays[0], values)


def test_that_threads_may_send_at_once(child: Child) -> None:
    jobs = range(8)
    block = np.arange(50_000.0)
    threads = [threading.Thread(target=child.link.send, args=(Ask(), [block + job], job)) for job in jobs]
    for thread in threads:
        thread.start()
    answers = {received.job: received.arrays[0][0] for _ in jobs if (received := child.link.receive())}
    for thread in threads:
        thread.join()
    assert answers == {job: float(job) for job in jobs}


@pytest.mark.parametrize(
    ("ending", "words"), [("crash", "was killed by signal 6"), ("exit", "ended with code 7")]
)
def test_that_a_childs_end_is_reported_in_words(
    child: Child, ending: Literal["crash", "exit"], words: str
) -> None:
    child.link.send(Ask(what=ending))
    assert child.link.receive() is None
    assert str(child.outcome(wait_s=20)) == words


def test_that_a_hanging_child_can_be_stopped_while_another_thread_waits(child: Child) -> None:
    child.link.send(Ask(what="hang"))
    assert str(child.outcome()) == "is running"
    timer = threading.Timer(0.2, child.stop)
    timer.start()
    assert child.link.receive() is None
    timer.join()
    assert child.outcome(wait_s=20) == Outcome(-9)


def test_that_a_child_ends_when_the_link_closes(child: Child) -> None:
    child.link.close()
    assert child.outcome(wait_s=20) == Outcome(0)


def test_that_nothing_can_be_sent_to_a_child_that_is_gone(child: Child) -> None:
    child.kill()
    with pytest.raises(LinkError):
        child.link.send(Ask())


def test_that_what_a_child_prints_is_written_nowhere(child: Child, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    printing = started_child()
    printing.link.send(Ask())
    printing.link.receive()
    printing.kill()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
