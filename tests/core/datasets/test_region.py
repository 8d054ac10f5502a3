"""Where the evidence should lie: masks in files, polygons and boxes of an index."""

import hashlib
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pytest
from PIL import Image

from core.datasets.region import box_mask, polygon_mask, region_of
from core.datasets.slice_columns import frame_of
from core.datasets.task import Plan, Task
from core.errors import IncompatibleInput, InputError
from core.readers.index import index_path, read
from tests.direct_reader import DirectReader

PLAN = Plan(model="m", weights_sha256="0", methods=(), metrics=(), curves=())
RAS = np.diag([2.0, 2.0, 3.0, 1.0])


def task(path: Path, mask: Path | None = None, **more: str) -> Task:
    fields = {"image": "1", "file": path.name, "path": path, "label": "", "group": 1, "seed": 0, "box": ""}
    return Task(plan=PLAN, mask=mask, **(fields | more))


def region(image_task: Task) -> np.ndarray | None:
    entry = index_path(image_task.path)[0]
    frame = frame_of(entry, image_task.slice)
    result = region_of(DirectReader(), image_task, entry, frame, read(entry, frame)[0])
    return None if result is None else result.mask


def volume(path: Path, values: np.ndarray, affine: np.ndarray = RAS) -> Path:
    nibabel.Nifti1Image(values.astype(np.uint8), affine).to_filename(path)
    return path


@pytest.fixture
def brain(tmp_path: Path) -> Path:
    return volume(tmp_path / "brain.nii", np.arange(8 * 6 * 5).reshape(8, 6, 5))


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    Image.fromarray(np.zeros((4, 6), np.uint8)).save(tmp_path / "a.png")
    return tmp_path / "a.png"


# Polygons


def test_that_the_corners_of_a_box_make_the_pixels_of_the_box():
    assert (polygon_mask("2,1;5,1;5,3;2,3", (4, 6)) == box_mask("2,1,5,3", (4, 6))).all()


def test_that_a_triangle_takes_the_pixels_whose_centres_it_holds():
    # Legs of 20 from the upper left corner: x + y < 20, of pixel centres column + row < 19.
    rows, columns = np.indices((30, 30))
    np.testing.assert_array_equal(polygon_mask("0,0;20,0;0,20", (30, 30)), rows + columns < 19)


def test_that_a_polygon_s_pixels_come_to_its_area():
    corners = np.array([(10.0, 5.0), (90.0, 70.0), (60.0, 95.0), (4.0, 60.5)])
    x, y = corners.T
    area = abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2
    text = ";".join(f"{x},{y}" for x, y in corners)
    # Each of its 90 rows errs by half a pixel at either end at most, up and down alike.
    assert polygon_mask(text, (100, 100)).sum() == pytest.approx(area, abs=10)


def test_that_several_polygons_are_taken_together():
    expected = np.zeros((4, 6), dtype=bool)
    expected[0, 0] = expected[2:4, 3:6] = True
    result = polygon_mask("0,0;1,0;1,1;0,1|3,2;6,2;6,4;3,4|3,2;6,2;6,4;3,4", (4, 6))
    np.testing.assert_array_equal(result, expected)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0,0;4,0;0,a", "'0,a' in a polygon is not x,y"),
        ("0,0;4,0;0", "'0' in a polygon is not x,y"),
        ("0,0;4,0;0,4;", "'' in a polygon is not x,y"),
        ("0,0;7,0;0,4", "The corner 7,0 of a polygon lies outside the image of 6 x 4 pixels"),
        ("0,0;nan,0;0,4", "The corner nan,0 of a polygon lies outside"),
        ("0,0;6,4", "A polygon of 2 corners encloses no pixel"),
        ("0,0;6,0;6,4;0,4|1,1;1.2,1;1.2,1.2", "A polygon of 3 corners encloses no pixel"),
    ],
)
def test_that_an_invalid_polygon_states_the_reason(text, words):
    with pytest.raises(InputError, match=words):
        polygon_mask(text, (4, 6))


# Boxes


def test_that_boxes_end_before_their_last_number():
    expected = np.zeros((4, 6), dtype=bool)
    expected[1:3, 2:5] = True
    expected[0, 0] = True
    assert (box_mask("2,1,5,3;0,0,1,1", (4, 6)) == expected).all()


@pytest.mark.parametrize("text", ["1,2,3", "a,b,c,d", "0,0,7,1", "2,0,2,1", "nan,0,1,1", ""])
def test_that_an_invalid_box_is_refused(text):
    with pytest.raises(InputError):
        box_mask(text, (4, 6))


# Files


def test_that_the_slice_of_a_nifti_mask_is_the_one_that_is_evaluated(brain, tmp_path):
    values = np.zeros((8, 6, 5))
    values[1, 2, 2], values[:, :, 4] = 1, 1
    mask = volume(tmp_path / "mask.nii.gz", values)
    # Stored to the right and to the front; shown from the patient's right and from the front.
    expected = np.zeros((6, 8), dtype=bool)
    expected[6 - 1 - 2, 8 - 1 - 1] = True
    np.testing.assert_array_equal(region(task(brain, mask)), expected)


