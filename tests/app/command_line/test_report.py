"""`saliscope report`: errors are reported before the framework is started."""

from core.errors import UnknownModel


def test_that_an_unknown_bundle_and_missing_facts_are_named(saliscope, tmp_path, bundle):
    ran = saliscope("report", "nothing", tmp_path / "index.csv", "--facts", tmp_path / "facts.json")
    assert ran.code == UnknownModel.exit_code
    assert "There is no model 'nothing'" in ran.one_error
    ran = saliscope("report", bundle, tmp_path / "index.csv", "--facts", tmp_path / "facts.json")
    assert "facts.json cannot be read" in ran.one_error
