"""Splits that are drawn: whole groups, in the requested ratio, the same for the same seed."""

from collections import Counter

import pytest

from core.errors import InputError
from training.datasets import DataSet, LabelledImage, leaks
from training.splits import Split

GROUPS = Split(kind="groups")


def data(groups, images=3):
    """`groups`: (class, source, how many groups) each; every group has up to `images` images."""
    records = []
    for label, origin, count in groups:
        for group in range(count):
            name = f"{label}-{origin}-{group}"
            records += [
                LabelledImage(f"{name}-{i}", None, label, "", name, None, origin)
                for i in range(1 + group % images)
            ]
    return DataSet(tuple(records), "person", "0" * 64)


def groups_by(split, key):
    return Counter((value.part, key(value)) for value in {r.group: r for r in split.records}.values())


def test_that_groups_stay_together_and_classes_and_sources_keep_their_shares():
    split = GROUPS.apply(data([("a", "x", 50), ("a", "y", 30), ("b", "x", 20)]))
    assert leaks(split.records) == []
    by_class = groups_by(split, lambda each: each.label)
    assert by_class == {
        ("train", "a"): 64,
        ("val", "a"): 8,
        ("test", "a"): 8,
        ("train", "b"): 16,
        ("val", "b"): 2,
        ("test", "b"): 2,
    }
    by_source = groups_by(split, lambda each: (each.label, each.source))
    assert (by_source["val", ("a", "x")], by_source["val", ("a", "y")]) == (5, 3)
    assert (by_source["test", ("a", "x")], by_source["test", ("a", "y")]) == (5, 3)


def test_that_groups_of_every_size_go_to_every_part():
    # Sizes 1 to 30: parts drawn without regard to them would differ far more in images than in groups.
    split = GROUPS.apply(data([("a", "", 300), ("b", "", 300)], images=30))
    images = Counter(record.part for record in split.records)
    for part, share in (("train", 0.8), ("val", 0.1), ("test", 0.1)):
        assert images[part] / len(split.records) == pytest.approx(share, abs=0.01)


def test_that_the_seed_and_nothing_else_decides():
    data_set = data([("a", "x", 30), ("b", "x", 30)])
    turned = DataSet(data_set.records[::-1], "person", data_set.sha256)
    first = {record.id: record.part for record in GROUPS.apply(data_set).records}
    assert {record.id: record.part for record in GROUPS.apply(turned).records} == first
    other = Split(kind="groups", seed=1).apply(data_set)
    assert {record.id: record.part for record in other.records} != first


@pytest.mark.parametrize("count", range(3, 30))
def test_that_each_part_gets_a_group_of_a_class_that_has_three(count):
    split = GROUPS.apply(data([("a", "", count), ("b", "", 30)]))
    assert {record.part for record in split.records if record.label == "a"} == {"train", "val", "test"}


def test_that_a_class_of_two_persons_cannot_be_split():
    with pytest.raises(InputError, match=r"the part (val|test) has no image of a"):
        GROUPS.apply(data([("a", "", 2), ("b", "", 30)]))


def test_that_a_person_of_two_classes_stays_in_one_part():
    both = [
        LabelledImage("1", None, "a", "", "p"),
        *[LabelledImage(f"2{i}", None, "b", "", "p") for i in range(3)],
    ]
    rest = data([("a", "", 20), ("b", "", 20)])
    split = GROUPS.apply(DataSet((*both, *rest.records), "person", ""))
    assert len({record.part for record in split.records if record.group == "p"}) == 1


def test_that_a_split_of_slices_leaks_and_reports_it():
    split = Split(kind="slices")
    result = split.apply(data([("a", "", 20), ("b", "", 20)], images=10))
    assert len(leaks(result.records)) > 10
    assert Counter(record.part for record in result.records if record.label == "a") == {
        "train": 88,
        "val": 11,
        "test": 11,
    }
    assert "LEAKS" in split.description("person")
    assert "cannot be trusted" in split.limit("person")


def test_that_a_sound_split_needs_no_limit_and_one_without_persons_does():
    assert GROUPS.limit("person") == ""
    assert "80/10/10, by person" in GROUPS.description("person")
    assert "do not identify the persons" in GROUPS.limit("")


def test_that_parts_that_are_not_given_cannot_be_taken():
    with pytest.raises(InputError, match="do not say"):
        Split(kind="given").apply(data([("a", "", 20), ("b", "", 20)]))


@pytest.mark.parametrize("shares", [(0.8, 0.1, 0.2), (1.0, 0.0, 0.0)])
def test_that_shares_make_a_whole(shares):
    with pytest.raises(ValueError, match="make 1 together"):
        Split(kind="groups", shares=shares)
