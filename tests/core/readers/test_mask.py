"""Masks in all the forms in which programs save them: each gives the region that was drawn."""

from pathlib import Path

import nibabel
import numpy as np
import pytest
from PIL import Image
from scipy.ndimage import gaussian_filter, zoom

from core.images.slice import Slice
from core.images.slice_place import SlicePlace
from core.readers.index import index_path
from core.readers.mask import read_mask
from core.readers.process import ReaderProcess
from tests.core.readers.dicom_files import dicom_file
from tests.core.readers.mask_files import (
    ALL_LABELS,
    COLUMNS,
    FINDING,
    LABELS,
    ROWS,
    disc,
    mask_of,
    overlap,
    volume,
)


def saved(path: Path, values: np.ndarray, mode: str | None = None, **how: object) -> Path:
    picture = Image.fromarray(values)
    (picture.convert(mode) if mode else picture).save(path, **how)
    return path


def palette_of(path: Path, indices: np.ndarray, colours: list[tuple[int, int, int]], **how: object) -> Path:
    picture = Image.new("P", (COLUMNS, ROWS))
    picture.putdata(indices.astype(np.uint8).ravel().tolist())
    picture.putpalette([channel for colour in colours for channel in colour])
    picture.save(path, **how)
    return path


# Two levels


@pytest.mark.parametrize(("low", "high"), [(50, 200), (1, 255), (150, 200), (1000, 60000)])
def test_that_the_brighter_of_two_grey_levels_is_marked_where_none_is_0(tmp_path, low, high):
    mask = mask_of(saved(tmp_path / "m.png", np.where(FINDING, high, low).astype(np.uint16)))
    np.testing.assert_array_equal(mask.region, FINDING)
    assert mask.notes == (f"The mask holds {low} and {high}; the brighter part is the region.",)


def test_that_two_small_labels_without_a_0_stay_labels(tmp_path):
    mask = mask_of(saved(tmp_path / "m.png", np.where(FINDING, 2, 1).astype(np.uint8)))
    assert mask.region.all()
    assert mask.notes == ("The mask has the labels 1 and 2; together they are the region.",)


def test_that_two_fractions_are_divided_at_one_half(tmp_path):
    nibabel.save(
        nibabel.Nifti1Image(np.where(FINDING, 0.8, 0.1).astype(np.float32)[..., None], np.eye(4)),
        tmp_path / "m.nii",
    )
    assert mask_of(tmp_path / "m.nii").region.sum() == FINDING.sum()


@pytest.mark.parametrize("suffix", [".png", ".jpg"])
def test_that_colours_drawn_on_white_are_the_region(tmp_path, suffix):
    drawn = np.full((ROWS, COLUMNS, 3), 255, np.uint8)
    drawn[FINDING] = (255, 0, 0)
    mask = mask_of(saved(tmp_path / f"m{suffix}", drawn, quality=90))
    assert overlap(mask.region, FINDING) > 0.98
    assert mask.notes[0] == "No pixel of the mask is black; its background is white."


@pytest.mark.parametrize("background", [0, 255])
def test_that_index_0_of_a_dicom_palette_is_the_background(tmp_path, background):
    tables = {
        f"{name}PaletteColorLookupTable{part}": value
        for name, shades in (("Red", (255, 0)), ("Green", (0, 255)), ("Blue", (0, 0)))
        for part, value in (("Descriptor", [3, 0, 8]), ("Data", bytes([background, *shades, 0])))
    }
    labels = np.where(LABELS > 2, 0, LABELS).astype(np.uint8)
    path = dicom_file(tmp_path / "m.dcm", labels, PhotometricInterpretation="PALETTE COLOR", **tables)
    mask = mask_of(path)
    np.testing.assert_array_equal(mask.region, labels > 0)
    assert mask.notes == ("The mask has the labels 1 and 2; together they are the region.",)


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".tif"])
@pytest.mark.parametrize("top", [1, 2, 128, 254, 255])
def test_that_any_number_above_nothing_is_marked_where_there_are_two(tmp_path, suffix, top):
    mask = mask_of(saved(tmp_path / f"m{suffix}", (FINDING * top).astype(np.uint8)))
    np.testing.assert_array_equal(mask.region, FINDING)
    assert mask.notes == ()


