"""Near-duplicates: found through noise, tone and size; other pictures are not."""

import csv

import numpy as np
from scipy.ndimage import gaussian_filter

from core.images.resample import resampled
from training.datasets import LabelledImage
from training.duplicates import (
    THUMBNAIL,
    hashes,
    near_pairs,
    pairs_across_parts,
    unexpected_pairs,
    write_pairs,
)


def pictures(generator, count):
    created = np.stack([gaussian_filter(generator.random((THUMBNAIL, THUMBNAIL)), 4) for _ in range(count)])
    return (created - created.min()) / np.ptp(created)


def test_that_a_picture_in_other_tone_noise_and_size_is_found_and_no_other(generator):
    created = pictures(generator, 40)
    smaller = resampled(created[3], (24, 24))
    copies = [
        0.5 * created[7] + 0.2 + generator.normal(0, 0.003, created[7].shape),
        resampled(smaller, created[3].shape),
    ]
    result = near_pairs(np.concatenate([created, copies]))
    assert {(pair.first, pair.second) for pair in result} == {(7, 40), (3, 41)}
    assert min(pair.correlation for pair in result) > 0.975
    assert max(pair.bits for pair in result) <= 6


def test_that_the_hash_is_the_signs_of_the_lowest_frequencies():
    rows, columns = np.mgrid[:32, :32]
    waves = {(1, 0): 3.0, (0, 2): 2.0, (5, 7): 1.0}
    picture = sum(
        height * np.cos(np.pi * (2 * rows + 1) * u / 64) * np.cos(np.pi * (2 * columns + 1) * v / 64)
        for (u, v), height in waves.items()
    )
    # Half of the 63 frequencies lie at zero but for rounding, so only the others are compared.
    bits = np.unpackbits(np.array([hashes(picture[None] + 1)[0]], ">u8").view(np.uint8)).reshape(8, 8)
    assert all(bits[place] == 1 for place in waves)
    turned = np.unpackbits(np.array([hashes(1 - picture[None])[0]], ">u8").view(np.uint8)).reshape(8, 8)
    assert all(turned[place] == 0 for place in waves)


def test_that_pictures_of_one_value_are_no_duplicates():
    assert near_pairs(np.ones((3, THUMBNAIL, THUMBNAIL))) == []


def test_that_pairs_within_a_person_and_part_are_passed_over_and_leaks_come_first(generator, tmp_path):
    first, second, third = pictures(generator, 3)
    created = np.stack([first, first, second, second, third, third])
    places = [("a", "train"), ("a", "train"), ("b", "train"), ("c", "train"), ("d", "train"), ("d", "test")]
    records = [LabelledImage(str(i), None, "x", part, group) for i, (group, part) in enumerate(places)]
    pairs = unexpected_pairs(near_pairs(created), records)
    assert {(pair.first, pair.second) for pair in pairs} == {(2, 3), (4, 5)}
    assert [(pair.first, pair.second) for pair in pairs_across_parts(pairs, records)] == [(4, 5)]
    write_pairs(tmp_path / "duplicates.csv", pairs, records)
    with (tmp_path / "duplicates.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["first_id"], row["second_id"], row["across_parts"], row["bits"]) for row in rows] == [
        ("4", "5", "yes", "0"),
        ("2", "3", "no", "0"),
    ]
