"""NIfTI maps: every value at the position of its pixel in the source, read by two other libraries."""

import gzip
import json
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pytest
import SimpleITK

from core.errors import NotApplicable
from core.exports.map_nifti import MapNifti, MapNiftiParams
from core.images.grid_map import GridMap
from core.images.planes import AXES, Axis, plane_views
from core.images.slice import Slice
from core.images.volume import Volume
from core.readers.protocol import SeriesEntry, affine_rows
from core.readers.slice_choice import ChosenSlice
from core.readers.volume_cache import KEPT_VOLUMES
from core.readers.volumes import read_plane
from core.workspace.document import SliceGeometry
from core.workspace.geometry import slice_geometry
from tests.core.exports.subjects import subject_of, subject_on
from tests.core.images.phantom import SHAPE, Phantom, oblique_directions, phantom, straight_directions
from tests.core.readers.test_orientations import dicom_series, nifti_series

LPS_TO_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])
EXPORTER = MapNifti()


@pytest.fixture(autouse=True)
def _empty_cache() -> Any:
    yield
    KEPT_VOLUMES.make_room(2**62)


def written(tmp_path: Path, subject, **options) -> Path:
    files = EXPORTER.files(subject, MapNiftiParams(**options))
    assert list(files) == [".nii.gz", ".json"]
    (tmp_path / "map.nii.gz").write_bytes(files[".nii.gz"])
    (tmp_path / "map.json").write_bytes(files[".json"])
    return tmp_path / "map.nii.gz"


def nibabel_places(path: Path) -> list[tuple[float, np.ndarray]]:
    """Each value that is not NaN, with its position in LPS."""
    image = nibabel.load(path)
    assert image.header["sform_code"] == 1
    if image.header["qform_code"]:
        assert image.header["qform_code"] == 1
        np.testing.assert_allclose(image.get_qform(), image.affine, atol=1e-3)
    voxels = np.asarray(image.dataobj)
    return [
        (float(voxels[tuple(index)]), (LPS_TO_RAS @ image.affine @ [*index, 1])[:3])
        for index in np.argwhere(~np.isnan(voxels))
    ]


def itk_places(path: Path) -> list[tuple[float, np.ndarray]]:
    """The same by ITK, which reads NaN as 0."""
    image = SimpleITK.ReadImage(str(path))
    voxels = SimpleITK.GetArrayFromImage(image)
    return [
        (
            float(voxels[tuple(index)]),
            np.array(image.TransformIndexToPhysicalPoint([int(part) for part in index[::-1]])),
        )
        for index in np.argwhere(voxels)
    ]


def require_places(source: Phantom, path: Path, values: np.ndarray) -> None:
    for places in (nibabel_places(path), itk_places(path)):
        assert sorted(value for value, _ in places) == sorted(values.ravel().tolist())
        for value, position in places:
            np.testing.assert_allclose(position, source.position_mm(value), atol=1e-3)


def require_exports_in_place(
    tmp_path: Path, source: Phantom, entry: SeriesEntry, axis: Axis, image: Slice
) -> None:
    """Slice 1 across an axis, as a whole volume and alone."""
    geometry = slice_geometry(image, entry, ChosenSlice(axis=axis, index=1))
    subject = subject_on(image.values.astype(np.float32), geometry)
    path = written(tmp_path, subject)
    assert nibabel.load(path).shape == entry.volume_shape[::-1]
    require_places(source, path, image.values)
    path = written(tmp_path, subject, extent="slice")
    assert nibabel.load(path).shape == (*image.shape[::-1], 1)
    require_places(source, path, image.values)


@pytest.mark.parametrize("directions", [*straight_directions(), *oblique_directions()[:6]])
def test_that_each_value_lies_on_its_pixel_in_volumes_of_all_orders_for_slices_of_all_planes(
    tmp_path: Path, directions: np.ndarray
) -> None:
    source = phantom(directions)
    slices, rows, columns = source.values.shape
    entry = SeriesEntry(
        path=tmp_path / "a.dcm",
        reader="DICOM",
        title="",
        frames=slices,
        rows=rows,
        columns=columns,
        affine_lps_mm=affine_rows(source.affine),
    )
    for view in plane_views(source.values.shape, source.affine):
        image = Volume(source.values, source.affine).slice(view, 1)
        require_exports_in_place(tmp_path, source, entry, view.axis, image)


@pytest.mark.parametrize("series", [nifti_series, dicom_series])
@pytest.mark.parametrize("directions", [straight_directions()[17], oblique_directions()[3]])
def test_that_each_value_lies_on_its_pixel_in_the_files_that_were_read(
    tmp_path: Path, directions: np.ndarray, series: Any
) -> None:
    source = phantom(directions)
    entry = series(tmp_path, source)
    for axis in AXES:
        require_exports_in_place(tmp_path, source, entry, axis, read_plane(entry, 0, axis, 1)[0])


def test_that_a_map_on_a_coarse_grid_is_resampled_by_the_grid_map_and_filled_outside(tmp_path: Path) -> None:
    grid_map = GridMap((2, 3), (4, 5), (0.5, -0.5, 2.5, 4.5))  # two rows of the slice are not seen
    values = np.array([[1, 2, 3], [4, 5, 6]], np.float32)
    geometry = SliceGeometry(shape=(4, 5), spacing_mm=(2.0, 3.0))
    subject = subject_on(values, geometry, grid_map)
    for outside, fill in (("nan", np.nan), ("zero", 0.0)):
        path = written(tmp_path, subject, outside=outside, interpolation="nearest")
        expected = [[fill] * 5, [1, 1, 2, 3, 3], [4, 4, 5, 6, 6], [fill] * 5]
        np.testing.assert_array_equal(np.asarray(nibabel.load(path).dataobj)[..., 0].T, expected)
    smooth = np.asarray(nibabel.load(written(tmp_path, subject)).dataobj)[..., 0].T
    np.testing.assert_array_equal(smooth, grid_map.to_slice(values).astype(np.float32))