@pytest.mark.parametrize("suffix", [".png", ".tif"])
@pytest.mark.parametrize("top", [1, 255, 4095, 65535])
def test_that_sixteen_bits_make_no_difference(tmp_path, suffix, top):
    mask = mask_of(saved(tmp_path / f"m{suffix}", (FINDING * top).astype(np.uint16)))
    np.testing.assert_array_equal(mask.region, FINDING)


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".tif"])
def test_that_one_bit_is_enough(tmp_path, suffix):
    np.testing.assert_array_equal(mask_of(saved(tmp_path / f"m{suffix}", FINDING)).region, FINDING)


@pytest.mark.parametrize("top", [1, 255])
def test_that_colour_of_equal_or_single_channels_marks_the_same(tmp_path, top):
    grey = np.repeat((FINDING * top).astype(np.uint8)[..., None], 3, axis=2)
    red = grey * np.array([1, 0, 0], np.uint8)
    for name, values in (("grey.png", grey), ("red.png", red), ("red.bmp", red)):
        np.testing.assert_array_equal(mask_of(saved(tmp_path / name, values)).region, FINDING)


# Palettes: index 0 is the background, whatever its colour

BLACK, WHITE, RED = (0, 0, 0), (255, 255, 255), (255, 0, 0)


@pytest.mark.parametrize("suffix", [".png", ".tif", ".bmp"])
@pytest.mark.parametrize(
    "colours", [[BLACK, RED], [WHITE, BLACK], [BLACK, BLACK], [WHITE, RED], [BLACK, (0, 0, 1)]]
)
def test_that_index_0_of_a_palette_is_the_background(tmp_path, suffix, colours):
    mask = mask_of(palette_of(tmp_path / f"m{suffix}", FINDING, colours))
    np.testing.assert_array_equal(mask.region, FINDING)
    white = ("The background of the mask is index 0 of its palette, which is white.",)
    assert mask.notes == (white if colours[0] == WHITE else ())


@pytest.mark.parametrize("first", [BLACK, WHITE])
def test_that_the_labels_of_a_palette_are_named_and_taken_together(tmp_path, first):
    colours = [first, RED, (0, 255, 0), (0, 0, 255)] + [(9, 9, n) for n in range(12)]
    mask = mask_of(palette_of(tmp_path / "m.png", LABELS, colours))
    np.testing.assert_array_equal(mask.region, ALL_LABELS)
    assert mask.notes[-1] == "The mask has the labels 1, 2 and 3; together they are the region."


def test_that_a_coloured_background_of_a_palette_is_named(tmp_path):
    mask = mask_of(palette_of(tmp_path / "m.png", FINDING, [(0, 0, 90), RED]))
    assert mask.notes == (
        "The background of the mask is index 0 of its palette, which is the colour 0, 0, 90.",
    )


def test_that_a_palette_of_rising_grey_holds_grey_levels(tmp_path):
    soft = gaussian_filter(FINDING * 255.0, 2).round()
    ramp = [(level, level, level) for level in range(256)]
    mask = mask_of(palette_of(tmp_path / "m.png", soft, ramp))
    assert overlap(mask.region, FINDING) > 0.97


# Transparency


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
@pytest.mark.parametrize(("ink", "ground"), [(0, 0), (255, 255), (0, 255), (255, 0), (128, 60)])
def test_that_what_is_not_clear_is_marked_whatever_its_colour(tmp_path, mode, ink, ground):
    grey = np.where(FINDING, ink, ground).astype(np.uint8)
    layered = np.dstack([grey, grey, grey, (FINDING * 255).astype(np.uint8)])
    mask = mask_of(saved(tmp_path / "m.png", layered, mode))
    np.testing.assert_array_equal(mask.region, FINDING)
    assert mask.notes == ("The region of the mask is where it is not transparent.",)


