"""Every part of the program has a licence text or a reason, and none is under the GPL."""

import tomllib

import pytest
from packaging.requirements import Requirement

from core import licences
from core.errors import SaliscopeError
from core.licences import collected, is_permitted, licence_parts, normalised, runtime_packages, write_licences
from core.models.bundle import CARD_NAME


@pytest.fixture(scope="module")
def parts() -> dict[str, licences.LicencePart]:
    return {normalised(part.entry.name): part for part in collected()}


def test_that_every_dependency_of_the_project_is_among_the_parts(parts, repository) -> None:
    with (repository / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["cpu"]]
    assert {normalised(Requirement(line).name) for line in wanted} - set(parts) == set()


def test_that_every_locked_package_at_run_time_has_a_text(parts, repository) -> None:
    lock = (repository / "requirements.lock").read_text(encoding="utf-8")
    locked = {normalised(line.partition("==")[0]) for line in lock.splitlines() if "==" in line}
    at_run_time = {normalised(package.metadata["Name"]) for package in runtime_packages()}
    assert len(at_run_time & locked) > 50
    without = [name for name in at_run_time & locked if not parts[name].text.strip()]
    assert without == []


def test_that_what_has_no_text_of_its_own_has_a_note(parts) -> None:
    for part in parts.values():
        assert part.paths or part.entry.note, part.entry.name
        assert part.entry.licence != "see the text", part.entry.name


def test_that_nothing_is_under_the_gpl_and_qt_is_under_the_lgpl(parts) -> None:
    assert [part.entry.name for part in parts.values() if not is_permitted(part.entry.licence)] == []
    qt = parts["pyside6-essentials"]
    assert qt.entry.licence == "LGPL-3.0-only"
    assert [path.name for path in qt.paths] == ["Qt.txt", "LGPL-3.0.txt", "GPL-3.0.txt"]
    assert "How to use another version of Qt" in qt.text


@pytest.mark.parametrize(
    ("licence", "answer"),
    [
        ("MIT", True),
        ("LGPL-3.0-only", True),
        ("LGPL-3.0-only OR GPL-2.0-only", True),
        ("GPL-3.0-only", False),
        ("GPL-2.0-or-later", False),
        ("AGPL-3.0-only", False),
        ("MIT AND GPL-3.0-only", False),
        ("GPL-2.0-or-later WITH Bootloader-exception", True),
        ("GPL-2.0-or-later WITH Classpath-exception-2.0", False),
    ],
)
def test_that_the_gpl_is_told_from_the_lgpl_and_alternatives_count(licence, answer) -> None:
    assert is_permitted(licence) is answer


def test_that_a_package_reads_what_was_collected_for_it(tmp_path, monkeypatch, parts) -> None:
    write_licences(tmp_path)
    monkeypatch.setattr(licences, "COLLECTED", tmp_path)
    again = {normalised(part.entry.name): part for part in licence_parts()}
    packages = {name for name, part in again.items() if part.entry.kind == "package"}
    assert {"numpy", "tensorflow-cpu", "pyside6-essentials"} <= packages
    for name, part in again.items():
        assert part.entry == parts[name].entry
        assert [path.read_bytes() for path in part.paths] == [path.read_bytes() for path in parts[name].paths]
    assert again["numpy"].text.startswith("1-")


def test_that_a_model_left_out_of_a_package_is_not_in_its_list(tmp_path, parts, monkeypatch) -> None:
    shipped, left_out = sorted(name for name, part in parts.items() if part.entry.kind == "model")[:2]
    folders = {normalised(path.name): path for path in licences.MODELS.iterdir()}
    target = tmp_path / "models" / folders[shipped].name
    target.mkdir(parents=True)
    (target / CARD_NAME).write_bytes((folders[shipped] / CARD_NAME).read_bytes())
    write_licences(tmp_path / "licences", models=tmp_path / "models")
    monkeypatch.setattr(licences, "COLLECTED", tmp_path / "licences")
    names = {normalised(part.entry.name) for part in licence_parts()}
    assert shipped in names
    assert left_out not in names


def test_that_a_missing_text_stops_the_build(tmp_path, monkeypatch) -> None:
    entry = licences.LicenceEntry(kind="package", name="new", licence="MIT")
    monkeypatch.setattr(licences, "collected", lambda *_: [licences.LicencePart(entry, ())])
    with pytest.raises(SaliscopeError, match="No licence text was found for new"):
        write_licences(tmp_path)
