"""A small set of pictures that a tiny network learns within a test."""

import csv
import shutil
from contextlib import contextmanager

import keras
import numpy as np
import pytest
from PIL import Image

from core.models.preprocessing import Preprocessing
from training.facts import Facts
from training.recipes import RECIPES, Stage

FACTS = Facts(
    id="toy",
    version="1.0.0",
    title="Toy",
    summary="Bright or dark side.",
    modality=("MR",),
    purpose="Tests.",
    not_for="Anything else.",
    limits=(),
    data="made",
    licence="CC0-1.0",
    attribution="none",
    preprocessing=Preprocessing(height=32, width=32),
)
TINY = RECIPES["smoke"].model_copy(update={"stages": (Stage(size=32, epochs=2),), "mask_weight": 0.5})
CLASSES = ("left", "right")


@contextmanager
def uncompiled():
    """Keras runs step by step here: to compile a tiny network takes longer than its few steps."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keras.Model, "run_eagerly", property(lambda self: True, lambda self, value: None))
        yield


def write_index(folder, parts=True):
    """48 pictures whose left or right half is bright, two a person; 32 for train, 8 for val, 8 for test."""
    generator = np.random.default_rng(0)
    rows = []
    for number in range(48):
        values = generator.integers(0, 60, (32, 32))
        side = number % 2
        values[:, 16 * side : 16 * side + 16] += 120
        Image.fromarray(values.astype(np.uint8)).save(folder / f"{number}.png")
        part = "train" if number < 32 else "val" if number < 40 else "test"
        rows.append((number, f"{number}.png", CLASSES[side], f"p{number // 2}", part))
    header = ("id", "file", "label", "person", "part")
    with (folder / "index.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(row if parts else row[:-1] for row in (header, *rows))
    return folder / "index.csv"


def write_folders(folder):
    """The pictures of `write_index` in a folder a class, the person in each name, without parts."""
    write_index(folder)
    root = folder / "classes"
    for number in range(48):
        place = root / CLASSES[number % 2]
        place.mkdir(parents=True, exist_ok=True)
        shutil.move(folder / f"{number}.png", place / f"p{number // 2}_{number}.png")
    return root
