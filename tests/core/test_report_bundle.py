"""The report of a fault: what is in it, that it is what was shown, and that it names nobody."""

import zipfile

import pytest

from core import report_bundle
from core.errors import DiskFull
from core.report_bundle import bundle_texts, readable, write_bundle
from tests.policies import machine_policy


@pytest.fixture
def folders(tmp_path, monkeypatch):
    for name in ("log", "settings"):
        (tmp_path / name).mkdir()
        monkeypatch.setattr(report_bundle, f"{name}_folder", lambda name=name: tmp_path / name)
    return tmp_path


def test_that_it_holds_logs_settings_policy_and_certificate_and_no_recent_file(folders) -> None:
    (folders / "log" / "window.log").write_text("a line\n")
    (folders / "log" / "worker.log.1").write_text("an older line\n")
    (folders / "log" / "worker-12.fault").write_text("/home/Zebedeeson")
    (folders / "log" / "certificate.json").write_text('{"has_passed": true}')
    (folders / "settings" / "settings.json").write_text(
        '{"opacity": 0.5, "recent_files": ["/Zebedeeson.dcm"], "last_folder": "/Zebedeeson", "docks": "A", '
        '"of_a_newer_version": ["Zebedeeson"], "author": "Zebedeeson", "device": "cpu"}'
    )
    with machine_policy(folders, 'model_folder = { forced = "/Zebedeeson" }\n'):
        texts = bundle_texts()
    assert set(texts) == {
        "README.txt",
        "versions.json",
        "policy.txt",
        "settings.json",
        "logs/window.log",
        "logs/worker.log.1",
        "certificate.json",
    }
    assert '"device": "cpu"' in texts["settings.json"]
    assert '"opacity": 0.5' in texts["settings.json"]
    assert "model_folder: a folder (forced)" in texts["policy.txt"]
    assert "Zebedeeson" not in readable(texts)


@pytest.mark.parametrize("settings", ["", "[1]", "{", '{"recent_files": []}'])
def test_that_damaged_settings_are_left_out(folders, settings) -> None:
    (folders / "settings" / "settings.json").write_text(settings)
    assert bundle_texts()["settings.json"] == "{}\n"


def test_that_only_the_newest_part_of_a_long_log_is_taken(folders) -> None:
    (folders / "log" / "window.log").write_text("x" * 10**6 + "end")
    text = bundle_texts()["logs/window.log"]
    assert len(text) == report_bundle.MOST_LOG_BYTES
    assert text.endswith("end")


def test_that_the_archive_holds_what_was_shown(folders) -> None:
    texts = bundle_texts()
    write_bundle(folders / "report.zip", texts)
    with zipfile.ZipFile(folders / "report.zip") as archive:
        assert {name: archive.read(name).decode() for name in archive.namelist()} == texts
    with pytest.raises(DiskFull):
        write_bundle(folders / "no folder" / "report.zip", texts)
