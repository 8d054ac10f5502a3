"""A data-set run: tasks made from an index, done one by one, and put together."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from core.api import prepare
from core.curves.entropy import webp_version
from core.datasets.index import Item
from core.datasets.ledger import Ledger
from core.datasets.region import only_entry
from core.datasets.summary import LeftOut, Score, Stability, left_out, measured, scores, stability
from core.datasets.task import Plan, Task, TaskResult, task_seed
from core.datasets.work import file_hashes, frame_of, run_task
from core.errors import DamagedBundle, OutOfMemory, SaliscopeError, TimedOut
from core.models.preprocessing import Subject
from core.network.run import Run
from core.readers.process import ReaderProcess
from core.version import program_version

if TYPE_CHECKING:
    from core.models.handle import ModelHandle

# Reasons that lie in the moment or in the installed model, and not in the image.
PASSING_REASONS = {OutOfMemory.code, TimedOut.code, DamagedBundle.code}
LIBRARIES = ("keras", "numpy", "pillow", "scikit-image", "scipy", "tensorflow", "tensorflow-cpu")


@dataclass(frozen=True, slots=True)
class Progress:
    """What has been done of a run. left_s: expected, None before the first task."""

    done: int
    total: int
    result: TaskResult
    left_s: float


@dataclass(frozen=True, slots=True)
class Summary:
    """What all results come to."""

    scores: tuple[Score, ...]
    stability: tuple[Stability, ...]
    left_out: tuple[LeftOut, ...]


def tasks_of(items: Sequence[Item], plan: Plan, seed: int, repeats: int = 1) -> list[Task]:
    """One task an image and repeat, all images of a repeat before the next."""
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
            seed=task_seed(seed, item.id, repeat),
            repeat=repeat,
        )
        for repeat in range(repeats)
        for item in items
    ]


def waiting(tasks: Sequence[Task], ledger: Ledger) -> tuple[dict[str, TaskResult], list[Task]]:
    """What the ledger already holds of the tasks, by fingerprint, and those that are still to be done.

    A task is done again if its image or mask file has changed since, if the machine was at its end, or if
    it was done before images were checked for their fit: their polarity and padding counted differently.
    """
    wanted = {task.fingerprint(program_version()): task for task in tasks}
    found = {
        fingerprint: result
        for fingerprint, result in ledger.found(wanted).items()
        if (result.file_sha256, result.mask_sha256) == file_hashes(wanted[fingerprint])
        and not any(row.reason in PASSING_REASONS for row in result.rows)
        and (result.fit is not None or not result.predicted)
    }
    return found, [task for fingerprint, task in wanted.items() if fingerprint not in found]


def evaluate(
    tasks: Sequence[Task],
    model: "ModelHandle",
    ledger: Ledger,
    report: Callable[[Progress], None] = lambda progress: None,
    run: Run | None = None,
) -> list[TaskResult]:
    """Every task's result in the order of the tasks; those that the ledger holds are not done again.

    Each result is in the ledger before the next task begins. Raises DiskFull, Cancelled, or ModelError
    where the tasks are for another model.
    """
    run = run or Run()
    found, to_do = waiting(tasks, ledger)
    started = time.monotonic()
    if to_do:
        with ReaderProcess() as reader:
            for number, task in enumerate(to_do, 1):
                run.check()
                result = run_task(task, model, reader, run)
                ledger.append(result)
                found[result.fingerprint] = result
                left = (time.monotonic() - started) / number * (len(to_do) - number)
                report(Progress(len(found), len(tasks), result, left))
    return [found[task.fingerprint(program_version())] for task in tasks]


def summarised(results: Sequence[TaskResult], seed: int) -> Summary:
    """Scores, stability and what was left out, of every measure. `seed` draws the resamples."""
    tables = measured(results)
    return Summary(
        scores=tuple(score for table in tables for score in scores(table, seed)),
        stability=tuple(one for one in (stability(table, seed) for table in tables) if one is not None),
        left_out=tuple(one for table in tables for one in left_out(table)),
    )


def first_readable(items: Sequence[Item], model: "ModelHandle") -> Subject | None:
    """An image on which costs can be measured; None if none can be read."""
    with ReaderProcess() as reader:
        for item in items:
            try:
                if not item.file:
                    continue
                entry = only_entry(reader, item.path)
                image, _ = reader.read(entry, frame_of(entry, item.slice))
                return prepare(model, image)
            except SaliscopeError:
                continue  # its task will say why
    return None


def software_versions() -> dict[str, str]:
    """The libraries on whose versions figures may depend; those that are not installed are left out."""
    found = {"libwebp": webp_version()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
