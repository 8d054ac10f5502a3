"""A short run of the mutation fuzz; `python -m tests.fuzz.mutations` makes the long one."""

from pathlib import Path

import numpy as np
import pytest

from tests.fuzz.damage import DAMAGES, damaged
from tests.fuzz.mutations import MEMORY_BYTES, Told, run, summary
from tests.fuzz.seeds import seeds

FILES = 200


@pytest.fixture(scope="module")
def found(shared: Path) -> list[Told]:
    return run(FILES, shared)


def test_that_damaged_files_raise_nothing_but_errors_of_ours(found: list[Told]) -> None:
    assert [told for told in found if told.outcome in ("uncaught", "hang", "")] == []
    # A process that ended by itself with a code, not by a signal, met an exception that nobody caught.
    assert [told for told in found if told.exit_code is not None and told.exit_code >= 0] == []


def test_that_every_end_of_the_reader_process_costs_one_file(found: list[Told]) -> None:
    assert len(found) == FILES
    ended = [told for told in found if told.exit_code is not None]
    # `recovery_s` is there where the good file behind it was read.
    assert all(told.recovery_s is not None and told.outcome != "read" for told in ended)
    assert sum(told.outcome == "read" for told in found) > FILES / 10


def test_that_damaged_files_take_no_more_memory_than_stated(found: list[Told]) -> None:
    assert max(told.peak_bytes for told in found) < MEMORY_BYTES


def test_that_messages_name_the_file_and_no_folder(found: list[Told]) -> None:
    assert [told.message for told in found if told.quotes_folder] == []
    assert all(told.seed.split(".")[0] in told.message for told in found if told.message)


def test_that_there_are_forty_seeds_that_are_all_read_or_refused_whole(shared: Path) -> None:
    whole = seeds(shared)
    assert len(whole) == 40
    assert len({name for name, _ in whole}) == 40


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
    good = Told(0, "a.dcm", "read", peak_bytes=10**8)
    bad = [
        Told(1, "b.dcm", "hang"),
        Told(2, "c.dcm", "unreadable", exit_code=1, recovery_s=0.5),
        Told(3, "d.dcm", "unreadable", exit_code=-6, recovery_s=2.5),
        Told(4, "e.dcm", "read", peak_bytes=3 * 10**9),
        Told(5, "f.dcm", "uncaught"),
        Told(6, "g.dcm", "unreadable", message="<open file '/tmp/surname/g.dcm'>", quotes_folder=True),
    ]
    fine = Told(7, "h.dcm", "unreadable", exit_code=-11, recovery_s=0.7)
    assert [told.is_violation for told in (good, *bad, fine)] == [False, *([True] * 6), False]
    assert summary([good, *bad, fine]).endswith("violations: 6")
