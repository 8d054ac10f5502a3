"""Folders may be named after patients: no command names one that it was given."""

import pytest


@pytest.mark.parametrize(
    "command", [("info",), ("predict", "--model"), ("explain", "--method", "edge", "--model")]
)
def test_that_a_folder_without_images_is_not_named(saliscope, tmp_path, bundle, command):
    folder = tmp_path / "SURNAME_GIVEN_1950"
    folder.mkdir()
    (folder / "study.zip").write_bytes(b"PK\x03\x04")
    name, *options = command
    model = [bundle] if options else []
    out = ["--out", tmp_path / "out"] if name == "explain" else []
    ran = saliscope(name, folder, *options, *model, *out, "--json")
    assert ran.code == 3
    assert "The folder holds no image that can be read. 1 file was skipped: study.zip" in ran.err
    assert "SURNAME" not in ran.out + ran.err
    assert str(tmp_path) not in ran.out + ran.err
