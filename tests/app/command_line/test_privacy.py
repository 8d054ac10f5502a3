"""Folders may be named after patients: no command prints or writes a folder name, whatever is wrong."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.workspace.file import SUFFIX, read_workspace

PERSON = "SURNAME_GIVEN_1950"
FEW = ("--set", "curves.grids=1", "--set", "curves.random_draws=2", "--set", "curves.thresholds=0.5")


@pytest.fixture
def person_folder(tmp_path: Path, generator: np.random.Generator) -> Path:
    """A folder of readable and of broken files, named after a person."""
    folder = tmp_path / PERSON
    folder.mkdir()
    good = generator.integers(0, 255, (32, 32), np.uint8)
    Image.fromarray(good).save(folder / "good.png")
    mask = np.zeros((32, 32), np.uint8)
    mask[:16] = 255
    Image.fromarray(mask).save(folder / "mask.png")
    content = (folder / "good.png").read_bytes()
    (folder / "cut.png").write_bytes(content[: len(content) // 2])
    (folder / "noise.tif").write_bytes(b"II*\x00" + generator.bytes(400))
    (folder / "noise.dcm").write_bytes(bytes(128) + b"DICM" + generator.bytes(400))
    (folder / "noise.nii").write_bytes(generator.bytes(400))
    (folder / "noise.nii.gz").write_bytes(b"\x1f\x8b\x08" + generator.bytes(400))
    (folder / "text.jpg").write_text("no picture", "utf-8")
    (folder / "empty.png").touch()
    (folder / "folder.png").mkdir()
    return folder


def require_silence(ran, out: Path) -> None:
    """The person's name is neither printed nor in the name or content of any written file."""
    assert PERSON not in ran.out
    assert PERSON not in ran.err
    for path in out.rglob("*"):
        assert PERSON not in path.relative_to(out).as_posix()
        if path.is_file():
            assert PERSON.encode() not in path.read_bytes(), path.name
        if path.suffix == SUFFIX:
            assert PERSON not in read_workspace(path).document.model_dump_json()


@pytest.mark.parametrize(
    ("command", "as_json"),
    [("explain", ("--json",)), ("curves", ()), ("predict", ("--json",)), ("predict", ())],
)
def test_that_no_result_of_files_names_their_folder(
    saliscope, bundle, person_folder, tmp_path, command, as_json
):
    out = tmp_path / "out"
    few = ("--method", "edge", "--out", out, "--no-paths") if command != "predict" else ()
    named = [*sorted(person_folder.iterdir()), person_folder / "missing.png", person_folder]
    ran = saliscope(command, *named, "--model", bundle, *few, *as_json)
    assert ran.code == 7
    for name in ("cut.png", "noise.tif", "noise.dcm", "noise.nii", "empty.png", "missing.png"):
        assert name in ran.err
    require_silence(ran, out)


def test_that_info_names_no_folder(saliscope, person_folder, tmp_path):
    for name, more in (
        *(("noise.tif", ()), ("noise.dcm", ("--json",)), ("noise.nii.gz", ()), ("cut.png", ())),
        *(("good.png", ("--json",)), ("missing.png", ("--json",)), ("", ()), ("", ("--json",))),
    ):
        require_silence(saliscope("info", person_folder / name, *more), tmp_path / "none")


@pytest.mark.parametrize("way", ["beside", "below", "windows", "whole"])
def test_that_no_table_names_the_folders_of_an_index(saliscope, bundle, person_folder, tmp_path, way):
    before = {"beside": "", "below": f"{PERSON}/", "windows": f"{PERSON}\\", "whole": f"{person_folder}/"}[
        way
    ]
    files = [path.name for path in sorted(person_folder.iterdir())] + ["missing.png"]
    rows = [f"{before}{name},{before}mask.png" for name in files]
    rows += [f"{before}good.png,{before}{name}" for name in files]
    index = (person_folder if way == "beside" else tmp_path) / "index.csv"
    index.write_text("file,mask\n" + "\n".join(rows) + "\n", "utf-8")
    for out, more in ((tmp_path / "a", ()), (tmp_path / "b", ("--json", "--column", "id=file"))):
        ran = saliscope(
            *("evaluate", index, "--model", bundle, "--method", "gradient", "--metric", "energy_inside"),
            *("--out", out, *more),
        )
        assert ran.code == 7
        table = (out / "rows.csv").read_text("utf-8")
        folders = {name for name in files if (person_folder / name).is_dir()}
        assert {name for name in files if f",{name}," in table} == set(files) - folders
        require_silence(ran, out)


@pytest.mark.parametrize(
    "text",
    ["", "name\na.png\n", 'file\n"a.png\n', "file,id\na.png\n", "file\n", "file\na\0b\n", "\ufeff\xff"],
)
def test_that_the_message_about_a_broken_index_names_no_folder(
    saliscope, bundle, person_folder, tmp_path, text
):
    index, out = person_folder / "index.csv", tmp_path / "out"
    index.write_text(text, "utf-8")
    for path in (index, person_folder, person_folder / "missing.csv", person_folder / "good.png"):
        ran = saliscope("evaluate", path, "--model", bundle, "--out", out)
        assert ran.code == 3
        assert path == person_folder or ran.one_error.startswith(path.name)
        require_silence(ran, out)


def test_that_wrong_arguments_on_the_command_line_are_answered_without_folders(
    saliscope, bundle, person_folder, tmp_path
):
    for arguments in (
        (person_folder / "good.png",),
        ("explain", person_folder / "good.png", "--out", person_folder / "good.png"),
        ("explain", person_folder / "good.png", f"--out={person_folder / 'good.png'}"),
        ("predict", person_folder / "good.png", "--model", person_folder / "model"),
        ("evaluate", person_folder / "good.png", person_folder / "cut.png"),
        (
            "train",
            person_folder / "index.csv",
            "--facts",
            person_folder / "facts.json",
            "--architecture",
            "densenet121",
        ),
    ):
        ran = saliscope(*arguments)
        assert ran.code in (2, 3, 4)
        require_silence(ran, tmp_path / "none")


def test_that_a_damaged_bundle_is_named_without_its_folder(saliscope, bundle, person_folder):
    card = (bundle / "model.json").read_bytes()
    copy = person_folder / "small"
    copy.mkdir()
    for content in (card, b"{}", b"[]", b"\xff", card[:100]):
        (copy / "model.json").write_bytes(content)
        for command in (("predict", person_folder / "good.png", "--model", copy), ("models", copy)):
            ran = saliscope(*command)
            require_silence(ran, person_folder / "none")
            assert ran.code in (0, 4)


def test_that_the_reported_folder_is_not_named(saliscope, bundle, shared, tmp_path):
    out = tmp_path / "out"
    ran = saliscope("evaluate", shared / "field_cases" / PERSON / "i.csv", "--model", bundle, "--out", out)
    assert "scan.tif" in (out / "rows.csv").read_text("utf-8")
    require_silence(ran, out)
