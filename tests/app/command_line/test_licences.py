"""`saliscope licences`: the list, one text, and an unknown name."""


def test_that_parts_are_listed_and_one_is_shown_with_its_text(saliscope) -> None:
    ran = saliscope("licences")
    assert ran.code == 0
    lines = {line.split()[1]: line for line in ran.out.splitlines()}
    assert lines["numpy"].startswith("package")
    assert "LGPL-3.0-only" in lines["PySide6_Essentials"]
    assert lines["brain_glioma"].endswith("CC-BY-4.0")
    document = saliscope("licences", "pyside6-essentials", "--json").document
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in document["text"]
    assert len(document["parts"]) == 1


def test_that_an_unknown_part_is_one_sentence_with_the_nearest(saliscope) -> None:
    ran = saliscope("licences", "nunpy")
    assert (ran.code, ran.one_error) == (2, "No part of the program is called 'nunpy'. Did you mean 'numpy'?")
