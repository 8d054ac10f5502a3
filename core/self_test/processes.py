"""The trials of the processes: each is killed, and goes on in a new one."""

from collections.abc import Callable, Iterator
from typing import TypeVar

import psutil

from core.errors import WorkerLost
from core.exports.messages import FilesHashed, HashFiles
from core.exports.process import start_files
from core.file_hash import file_sha256
from core.link import Child, Failed, JobProgress, Message
from core.readers.process import ReaderProcess
from core.self_test.decoding import stored_slice
from core.self_test.models import smallest_model
from core.self_test.stored_files import IMAGE_NAME, StoredFile, stored_files, values_hash
from core.self_test.trial import Trial, TrialFailed
from core.worker.messages import PredictDone, PredictRequest, Ready
from core.worker.process import start_worker
from core.worker.subjects import SubjectSender

GROUP = "Processes"
Answer = TypeVar("Answer", bound=Message)


def process_trials() -> Iterator[Trial]:
    """One for each kind of process."""
    yield Trial(GROUP, "Reader process", _restart_reader)
    yield Trial(GROUP, "Worker process", _restart_worker)
    yield Trial(GROUP, "Files process", _restart_files)


def stored_image_file() -> StoredFile:
    """The stored file of a head."""
    return next(stored for stored in stored_files() if stored.file == IMAGE_NAME)


def _restart_reader() -> str:
    stored = stored_image_file()
    before = {child.pid for child in psutil.Process().children()}
    with ReaderProcess() as reader:
        stored_slice(reader, stored)
        (started,) = [child for child in psutil.Process().children() if child.pid not in before]
        started.kill()
        started.wait()
        values = stored_slice(reader, stored).values
    if values_hash(values) != stored.values_sha256:
        raise TrialFailed("The reader process read other pixels after it was started again.")
    return "It was killed, started again, and read the same pixels."


def _restart_worker() -> str:
    _killed(start_worker(), lambda child: _expected(child, Ready))
    child = start_worker()
    try:
        ready = _expected(child, Ready)
        with ReaderProcess() as reader:
            image = stored_slice(reader, stored_image_file())
        SubjectSender(child.link).send(PredictRequest(model=smallest_model()), job=1, image=image)
        answer = _expected(child, PredictDone)
    finally:
        child.kill()
    device, name = ready.device.words, answer.prediction.class_name
    return f"It was killed, started again on {device}, and predicted {name}."


def _restart_files() -> str:
    _killed(start_files(), _hash_a_file)
    child = start_files()
    try:
        _hash_a_file(child)
    finally:
        child.kill()
    return "It was killed, started again, and read a file."


def _killed(child: Child, use: Callable[[Child], object]) -> None:
    """Use a process and kill it. Raises TrialFailed if it lives on."""
    try:
        use(child)
        child.stop()
        if child.link.receive() is not None or child.outcome(wait_s=10).exit_code is None:
            raise TrialFailed("The process went on after it was killed.")
    finally:
        child.kill()


def _hash_a_file(child: Child) -> None:
    path = stored_image_file().path
    child.link.send(HashFiles(paths=(path,)), job=1)
    if _expected(child, FilesHashed).hashes != (file_sha256(path),):
        raise TrialFailed("The files process read other bytes than there are.")


def _expected(child: Child, kind: type[Answer]) -> Answer:
    """The next answer of this kind. Raises the error that comes instead, or WorkerLost."""
    while (received := child.link.receive()) is not None:
        if isinstance(received.message, kind):
            return received.message
        if isinstance(received.message, Failed):
            raise received.message.error()
        if not isinstance(received.message, JobProgress | Ready):
            raise TrialFailed("The process sent another answer.")
    raise WorkerLost(f"The process {child.outcome(wait_s=10)}.", "See its log.")