def test_that_a_faint_overlay_is_taken_from_half_of_its_own_opacity(tmp_path):
    layered = np.zeros((ROWS, COLUMNS, 4), np.uint8)
    layered[..., 0], layered[..., 3] = 255, FINDING * 100
    mask = mask_of(saved(tmp_path / "m.png", layered))
    np.testing.assert_array_equal(mask.region, FINDING)
    assert "at least half of the highest, 100 of 255" in mask.notes[0]


@pytest.mark.parametrize("opacity", [0, 128, 255])
def test_that_the_same_opacity_everywhere_is_ignored(tmp_path, opacity):
    grey = (FINDING * 255).astype(np.uint8)
    layered = np.dstack([grey, grey, grey, np.full_like(grey, opacity)])
    mask = mask_of(saved(tmp_path / "m.png", layered))
    np.testing.assert_array_equal(mask.region, FINDING)
    assert mask.notes == ()


@pytest.mark.parametrize("clear", [0, 1])
def test_that_a_clear_colour_of_a_palette_is_the_background(tmp_path, clear):
    indices = FINDING if clear == 0 else ~FINDING
    opacities = bytes([0, 255] if clear == 0 else [255, 0])
    for how in (clear, opacities):
        path = palette_of(tmp_path / "m.png", indices, [BLACK, WHITE], transparency=how)
        np.testing.assert_array_equal(mask_of(path).region, FINDING)


# Labels


@pytest.mark.parametrize(
    ("kind", "factor", "named"),
    [
        (np.uint8, 1, "1, 2 and 3"),
        (np.uint8, 80, "80, 160 and 240"),
        (np.uint16, 1000, "1000, 2000 and 3000"),
    ],
)
def test_that_numbers_that_fill_areas_are_labels(tmp_path, kind, factor, named):
    mask = mask_of(saved(tmp_path / "m.png", (LABELS * factor).astype(kind)))
    np.testing.assert_array_equal(mask.region, ALL_LABELS)
    assert mask.notes == (f"The mask has the labels {named}; together they are the region.",)


def test_that_chosen_labels_of_numbers_and_of_a_palette_are_the_region(tmp_path):
    numbers, palette = saved(tmp_path / "n.png", (LABELS * 80).astype(np.uint8)), tmp_path / "p.png"
    picture = Image.fromarray(LABELS.astype(np.uint8), "P")
    picture.putpalette([0, 0, 0, 9, 9, 9, 200, 0, 0, 0, 200, 0])
    picture.save(palette)
    for path, factor in ((numbers, 80), (palette, 1)):
        entry = index_path(path)[0]
        mask = read_mask(entry, 0, labels=(1 * factor, 3 * factor))
        assert [label.value for label in mask.labels] == [factor, 2 * factor, 3 * factor]
        np.testing.assert_array_equal(mask.region, np.isin(LABELS, (1, 3)))
        assert mask.notes[-1].startswith("Of the labels")
        assert not any("together they are the region" in note for note in mask.notes)


@pytest.mark.parametrize("values", ["one label", "soft edges", "colours"])
def test_that_a_mask_without_a_choice_of_labels_stays_whole(tmp_path, values):
    arrays = {
        "one label": (LABELS > 0) * 255,
        "soft edges": (LABELS > 0) * 255 // 2 + np.indices(LABELS.shape).sum(axis=0) % 97,
        "colours": np.array([(0, 0, 0), (128, 0, 0), (0, 64, 128), (255, 255, 0)])[LABELS],
    }
    entry = index_path(saved(tmp_path / "m.png", arrays[values].astype(np.uint8)))[0]
    np.testing.assert_array_equal(read_mask(entry, 0, labels=(7,)).region, read_mask(entry, 0).region)


