"""`python -m tests.fuzz.mutations --files 3000 --out FILE.csv`: damaged files, read as the program does it.

Each file is indexed and its first and middle frame are read through a `ReaderProcess`. Written down are
exceptions that are none of ours, files that took longer than the limit, ends of the reader process with
the time until the next good file was read, and the most memory that the process had. It ends with 1 if
there was any exception that is none of ours (one inside the reader process shows as its exit code), any
file beyond the limit of time, a recovery that took longer than RECOVERY_S, memory beyond MEMORY_BYTES, or
a message that quotes the file's folder.
"""

import argparse
import csv
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

import numpy as np
import psutil

from core.errors import InputError, ResourceError, SaliscopeError, TimedOut
from core.link import Child, Outcome
from core.readers.process import TIME_LIMIT_S, ReaderProcess
from tests.fuzz.damage import damaged
from tests.fuzz.seeds import other_half, seeds

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
GOOD = "field_cases/d25_square_anatomy.dcm"
RANDOM_SEED = 16
RECOVERY_S = 2.0
MEMORY_BYTES = 2 * 10**9


@dataclass(slots=True)
class DamagedFileResult:
    """What one damaged file did.

    outcome: `read`, the code of the error, `uncaught` or `hang`. exit_code: of a reader process that it
    ended, else None. recovery_s: from that end until a good file was read. quotes_folder: whether the
    message holds more of the file's path than its name.
    """

    number: int
    seed: str
    outcome: str = ""
    message: str = ""
    seconds: float = 0.0
    peak_bytes: int = 0
    exit_code: int | None = None
    recovery_s: float | None = None
    quotes_folder: bool = False

    @property
    def is_violation(self) -> bool:
        # A process that was not ended by a signal raised an exception that was not caught.
        return (
            self.outcome in ("uncaught", "hang")
            or (self.exit_code is not None and self.exit_code >= 0)
            or (self.recovery_s or 0.0) > RECOVERY_S
            or self.peak_bytes > MEMORY_BYTES
            or self.quotes_folder
        )


class Watched(ReaderProcess):
    """A reader process that remembers how it was lost."""

    lost: Outcome | None = None

    @property
    def pid(self) -> int:
        return self._started().pid

    def _loss(self, child: Child, path: Path, has_timed_out: bool, is_valid: bool) -> SaliscopeError:
        self.lost = Outcome(None) if has_timed_out else child.outcome(wait_s=10)
        return super()._loss(child, path, has_timed_out, is_valid)


@dataclass(slots=True)
class Memory:
    """The most memory that the reader process had while one file was read."""

    reader: Watched
    peak: int = 0
    _over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def watched(self) -> Iterator[None]:
        self.peak = 0
        process = psutil.Process(self.reader.pid)
        _forget_peak(process.pid)
        self._over.clear()
        thread = threading.Thread(target=self._sample, args=(process,))
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()
            # The system's own figure misses no moment, but is gone with the process.
            self.peak = max(self.peak, _peak_of(process.pid))

    def _sample(self, process: psutil.Process) -> None:
        while not self._over.wait(0.01):
            try:
                self.peak = max(self.peak, process.memory_info().rss)
            except psutil.NoSuchProcess:
                return


def _forget_peak(pid: int) -> None:
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def _peak_of(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)


def run(
    count: int,
    shared: Path,
    random_seed: int = RANDOM_SEED,
    report: Callable[[DamagedFileResult], None] = lambda result: None,
) -> list[DamagedFileResult]:
    """Damage and read `count` files, the seeds in turn; the same files for the same `random_seed`."""
    seed_files, results = seeds(shared), []
    with tempfile.TemporaryDirectory() as folder, Watched() as reader:
        reader.contents(shared / GOOD)  # the start of the first process is charged to no file
        for number in range(count):
            name, content = seed_files[number % len(seed_files)]
            generator = np.random.default_rng([random_seed, number])
            path = Path(folder, name)
            path.write_bytes(damaged(content, generator))
            half = other_half(shared, name)
            if half is not None:
                Path(folder, half[0]).write_bytes(half[1])
            result = _result_of(reader, path, number, shared / GOOD)
            report(result)
            results.append(result)
    return results