def test_that_slices_beside_the_map_are_zero_by_choice_and_the_header_and_the_facts_say_so(
    tmp_path: Path,
) -> None:
    entry = nifti_series(tmp_path, phantom(straight_directions()[0]))
    count = entry.slices
    image, _ = read_plane(entry, 0, 0, 2)
    geometry = slice_geometry(image, entry, ChosenSlice(index=2))
    for outside, words in (("nan", "NaN"), ("zero", "0")):
        path = written(tmp_path, subject_on(image.values.astype(np.float32), geometry), outside=outside)
        read = nibabel.load(path)
        rest = np.asarray(read.dataobj)[:, :, [number for number in range(count) if number != 2]]
        assert (np.isnan(rest) if outside == "nan" else rest == 0).all()
        description = read.header["descrip"].item().decode()
        assert f"slice 2 of 0-{count - 1} filled, rest {words}" in description
        facts = json.loads((tmp_path / "map.json").read_text())
        assert (
            f"Of {count} slices along axis k, number 2 (counted from 0) holds the map" in facts["values"][1]
        )
        assert facts["geometry"]["volume"]["index"] == 2


def test_that_a_position_along_the_axes_stands_in_the_qform_as_well(tmp_path: Path) -> None:
    for directions in straight_directions():
        rows = tuple(map(tuple, phantom(directions).affine.tolist()))
        geometry = SliceGeometry(shape=SHAPE[1:], affine_lps_mm=rows)
        path = written(tmp_path, subject_on(np.ones(SHAPE[1:], np.float32), geometry))
        assert nibabel.load(path).header["qform_code"] == 1


def test_that_a_qform_that_is_rounded_too_coarsely_has_no_code(tmp_path: Path) -> None:
    turn = np.deg2rad(180 - 1e-2)
    affine = np.eye(4)
    affine[1:3, 1:3] = [[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]
    rows = tuple(map(tuple, (LPS_TO_RAS @ affine @ np.eye(4)[[2, 1, 0, 3]]).tolist()))
    geometry = SliceGeometry(shape=(600, 600), affine_lps_mm=rows)
    path = written(tmp_path, subject_on(np.ones((600, 600), np.float32), geometry))
    assert nibabel.load(path).header["qform_code"] == 0


def test_that_a_tilted_stack_keeps_its_shear_in_the_sform_and_has_no_qform(tmp_path: Path) -> None:
    source = phantom(straight_directions()[0])
    affine = source.affine.copy()
    affine[:3, 0] += 0.3 * affine[:3, 1]
    rows = tuple(tuple(row) for row in affine.tolist())
    volume = {"shape": SHAPE, "affine_lps_mm": rows, "index": 1}
    geometry = SliceGeometry.model_validate({"shape": SHAPE[1:], "affine_lps_mm": rows, "volume": volume})
    path = written(tmp_path, subject_on(source.values[1].astype(np.float32), geometry))
    image = nibabel.load(path)
    assert image.header["qform_code"] == 0
    np.testing.assert_allclose(LPS_TO_RAS @ image.affine @ [2, 3, 1, 1], affine @ [1, 3, 2, 1], atol=1e-4)


@pytest.mark.parametrize(
    ("geometry", "zooms", "unit"),
    [
        (SliceGeometry(shape=(4, 5), spacing_mm=(2.0, 3.0)), (3.0, 2.0, 1.0), "mm"),
        (SliceGeometry(shape=(4, 5), stated_aspect=2.0), (1.0, 2.0, 1.0), "unknown"),
        (SliceGeometry(shape=(4, 5)), (1.0, 1.0, 1.0), "unknown"),
    ],
)
def test_that_a_source_without_position_gives_codes_of_zero_and_its_spacing(
    tmp_path: Path, geometry: SliceGeometry, zooms: tuple[float, ...], unit: str
) -> None:
    values = np.arange(20, dtype=np.float32).reshape(4, 5)
    path = written(tmp_path, subject_on(values, geometry))
    image = nibabel.load(path)
    assert (image.header["qform_code"], image.header["sform_code"]) == (0, 0)
    assert image.header.get_zooms() == zooms
    assert image.header.get_xyzt_units()[0] == unit
    assert SimpleITK.ReadImage(str(path)).GetSpacing()[:2] == zooms[:2]
    np.testing.assert_array_equal(np.asarray(image.dataobj)[..., 0].T, values)
    facts = json.loads((tmp_path / "map.json").read_text())
    assert "no position in the patient" in facts["values"][-1]


def test_that_the_header_states_the_origin_of_the_map_and_the_file_has_no_time(tmp_path: Path) -> None:
    path = written(tmp_path, subject_of("map-2"))
    assert path.read_bytes()[4:8] == bytes(4)  # gzip's time of change
    header = nibabel.load(path).header
    (extension,) = header.extensions
    text = extension.get_content()
    text = text if isinstance(text, str) else text.decode()
    for part in ("research", "brain_tumor_mri_densenet121", "cd" * 32, "steps 8", "seed 3", "Saliscope"):
        assert part in text
    assert header["intent_name"].item() == b"Integrated Grad"
    assert header["descrip"].item().startswith(b"Integrated Gradients, logit of glioma; single slice")
    assert b"slice.dcm" not in gzip.decompress(path.read_bytes())


def test_that_a_case_without_maps_has_no_map_to_export() -> None:
    with pytest.raises(NotApplicable, match=r"^This case has no map\."):
        EXPORTER.applies(subject_of(""))
