"""Where the program writes, for an installed program, a portable one and the source tree."""

import sys
from pathlib import Path

import platformdirs
import pytest

from core import folders

FOLDERS = (
    folders.settings_folder,
    folders.log_folder,
    folders.data_folder,
    folders.models_folder,
    folders.state_folder,
)


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an installed program that is running."""
    monkeypatch.setattr(sys, "executable", str(tmp_path / "program" / "saliscope"))
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    (tmp_path / "program").mkdir()
    return tmp_path / "program"


def test_that_the_source_tree_is_never_portable(program, monkeypatch) -> None:
    (program / "portable").touch()
    monkeypatch.setattr(sys, "frozen", False)
    assert folders.portable_folder() is None
    assert folders.settings_folder() == Path(platformdirs.user_config_dir("saliscope", appauthor=False))


def test_that_an_installed_program_uses_the_folders_of_the_user(program) -> None:
    assert folders.portable_folder() is None
    assert (
        folders.models_folder() == Path(platformdirs.user_data_dir("saliscope", appauthor=False)) / "models"
    )
    assert not any(folder().is_relative_to(program) for folder in FOLDERS)


def test_that_a_marker_beside_the_program_keeps_everything_in_its_folder(program) -> None:
    (program / "portable").touch()
    places = [folder() for folder in FOLDERS]
    assert all(place.is_relative_to(program / "data") for place in places)
    assert len(set(places)) == len(places)


def test_that_a_folder_of_that_name_is_no_marker(program) -> None:
    (program / "portable").mkdir()
    assert folders.portable_folder() is None
