"""Tables as spreadsheets and scripts of all locales write them, and the errors of broken ones."""

import csv
import io
import os
import random

import pytest

from core.datasets.index import ImageColumns, read_index
from core.datasets.table_file import bare_name, file_beside, read_table
from core.errors import InputError, Unreadable

ROWS = ({"id": "1", "file": "a.png", "label": "glioma"}, {"id": "2", "file": "b.png", "label": "größe"})
PLAIN = "id,file,label\n1,a.png,glioma\n2,b.png,größe\n"


def table(folder, content, encoding="utf-8"):
    path = folder / "t.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return read_table(path)


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        PLAIN.replace(",", ";"),
        PLAIN.replace(",", "\t"),
        PLAIN.replace(",", "|"),
        PLAIN.replace(",", ", "),
        PLAIN.replace(",", " ;\u00a0"),
        PLAIN.replace(",", '" ; "').replace("\n", '"\n"')[:-1].join(('"', "\n")),
        "sep=;\n" + PLAIN.replace(",", ";"),
        "\ufeff" + PLAIN,
        '\ufeff"id","file","label"\n' + PLAIN.partition("\n")[2],
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("\n", "\r"),
        PLAIN.replace("\n", "\r\r\n"),
        PLAIN.rstrip(),
        "\n\n" + PLAIN + "\n,,\n , ,\n\n",
        PLAIN.replace("label\n", "label,,\n")
        .replace("glioma\n", "glioma,,\n")
        .replace("größe\n", "größe,,\n"),
        PLAIN.replace("glioma\n", "glioma,,,,\n"),
    ],
)
def test_that_one_table_is_read_alike_in_all_its_forms(tmp_path, text):
    result = table(tmp_path, text)
    assert result.rows == ROWS
    assert result.columns == ("id", "file", "label")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_that_a_byte_order_mark_determines_the_encoding(tmp_path, encoding):
    assert table(tmp_path, PLAIN.replace(",", "\t"), encoding).rows == ROWS


@pytest.mark.parametrize(
    "text",
    [
        "id;file;dose, mean, sd, max\n1;a.png;1,5\n2;b.png;2,5\n",
        "id;file;dose, mean, sd, max\n1;a.png;1\n2;b.png;2\n",
        "id,file,dose; mean; sd; max\n1,a.png,1\n2,b.png,2\n",
        'id;file;a,b,c,d\n1;a.png;"x\ny"\n2;b.png;\n',
        '"sep=|"\nid|file\n1|a.png\n2|b.png\n',
    ],
)
def test_that_a_name_in_the_header_may_hold_another_separator_more_often(tmp_path, text):
    result = table(tmp_path, text)
    assert [(row["id"], row["file"]) for row in result.rows] == [("1", "a.png"), ("2", "b.png")]


def test_that_quoted_fields_hold_separators_quotation_marks_and_line_ends(tmp_path):
    result = table(tmp_path, 'id;note\n1;"a;b ""c""\nd"\n2; "e" \n3;5" film\n4;""\n')
    assert [row["note"] for row in result.rows] == ['a;b "c"\nd', "e", '5" film', ""]
    assert result.lines == (2, 4, 5, 6)


def test_that_a_field_may_be_of_any_length(tmp_path):
    polygon = ";".join(f"{number},{number}" for number in range(100_000))
    for text in (f'file,polygon\na,"{polygon}"\n', f"file\tpolygon\na\t{polygon}\n"):
        assert table(tmp_path, text).rows[0]["polygon"] == polygon


def test_that_whatever_python_writes_is_read_back(tmp_path):
    """The standard library's writer is the reference for quoting."""
    generator = random.Random(5)
    for separator in ",;\t|":
        rows = [
            ["".join(generator.choices('ab"\n;,|\t ', k=6)).strip() + "z" for _ in range(4)]
            for _ in range(40)
        ]
        written = io.StringIO(newline="")
        csv.writer(written, delimiter=separator).writerows([list("wxyz"), *rows])
        result = table(tmp_path, written.getvalue())
        assert [list(row.values()) for row in result.rows] == [[each.strip() for each in row] for row in rows]


