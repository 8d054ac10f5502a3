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
from core.images.slice import Window
from core.readers.index import index_path, read
from tests.core.readers.nifti_files import MARK, RAS_TO_LPS, SHAPE, frames, marked, place_of_mark, saved

ORIENTATIONS = [(axes, flips) for axes in permutations(range(3)) for flips in product((1, -1), repeat=3)]


def affine_of(axes: tuple[int, ...], flips: tuple[int, ...]) -> np.ndarray:
    """Voxels of 2 x 3 x 4 mm whose stored axis i runs along world axis axes[i]."""
    affine = np.eye(4)
    affine[:3, :3] = 0
    for stored, (world, sign) in enumerate(zip(axes, flips, strict=True)):
        affine[world, stored] = sign * (2, 3, 4)[stored]
    affine[:3, 3] = (11, -7, 5)
    return affine


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


def test_that_a_fifth_axis_adds_volumes(tmp_path: Path) -> None:
    values = np.arange(2 * 3 * 4 * 5 * 2, dtype=np.int32).reshape(2, 3, 4, 5, 2)
    path = saved(tmp_path / "a.nii", values, np.diag([-1, -1, 1, 1]))
    (entry,) = index_path(path)
    assert (entry.frames, entry.volumes, entry.volume_shape) == (40, 10, (4, 3, 2))
    for time, fifth, index in ((0, 0, 0), (3, 0, 2), (4, 1, 3)):
        frame = (fifth * 5 + time) * 4 + index
        np.testing.assert_array_equal(read(entry, frame)[0].values, values[:, :, index, time, fifth].T)


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


def test_that_an_edited_file_is_read_again(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.nii", marked())
    assert frames(path)[4].values.max() == 7
    saved(path, marked() * 2)
    assert frames(path)[4].values.max() == 14


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"dim": [3, 30000, 30000, 30000, 1, 1, 1, 1]}, Refused),
        ({"dim": [3, 300, 300, 300, 1, 1, 1, 1]}, Truncated),
        ({"dim": [6, 3, 4, 5, 1, 1, 2, 1]}, Unsupported),
        ({"dim": [3, 3, 0, 5, 1, 1, 1, 1]}, NoImages),
        ({"dim": [0, 3, 4, 5, 1, 1, 1, 1]}, Unreadable),
        ({"dim": [8, 3, 4, 5, 1, 1, 1, 1]}, Unreadable),
        ({"vox_offset": np.nan}, Refused),
        ({"vox_offset": -8}, Refused),
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


@pytest.mark.parametrize("kind", [nibabel.Nifti1Image, nibabel.Nifti2Image])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("name", ["a.nii", "a.nii.gz", "A.NII.GZ", "a", "a.img", "a.hdr", "a.dat"])
def test_that_content_decides_whatever_the_name_suggests(
    tmp_path: Path, kind: Any, order: str, packed: bool, name: str
) -> None:
    values = np.arange(60, dtype=np.int16).reshape(SHAPE)
    data = kind(values, np.diag([-2, -3, 4, 1]), kind.header_class(endianness=order)).to_bytes()
    (tmp_path / name).write_bytes(gzip.compress(data) if packed else data)
    images = frames(tmp_path / name)
    np.testing.assert_array_equal(np.stack([image.values for image in images]), values.transpose(2, 1, 0))
    assert images[0].spacing_mm == (3, 2)


@pytest.mark.parametrize(
    "endings",
    [
        (".hdr", ".img"),
        (".HDR", ".IMG"),
        (".Hdr", ".Img"),
        (".hdr.gz", ".img.gz"),
        (".hdr", ".img.gz"),
    ],
)
@pytest.mark.parametrize("packed", [(True, False), (False, True), (True, True), (False, False)], ids=str)
def test_that_the_files_of_a_pair_may_be_packed_each_by_itself(
    tmp_path: Path, endings: tuple[str, str], packed: tuple[bool, bool]
) -> None:
    pair = nibabel.Nifti1Pair(marked(), np.diag([-1, -1, 1, 1]))
    pair.to_filename(tmp_path / "whole.img")
    paths = [tmp_path / f"a{ending}" for ending in endings]
    for path, whole_name, is_packed in zip(paths, ("whole.hdr", "whole.img"), packed, strict=True):
        data = (tmp_path / whole_name).read_bytes()
        path.write_bytes(gzip.compress(data) if is_packed else data)
    for path in paths:
        assert frames(path)[MARK[2]].values[MARK[1], MARK[0]] == 7
        assert index_path(path)[0].path == paths[0]