def test_that_a_mask_that_was_stored_the_other_way_round_lies_in_the_same_place(brain, tmp_path):
    values = np.zeros((8, 6, 5))
    values[1, 2, 2] = 1
    turned = RAS @ np.array([[-1, 0, 0, 7], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1.0]])
    straight = region(task(brain, volume(tmp_path / "straight.nii", values)))
    np.testing.assert_array_equal(
        region(task(brain, volume(tmp_path / "turned.nii", values[::-1], turned))), straight
    )


def test_that_a_nifti_mask_of_another_volume_is_refused(brain, picture, tmp_path):
    moved = RAS.copy()
    moved[0, 3] = 8
    full = np.ones((8, 6, 5))
    wrong = {
        "mask lies 4.0 pixels beside the image": task(brain, volume(tmp_path / "moved.nii", full, moved)),
        "mask has 4 slices, the image 5": task(brain, volume(tmp_path / "short.nii", full[..., :4])),
        "mask has 5 slices, the image 1": task(picture, volume(tmp_path / "long.nii", full)),
        "mask has 7 x 6 pixels, the image 8 x 6": task(brain, volume(tmp_path / "a.nii", full[:7])),
    }
    for words, item in wrong.items():
        with pytest.raises(IncompatibleInput, match=words):
            region(item)


def test_that_a_colour_picture_is_a_mask_as_well_and_goes_before_a_polygon_and_a_box(picture, tmp_path):
    values = np.zeros((4, 6, 3), np.uint8)
    values[3, 5, 1] = 1
    Image.fromarray(values).save(tmp_path / "mask.png")
    both = {"polygon": "0,0;2,0;2,2;0,2", "box": "0,0,6,1"}
    assert np.argwhere(region(task(picture, tmp_path / "mask.png", **both))).tolist() == [[3, 5]]
    assert region(task(picture, **both)).sum() == 4
    assert region(task(picture, box="0,0,6,1")).sum() == 6
    assert region(task(picture)) is None


def test_that_the_volumes_of_a_series_share_a_mask(tmp_path):
    series = volume(tmp_path / "series.nii", np.arange(8 * 6 * 5 * 3).reshape(8, 6, 5, 3))
    values = np.zeros((8, 6, 5))
    values[..., 3], values[0, 0, 4] = 1, 1
    mask = volume(tmp_path / "mask.nii", values)
    # Of each volume of five slices the third, fourth and fifth.
    result = {
        number: region(task(series, mask, slice=str(number))).sum()
        for first in (0, 5, 10)
        for number in range(first + 3, first + 6)
    }
    assert result == {3: 0, 4: 48, 5: 1, 8: 0, 9: 48, 10: 1, 13: 0, 14: 48, 15: 1}
    assert not region(task(series, mask)).any()  # the middle slice of the first volume


@pytest.mark.parametrize("columns", [{"polygon": "0,0;2,0;2,2"}, {"slice": "2"}, {"position_mm": "-3"}])
def test_that_optional_columns_distinguish_tasks_and_their_absence_changes_no_earlier_task(picture, columns):
    plain, with_columns = task(picture), task(picture, **columns)
    before = plain.model_dump_json(exclude={"polygon", "slice", "position_mm"})
    assert plain.fingerprint("1") == hashlib.sha256(f"1\n{before}".encode()).hexdigest()
    assert with_columns.fingerprint("1") != plain.fingerprint("1")


def broken(path: Path, values: np.ndarray, affine: np.ndarray, **fields: Any) -> Path:
    """A volume whose sform is unusable, so that it lies where its qform says."""
    image = nibabel.Nifti1Image(values.astype(np.uint8), None)
    image.header.set_sform(affine, 1)
    image.header.set_qform(affine, 1)
    data = image.to_bytes()
    header = nibabel.Nifti1Header(data[:348], check=False)
    for name, value in ({"srow_x": [np.nan] * 4} | fields).items():
        header[name] = value
    path.write_bytes(header.binaryblock + data[348:])
    return path


def test_that_a_mask_with_a_broken_sform_is_compared_by_its_qform(brain: Path, tmp_path: Path) -> None:
    marked = np.zeros((8, 6, 5))
    marked[2, 3] = 1
    result = region(task(brain, mask=broken(tmp_path / "mask.nii", marked, RAS)))
    np.testing.assert_array_equal(result, region(task(brain, mask=volume(tmp_path / "right.nii", marked))))
    assert result.sum() == 1
    beside = RAS.copy()
    beside[0, 3] += 8
    with pytest.raises(IncompatibleInput, match=r"The mask lies 4\.0 pixels beside the image"):
        region(task(brain, mask=broken(tmp_path / "beside.nii", marked, beside)))
    # With neither of the two its place is unknown: taken, as of a picture, and never as one that lies right.
    unknown = broken(tmp_path / "unknown.nii", marked, beside, quatern_b=np.nan)
    assert region(task(brain, mask=unknown)).any()
