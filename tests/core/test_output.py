"""Writing: whole or not at all, never over something, under names that every system takes."""

import errno
import os
import subprocess
import sys

import numpy as np
import pytest

from core.errors import DiskFull
from core.output import make_folder, safe_name, unique_folder, write_array, write_files, written


def test_that_an_array_comes_back_with_its_bits(tmp_path, generator):
    values = generator.standard_normal((5, 7)).astype(np.float32)
    write_array(tmp_path / "map.npy", values)
    back = np.load(tmp_path / "map.npy", allow_pickle=False)
    assert back.dtype == np.float32
    assert back.tobytes() == values.tobytes()
    assert [path.name for path in tmp_path.iterdir()] == ["map.npy"]


def test_that_a_write_that_fails_half_way_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "result.json"
    path.write_bytes(b"old")

    def half() -> None:
        with written(path) as file:
            file.write(b"new, but only h")
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(DiskFull, match=r"^result.json cannot be written: No space left on device\. Free"):
        half()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_that_an_interrupted_write_leaves_nothing(tmp_path):
    def interrupted() -> None:
        with written(tmp_path / "map.npy") as file:
            file.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(tmp_path.iterdir()) == []


def test_that_files_that_belong_together_are_written_in_the_order_that_leaves_the_main_one_last(
    tmp_path, monkeypatch
):
    named = []
    replace = os.replace
    monkeypatch.setattr(os, "replace", lambda old, new: (named.append(new.name), replace(old, new)))
    write_files({tmp_path / "map.nii.gz": b"map", tmp_path / "map.json": b"facts"})
    assert named == ["map.json", "map.nii.gz"]
    assert (tmp_path / "map.nii.gz").read_bytes() == b"map"
    assert (tmp_path / "map.json").read_bytes() == b"facts"


@pytest.mark.parametrize("blocked", ["map.nii.gz", "map.json"])
def test_that_of_files_that_belong_together_none_is_written_if_one_cannot_be(tmp_path, blocked):
    other = {"map.nii.gz": "map.json", "map.json": "map.nii.gz"}[blocked]
    (tmp_path / blocked).mkdir()
    (tmp_path / other).write_bytes(b"old")
    with pytest.raises(DiskFull, match=f"^{blocked} cannot be written: Is a directory"):
        write_files({tmp_path / "map.nii.gz": b"map", tmp_path / "map.json": b"facts"})
    assert (tmp_path / other).read_bytes() == b"old"
    assert {path.name for path in tmp_path.iterdir()} == {"map.nii.gz", "map.json"}


WRITER = """
import sys
from pathlib import Path
from core.output import write_files
folder = Path(sys.argv[1])
for number in range(10**6):
    text = (f"{number:08}" * 20_000).encode()
    write_files({folder / "map.nii.gz": text, folder / "map.json": text})
    print(number, flush=True)
"""


@pytest.mark.slow
def test_that_files_are_whole_after_the_program_was_killed_at_twenty_random_moments(
    tmp_path, generator, repository
):
    environment = {**os.environ, "PYTHONPATH": str(repository)}
    for number in range(20):
        folder = tmp_path / str(number)
        folder.mkdir()
        command = [sys.executable, "-c", WRITER, str(folder)]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
        with process:
            assert process.stdout is not None
            for _ in range(int(generator.integers(1, 30))):
                process.stdout.readline()
            spin = int(generator.integers(0, 200_000))
            while spin:
                spin -= 1
            process.kill()
        for name in ("map.nii.gz", "map.json"):
            text = (folder / name).read_bytes()
            assert text == text[:8] * 20_000


def test_that_folders_of_one_name_are_numbered(tmp_path):
    names = [unique_folder(tmp_path / "out", "scan").name for _ in range(3)]
    assert names == ["scan", "scan-2", "scan-3"]


def test_that_a_folder_inside_a_file_is_an_error_of_the_disk(tmp_path):
    (tmp_path / "out").write_bytes(b"")
    with pytest.raises(DiskFull, match="out cannot be written"):
        unique_folder(tmp_path / "out", "scan")
    with pytest.raises(DiskFull, match="out cannot be written"):
        make_folder(tmp_path / "out")


def test_that_a_folder_is_made_with_its_parents_and_kept_if_it_exists(tmp_path):
    folder = tmp_path / "a" / "b"
    make_folder(folder)
    (folder / "file").write_bytes(b"1")
    make_folder(folder)
    assert (folder / "file").read_bytes() == b"1"


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("scan", "scan"),
        ("1.2.840.113619.2", "1.2.840.113619.2"),
        ("Schädel 図像", "Schädel 図像"),
        ('a:b*c?"d|e', "a_b_c__d_e"),
        ("../../etc", "_.._etc"),
        ("NUL", "NUL_"),
        ("", "image"),
        ("x" * 300, "x" * 80),
        ("bad\udcff", "bad�"),
    ],
)
def test_that_a_folder_is_named_after_its_image(name, folder):
    assert safe_name(name) == folder
