"""Masks, tables and messages, through the command line where it takes part."""

import contextlib
import io
import json
import tempfile
from pathlib import Path

import numpy as np

from app.command_line.group import run
from core.arrays import Array
from core.datasets.index import read_index
from core.datasets.region import polygon_mask
from core.images.slice_place import SlicePlace
from tests.field_cases.registry import Files, case

FEW = ("--method", "edge", "--set", "curves.grids=1", "--set", "curves.random_draws=2")
MODEL = "brain_tumor_mri_efficientnetb0"


def marked(files: Files, name: str) -> Array:
    entry = files.reader.index(files.folder / "set" / name)[0]
    place = SlicePlace(frames=1, volumes=1, volume=0, frame=0, rows=entry.rows, columns=entry.columns)
    return files.reader.read_mask(entry, place).region


@case("mask_forms")
def _(files: Files) -> None:
    drawn = marked(files, "mask_good.png")
    assert drawn.sum() == 3749
    for name in ("01", "16", "black_on_clear", "white_on_clear"):
        np.testing.assert_array_equal(marked(files, f"mask_{name}.png"), drawn)
    for name in ("mask_jpeg.jpg", "mask_soft.png"):
        region = marked(files, name)
        assert (region ^ drawn).sum() <= 0.02 * drawn.sum(), name
    assert not marked(files, "mask_empty.png").any()
    np.testing.assert_array_equal(marked(files, "mask_inverted.png"), ~drawn)


@case("long_field")
def _(files: Files) -> None:
    (item,) = read_index(files.folder / "set" / "t_long_polygon.csv").items
    assert item.polygon.count(";") == 6999
    assert polygon_mask(item.polygon, files.image("set/head.png").shape).sum() > 0


def evaluated(index: Path, out: Path) -> tuple[int, str, dict]:
    """Exit code, everything that was printed and written as text, and results.json."""
    message = io.StringIO()
    with contextlib.redirect_stdout(message), contextlib.redirect_stderr(message):
        code = run(["evaluate", str(index), "--part", "all", "--model", MODEL, *FEW, "--out", str(out)])
    written = [path.read_text("utf-8") for path in out.rglob("*") if path.suffix in (".csv", ".json", ".md")]
    document = out / "results.json"
    return (
        code,
        "\n".join([message.getvalue(), *written]),
        json.loads(document.read_text()) if written else {},
    )


@case("blank_rows")
def _(files: Files) -> None:
    with tempfile.TemporaryDirectory() as out:
        code, _, results = evaluated(files.folder / "set" / "t_blank_rows.csv", Path(out))
    assert (code, results["data"]["images"], results["data"]["failed"]) == (0, 2, 0)


@case("separators")
def _(files: Files) -> None:
    for name in ("semicolon", "tab", "spaces"):
        items = read_index(files.folder / "set" / f"t_{name}.csv").items
        assert [(item.id, item.path.name, item.label, item.mask.name) for item in items] == [
            (number, "head.png", "glioma", "mask_good.png") for number in ("1", "2")
        ]


@case("path_in_message")
def _(files: Files) -> None:
    folder = files.folder / "SURNAME_GIVEN_1950"
    with tempfile.TemporaryDirectory() as out:
        code, message, _ = evaluated(folder / "i.csv", Path(out))
    assert code != 1
    assert "scan.tif" in message
    assert folder.name not in message
    assert str(files.folder) not in message
