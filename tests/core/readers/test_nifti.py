"""NIfTI: where voxels lie, how they are shown, and what is refused before memory is taken."""

import gzip
from itertools import permutations, product
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pytest

from core.errors import InputError, NoImages, Refused, Truncated, Unreadable, Unsupported
from core.images.geometry import edge_letters
from core.images.slice import Slice, Window
from core.readers import index_path, read

SHAPE = (3, 4, 5)
MARK = (1, 2, 4)
RAS_TO_LPS = np.array([-1, -1, 1])
ORIENTATIONS = [(axes, flips) for axes in permutations(range(3)) for flips in product((1, -1), repeat=3)]


def affine_of(axes: tuple[int, ...], flips: tuple[int, ...]) -> np.ndarray:
    """Voxels of 2 x 3 x 4 mm whose stored axis i runs along world axis axes[i]."""
    affine = np.eye(4)
    affine[:3, :3] = 0
    for stored, (world, sign) in enumerate(zip(axes, flips, strict=True)):
        affine[world, stored] = sign * (2, 3, 4)[stored]
    affine[:3, 3] = (11, -7, 5)
    return affine


def saved(path: Path, values: np.ndarray, affine: np.ndarray | None = None, **fields: Any) -> Path:
    """Write a volume; `fields` are set in the header's bytes, unseen by what keeps it consistent."""
    data = nibabel.Nifti1Image(values, np.eye(4) if affine is None else affine).to_bytes()
    header = nibabel.Nifti1Header(data[:348], check=False)
    for name, value in fields.items():
        header[name] = value
    data = header.binaryblock + data[348:]
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def frames(path: Path) -> list[Slice]:
    (entry,) = index_path(path)
    return [read(entry, frame)[0] for frame in range(entry.frames)]


def marked() -> np.ndarray:
    values = np.zeros(SHAPE, np.int16)
    values[MARK] = 7
    return values


def place_of_mark(images: list[Slice]) -> np.ndarray:
    (found,) = [image for image in images if (image.values == 7).any()]
    row, column = np.argwhere(found.values == 7)[0]
    assert found.affine_lps_mm is not None
    return (found.affine_lps_mm @ [0, row, column, 1])[:3]


@pytest.mark.parametrize(("axes", "flips"), ORIENTATIONS, ids=str)
def test_that_a_marked_voxel_keeps_its_place_in_the_patient(
    tmp_path: Path, axes: tuple[int, ...], flips: tuple[int, ...]
) -> None:
    affine = affine_of(axes, flips)
    images = frames(saved(tmp_path / "a.nii", marked(), affine))
    expected = (affine @ [*MARK, 1])[:3] * RAS_TO_LPS
    assert place_of_mark(images) == pytest.approx(expected)
    first, second = (image.affine_lps_mm for image in images[:2])
    assert first is not None
    assert second is not None
    assert edge_letters(first) == ("A", "R")
    assert second[2, 3] > first[2, 3]  # from foot to head


