"""Splits that are drawn: by group, so that no person is in two parts, or by slice, to show what that does."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
from pydantic import Field, model_validator

from core.errors import InputError
from core.values import FrozenRecord
from training.datasets import PARTS, DataSet, Record, require_sound

# Groups of like size are drawn within blocks of this many, so that no part gets all the large ones.
BLOCK = 10

LEAKS = (
    "This model was made to show a leak and is not to be believed: its images were drawn for train, val and "
    "test one by one, so that slices of one {group} are in several parts. Its figures say how well it knows "
    "again a {group} it has learnt from, not how it does on a new one."
)
UNGROUPED = (
    "The data do not say whose an image is, so images of one person may be in train and in test; the figures "
    "are then too good."
)


class Split(FrozenRecord):
    """How the parts come about.

    kind: `given` takes those of the data (a column, folders); `groups` draws whole groups; `slices`
    draws image by image and leaks on purpose.
    """

    kind: Literal["given", "groups", "slices"] = "given"
    shares: tuple[float, float, float] = Field((0.8, 0.1, 0.1), description="of train, val and test")
    seed: int = Field(0, ge=0)

    @model_validator(mode="after")
    def _shares_make_a_whole(self) -> "Split":
        if min(self.shares) <= 0 or abs(sum(self.shares) - 1) > 1e-6:
            raise ValueError("the shares of train, val and test must be above 0 and make 1 together")
        return self

    def apply(self, data: DataSet) -> DataSet:
        """The data set with every record's part. Raises InputError for what cannot be trained on."""
        if self.kind == "given":
            if not data.has_parts:
                raise InputError(
                    "The data do not say which images are for train, val and test.", "Take --split groups."
                )
            return data
        units = [record.id if self.kind == "slices" else record.group for record in data.records]
        parts = _drawn(data.records, units, self.shares, np.random.default_rng(self.seed))
        records = tuple(replace(one, part=parts[unit]) for one, unit in zip(data.records, units, strict=True))
        require_sound(records, "The data set, as split,", True, mixed=self.kind == "slices")
        return replace(data, records=records)

    @property
    def percent(self) -> str:
        """The shares as people write them: 80/10/10."""
        return "/".join(f"{100 * share:g}" for share in self.shares)

    def words(self, grouped_by: str) -> str:
        """What a card says of how its test part was kept apart."""
        after = "chosen on val, scored once on test"
        if self.kind == "given":
            by = f"by {grouped_by}" if grouped_by else "the data do not say whose an image is"
            return f"as the data give it, {by}; {after}"
        if self.kind == "slices":
            return f"LEAKS: {self.percent}, image by image, seed {self.seed}; {after}. " + LEAKS.format(
                group=grouped_by or "person"
            )
        by = f"by {grouped_by}" if grouped_by else "by image, as the data do not say whose one is"
        return f"{self.percent}, {by}, within each class and source, seed {self.seed}; {after}"

    def limit(self, grouped_by: str) -> str:
        """The sentence that a card's limits begin with; empty where the split is sound."""
        if self.kind == "slices":
            return LEAKS.format(group=grouped_by or "person")
        return "" if grouped_by else UNGROUPED


def _drawn(
    records: Sequence[Record],
    units: Sequence[str],
    shares: tuple[float, float, float],
    generator: np.random.Generator,
) -> dict[str, str]:
    """The part of each unit (a group or an image): by shares in each class, spread over its sources."""
    kinds: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for record, unit in zip(records, units, strict=True):
        kinds[unit][record.label, record.source] += 1
    by_class: dict[str, list[tuple[str, int, str]]] = defaultdict(list)
    for unit, counted in kinds.items():
        # A group of several classes is drawn with those of its most frequent one.
        label, source = max(sorted(counted), key=lambda kind: counted[kind])
        by_class[label].append((source, counted.total(), unit))
    parts: dict[str, str] = {}
    for _, found in sorted(by_class.items()):
        ordered = _mixed(sorted(found), generator)
        parts.update(zip(ordered, _dealt(len(ordered), shares), strict=True))
    return parts


def _mixed(ranked: Sequence[tuple[str, int, str]], generator: np.random.Generator) -> list[str]:
    """The units by source and size, shuffled among neighbours; `ranked`: (source, images, unit), sorted."""
    ordered = []
    for start in range(0, len(ranked), BLOCK):
        block = ranked[start : start + BLOCK]
        # By source again, so that a block on a border does not mix two.
        shuffled = [block[i] for i in generator.permutation(len(block))]
        ordered += [unit for _, _, unit in sorted(shuffled, key=lambda each: each[0])]
    return ordered


def _dealt(count: int, shares: tuple[float, float, float]) -> list[str]:
    """A part for each of `count` units in a row, spread evenly; each part gets one where there are three."""
    wanted = _counts(count, shares)
    given = [0, 0, 0]
    dealt = []
    for position in range(1, count + 1):
        # Whoever is furthest behind its even pace; the paces end at the wanted counts.
        behind = [want * position / count - have for want, have in zip(wanted, given, strict=True)]
        chosen = int(np.argmax(np.round(behind, 9)))
        given[chosen] += 1
        dealt.append(PARTS[chosen])
    return dealt


def _counts(count: int, shares: tuple[float, float, float]) -> list[int]:
    """Whole numbers in the ratio of `shares` with the sum `count` (largest remainders)."""
    exact = [share * count for share in shares]
    counts = [int(value + 1e-9) for value in exact]
    for index in sorted(range(3), key=lambda i: counts[i] - exact[i])[: count - sum(counts)]:
        counts[index] += 1
    for index in range(3):
        if counts[index] == 0 and count >= 3:
            counts[counts.index(max(counts))] -= 1
            counts[index] = 1
    return counts
