"""Settings: written at once, read again, and never an obstacle to starting."""

import pytest

from app.window.settings import Settings, SettingsFile, device_choice
from core.figures.colour_maps import ColourMap
from core.models.device import DeviceChoice


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


def test_that_the_device_is_that_of_the_settings_unless_the_environment_names_one() -> None:
    settings = Settings(device="gpu", deterministic=True)
    assert device_choice(settings, {}) == DeviceChoice(wish="gpu", is_deterministic=True)
    assert device_choice(Settings(), {}) == DeviceChoice()
    # None: the worker then reads the environment, which it inherits.
    assert device_choice(settings, {"SALISCOPE_DEVICE": "cpu"}) is None
    assert device_choice(settings, {"SALISCOPE_DETERMINISTIC": "1"}) is None
