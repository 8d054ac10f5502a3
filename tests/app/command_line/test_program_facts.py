"""`saliscope info` without a path, and what an administrator's policy forbids on the command line."""

from core.policy import KEYS
from tests.policies import machine_policy


def test_that_info_without_a_path_lists_the_policy_in_force(saliscope, tmp_path) -> None:
    with machine_policy(tmp_path, "recent_files = { forced = false }\nautosave = { default = false }\n"):
        ran = saliscope("info")
        assert ran.code == 0
        lines = {line.split()[0]: line for line in ran.out.splitlines() if line}
        assert "set by your administrator" in lines["recent_files"]
        assert "default of your administrator" in lines["autosave"]
        assert "no policy" in lines["device"]
        program = saliscope("info", "--json").document["program"]
    assert [rule["key"] for rule in program["policy"]] == list(KEYS)
    assert program["folders"]["policy file"] == str(tmp_path / "policy.toml")


def test_that_a_damaged_policy_is_one_note_of_every_command(saliscope, tmp_path) -> None:
    with machine_policy(tmp_path, "recent_files"):
        ran = saliscope("samples")
    assert ran.code == 0
    assert ran.err.startswith("saliscope: note: The policy of this computer is no valid TOML.")
    assert len(ran.err.splitlines()) == 1


def test_that_identity_is_not_shown_where_it_is_forbidden(saliscope, tmp_path) -> None:
    with machine_policy(tmp_path):
        ran = saliscope("info", str(tmp_path), "--identity")
    assert ran.code == 2
    assert ran.one_error == "Showing the patient's identity is switched off by your administrator."


def test_that_a_forced_device_cannot_be_changed_by_an_option(saliscope, tmp_path) -> None:
    with machine_policy(tmp_path, 'device = { forced = "cpu" }'):
        ran = saliscope("predict", "--sample", "brain_glioma", "--device", "gpu")
        allowed = saliscope("predict", str(tmp_path / "missing.dcm"), "--device", "cpu")
    assert ran.code == 2
    assert ran.one_error == "The device is set by your administrator. Leave out --device."
    assert "administrator" not in allowed.err


def test_that_a_forced_folder_of_models_holds_for_the_option_model(saliscope, tmp_path) -> None:
    (tmp_path / "own").mkdir()
    with machine_policy(tmp_path, 'model_folder = { forced = "" }'):
        ran = saliscope("predict", "--sample", "brain_glioma", "--model", str(tmp_path / "own"))
    assert ran.one_error == "Models of other folders are switched off by your administrator."
