"""Loading: every bad image is named at once, and free memory is checked before it is used."""

from types import SimpleNamespace

import numpy as np
import psutil
import pytest
from PIL import Image

from core.errors import OutOfMemory, Unreadable
from core.models.preprocessing import Preprocessing
from training.batches import load
from training.datasets import LabelledImage

SMALL = Preprocessing(height=16, width=16)


def record(path, mask=None):
    return LabelledImage(path.stem, path, "a", "train", path.stem, mask)


def test_that_every_bad_image_is_named_at_once_and_many_are_counted(tmp_path):
    records = []
    for number in range(9):
        path = tmp_path / f"{number}.png"
        if number == 4:
            Image.fromarray(np.zeros((8, 8), np.uint8)).save(path)
        else:
            path.write_bytes(b"\x89PNG\r\n\x1a\nbroken")
        records.append(record(path))
    with pytest.raises(Unreadable) as caught:
        load(records, ["a"], SMALL)
    assert caught.value.message.startswith("8 of 9 images cannot be used: ")
    assert all(f"{number}.png" in caught.value.message for number in (0, 1, 2, 3, 5))
    assert "and 3 more" in caught.value.message


def test_that_colour_transparency_and_depth_are_read_as_the_window_reads_them(tmp_path):
    step = np.zeros((16, 16), np.uint16)
    step[:, 8:] = 40000
    Image.fromarray(step).save(tmp_path / "deep.png")
    colour = np.repeat((step // 256)[..., None], 4, axis=2).astype(np.uint8)
    colour[..., 3] = 255
    Image.fromarray(colour).save(tmp_path / "colour.png")
    images = load([record(tmp_path / "deep.png"), record(tmp_path / "colour.png")], ["a"], SMALL)
    np.testing.assert_allclose(images.inputs[0, ..., 0], step / 40000)
    np.testing.assert_allclose(images.inputs[1], images.inputs[0])


def test_that_a_mask_follows_its_image_onto_the_grid(tmp_path):
    Image.fromarray(np.arange(32 * 32, dtype=np.uint8).reshape(32, 32)).save(tmp_path / "a.png")
    mask = np.zeros((64, 64), bool)
    mask[:32, 16:48] = True
    Image.fromarray(mask).save(tmp_path / "mask.png")
    images = load([record(tmp_path / "a.png", tmp_path / "mask.png")], ["a"], SMALL)
    expected = np.zeros((16, 16))
    expected[:8, 4:12] = 1
    np.testing.assert_allclose(images.masks[0], expected)


def test_that_too_little_memory_is_reported_before_anything_is_read(tmp_path, monkeypatch):
    missing_records = [record(tmp_path / "gone.png")] * 1000
    # 1000 images of 16 x 16 with their masks take 2,048,000 bytes; four fifths of what is free may be used.
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=2_559_999))
    with pytest.raises(OutOfMemory, match="1000 images of 16 x 16"):
        load(missing_records, ["a"], SMALL)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=2_560_001))
    with pytest.raises(Unreadable):
        load(missing_records, ["a"], SMALL)
