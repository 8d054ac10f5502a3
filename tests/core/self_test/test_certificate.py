"""The certificate: what it says, that it names nobody, and that its page escapes and loads nothing."""

import getpass
import json
import platform
import re
from types import SimpleNamespace

import pytest

from core.errors import DiskFull, Unreadable
from core.self_test import exported
from core.self_test.certificate import certificate_of, page, write_certificate
from core.self_test.course import run_trials
from core.self_test.exported import EXPORTERS, READERS, read_back
from core.self_test.trial import Trial, TrialFailed, TrialRecord, record_of
from core.workspace.replay_document import ReplayedResult

PASSED = TrialRecord(group="Decoders", title="RLE", has_passed=True, sentence="It <works>.", seconds=0.5)
FAILED = PASSED.model_copy(update={"has_passed": False, "title": "JPEG", "code": "trial_failed"})


def fail(error: Exception):
    def run() -> str:
        raise error

    return run


def test_that_all_must_pass_and_some_must_have_run() -> None:
    assert certificate_of([PASSED], {}, 1).has_passed
    assert not certificate_of([PASSED, FAILED], {}, 1).has_passed
    assert not certificate_of([], {}, 1).has_passed
    assert certificate_of([PASSED], {}, 1).headline == "All 1 trial passed."
    assert certificate_of([PASSED, FAILED], {}, 1).headline == "1 of 2 trials failed."


def test_that_the_page_shows_every_trial_and_loads_nothing() -> None:
    text = page(certificate_of([PASSED, FAILED], {"model": "ab" * 32}, 75))
    assert "It &lt;works&gt;." in text
    assert text.count("<td>passed</td>") == 1
    assert text.count("<td>FAILED</td>") == 1
    assert "ab" * 32 in text
    assert not re.search(r"(src|href)\s*=|url\((?!\"data:)", text)


def test_that_it_states_versions_and_hardware_and_names_neither_user_nor_machine(tmp_path) -> None:
    write_certificate(tmp_path, certificate_of([PASSED], {}, 1))
    text = (tmp_path / "certificate.json").read_text(encoding="utf-8")
    document = json.loads(text)
    assert document["schema"] == "saliscope/self-test-certificate/1"
    assert document["packages"]["numpy"]
    assert document["machine"]["cores"] >= 1
    machine = json.dumps(document["machine"])
    for name in (platform.node(), getpass.getuser()):
        assert name not in machine
    assert "</html>" in (tmp_path / "certificate.html").read_text(encoding="utf-8")


def test_that_a_trial_is_its_sentence_its_code_or_a_bug_without_its_words() -> None:
    assert record_of(Trial("g", "t", lambda: "Fine.")).sentence == "Fine."
    failed = record_of(Trial("g", "t", fail(Unreadable("It is damaged.", "Copy it."))))
    assert (failed.has_passed, failed.code, failed.sentence) == (
        False,
        "unreadable",
        "It is damaged. Copy it.",
    )
    bug = record_of(Trial("g", "t", fail(ValueError("/home/Zebedeeson"))))
    assert bug.sentence == "An internal error ended this trial (ValueError); see the log."


def test_that_a_full_disk_and_an_interruption_end_the_course_and_close_what_is_open(
    monkeypatch, tmp_path
) -> None:
    for error in (DiskFull("No space."), KeyboardInterrupt()):
        closed = []

        def trials(*_, error=error, closed=closed):
            try:
                yield Trial("g", "first", fail(error))
                yield Trial("g", "second", lambda: "Fine.")
            finally:
                closed.append(True)

        monkeypatch.setattr("core.self_test.course._trials", trials)
        records: list[TrialRecord] = []
        with pytest.raises(type(error)):
            run_trials(tmp_path, [], records.append)
        assert (records, closed) == ([], [True])


def test_that_every_exporters_files_can_be_read_back() -> None:
    assert {exporter.suffix for exporter in EXPORTERS} - set(READERS) == set()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.png", b"\x89PNG\r\n"),
        ("a.svg", b"<html></html>"),
        ("a.html", b"<!doctype html><html>"),
        ("a.pdf", b"%PDF-1.4 cut"),
        ("a.nii.gz", b"\x1f\x8bcut"),
        ("a.npy", b"\x93NUMPY"),
        ("a.dcm", b"not DICOM"),
        ("a.csv", b"head alone\n"),
        ("a.json", b"{"),
        ("a.xyz", b"whatever"),
    ],
)
def test_that_a_damaged_export_is_noticed(name, content) -> None:
    with pytest.raises(TrialFailed):
        read_back(name, content)


@pytest.mark.parametrize("kinds", [(), ("prediction",), ("prediction", "map", "finding")])
def test_that_a_replay_that_leaves_out_results_fails(monkeypatch, tmp_path, kinds) -> None:
    results = [ReplayedResult(kind=kind, title=kind, outcome="identical") for kind in kinds]
    monkeypatch.setattr(exported, "replayed_results", lambda *_: iter(results))
    monkeypatch.setattr(exported, "smallest_model", lambda: "model")
    monkeypatch.setattr(exported.ExportedCase, "workspace", SimpleNamespace(cases=(None,)))
    monkeypatch.setattr(exported.ExportedCase, "image", None)
    case = exported.ExportedCase(SimpleNamespace(handle=lambda _: None), tmp_path)
    with pytest.raises(TrialFailed, match="left out results"):
        case.replay()
