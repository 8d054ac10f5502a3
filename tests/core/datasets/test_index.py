"""The images of an index, and draws from them."""

from collections import Counter
from pathlib import Path

import pytest

from core.datasets.index import ImageColumns, Item, drawn, read_index
from core.errors import InputError, Unreadable, UsageError


def write(folder: Path, text: str) -> Path:
    path = folder / "index.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_that_a_column_file_is_enough(tmp_path):
    result = read_index(write(tmp_path, "file\na.png\nb.png\n"))
    assert [(item.id, item.path, item.group) for item in result.items] == [
        ("1", tmp_path / "a.png", 1),
        ("2", tmp_path / "b.png", 2),
    ]
    assert (result.group_column, result.has_regions) == ("", False)


def test_that_patients_become_numbers_that_do_not_depend_on_the_rows_kept(tmp_path):
    path = write(
        tmp_path,
        "id,file,label,patient,part,mask\n1,a,x,Smith,train,\n2,b,x,Jones,test,m.png\n3,c,y,Jones,test,\n",
    )
    result = read_index(path, part="test")
    assert [(item.id, item.group) for item in result.items] == [("2", 2), ("3", 2)]
    assert result.group_column == "patient"
    assert result.items[0].mask == tmp_path / "m.png"
    assert result.has_regions
    assert [item.id for item in read_index(path, part="test", keep={"label": {"y"}}).items] == ["3"]


def test_that_columns_can_have_other_names(tmp_path):
    path = write(tmp_path, 'name,picture,class,where\nn,p.png,x,"1,2,3,4"\n')
    columns = ImageColumns(id="name", file="picture", label="class", box="where")
    (item,) = read_index(path, columns).items
    assert (item.id, item.file, item.label, item.box) == ("n", "p.png", "x", "1,2,3,4")


def test_that_polygons_and_boxes_are_found_by_the_names_of_their_columns(tmp_path):
    path = write(tmp_path, 'file,polygon,bbox\na.png,"0,0;4,0;0,4",\nb.png,,"1,2,3,4;5,6,7,8"\nc.png,,\n')
    result = read_index(path)
    assert [(item.polygon, item.box) for item in result.items] == [
        ("0,0;4,0;0,4", ""),
        ("", "1,2,3,4;5,6,7,8"),
        ("", ""),
    ]
    assert result.has_regions
    each = read_index(path, ImageColumns(polygon=""))
    assert [item.polygon or item.box for item in each.items] == ["", "1,2,3,4;5,6,7,8", ""]


def test_that_each_row_takes_the_first_column_of_boxes_that_it_fills(tmp_path):
    path = write(tmp_path, 'file,bbox,box\na,"1,1,2,2",\nb,,"3,3,4,4"\nc,"5,5,6,6","7,7,8,8"\nd,,\n')
    assert [item.box for item in read_index(path).items] == ["1,1,2,2", "3,3,4,4", "7,7,8,8", ""]
    named = read_index(path, ImageColumns(box="bbox")).items
    assert [item.box for item in named] == ["1,1,2,2", "", "5,5,6,6", ""]


def test_that_rows_of_one_file_are_of_one_patient_unless_stated_otherwise(tmp_path):
    path = write(tmp_path, "file,slice\na.nii,1\nb.nii,\na.nii, 3 \n")
    result = [(item.id, item.slice, item.group) for item in read_index(path).items]
    assert result == [("1", "1", 1), ("2", "", 2), ("3", "3", 1)]
    assert [item.slice for item in read_index(path, ImageColumns(slice="")).items] == ["", "", ""]


@pytest.mark.parametrize("name", sorted(ImageColumns.model_fields))
def test_that_a_column_that_was_named_must_exist(tmp_path, name):
    path = write(tmp_path, "file,picture_mask\na.png,b.png\n")
    with pytest.raises(UsageError) as refused:
        read_index(path, ImageColumns(**{name: "picture_msak"}))
    assert refused.value.message == "index.csv lacks the column picture_msak."
    assert refused.value.hint == "Did you mean 'picture_mask'?"
    # The default name stays the same when it is given explicitly.
    values = name if name != "file" else "id"
    with pytest.raises(UsageError, match=f"lacks the column {values}"):
        read_index(path, ImageColumns(**{values: values}))
    assert read_index(path).items[0].mask is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name\na\n", "lacks the column file"),
        ("file\n", "has no rows"),
        ("id,file\n1,a\n1,b\n", "several rows with the id 1"),
    ],
)
def test_that_an_index_that_cannot_be_used_states_the_reason(tmp_path, text, words):
    with pytest.raises(InputError, match=words):
        read_index(write(tmp_path, text), part="test")


def test_that_a_missing_index_is_unreadable(tmp_path):
    with pytest.raises(Unreadable, match="No such file"):
        read_index(tmp_path / "index.csv")


def items():
    labels = ["a"] * 60 + ["b"] * 30 + ["c"] * 10
    return [Item(str(n), "", Path(), label, n, None, "") for n, label in enumerate(labels)]


def test_that_a_draw_holds_each_label_in_its_share_and_the_order_of_the_index():
    result = drawn(items(), 20, seed=3)
    assert Counter(item.label for item in result) == {"a": 12, "b": 6, "c": 2}
    assert [int(item.id) for item in result] == sorted(int(item.id) for item in result)
    assert result != drawn(items(), 20, seed=4)


def test_that_a_smaller_draw_is_part_of_a_larger_one():
    larger = {item.id for item in drawn(items(), 50, seed=1)}
    assert {item.id for item in drawn(items(), 20, seed=1)} < larger
    assert drawn(items(), 100, seed=1) == items()


def test_that_a_part_without_rows_is_a_wrong_choice(tmp_path):
    with pytest.raises(UsageError, match="no row for these options"):
        read_index(write(tmp_path, "file,part\na,train\n"), part="test")
