"""Near-duplicates: a perceptual hash finds them, the correlation of thumbnails confirms them.

The hash is the sign of the 64 lowest frequencies of a cosine transform against their median (the pHash of
Zauner 2010, "Implementation and benchmarking of perceptual image hash functions").
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.fft import dctn

from core.arrays import Array
from core.images.resample import resampled
from core.output import written
from training.datasets import LabelledImage

HASH_SIDE = 32
THUMBNAIL = 48
# As measured on the chest data set: pairs beyond these limits were not the same film.
NEAR_BITS = 6
NEAR_CORRELATION = 0.975
# Rows of the table of all distances at a time: 256 of 20,000 pictures take 40 MB.
ROWS = 256


@dataclass(frozen=True, slots=True)
class Pair:
    """Two similar pictures (their positions): bits that differ of 64, correlation of thumbnails."""

    first: int
    second: int
    bits: int
    correlation: float


def hashes(pictures: Array) -> Array:
    """(n,) uint64 of pictures (n, rows, columns)."""
    codes = np.empty(len(pictures), np.uint64)
    for index, values in enumerate(pictures):
        lowest = dctn(resampled(values, (HASH_SIDE, HASH_SIDE)), norm="ortho")[:8, :8].ravel()
        # The first one is the mean, which is left out of the median.
        bits = lowest > np.median(lowest[1:])
        codes[index] = np.packbits(bits).view(">u8")[0]
    return codes


def near_pairs(pictures: Array) -> list[Pair]:
    """The pairs among pictures (n, rows, columns) of THUMBNAIL pixels a side, the most similar first."""
    codes = hashes(pictures)
    flat = pictures.reshape(len(pictures), -1).astype(np.float32)
    flat = flat - flat.mean(axis=1, keepdims=True)
    lengths = np.linalg.norm(flat, axis=1, keepdims=True)
    # A constant picture correlates with nothing.
    flat = np.divide(flat, lengths, out=np.zeros_like(flat), where=lengths > 0)
    pairs = []
    for first, second, bits in _near_codes(codes):
        correlation = float(flat[first] @ flat[second])
        if correlation >= NEAR_CORRELATION:
            pairs.append(Pair(first, second, bits, correlation))
    return sorted(pairs, key=lambda pair: (-pair.correlation, pair.first, pair.second))


def _near_codes(codes: Array) -> Iterator[tuple[int, int, int]]:
    for start in range(0, len(codes), ROWS):
        distances = np.bitwise_count(codes[start : start + ROWS, None] ^ codes[None, start:])
        for row, column in zip(*np.nonzero(distances <= NEAR_BITS), strict=True):
            if column > row:
                yield start + int(row), start + int(column), int(distances[row, column])


def pairs_across_parts(pairs: Sequence[Pair], records: Sequence[LabelledImage]) -> list[Pair]:
    """The pairs in different parts."""
    return [pair for pair in pairs if records[pair.first].part != records[pair.second].part]


def unexpected_pairs(pairs: Sequence[Pair], records: Sequence[LabelledImage]) -> list[Pair]:
    """The pairs in different parts or of different groups; pictures of one person may be similar."""
    return [
        pair
        for pair in pairs
        if records[pair.first].part != records[pair.second].part
        or records[pair.first].group != records[pair.second].group
    ]


def write_pairs(path: Path, pairs: Sequence[Pair], records: Sequence[LabelledImage]) -> None:
    """A CSV file of the pairs, those across parts first. Raises DiskFull."""
    across = {id(pair) for pair in pairs_across_parts(pairs, records)}
    names = ("id", "part", "group", "label")
    header = [f"{which}_{name}" for which in ("first", "second") for name in names]
    with written(path) as file, io.TextIOWrapper(file, encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([*header, "across_parts", "bits", "correlation"])
        for pair in sorted(pairs, key=lambda each: id(each) not in across):
            row = [
                getattr(records[position], name) for position in (pair.first, pair.second) for name in names
            ]
            writer.writerow(
                [*row, "yes" if id(pair) in across else "no", pair.bits, f"{pair.correlation:.4f}"]
            )
