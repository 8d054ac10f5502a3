"""Settings: written at once, read again, and never an obstacle to starting."""

from pathlib import Path

import pytest

from app.window.settings import Settings, SettingsFile, device_choice
from core.figures.colour_maps import ColourMap
from core.models.device import DeviceChoice
from core.policy import Policy, PolicyRule, read_policy


def test_that_a_change_is_on_disk_at_once(tmp_path) -> None:
    first = SettingsFile(tmp_path / "new")
    assert not first.exists
    first.change(opacity=0.25, colour_map=ColourMap.GREY)
    second = SettingsFile(tmp_path / "new")
    assert second.exists
    assert (second.values.opacity, second.values.colour_map) == (0.25, ColourMap.GREY)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["settings.json"]


@pytest.mark.parametrize("text", ["", "{", '{"opacity": "much"}', "[1]", "\xff"])
def test_that_a_damaged_file_gives_the_defaults(tmp_path, text) -> None:
    (tmp_path / "settings.json").write_bytes(text.encode("latin-1"))
    assert SettingsFile(tmp_path).values == Settings()


def test_that_settings_of_a_newer_version_are_read_as_far_as_they_are_known(tmp_path) -> None:
    (tmp_path / "settings.json").write_text('{"opacity": 0.5, "unheard_of": 1}')
    assert SettingsFile(tmp_path).values == Settings(opacity=0.5)


def test_that_a_folder_that_cannot_be_written_costs_only_the_memory(tmp_path) -> None:
    (tmp_path / "file").write_text("no folder")
    settings = SettingsFile(tmp_path / "file")
    settings.change(opacity=0.1)
    assert settings.values.opacity == 0.1


def rules(**keys: tuple[str, bool]) -> Policy:
    """keys: origin and value of what an administrator has set."""
    built_in = read_policy(Path("there is no such file"))
    set_rules = {key: PolicyRule(key=key, origin=keys[key][0], value=keys[key][1]) for key in keys}
    return Policy(tuple(set_rules.get(rule.key, rule) for rule in built_in.rules))


def test_that_an_administrators_default_holds_until_a_user_chooses(tmp_path) -> None:
    policy = rules(autosave=("default", False))
    settings = SettingsFile(tmp_path, policy)
    assert not settings.values.autosave
    assert not settings.defaults.autosave
    settings.change(opacity=0.25)
    # Nothing was chosen here, so another default takes effect.
    assert SettingsFile(tmp_path, rules()).values.autosave
    settings.change(autosave=True)
    assert SettingsFile(tmp_path, policy).values.autosave


def test_that_nobody_changes_what_an_administrator_forces(tmp_path) -> None:
    SettingsFile(tmp_path, rules()).change(keep_recent_files=True)
    settings = SettingsFile(tmp_path, rules(recent_files=("forced", False)))
    assert not settings.values.keep_recent_files
    assert settings.is_forced("keep_recent_files")
    assert not settings.is_forced("autosave")
    settings.change(keep_recent_files=True, opacity=0.25)
    assert not settings.values.keep_recent_files
    assert settings.values.opacity == 0.25
    # What was chosen before comes back with the end of the policy.
    assert SettingsFile(tmp_path, rules()).values.keep_recent_files


def test_that_the_device_is_that_of_the_settings_unless_the_environment_names_one() -> None:
    settings = Settings(device="gpu", deterministic=True)
    assert device_choice(settings, {}) == DeviceChoice(wish="gpu", is_deterministic=True)
    assert device_choice(Settings(), {}) == DeviceChoice()
    # None: the worker then reads the environment, which it inherits.
    assert device_choice(settings, {"SALISCOPE_DEVICE": "cpu"}) is None
    assert device_choice(settings, {"SALISCOPE_DETERMINISTIC": "1"}) is None