def damaged_file(number: int, folder: Path, shared: Path = SHARED, random_seed: int = RANDOM_SEED) -> Path:
    """Write the file of this number again, to look at."""
    seed_files = seeds(shared)
    name, content = seed_files[number % len(seed_files)]
    path = folder / name
    path.write_bytes(damaged(content, np.random.default_rng([random_seed, number])))
    half = other_half(shared, name)
    if half is not None:
        (folder / half[0]).write_bytes(half[1])
    return path


def _result_of(reader: Watched, path: Path, number: int, good: Path) -> DamagedFileResult:
    result, memory = DamagedFileResult(number, path.name), Memory(reader)
    reader.lost = None
    began = time.monotonic()
    with memory.watched():
        _read(reader, path, result)
    result.quotes_folder = str(path.parent) in result.message or "object at 0x" in result.message
    result.seconds, result.peak_bytes = time.monotonic() - began, memory.peak
    if reader.lost is not None and result.outcome != "hang":
        result.exit_code = reader.lost.exit_code
        began = time.monotonic()
        (entry,) = reader.contents(good).entries
        reader.read(entry, 0)
        result.recovery_s = time.monotonic() - began
    return result


def _read(reader: Watched, path: Path, result: DamagedFileResult) -> None:
    try:
        for entry in reader.contents(path).entries:
            for frame in sorted({0, entry.middle_frame}):
                reader.read(entry, frame)
        result.outcome = "read"
    except TimedOut as error:
        result.outcome, result.message = "hang", str(error)
    except (InputError, ResourceError) as error:
        result.outcome, result.message = error.code, str(error)
    except BaseException as error:
        result.outcome, result.message = "uncaught", f"{type(error).__name__}: {error}"
        if not isinstance(error, Exception):
            raise


def summary(results: list[DamagedFileResult]) -> str:
    """One line a figure."""
    outcomes = Counter(result.outcome for result in results)
    deaths = [result for result in results if result.recovery_s is not None]
    largest = max(results, key=lambda result: result.peak_bytes)
    slowest = max(results, key=lambda result: result.seconds)
    lines = [
        f"{len(results)} files: " + ", ".join(f"{kind} {count}" for kind, count in outcomes.most_common()),
        f"exceptions that are none of ours: {outcomes['uncaught']}; inside the reader process: "
        f"{sum(1 for result in deaths if result.exit_code is not None and result.exit_code >= 0)}",
        f"beyond the limit of {TIME_LIMIT_S:g} s: {outcomes['hang']}; slowest file {slowest.seconds:.2f} s"
        f" (number {slowest.number}, {slowest.seed})",
        f"ends of the reader process: {len(deaths)}, by exit code "
        f"{dict(Counter(result.exit_code for result in deaths))}; longest recovery "
        f"{max((result.recovery_s or 0.0 for result in deaths), default=0.0):.2f} s (limit {RECOVERY_S:g} s)",
        f"peak memory of the reader process: {largest.peak_bytes / 1e6:.0f} MB (number {largest.number},"
        f" {largest.seed}; limit {MEMORY_BYTES / 1e6:.0f} MB)",
        f"messages that quote a folder: {sum(result.quotes_folder for result in results)}",
        f"violations: {sum(result.is_violation for result in results)}",
    ]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--files", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=RANDOM_SEED, help="of the damages")
    parser.add_argument("--out", type=Path, help="a CSV table with a row a file")
    arguments = parser.parse_args()

    def report(result: DamagedFileResult) -> None:
        if result.is_violation:
            print(f"violation: {asdict(result)}", flush=True)

    results = run(arguments.files, SHARED, arguments.seed, report)
    if arguments.out is not None:
        with arguments.out.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, [column.name for column in fields(DamagedFileResult)])
            writer.writeheader()
            writer.writerows(asdict(result) for result in results)
    print(summary(results))
    return int(any(result.is_violation for result in results))


if __name__ == "__main__":
    sys.exit(main())