def test_that_many_labels_are_labels_and_not_soft_edges(tmp_path):
    rows, columns = np.indices((ROWS, COLUMNS))
    tiles = (rows // 12) * 10 + columns // 12  # 80 areas, numbered 0 to 79
    mask = mask_of(saved(tmp_path / "m.png", (tiles * 3).astype(np.uint8)))
    np.testing.assert_array_equal(mask.region, tiles > 0)
    assert "3, 6, 9, 12, 15, 18, 21, 24 and 71 more" in mask.notes[0]


def test_that_labels_beside_255_for_unsure_are_labels(tmp_path):
    tiles = LABELS * 4 + disc(80, 100, 8) * 255
    tiles[0, :5] = (1, 2, 3, 5, 6)
    mask = mask_of(saved(tmp_path / "m.png", tiles.astype(np.uint8)))
    np.testing.assert_array_equal(mask.region, tiles > 0)


def test_that_labels_drawn_in_dark_and_light_colours_on_black_are_taken_together(tmp_path):
    colours = np.array([(0, 0, 0), (128, 0, 0), (0, 64, 128), (255, 255, 0)], np.uint8)
    mask = mask_of(saved(tmp_path / "m.png", colours[LABELS]))
    np.testing.assert_array_equal(mask.region, ALL_LABELS)
    assert mask.notes == ("The mask has 3 colours beside its background; together they are the region.",)


# Soft edges


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("quality", [30, 50, 75, 95])
def test_that_a_jpeg_is_taken_from_half_of_its_brightness(tmp_path, mode, quality):
    path = saved(tmp_path / "m.jpg", (FINDING * 255).astype(np.uint8), mode, quality=quality)
    assert overlap(mask_of(path).region, FINDING) > 0.98
    # Saved once more without loss, the noise of the JPEG is still there.
    Image.open(path).save(tmp_path / "again.png")
    assert overlap(mask_of(tmp_path / "again.png").region, FINDING) > 0.98


@pytest.mark.parametrize("sigma", [0.7, 1, 2, 4])
@pytest.mark.parametrize(("kind", "top"), [(np.uint8, 255), (np.uint16, 65535), (np.uint16, 4095)])
def test_that_blurred_edges_are_taken_at_half(tmp_path, sigma, kind, top):
    big = disc(48, 60, 30)
    mask = mask_of(saved(tmp_path / "m.png", gaussian_filter(big * float(top), sigma).astype(kind)))
    # A blurred disc of radius r reaches half of its height at r - sigma**2 / (2 r), nearly.
    assert overlap(mask.region, big) > 0.98
    assert "soft edges" in mask.notes[0]


def test_that_smoothed_outlines_of_few_grey_levels_are_taken_at_half(tmp_path):
    rows, columns = np.ogrid[: 2 * ROWS, : 2 * COLUMNS]
    double = (rows - 96) ** 2 + (columns - 120) ** 2 < 60**2
    small = double.reshape(ROWS, 2, COLUMNS, 2).mean(axis=(1, 3))  # 0, a quarter, a half, three, 1
    mask = mask_of(saved(tmp_path / "m.png", (small * 255).round().astype(np.uint8)))
    assert overlap(mask.region, small >= 0.5) == 1


@pytest.mark.parametrize("order", [1, 3])
def test_that_an_enlarged_mask_keeps_its_outline(tmp_path, order):
    small = disc(48, 60, 30)[::4, ::4]
    large = np.clip(zoom(small * 255.0, 4, order=order, grid_mode=True, mode="grid-constant"), 0, 255)
    nearest = np.kron(small, np.ones((4, 4))) > 0
    mask = mask_of(saved(tmp_path / "m.png", large.astype(np.uint8)))
    assert overlap(mask.region, nearest) > 0.93


# Volumes and DICOM


@pytest.mark.parametrize("top", [1, 255])
def test_that_a_dicom_mask_is_read_by_its_numbers(tmp_path, top):
    path = dicom_file(tmp_path / "m.dcm", (FINDING * top).astype(np.uint16), BitsStored=8, HighBit=7)
    np.testing.assert_array_equal(mask_of(path).region, FINDING)


def test_that_a_mask_shown_with_low_values_bright_is_its_bright_part(tmp_path):
    path = dicom_file(
        tmp_path / "m.dcm", (~FINDING * 255).astype(np.uint16), PhotometricInterpretation="MONOCHROME1"
    )
    mask = mask_of(path)
    np.testing.assert_array_equal(mask.region, FINDING)
    assert "low values shown bright" in mask.notes[0]


# Apart from the file format


@pytest.mark.parametrize("kind", ["palette", "alpha", "grey"])
def test_that_a_turned_mask_lies_as_it_is_shown(tmp_path, kind):
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter to the right
    stored = np.rot90(FINDING)
    grey = (stored * 255).astype(np.uint8)
    picture = {
        "grey": lambda: Image.fromarray(grey),
        "alpha": lambda: Image.fromarray(np.dstack([grey, grey, grey, grey])),
        "palette": lambda: Image.new("P", (ROWS, COLUMNS)),
    }[kind]()
    if kind == "palette":
        picture.putdata(stored.astype(np.uint8).ravel().tolist())
        picture.putpalette([*WHITE, *BLACK])
    picture.save(tmp_path / "m.png", exif=exif)
    np.testing.assert_array_equal(mask_of(tmp_path / "m.png").region, FINDING)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_that_every_orientation_of_a_tiff_and_a_png_is_undone_once(tmp_path, orientation):
    palette = Image.new("P", (COLUMNS, ROWS))
    palette.putdata(FINDING.astype(np.uint8).ravel().tolist())
    palette.putpalette([*WHITE, *BLACK])
    grey = (FINDING * 255).astype(np.uint8)
    layered = Image.fromarray(np.dstack([grey, grey, grey, grey]))
    turn = {  # (i, j) of the stored rows and columns as shown, by TIFF 6.0
        1: lambda a: a,
        2: lambda a: a[:, ::-1],
        3: lambda a: a[::-1, ::-1],
        4: lambda a: a[::-1],
        5: lambda a: a.T,
        6: lambda a: a.T[:, ::-1],
        7: lambda a: a.T[::-1, ::-1],
        8: lambda a: a.T[::-1],
    }[orientation]
    for picture in (palette, layered):
        exif = Image.Exif()
        exif[0x0112] = orientation
        picture.save(tmp_path / "m.png", exif=exif)
        picture.save(tmp_path / "m.tif", tiffinfo={0x0112: orientation})
        np.testing.assert_array_equal(mask_of(tmp_path / "m.png").region, turn(FINDING))
        np.testing.assert_array_equal(read_mask(index_path(tmp_path / "m.tif")[0], 0).region, turn(FINDING))


def test_that_a_mask_of_nothing_marks_nothing(tmp_path):
    for values in (np.zeros((8, 9), np.uint8), np.zeros((8, 9, 3), np.uint8), np.zeros((8, 9), np.uint16)):
        assert not mask_of(saved(tmp_path / "m.png", values)).region.any()


def test_that_the_reader_process_answers_the_same(tmp_path):
    path = volume(tmp_path / "m.nii", [LABELS.astype(np.uint8)])
    expected = mask_of(path)
    with ReaderProcess() as reader:
        mask = reader.read_mask(reader.index(path)[0], SlicePlace.of(Slice(LABELS)))
    np.testing.assert_array_equal(mask.region, expected.region)
    np.testing.assert_array_equal(mask.affine_lps_mm, expected.affine_lps_mm)
    assert (mask.notes, mask.spacing_mm) == (expected.notes, expected.spacing_mm)


def test_that_the_reported_masks_give_the_region_that_was_drawn(shared):
    folder = shared / "field_cases" / "set"
    drawn = mask_of(folder / "mask_good.png").region
    assert drawn.sum() == 3749
    for name in ("01.png", "16.png", "black_on_clear.png", "white_on_clear.png"):
        np.testing.assert_array_equal(mask_of(folder / f"mask_{name}").region, drawn)
    for name in ("jpeg.jpg", "soft.png"):
        assert overlap(mask_of(folder / f"mask_{name}").region, drawn) > 0.98
    assert not mask_of(folder / "mask_empty.png").region.any()
    np.testing.assert_array_equal(mask_of(folder / "mask_inverted.png").region, ~drawn)
