"""Volumes in the reader: cut across each axis, kept while they are looked at, and released."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.errors import Truncated, Unreadable, Unsupported
from core.readers.index import index_path
from core.readers.messages import CloseSeries, SeriesClosed
from core.readers.process import ReaderProcess
from core.readers.protocol import FrameSource, SeriesEntry, affine_rows
from core.readers.volume_cache import FEW_FILES, KEPT_VOLUMES, KeptKey, VolumeCache, file_states
from core.readers.volumes import read_plane, release
from tests.core.readers.dicom_files import dicom_file
from tests.core.readers.nifti_files import saved

LPS = np.diag([-1, -1, 1, 1])
VALUES = np.arange(2 * 3 * 4, dtype=np.int16).reshape(2, 3, 4)


@pytest.fixture(autouse=True)
def _empty_cache() -> Any:
    yield
    KEPT_VOLUMES.make_room(2**62)


def stack(folder: Path, values: np.ndarray, **elements: Any) -> SeriesEntry:
    """An axial series of one file a slice, 2 mm apart, with pixels of 1 x 1 mm."""
    paths = []
    for index, pixels in enumerate(values):
        place = {"ImagePositionPatient": [0, 0, 2 * index], "ImageOrientationPatient": [1, 0, 0, 0, 1, 0]}
        paths.append(dicom_file(folder / f"{index}.dcm", pixels, **place, PixelSpacing=[1, 1], **elements))
    affine = np.array([[0.0, 0, 1, 0], [0, 1, 0, 0], [2, 0, 0, 0], [0, 0, 0, 1]])
    (first,) = index_path(paths[0])
    rest = {
        "frames": len(values),
        "sources": tuple(FrameSource(path=path) for path in paths),
        "affine_lps_mm": affine_rows(affine),
    }
    return first.model_copy(update=rest)


def test_that_files_of_a_series_are_one_volume_across_each_axis(tmp_path: Path) -> None:
    entry = stack(tmp_path, VALUES, RescaleSlope=1, RescaleIntercept=-3)
    steps: list[tuple[int, int]] = []
    coronal, identity = read_plane(entry, 0, 1, 2, lambda done, total: steps.append((done, total)))
    sagittal, _ = read_plane(entry, 0, 2, 1)
    # Slices advance to the head, which is shown at the top.
    np.testing.assert_array_equal(coronal.values, VALUES[::-1, 2] - 3)
    np.testing.assert_array_equal(sagittal.values, VALUES[::-1, :, 1] - 3)
    np.testing.assert_array_equal(read_plane(entry, 0, 0, 1)[0].values, VALUES[1] - 3)
    assert (coronal.unit, coronal.modality, coronal.spacing_mm) == ("HU", "CT", (2, 1))
    assert identity.patient_id == "4711"
    assert steps == [(1, 2), (2, 2)]


def test_that_a_stack_of_mixed_types_keeps_all_values(tmp_path: Path) -> None:
    entry = stack(tmp_path, VALUES, RescaleSlope=1, RescaleIntercept=0)
    dicom_file(tmp_path / "1.dcm", VALUES[1], RescaleSlope=0.5, RescaleIntercept=0)
    values = read_plane(entry, 0, 1, 2)[0].values
    np.testing.assert_array_equal(values, np.stack([VALUES[1, 2] * 0.5, VALUES[0, 2]]))


def test_that_a_slice_of_another_size_is_one_sentence(tmp_path: Path) -> None:
    entry = stack(tmp_path, VALUES)
    dicom_file(tmp_path / "1.dcm", np.zeros((5, 5), np.int16))
    with pytest.raises(Unreadable, match=r"^1\.dcm differs from the other slices of its series in size"):
        read_plane(entry, 0, 1, 0)


def test_that_a_series_that_is_no_volume_says_why(tmp_path: Path) -> None:
    entry = stack(tmp_path, VALUES).model_copy(update={"no_volume": "The slices are not parallel."})
    with pytest.raises(Unsupported, match=r"The slices are not parallel\."):
        read_plane(entry, 0, 1, 0)
    assert read_plane(entry, 0, 0, 1)[0].shape == (3, 4)


def test_that_an_edited_slice_is_read_again_and_one_that_disappears_is_kept(tmp_path: Path) -> None:
    entry = stack(tmp_path, VALUES)
    assert read_plane(entry, 0, 1, 0)[0].values[0, 0] == 12
    (tmp_path / "0.dcm").unlink()
    assert read_plane(entry, 0, 1, 0)[0].values[0, 0] == 12
    dicom_file(tmp_path / "0.dcm", VALUES[0])
    dicom_file(tmp_path / "1.dcm", VALUES[1] + 100, Laterality="L")
    assert read_plane(entry, 0, 1, 0)[0].values[0, 0] == 112


def test_that_a_file_that_has_disappeared_before_it_was_read_is_one_sentence(tmp_path: Path) -> None:
    entry = stack(tmp_path, VALUES)
    (tmp_path / "1.dcm").unlink()
    with pytest.raises(Unreadable, match=r"^1\.dcm cannot be opened: No such file or directory\."):
        read_plane(entry, 0, 1, 0)


@pytest.mark.parametrize("name", ["a.nii", "a.nii.gz"])
def test_that_a_nifti_file_is_cut_across_each_axis_and_scaled(tmp_path: Path, name: str) -> None:
    path = saved(tmp_path / name, VALUES.transpose(2, 1, 0), LPS, scl_slope=0.5, scl_inter=10)
    (entry,) = index_path(path)
    np.testing.assert_array_equal(read_plane(entry, 0, 1, 2)[0].values, VALUES[::-1, 2] * 0.5 + 10)
    np.testing.assert_array_equal(read_plane(entry, 0, 2, 3)[0].values, VALUES[::-1, :, 3] * 0.5 + 10)
    assert read_plane(entry, 0, 2, 3)[0].values.dtype == np.float32


def test_that_a_mapped_file_takes_no_memory_and_a_packed_one_is_released(tmp_path: Path) -> None:
    entries = [index_path(saved(tmp_path / name, VALUES, LPS))[0] for name in ("a.nii", "a.nii.gz")]
    read_plane(entries[0], 0, 1, 0)
    assert KEPT_VOLUMES.kept_bytes == 0
    read_plane(entries[1], 0, 1, 0)
    assert KEPT_VOLUMES.kept_bytes == VALUES.nbytes
    release(entries[1])
    assert KEPT_VOLUMES.kept_bytes == 0


def test_that_a_mapped_file_that_becomes_shorter_is_refused_in_one_sentence(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.nii", VALUES, LPS)
    (entry,) = index_path(path)
    with ReaderProcess() as reader:
        reader.read_plane(entry, 0, 1, 0)
        path.write_bytes(path.read_bytes()[:360])
        with pytest.raises(Truncated, match=r"^a\.nii ends before its image does"):
            reader.read_plane(entry, 0, 1, 1)


def test_that_the_reader_process_cuts_planes_and_tells_what_it_keeps(tmp_path: Path) -> None:
    entries = [stack(tmp_path, VALUES), index_path(saved(tmp_path / "a.nii.gz", VALUES, LPS))[0]]
    with ReaderProcess() as reader:
        coronal, identity = reader.read_plane(entries[0], 0, 1, 2)
        reader.read_plane(entries[1], 0, 2, 1)
        assert reader.ask(CloseSeries(entry=entries[0]), SeriesClosed)[0].kept_bytes == VALUES.nbytes
        assert reader.ask(CloseSeries(entry=entries[1]), SeriesClosed)[0].kept_bytes == 0
        with pytest.raises(Unreadable, match="has 3 slices across this axis, so none with the number 3"):
            reader.read_plane(entries[0], 0, 1, 3)
    np.testing.assert_array_equal(coronal.values, VALUES[::-1, 2])
    assert identity.patient_id == "4711"


def key(name: str) -> KeptKey[str]:
    return KeptKey(str, name)


def test_that_the_cache_drops_what_was_not_used_for_the_longest_time(tmp_path: Path) -> None:
    cache = VolumeCache(limit_bytes=100)
    for name in "ab":
        cache.keep(key(name), name, file_states([tmp_path / name]), 40)
    assert cache.get(key("a")) == "a"
    cache.keep(key("c"), "c", {}, 40, memory_bytes=0)
    assert (cache.get(key("a")), cache.get(key("b")), cache.get(key("c"))) == ("a", None, "c")
    assert cache.kept_bytes == 40
    cache.keep(key("large"), "large", {}, 1000)
    assert (cache.get(key("a")), cache.get(key("large"))) == (None, "large")


def test_that_many_files_are_looked_at_once_a_second(tmp_path: Path) -> None:
    paths = [tmp_path / str(number) for number in range(FEW_FILES + 1)]
    for path in paths:
        path.write_bytes(b"1")
    times = iter([0.0, 0.5, 1.5])
    cache = VolumeCache(clock=lambda: next(times))
    cache.keep(key("a"), "a", file_states(paths), 1)
    paths[3].write_bytes(b"22")
    assert [cache.get(key("a")), cache.get(key("a"))] == ["a", None]


def test_that_things_of_different_kinds_under_one_name_are_kept_apart() -> None:
    cache = VolumeCache()
    cache.keep(KeptKey(str, "a"), "text", {}, 1)
    cache.keep(KeptKey(bytes, "a"), b"bytes", {}, 1)
    assert (cache.get(KeptKey(str, "a")), cache.get(KeptKey(bytes, "a"))) == ("text", b"bytes")
