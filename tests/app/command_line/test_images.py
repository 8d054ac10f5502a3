"""Every image that was named, opened one after the other."""

import hashlib
from collections import Counter
from pathlib import Path

import nibabel
import numpy as np

from app.command_line.images import NamedImage, OpenedSlice, for_each_image
from core.readers.slice_choice import SliceChoice
from core.workspace import sources


def test_that_a_file_of_many_slices_is_hashed_once(volume: Path, tmp_path: Path, monkeypatch) -> None:
    other = tmp_path / "other.nii"
    nibabel.save(nibabel.Nifti1Image(np.zeros((8, 8, 3), np.int16), np.eye(4)), other)
    hashed: Counter[Path] = Counter()
    monkeypatch.setattr(sources, "file_sha256", lambda path: hashed.update([path]) or sha256_of(path))
    named = [NamedImage(path) for path in (volume, other)]

    def hash_of(opened: OpenedSlice) -> str:
        return opened.record.sha256

    results = for_each_image(named, SliceChoice(is_all=True), hash_of)
    assert hashed == {volume: 1, other: 1}
    assert results.records == [sha256_of(volume)] * 5 + [sha256_of(other)] * 3


def sha256_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