def test_that_an_oblique_voxel_keeps_its_place_in_the_patient(tmp_path: Path) -> None:
    turn = np.deg2rad(20)
    oblique = np.eye(4)
    oblique[1:3, 1:3] = [[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]
    affine = oblique @ affine_of((2, 0, 1), (1, -1, -1))
    images = frames(saved(tmp_path / "a.nii.gz", marked(), affine))
    assert place_of_mark(images) == pytest.approx((affine @ [*MARK, 1])[:3] * RAS_TO_LPS, abs=1e-5)


def test_that_the_same_head_in_three_storage_orders_is_shown_alike(shared: Path) -> None:
    heads = [frames(shared / "nifti" / "other" / f"{name}.nii.gz") for name in ("RAS", "AIL", "PSR")]
    for other in heads[1:]:
        assert len(other) == len(heads[0])
        np.testing.assert_array_equal(
            np.stack([image.values for image in other]), np.stack([image.values for image in heads[0]])
        )


def test_that_metres_become_millimetres(tmp_path: Path) -> None:
    image = nibabel.Nifti1Image(marked(), np.diag([0.002, 0.003, 0.004, 1]))
    image.header.set_xyzt_units("meter")
    nibabel.save(image, tmp_path / "a.nii")
    assert frames(tmp_path / "a.nii")[0].spacing_mm == pytest.approx((3, 2))


def test_that_a_file_without_orientation_claims_none(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.nii", marked(), qform_code=0, sform_code=0)
    image = frames(path)[0]
    assert image.affine_lps_mm is None
    assert "no orientation" in image.notes[0]
    assert image.spacing_mm == (1, 1)


def test_that_slope_and_intercept_are_applied(tmp_path: Path) -> None:
    values = np.arange(60, dtype=np.int16).reshape(SHAPE)
    image = nibabel.Nifti1Image(values, np.diag([-1, -1, 1, 1]))
    image.header.set_slope_inter(0.5, -100)
    nibabel.save(image, tmp_path / "a.nii")
    # Written through the slope; what is stored is what comes back when read by the formula.
    stored = nibabel.load(tmp_path / "a.nii").dataobj.get_unscaled()
    shown = np.stack([image.values for image in frames(tmp_path / "a.nii")])
    assert shown.dtype == np.float32
    np.testing.assert_allclose(shown, (stored * 0.5 - 100).transpose(2, 1, 0))


def test_that_a_slope_of_zero_means_no_scaling(shared: Path) -> None:
    folder = shared / "nifti" / "generated"
    plain, zero = (frames(folder / name)[9] for name in ("sform_only.nii.gz", "scl_slope_zero.nii"))
    assert zero.values.dtype == np.int16
    np.testing.assert_array_equal(zero.values, plain.values)


def test_that_time_points_follow_each_other(tmp_path: Path) -> None:
    values = np.arange(2 * 3 * 4 * 5, dtype=np.int32).reshape(2, 3, 4, 5)
    path = saved(tmp_path / "a.nii.gz", values, np.diag([-1, -1, 1, 1]))
    (entry,) = index_path(path)
    assert (entry.frames, entry.volumes, entry.rows, entry.columns) == (20, 5, 3, 2)
    for time, index in ((0, 0), (3, 2), (4, 3)):
        np.testing.assert_array_equal(read(entry, time * 4 + index)[0].values, values[:, :, index, time].T)


def test_that_nan_is_kept_for_the_preprocessing_to_refuse(tmp_path: Path) -> None:
    values = np.ones(SHAPE, np.float32)
    values[MARK] = np.nan
    assert sum(int(np.isnan(image.values).sum()) for image in frames(saved(tmp_path / "a.nii", values))) == 1


def test_that_colour_is_read_and_transparency_noted(shared: Path) -> None:
    image = frames(shared / "nifti" / "other" / "rgba32_001_ground_truth.nii.gz")[1]
    assert (image.values.shape, image.values.dtype) == ((77, 52, 3), np.uint8)
    assert image.notes == ("transparency was left out",)


def test_that_complex_values_show_their_magnitude(tmp_path: Path) -> None:
    image = frames(saved(tmp_path / "a.nii", np.full(SHAPE, 3 - 4j, np.complex64)))[0]
    assert (image.values == 5).all()
    assert image.notes == ("magnitude of complex values",)


def test_that_the_calibrated_range_is_proposed_as_a_window(tmp_path: Path) -> None:
    image = frames(saved(tmp_path / "a.nii", marked(), cal_min=10, cal_max=30))[0]
    assert image.windows == (Window(20, 20, "calibrated", function="linear_exact"),)


def test_that_a_pair_opens_by_either_file_and_is_one_entry_of_its_folder(tmp_path: Path) -> None:
    nibabel.save(nibabel.Nifti1Pair(marked(), np.eye(4)), tmp_path / "pair.img")
    entries = [index_path(tmp_path / name) for name in ("pair.img", "pair.hdr", "")]
    assert [entry.path.name for entry in entries[0]] == ["pair.hdr"]
    assert entries[0] == entries[1] == entries[2]
    (tmp_path / "pair.img").unlink()
    with pytest.raises(Unreadable, match=r"pair\.img with the voxels is missing"):
        index_path(tmp_path / "pair.hdr")


def test_that_an_edited_file_is_read_anew(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.nii", marked())
    assert frames(path)[4].values.max() == 7
    saved(path, marked() * 2)
    assert frames(path)[4].values.max() == 14


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"dim": [3, 30000, 30000, 30000, 1, 1, 1, 1]}, Refused),
        ({"dim": [3, 300, 300, 300, 1, 1, 1, 1]}, Truncated),
        ({"dim": [5, 3, 4, 5, 1, 2, 1, 1]}, Unsupported),
        ({"dim": [3, 3, 0, 5, 1, 1, 1, 1]}, NoImages),
        ({"vox_offset": 1e9}, Refused),
        ({"intent_code": 3001}, NoImages),
    ],
)
@pytest.mark.parametrize("name", ["a.nii", "a.nii.gz"])
def test_that_a_false_header_is_refused_before_memory_is_taken(
    tmp_path: Path, fields: dict[str, Any], error: type[InputError], name: str
) -> None:
    with pytest.raises(error):
        index_path(saved(tmp_path / name, marked(), **fields))
