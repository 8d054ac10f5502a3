"""TIFF files with several pages: stacks, thumbnails and lists of pages."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile

from core.errors import Refused, Truncated, Unreadable
from core.images.slice import Slice
from core.readers.index import index_path, read
from tests.core.readers.picture_files import samples

RAMP = np.arange(6 * 8, dtype=np.uint8).reshape(6, 8) * 5


def opened(path: Path, frame: int = 0) -> Slice:
    (entry,) = index_path(path)
    image, identity = read(entry, frame)
    assert image.shape == (entry.rows, entry.columns)
    assert not any(getattr(identity, name) for name in identity.__slots__)
    return image


@pytest.mark.parametrize(
    "form",
    [{}, {"ome": True}, {"truncate": True}, {"bigtiff": True}, {"compression": "zlib"}, {"byteorder": ">"}],
    ids=str,
)
def test_that_the_pages_of_a_stack_are_frames(tmp_path: Path, form: dict[str, Any]) -> None:
    stack = np.stack([RAMP.astype(np.uint16) * 200 + page for page in range(5)])
    tifffile.imwrite(tmp_path / "a.tif", stack, photometric="minisblack", **form)
    (entry,) = index_path(tmp_path / "a.tif")
    assert (entry.frames, entry.rows, entry.columns) == (5, 6, 8)
    for page in range(5):
        np.testing.assert_array_equal(read(entry, page)[0].values, stack[page])
    with pytest.raises(Unreadable, match="so no frame 5"):
        read(entry, 5)


@pytest.mark.parametrize("truncated", [False, True])
@pytest.mark.parametrize(
    ("axes", "shape"), [("ZCYX", (3, 2, 6, 8)), ("TYX", (6, 6, 8)), ("ZYXS", (6, 6, 8, 3))]
)
def test_that_every_slice_of_an_imagej_stack_is_a_frame(
    tmp_path: Path, axes: str, shape: tuple[int, ...], truncated: bool, generator: np.random.Generator
) -> None:
    kind = "u1" if "S" in axes else "u2"
    stack = samples(kind, shape, generator)
    tifffile.imwrite(tmp_path / "a.tif", stack, imagej=True, truncate=truncated, metadata={"axes": axes})
    (entry,) = index_path(tmp_path / "a.tif")
    assert entry.frames == 6
    planes = stack.reshape(6, *shape[-3:]) if "S" in axes else stack.reshape(6, 6, 8)
    for frame in range(6):
        np.testing.assert_array_equal(read(entry, frame)[0].values, planes[frame])


def test_that_an_imagej_stack_that_is_cut_is_truncated(tmp_path: Path) -> None:
    stack = np.zeros((9, 60, 80), np.uint16)
    tifffile.imwrite(tmp_path / "a.tif", stack, imagej=True, truncate=True, metadata={"axes": "ZYX"})
    (tmp_path / "a.tif").write_bytes((tmp_path / "a.tif").read_bytes()[:-20_000])
    with pytest.raises(Truncated, match="before its 9 frames do"):
        index_path(tmp_path / "a.tif")


def test_that_thumbnails_and_pages_of_other_sizes_are_left_out_and_reported(tmp_path: Path) -> None:
    with tifffile.TiffWriter(tmp_path / "a.tif") as file:
        file.write(RAMP[:3, :4], subfiletype=1)  # a thumbnail, before the page that it is of
        file.write(RAMP)
        file.write(RAMP[::-1, ::-1])
        file.write(RAMP[:, :5])
        file.write(RAMP.astype(np.uint16))
    (entry,) = index_path(tmp_path / "a.tif")
    assert (entry.frames, entry.rows, entry.columns) == (2, 6, 8)
    image = read(entry, 1)[0]
    np.testing.assert_array_equal(image.values, RAMP[::-1, ::-1])
    assert image.notes == (
        "reduced copies or masks in the file were left out: 1",
        "pages of another size or sample type than the first were left out: 2",
    )


def test_that_a_reduced_copy_without_its_image_is_reported(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "a.tif", RAMP, subfiletype=1)
    assert opened(tmp_path / "a.tif").notes == ("the file has only a reduced copy of its image",)


def test_that_more_frames_than_can_be_are_refused(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "a.tif", np.zeros((4, 5), np.uint8), imagej=True)
    data = (tmp_path / "a.tif").read_bytes()
    claim = b"ImageJ=1.11a\nimages=99999"
    at = data.index(b"ImageJ=1.11a\n")
    (tmp_path / "a.tif").write_bytes(data[:at] + claim + b"\n\0" + data[at + len(claim) + 2 :])
    with pytest.raises(Refused, match="claims 99999 frames"):
        index_path(tmp_path / "a.tif")


@pytest.mark.parametrize("back_to", [0, 1])
def test_that_a_list_of_pages_that_runs_in_a_circle_ends(tmp_path: Path, back_to: int) -> None:
    tifffile.imwrite(tmp_path / "a.tif", np.stack([RAMP] * 3), photometric="minisblack")
    with tifffile.TiffFile(tmp_path / "a.tif") as file:
        offsets = [page.offset for page in file.pages]
        last = offsets[2] + 2 + 12 * len(file.pages[2].tags)  # where the next page's offset stands
    data = bytearray((tmp_path / "a.tif").read_bytes())
    assert data[last : last + 4] == bytes(4)
    data[last : last + 4] = offsets[back_to].to_bytes(4, "little")
    (tmp_path / "a.tif").write_bytes(data)
    assert index_path(tmp_path / "a.tif")[0].frames == 3


def test_that_an_edited_stack_is_read_again(tmp_path: Path) -> None:
    for count in (2, 3):
        tifffile.imwrite(tmp_path / "a.tif", np.stack([RAMP] * count), photometric="minisblack")
        assert index_path(tmp_path / "a.tif")[0].frames == count