def test_that_a_file_that_is_packed_twice_is_refused_for_that(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.nii.gz", marked())
    path.write_bytes(gzip.compress(path.read_bytes()))
    with pytest.raises(Unsupported, match=r"a\.nii\.gz is compressed twice"):
        index_path(path)


def packed_parts(values: np.ndarray) -> tuple[bytes, bytes]:
    """The first and the second half of a file, each a gzip member."""
    data = nibabel.Nifti1Image(values, np.diag([-1, -1, 1, 1])).to_bytes()
    return gzip.compress(data[:400]), gzip.compress(data[400:])


def test_that_all_members_of_a_gzip_file_are_read_and_trailing_data_is_reported(tmp_path: Path) -> None:
    first, second = packed_parts(marked())
    plain = "other data follow the compressed ones and were left out"
    for rest, notes in ((b"", ()), (bytes(700), ()), (b"garbage", (plain,)), (b"\x1f", (plain,))):
        (tmp_path / "a.nii.gz").write_bytes(first + second + rest)
        image = frames(tmp_path / "a.nii.gz")[MARK[2]]
        assert image.values[MARK[1], MARK[0]] == 7
        assert image.notes == notes
    (tmp_path / "a.nii.gz").write_bytes(first + second[:-12])
    with pytest.raises(Truncated, match="ends before its image does"):
        frames(tmp_path / "a.nii.gz")


@pytest.mark.parametrize("volumes", [1, 3])
def test_that_a_wrong_checksum_is_reported(tmp_path: Path, volumes: int) -> None:
    data = bytearray(
        gzip.compress(nibabel.Nifti1Image(np.ones((*SHAPE, volumes), np.int16), np.eye(4)).to_bytes())
    )
    data[-8] ^= 1
    (tmp_path / "a.nii.gz").write_bytes(data)
    (entry,) = index_path(tmp_path / "a.nii.gz")
    with pytest.raises(Unreadable, match="its compressed data are damaged"):
        read(entry, 0)


@pytest.mark.parametrize(
    ("slope", "intercept", "expected", "note"),
    [
        (2, 1, 15, ""),
        (0, 5, 7, ""),
        (np.nan, 5, 7, ""),
        (np.inf, 5, 7, "the slope of the values is infinite: they are shown as stored"),
        (2, np.inf, 14, "the intercept of the values is NaN or infinite: 0 was used"),
        (2, np.nan, 14, "the intercept of the values is NaN or infinite: 0 was used"),
        (1, 3, 10, ""),
    ],
)
def test_that_scaling_that_is_not_finite_is_left_out_and_reported(
    tmp_path: Path, slope: float, intercept: float, expected: float, note: str
) -> None:
    affine = np.diag([-1, -1, 1, 1])
    image = frames(saved(tmp_path / "a.nii", marked(), affine, scl_slope=slope, scl_inter=intercept))[MARK[2]]
    assert image.values[MARK[1], MARK[0]] == expected
    assert image.notes == ((note,) if note else ())


@pytest.mark.parametrize("offset", [0, 348, 351])
def test_that_voxels_never_start_inside_the_header(tmp_path: Path, offset: int) -> None:
    image = frames(saved(tmp_path / "a.nii", marked(), np.diag([-1, -1, 1, 1]), vox_offset=offset))[MARK[2]]
    assert image.values[MARK[1], MARK[0]] == 7
    assert "read from byte 352 on" in image.notes[0]


def test_that_header_extensions_are_passed_over(tmp_path: Path) -> None:
    image = nibabel.Nifti1Image(marked(), np.diag([-1, -1, 1, 1]))
    image.header.extensions.append(nibabel.nifti1.Nifti1Extension("comment", b"x" * 50))
    nibabel.save(image, tmp_path / "a.nii.gz")
    assert frames(tmp_path / "a.nii.gz")[MARK[2]].values[MARK[1], MARK[0]] == 7


@pytest.mark.parametrize(("code", "words"), [(0, "without a type"), (1, "of single bits"), (77, "type 77")])
def test_that_a_type_of_voxels_that_is_not_read_is_named(tmp_path: Path, code: int, words: str) -> None:
    with pytest.raises(Unsupported, match=words):
        index_path(saved(tmp_path / "a.nii", marked(), datatype=code))


def test_that_a_calibrated_range_that_is_not_finite_proposes_no_window(tmp_path: Path) -> None:
    assert frames(saved(tmp_path / "a.nii", marked(), cal_min=np.nan, cal_max=30))[0].windows == ()


def test_that_a_header_of_a_pair_without_its_ending_asks_for_it(tmp_path: Path) -> None:
    nibabel.save(nibabel.Nifti1Pair(marked(), np.eye(4)), tmp_path / "pair.img")
    (tmp_path / "pair.hdr").rename(tmp_path / "header")
    with pytest.raises(Unreadable, match="one half of a pair"):
        index_path(tmp_path / "header")
