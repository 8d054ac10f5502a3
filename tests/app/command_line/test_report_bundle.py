"""`saliscope report-bundle`: shown first, written on request."""

import zipfile


def test_that_it_is_shown_and_written_with_the_same_content(saliscope, tmp_path) -> None:
    shown = saliscope("report-bundle")
    assert shown.code == 0
    assert "===== versions.json =====" in shown.out
    path = tmp_path / "new folder" / "report.zip"
    written = saliscope("report-bundle", "--out", str(path), "--json").document
    with zipfile.ZipFile(path) as archive:
        assert {name: archive.read(name).decode() for name in archive.namelist()} == written["texts"]
