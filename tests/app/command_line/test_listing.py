"""Commands that list: text, JSON documents and help."""

import pytest

from app.command_line.group import COMMANDS
from core.errors import DamagedBundle
from core.methods import METHODS
from core.results.listing import MethodsDocument, ModelsDocument, SamplesDocument
from core.samples import samples as all_samples


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_that_every_command_has_json_quiet_schema_and_an_example(saliscope, command):
    ran = saliscope(command.name, "--help")
    assert ran.code == 0
    for word in ("--json", "--quiet", "--schema", f"saliscope {command.name}", "Example"):
        assert word in ran.out


# Of the documents whose fields have changed since the first one.
REVISIONS = {"predict": 2, "explain": 2, "curves": 2, "info": 3}


@pytest.mark.parametrize(
    "command",
    [expected for expected in COMMANDS if expected.name != "self-test"],
    ids=lambda command: command.name,
)
def test_that_every_command_describes_its_document(saliscope, command):
    schema = saliscope(command.name, "--schema").document
    assert (
        schema["properties"]["schema"]["const"]
        == f"saliscope/{command.name}/{REVISIONS.get(command.name, 1)}"
    )


def test_that_the_help_lists_every_command_in_order(saliscope):
    lines = saliscope("--help").out.partition("Commands:")[2].split("\n")
    assert [line.split()[0] for line in lines if line.strip()] == [command.name for command in COMMANDS]
    assert "..." not in "".join(lines)


def test_that_the_help_names_the_document_of_a_command_that_fails(saliscope):
    assert "saliscope/error/1" in saliscope("--help").out


def test_that_methods_are_listed_as_in_the_window(saliscope):
    ran = saliscope("methods", "--json")
    document = MethodsDocument.model_validate(ran.document)
    assert [entry.name for entry in document.methods] == [method.name for method in METHODS]
    assert ran.err == ""


def test_that_a_method_shows_its_bounds_and_default(saliscope):
    assert "integer from 2 to 4096; default 128" in saliscope("methods", "integrated_gradients").out
    assert "one of sum, max_abs; default sum" in saliscope("methods", "gradient").out


def test_that_a_method_shows_its_help_wrapped(saliscope, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    lines = saliscope("methods", "grad_cam").out.splitlines()
    at = lines.index("LIMITS")
    assert lines[at + 1] == "  - It is coarse: the last layer may have no more than 7 x 7"
    assert max(len(line) for line in lines[at:-1]) <= 60
    assert lines[-1].endswith("grad_cam.webp")


def test_that_one_method_brings_its_page_and_the_list_does_not(saliscope):
    (with_page,) = MethodsDocument.model_validate(saliscope("methods", "cam", "--json").document).methods
    assert with_page.help.startswith("# CAM\n")
    assert "](cam.webp)" in with_page.help
    assert with_page.picture == "cam.webp"
    listed = MethodsDocument.model_validate(saliscope("methods", "--json").document).methods
    assert {(entry.help, entry.picture) for entry in listed} == {(None, None)}


def test_that_samples_are_listed_and_shown_with_their_licence(saliscope):
    document = SamplesDocument.model_validate(saliscope("samples", "--json").document)
    assert list(document.samples) == all_samples()
    first = document.samples[0]
    out = saliscope("samples", first.id).out
    assert first.attribution in out
    assert first.licence in out


def test_that_models_are_listed_and_one_is_shown_in_full(saliscope, bundle):
    listed = ModelsDocument.model_validate(saliscope("models", "--json").document)
    assert all(entry.card is None for entry in listed.models)
    with_card = ModelsDocument.model_validate(saliscope("models", bundle, "--json").document).models[0]
    assert with_card.card.architecture == "small"
    assert with_card.macro_f1 == (0.5, 0.4, 0.6)
    assert "glioma, meningioma, pituitary" in saliscope("models", bundle).out


def test_that_a_damaged_bundle_does_not_hide_the_others(saliscope, bundle, monkeypatch):
    damaged = bundle.parent / "damaged"
    damaged.mkdir()
    (damaged / "model.json").write_text("{", encoding="utf-8")
    monkeypatch.setattr("core.models.bundle.model_folders", lambda: [bundle.parent])
    entries = saliscope("models", "--json").document["models"]
    assert [entry["id"] for entry in entries] == ["damaged", "small"]
    assert entries[0]["error"]["code"] == DamagedBundle.code


def test_that_quiet_prints_nothing(saliscope):
    ran = saliscope("methods", "--quiet")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