def test_that_a_column_without_a_name_is_accepted(tmp_path):
    assert table(tmp_path, ",file\n0,a.png\n1,b.png\n").rows == ({"file": "a.png"}, {"file": "b.png"})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('id,file\n1,a\n2,"b\n3,c\n', "the quotation mark on line 3 is not closed"),
        ('id,file\n1,"a\n2,"b"\n', "the quotation mark on line 2 is not closed"),
        ('id,"file\n1,a\n', "the quotation mark on line 1 is not closed"),
        ('id,note\n1,"a\nb"\n2,"c', "the quotation mark on line 4 is not closed"),
        (
            "id,file\n1,a,b\n2\n3,c\n",
            "line 2 has 3 fields, line 3 has 1 field; the header has 2, separated by comma",
        ),
        ("id;file\n1;a;b\n", "separated by semicolon"),
        ("id,file,id\n1,a,2\n", "several columns id"),
        ("id, file ,file\n1,a,2\n", "several columns file"),
        ("id,file\n\n,\n", "has no rows"),
        ("", "is empty"),
        (" \n\r\n", "is empty"),
        (",,\n,,\n", "holds no text"),
        ("\ufeff", "holds no text"),
    ],
)
def test_that_a_broken_table_states_where(tmp_path, text, words):
    with pytest.raises(InputError) as refused:
        table(tmp_path, text)
    assert words in refused.value.message
    assert refused.value.message.startswith("t.csv")
    assert str(tmp_path) not in str(refused.value)


def test_that_many_broken_rows_are_counted(tmp_path):
    with pytest.raises(InputError, match="line 6 has 1 field, and 4 more lines have too many or too few"):
        table(tmp_path, "id,file\n" + "1\n" * 9)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"id,label\n1,gr\xf6\xdfe\n", r"is not text in UTF-8 \(line 2\)"),
        (PLAIN.encode("utf-16-le"), "is not text in UTF-8"),
        ("file\na.png\n".encode("utf-16-be"), "line 1 holds a zero byte"),
        (b"id,file\n1,a\0b\n", "line 2 holds a zero byte"),
        (b"id,file\r1,a\0b\r", "line 2 holds a zero byte"),
        (b"id,label\r1,gr\xf6\xdfe\r", r"is not text in UTF-8 \(line 2\)"),
        (b"PK\x03\x04" + bytes(40), "a spreadsheet workbook"),
        (b"\xff\xfea", "is not text in UTF-8"),
        (bytes(range(256)), "is not text in UTF-8"),
    ],
)
def test_that_what_is_not_valid_utf_8_is_reported_with_a_remedy(tmp_path, content, words):
    with pytest.raises(Unreadable, match=words) as refused:
        table(tmp_path, content)
    assert refused.value.hint == "Save it as CSV in UTF-8."


def test_that_a_folder_and_a_pipe_are_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.csv").mkdir()
    for name in ("pipe.csv", "folder.csv"):
        with pytest.raises(Unreadable, match="is a folder or a device, not a file"):
            read_table(tmp_path / name)


def test_that_a_name_that_no_system_takes_is_unreadable(tmp_path):
    with pytest.raises(Unreadable, match="cannot be read"):
        read_table(tmp_path / ("a" * 400))


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("a.png", "a.png"),
        ("SURNAME_GIVEN/a.png", "a.png"),
        ("SURNAME_GIVEN\\1950\\a.png", "a.png"),
        ("/data/SURNAME/a.png", "a.png"),
        ("C:\\data\\SURNAME\\a b.png", "a b.png"),
        ("", ""),
    ],
)
def test_that_the_bare_name_has_no_folder_of_any_system(name, bare):
    assert bare_name(name) == bare


def test_that_a_file_is_found_by_the_separators_of_either_system(tmp_path):
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "a.png").touch()
    assert (
        file_beside(tmp_path, "set\\a.png")
        == file_beside(tmp_path, "set/a.png")
        == tmp_path / "set" / "a.png"
    )


# As an index


def test_that_the_reported_tables_are_read(shared):
    folder = shared / "field_cases" / "set"
    for name in ("semicolon", "tab", "spaces", "blank_rows"):
        result = read_index(folder / f"t_{name}.csv").items
        assert [(each.id, each.path, each.label, each.mask) for each in result] == [
            (number, folder / "head.png", "glioma", folder / "mask_good.png") for number in ("1", "2")
        ]
    (item,) = read_index(folder / "t_long_polygon.csv").items
    assert item.polygon.count(";") == 6999


def test_that_a_path_is_no_id_and_a_swallowed_row_is_told(tmp_path):
    path = tmp_path / "i.csv"
    path.write_text("file\nSURNAME/a.png\nSURNAME\\b.png\n", "utf-8")
    assert [item.id for item in read_index(path, ImageColumns(id="file")).items] == ["1", "2"]
    path.write_text('file,label\n"a.png,x\nb.png",y\n', "utf-8")
    with pytest.raises(InputError, match="the file name on line 2 continues on the next line"):
        read_index(path)
