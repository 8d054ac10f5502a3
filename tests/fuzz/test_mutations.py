"""A short run of the mutation fuzz; `python -m tests.fuzz.mutations` makes the long one."""

from pathlib import Path

import numpy as np
import pytest

from tests.fuzz.damage import DAMAGES, damaged
from tests.fuzz.mutations import MEMORY_BYTES, DamagedFileResult, run, summary
from tests.fuzz.seeds import seeds

FILES = 200


@pytest.fixture(scope="module")
def results(shared: Path) -> list[DamagedFileResult]:
    return run(FILES, shared)


def test_that_damaged_files_raise_nothing_but_saliscope_errors(results: list[DamagedFileResult]) -> None:
    assert [result for result in results if result.outcome in ("uncaught", "hang", "")] == []
    # A process that ended by itself with a code, not by a signal, raised an exception that was not caught.
    assert [result for result in results if result.exit_code is not None and result.exit_code >= 0] == []


def test_that_every_end_of_the_reader_process_costs_one_file(results: list[DamagedFileResult]) -> None:
    assert len(results) == FILES
    ended = [result for result in results if result.exit_code is not None]
    # `recovery_s` is there where the good file behind it was read.
    assert all(result.recovery_s is not None and result.outcome != "read" for result in ended)
    assert sum(result.outcome == "read" for result in results) > FILES / 10


def test_that_damaged_files_take_no_more_memory_than_stated(results: list[DamagedFileResult]) -> None:
    assert max(result.peak_bytes for result in results) < MEMORY_BYTES


def test_that_messages_name_the_file_and_no_folder(results: list[DamagedFileResult]) -> None:
    assert [result.message for result in results if result.quotes_folder] == []
    assert all(result.seed.split(".")[0] in result.message for result in results if result.message)


def test_that_there_are_forty_seeds_of_different_names(shared: Path) -> None:
    seed_files = seeds(shared)
    assert len(seed_files) == 40
    assert len({name for name, _ in seed_files}) == 40


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_that_a_damage_repeats_itself_and_changes_most_files(shared: Path, damage) -> None:
    changed = 0
    for number, (_, content) in enumerate(seeds(shared)):
        first, second = (damage(bytearray(content), np.random.default_rng(number)) for _ in range(2))
        assert first == second
        changed += first != content
    assert changed >= 20


def test_that_the_same_seed_damages_the_same_way(shared: Path) -> None:
    for number, (_, content) in enumerate(seeds(shared)):
        once, again, other = (damaged(content, np.random.default_rng([seed, number])) for seed in (1, 1, 2))
        assert once == again
        assert once != other


def test_that_the_summary_counts_what_must_not_be() -> None:
    good = DamagedFileResult(0, "a.dcm", "read", peak_bytes=10**8)
    bad = [
        DamagedFileResult(1, "b.dcm", "hang"),
        DamagedFileResult(2, "c.dcm", "unreadable", exit_code=1, recovery_s=0.5),
        DamagedFileResult(3, "d.dcm", "unreadable", exit_code=-6, recovery_s=2.5),
        DamagedFileResult(4, "e.dcm", "read", peak_bytes=3 * 10**9),
        DamagedFileResult(5, "f.dcm", "uncaught"),
        DamagedFileResult(
            6, "g.dcm", "unreadable", message="<open file '/tmp/surname/g.dcm'>", quotes_folder=True
        ),
    ]
    fine = DamagedFileResult(7, "h.dcm", "unreadable", exit_code=-11, recovery_s=0.7)
    assert [result.is_violation for result in (good, *bad, fine)] == [False, *([True] * 6), False]
    assert summary([good, *bad, fine]).endswith("violations: 6")
