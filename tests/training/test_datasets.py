"""The index of the brain tumour set, and the errors of a bad one."""

import csv

import numpy as np
import pytest
from PIL import Image

from core.errors import InputError, Unreadable
from training.datasets import Columns, LabelledImage, leaks, read_records
from training.sources.index import IndexSource
from training.sources.protocol import Reading


def test_that_no_person_of_the_brain_tumour_set_is_in_two_parts(shared):
    records = read_records(shared / "brain_tumor_mri" / "index.csv")
    parts = {}
    for record in records:
        parts.setdefault(record.group, set()).add(record.part)
    assert len(records) == 2753
    assert len(parts) == 186
    assert all(len(result) == 1 for result in parts.values())
    assert {p: sum(p in result for result in parts.values()) for p in ("train", "val", "test")} == {
        "train": 132,
        "val": 21,
        "test": 33,
    }


def test_that_no_film_of_a_patient_of_the_chest_set_is_in_two_parts(shared):
    columns = Columns(label="class", group="patient")
    assert leaks(read_records(shared / "chest_xray" / "index.csv", columns)) == []


def test_that_a_class_missing_from_a_part_is_reported(tmp_path):
    rows = [
        (str(i), "a.png", name, part, f"p{i}")
        for i, (name, part) in enumerate(
            [("x", "train"), ("y", "train"), ("x", "val"), ("y", "val"), ("x", "test")]
        )
    ]
    with pytest.raises(InputError, match="the part test has no image of y"):
        read_records(write(tmp_path, rows))


def test_that_an_index_in_another_encoding_is_unreadable(tmp_path):
    path = tmp_path / "index.csv"
    path.write_bytes("id,file,label,part,person\n1,a.png,größe,train,p".encode("latin-1"))
    with pytest.raises(Unreadable, match="not text in UTF-8"):
        read_records(path)


def write(folder, rows, header=("id", "file", "label", "part", "person")):
    Image.fromarray(np.zeros((4, 4), np.uint8)).save(folder / "a.png")
    path = folder / "index.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    return path


def test_that_a_person_in_two_parts_is_an_error_that_names_both(tmp_path):
    path = write(tmp_path, [("1", "a.png", "x", "train", "p7"), ("2", "a.png", "x", "test", "p7")])
    with pytest.raises(InputError, match="group p7 is in test and train"):
        read_records(path)


def test_that_all_problems_of_an_index_are_reported_at_once(tmp_path):
    path = write(tmp_path, [("1", "b.png", "x", "train", "p1"), ("2", "a.png", "x", "training", "p2")])
    with pytest.raises(InputError) as caught:
        read_records(path)
    assert "missing file b.png" in caught.value.message
    assert "'training'" in caught.value.message


def test_that_missing_columns_are_named(tmp_path):
    with pytest.raises(InputError, match="lacks the columns label, person"):
        read_records(write(tmp_path, [("1", "a.png", "train")], ("id", "file", "part")))


def test_that_a_missing_index_is_unreadable(tmp_path):
    with pytest.raises(Unreadable):
        read_records(tmp_path / "index.csv")


def test_that_leaks_are_found_without_files():
    records = [
        LabelledImage(str(i), None, "x", part, group)
        for i, (part, group) in enumerate([("train", "a"), ("val", "b"), ("val", "a"), ("test", "b")])
    ]
    assert leaks(records) == ["group a is in train and val", "group b is in test and val"]


def test_that_a_table_of_another_locale_is_read_alike(tmp_path):
    rows = [
        (f"{n}", "a.png", name, part, f"p{n}")
        for n, (part, name) in enumerate((p, c) for p in ("train", "val", "test") for c in ("x", "größe"))
    ]
    expected = read_records(write(tmp_path, rows))
    text = (tmp_path / "index.csv").read_text("utf-8")
    for content in (
        text.replace(",", ";").replace("a.png", ".\\\\a.png").encode("utf-8-sig"),
        text.replace(",", "\t").encode("utf-16"),
        (text.replace(",", " , ") + ",,,,\n\n").encode(),
    ):
        (tmp_path / "index.csv").write_bytes(content.replace(b".\\\\", b".\\"))
        assert read_records(tmp_path / "index.csv") == expected
        assert IndexSource().read(tmp_path / "index.csv", Reading()).records == tuple(expected)


def test_that_a_broken_table_is_an_input_error(tmp_path):
    path = tmp_path / "index.csv"
    for text, words in (
        ('id,file\n1,"a.png\n', "mark on line 2 is not closed"),
        ("id,file\n1\n", "line 2 has 1"),
    ):
        path.write_text(text, "utf-8")
        with pytest.raises(InputError, match=words):
            IndexSource().read(path, Reading())
