"""A data-set run: tasks made from an index, done one by one, and summarised."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from core.curves.entropy import webp_version
from core.datasets.index import Item
from core.datasets.ledger import Ledger
from core.datasets.region import only_entry
from core.datasets.slice_columns import frame_of
from core.datasets.summary import LeftOut, Score, Stability, left_out, measured, scores, stability
from core.datasets.task import Plan, Task, TaskResult, task_seed
from core.datasets.work import file_hashes, run_task
from core.engine import prepare
from core.errors import DamagedBundle, OutOfMemory, SaliscopeError, TimedOut
from core.models.preprocessing import Subject
from core.network.run import Run
from core.readers.process import ReaderProcess
from core.version import program_version

if TYPE_CHECKING:
    from core.models.handle import ModelHandle

# Reasons that are temporary or in the installed model, and not in the image.
TEMPORARY_REASONS = {OutOfMemory.code, TimedOut.code, DamagedBundle.code}
LIBRARIES = ("keras", "numpy", "pillow", "scikit-image", "scipy", "tensorflow", "tensorflow-cpu")


@dataclass(frozen=True, slots=True)
class RunProgress:
    """What has been done of a run. remaining_s: the expected time that is left, in seconds."""

    done: int
    total: int
    result: TaskResult
    remaining_s: float


@dataclass(frozen=True, slots=True)
class Summary:
    """Scores, their stability, and what was left out, of all measures."""

    scores: tuple[Score, ...]
    stability: tuple[Stability, ...]
    left_out: tuple[LeftOut, ...]


def tasks_of(items: Sequence[Item], plan: Plan, seed: int, repeats: int = 1) -> list[Task]:
    """One task for each image and repeat, all images of a repeat before the next."""
    return [
        Task(
            plan=plan,
            image=item.id,
            file=item.file,
            path=item.path,
            label=item.label,
            group=item.group,
            mask=item.mask,
            polygon=item.polygon,
            box=item.box,
            slice=item.slice,
            position_mm=item.position_mm,
            seed=task_seed(seed, item.id, repeat),
            repeat=repeat,
        )
        for repeat in range(repeats)
        for item in items
    ]


def split_tasks(tasks: Sequence[Task], ledger: Ledger) -> tuple[dict[str, TaskResult], list[Task]]:
    """The results that the ledger already holds, by fingerprint, and the tasks that are still to be done.

    A task is done again if its image or mask file has changed since, if it failed for a temporary reason such
    as a lack of memory, or if it was done before images were checked for their fit: their polarity and
    padding were handled differently.
    """
    by_fingerprint = {task.fingerprint(program_version()): task for task in tasks}
    finished = {
        fingerprint: result
        for fingerprint, result in ledger.results(by_fingerprint).items()
        if (result.file_sha256, result.mask_sha256) == file_hashes(by_fingerprint[fingerprint])
        and not any(row.reason in TEMPORARY_REASONS for row in result.rows)
        and (result.fit is not None or not result.predicted)
    }
    return finished, [task for fingerprint, task in by_fingerprint.items() if fingerprint not in finished]


def evaluate(
    tasks: Sequence[Task],
    model: "ModelHandle",
    ledger: Ledger,
    report: Callable[[RunProgress], None] = lambda progress: None,
    run: Run | None = None,
) -> list[TaskResult]:
    """The result of every task, in the order of the tasks; those in the ledger are not done again.

    Each result is in the ledger before the next task begins. Raises DiskFull, Cancelled, or ModelError if
    the tasks are for another model.
    """
    run = run or Run()
    finished, open_tasks = split_tasks(tasks, ledger)
    started = time.monotonic()
    if open_tasks:
        with ReaderProcess() as reader:
            for number, task in enumerate(open_tasks, 1):
                run.check()
                result = run_task(task, model, reader, run)
                ledger.append(result)
                finished[result.fingerprint] = result
                remaining = (time.monotonic() - started) / number * (len(open_tasks) - number)
                report(RunProgress(len(finished), len(tasks), result, remaining))
    return [finished[task.fingerprint(program_version())] for task in tasks]


def summarised(results: Sequence[TaskResult], seed: int) -> Summary:
    """Scores, stability and what was left out, of every measure. `seed` draws the resamples."""
    tables = measured(results)
    stabilities = (stability(table, seed) for table in tables)
    return Summary(
        scores=tuple(score for table in tables for score in scores(table, seed)),
        stability=tuple(each for each in stabilities if each is not None),
        left_out=tuple(entry for table in tables for entry in left_out(table)),
    )


def first_readable(items: Sequence[Item], model: "ModelHandle") -> Subject | None:
    """The first image that can be read, to measure costs on; None if there is none."""
    with ReaderProcess() as reader:
        for item in items:
            try:
                if not item.file:
                    continue
                entry = only_entry(reader, item.path)
                image, _ = reader.read(entry, frame_of(entry, item.slice, item.position_mm))
                return prepare(model, image)
            except SaliscopeError:
                continue  # its task will record why
    return None


def software_versions() -> dict[str, str]:
    """The libraries on whose versions figures may depend; those that are not installed are left out."""
    versions = {"libwebp": webp_version()}
    for name in LIBRARIES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return versions
