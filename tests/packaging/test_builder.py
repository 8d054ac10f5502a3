"""What goes into the packages: models, the list of files, what is left out, what a system must bring."""

import hashlib
import json
import stat
from importlib import metadata
from pathlib import Path

import pytest
from builder.archive import MARKER, pack
from builder.bundles import copy_resources, noncommercial_bundles
from builder.freeze import LEFT_OUT, trim
from builder.libraries import libraries_of_system, needed_by, undeclared
from builder.manifest import file_hashes, write_manifest

from core.folders import PORTABLE_MARKER
from core.models.bundle import RESOURCES
from core.models.card import Card
from core.system_libraries import ALL_LIBRARIES


@pytest.fixture
def resources(tmp_path: Path) -> Path:
    """A folder `resources` with three bundles: one that forbids commercial use, two that do not."""
    folder = tmp_path / "resources"
    for name, card in (("a", {"commercial_use": False}), ("b", {"commercial_use": True}), ("c", {})):
        (folder / "models" / name / "__pycache__").mkdir(parents=True)
        (folder / "models" / name / "model.json").write_text(json.dumps(card), encoding="utf-8")
        (folder / "models" / name / "weights.safetensors").write_bytes(name.encode())
    (folder / "help").mkdir()
    (folder / "help" / "page.md").write_text("page", encoding="utf-8")
    return folder


def files_of(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_that_a_package_without_noncommercial_models_lacks_all_files_of_these_and_no_others(
    resources, tmp_path
):
    assert copy_resources(resources, tmp_path / "copy", with_noncommercial=False) == ["a"]
    assert files_of(tmp_path / "copy") == {
        name for name in files_of(resources) if not name.startswith("models/a/")
    }


def test_that_the_usual_package_has_every_model(resources, tmp_path):
    assert copy_resources(resources, tmp_path / "copy", with_noncommercial=True) == []
    assert files_of(tmp_path / "copy") == files_of(resources)
    assert not list((tmp_path / "copy").rglob("__pycache__"))


def test_that_the_key_of_a_card_that_is_asked_for_is_the_cards(resources):
    assert noncommercial_bundles(resources / "models") == ["a"]
    card = Card.read(sorted((RESOURCES / "models").glob("*/model.json"))[0])
    forbidden = card.model_copy(update={"commercial_use": False})
    assert json.loads(forbidden.model_dump_json())["commercial_use"] is False
    assert Card.model_validate_json(forbidden.model_dump_json()) == forbidden
    assert card.commercial_use


def test_that_the_manifest_names_every_file_but_itself_with_its_hash(tmp_path):
    (tmp_path / "_internal").mkdir()
    (tmp_path / "_internal" / "ü 医.txt").write_bytes(b"text")
    (tmp_path / "saliscope").write_bytes(b"program")
    (tmp_path / "_internal" / "link.so").symlink_to("../saliscope")
    document = json.loads(write_manifest(tmp_path, "1.2.3", "abc", ["a"]).read_text(encoding="utf-8"))
    assert document["files"] == {
        "_internal/ü 医.txt": hashlib.sha256(b"text").hexdigest(),
        "saliscope": hashlib.sha256(b"program").hexdigest(),
    }
    assert (document["version"], document["commit"], document["models_left_out"]) == ("1.2.3", "abc", ["a"])
    assert set(file_hashes(tmp_path)) - set(document["files"]) == {"manifest.json"}


def test_that_what_is_left_out_goes_and_nothing_that_leads_nowhere_stays(tmp_path):
    contents = tmp_path / "_internal"
    gone = (
        "tensorflow/include/a/b.h",
        "PySide6/QtCore.pyi",
        "PySide6/Qt/translations/qt_de.qm",
        "x.dist-info/direct_url.json",
    )
    left = (
        "tensorflow/python/a.py",
        # Which scikit-image reads when it is imported.
        "skimage/__init__.pyi",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "x.dist-info/METADATA",
    )
    for name in (*gone, *left):
        (contents / name).parent.mkdir(parents=True, exist_ok=True)
        (contents / name).write_bytes(b"content")
    (contents / "b.h").symlink_to("tensorflow/include/a/b.h")
    (contents / "a.py").symlink_to("tensorflow/python/a.py")
    trim(tmp_path)
    assert files_of(contents) == {*left, "a.py"}
    assert not (contents / "tensorflow" / "include").exists()
    assert not (contents / "b.h").is_symlink()


def test_that_nothing_is_left_out_that_a_name_of_the_own_packages_would_match():
    assert not [
        pattern for pattern in LEFT_OUT if pattern.startswith(("app", "core", "resources", "training"))
    ]


def test_that_the_marker_of_the_archive_is_the_one_that_the_program_looks_for():
    assert MARKER == PORTABLE_MARKER


def test_that_an_archive_of_the_same_files_is_the_same_to_the_byte(tmp_path):
    folder = tmp_path / "saliscope"
    folder.mkdir()
    for name in ("b", "a", "ä"):
        (folder / name).write_text(name, encoding="utf-8")
    pack(folder, tmp_path / "first.tar.zst", 1_700_000_000)
    (folder / "a").touch()
    pack(folder, tmp_path / "second.tar.zst", 1_700_000_000)
    assert (tmp_path / "first.tar.zst").read_bytes() == (tmp_path / "second.tar.zst").read_bytes()


def test_that_the_libraries_of_a_compiled_file_are_read_and_those_of_others_are_none(tmp_path):
    (tmp_path / "text.so").write_text("text", encoding="utf-8")
    assert needed_by(tmp_path / "text.so") == []
    qt = Path(str(metadata.distribution("PySide6-Essentials").locate_file("PySide6/QtGui.abi3.so")))
    assert "libQt6Core.so.6" in needed_by(qt)


def test_that_a_library_in_the_folder_is_not_asked_of_the_system(tmp_path):
    qt = Path(str(metadata.distribution("PySide6-Essentials").locate_file("PySide6")))
    (tmp_path / "libQt6Core.so.6").touch()
    (tmp_path / "libQt6Gui.so.6").symlink_to(qt / "Qt" / "lib" / "libQt6Gui.so.6")
    (tmp_path / "libqoffscreen.so").write_bytes(
        (qt / "Qt" / "plugins" / "platforms" / "libqoffscreen.so").read_bytes()
    )
    needed = libraries_of_system(tmp_path)
    assert not needed & {"libQt6Core.so.6", "libQt6Gui.so.6", "libc.so.6"}
    assert "libxkbcommon.so.0" in needed
    assert undeclared({"libfontconfig.so.1", "libnew.so.1"}, ALL_LIBRARIES) == ["libnew.so.1"]


def test_that_a_copied_program_stays_one_that_can_be_started(tmp_path):
    from builder.debian import settle

    (tmp_path / "folder").mkdir(mode=0o700)
    (tmp_path / "folder" / "program").touch(mode=0o700)
    (tmp_path / "folder" / "data").touch(mode=0o600)
    settle(tmp_path, 1_700_000_000)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*")}
    assert modes == {"folder": 0o755, "program": 0o755, "data": 0o644}
    assert {path.stat().st_mtime for path in tmp_path.rglob("*")} == {1_700_000_000.0}
