"""Paths that name the patient: parts of the name or number, however they are written."""

import pytest

from core.images.slice import Identity
from core.workspace.paths import path_names_person

DOE = Identity(patient_name="Doe^John^^Dr", patient_id="PAT-00042317", accession="A778812")


@pytest.mark.parametrize(
    "path",
    [
        "/data/doe/slice.dcm",
        "/data/DOE_JOHN/slice.dcm",
        "/data/John Doe/slice.dcm",
        "/data/study/john.dcm",
        "/data/d.o.e/slice.dcm",
        "/data/2024-doe-mr/slice.dcm",
        "../johnny/slice.dcm",
        "slice_42317.dcm",
        "/data/00042317/slice.dcm",
        "/data/pat00042317/slice.dcm",
        "/data/PAT_00042317/slice.dcm",
        "/data/a778812/slice.dcm",
        "C:\\data\\Doe\\slice.dcm",
    ],
)
def test_that_parts_of_name_and_number_are_recognised(path):
    assert path_names_person(path, DOE)


@pytest.mark.parametrize(
    "path",
    [
        "/data/study/slice.dcm",
        "/data/do/eval/slice.dcm",  # across the border of two folders
        "/data/jo/slice.dcm",
        "/data/dr/slice.dcm",  # shorter than three letters
        "/data/patients/slice.dcm",  # the letters of a number are no number
        "/data/4231/slice.dcm",
        "",
    ],
)
def test_that_other_paths_are_kept(path):
    assert not path_names_person(path, DOE)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("Müller^Jörg", "/data/mueller/a.dcm"),
        ("Müller^Jörg", "/data/muller/a.dcm"),
        ("Müller^Jörg", "/data/MÜLLER/a.dcm"),
        ("Müller^Jörg", "/data/Mu\u0308ller/a.dcm"),
        ("Mueller^Joerg", "/data/müller/a.dcm"),
        ("Groß^Ida", "/data/GROSS/a.dcm"),
        ("Åse^Ødegård", "/data/odegard/a.dcm"),
        ("Åse^Ødegård", "/data/oedegaard/a.dcm"),
        ("Łukasz^Żak", "/data/lukasz/a.dcm"),
        ("Dvořák", "/data/dvorak/a.dcm"),
        ("Иванов^Пётр", "/data/иванов/a.dcm"),
        ("O'Neill^Mary-Ann", "/data/ONEILL/a.dcm"),
        ("O'Neill^Mary-Ann", "/data/maryann/a.dcm"),
        ("Yamada^Tarou=山田^太郎=やまだ^たろう", "/data/山田/a.dcm"),
        ("Yamada^Tarou=山田^太郎=やまだ^たろう", "/data/tarou/a.dcm"),
    ],
)
def test_that_letters_of_other_languages_are_recognised(name, path):
    assert path_names_person(path, Identity(patient_name=name))


def test_that_short_names_count_as_a_whole_in_both_orders():
    wu_li = Identity(patient_name="Wu^Li")
    assert path_names_person("/data/wu_li/a.dcm", wu_li)
    assert path_names_person("/data/LiWu/a.dcm", wu_li)
    assert path_names_person("/data/li/wu/a.dcm", wu_li)


@pytest.mark.parametrize(
    "path",
    [
        "/data/wu/a.dcm",
        "/data/LI/a.dcm",
        "/data/mr_wu_2024/a.dcm",
        "/data/wu2024/a.dcm",
        "/data/wu.dcm",
        "C:\\scans\\Wu\\a.dcm",
        "/data/Scan of Mrs. Wu/a.dcm",
    ],
)
def test_that_a_name_of_two_letters_counts_where_it_is_a_whole_word(path):
    assert path_names_person(path, Identity(patient_name="Wu^Li^^Dr"))


@pytest.mark.parametrize("path", ["/data/wurst/a.dcm", "/data/clinic/a.dcm", "/data/dr/a.dcm", "/data/w/u"])
def test_that_a_name_of_two_letters_within_a_word_and_a_title_do_not_count(path):
    assert not path_names_person(path, Identity(patient_name="Wu^Li^^Dr"))


def test_that_a_name_of_two_letters_with_an_umlaut_is_recognised():
    assert path_names_person("/data/oz/a.dcm", Identity(patient_name="Öz^Ali"))
    assert path_names_person("/data/o\u0308z/a.dcm", Identity(patient_name="Öz^Ali"))


def test_that_without_identity_no_path_names_anyone():
    assert not path_names_person("/data/doe/slice.dcm", Identity())
    assert not path_names_person("/data/doe/slice.dcm", Identity(patient_name="^^^", patient_id="-"))
