"""A planted patient and folder name is nowhere on disk after the program ran, and in nothing that it prints.

Home, settings, caches and temporary files of the run lie in one empty folder, which is then searched byte by
byte. The names of files are no secret: results are named after them.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.window.main_window import MainWindow
from app.window.states.prediction import Phase
from core.readers.archive_folder import archive_folder
from tests.core.readers.dicom_files import dicom_file
from tests.gui.conftest import NO_SIZE_HINTS

PATIENT = ("Zebedeeson", "Quillfeather", "PLANTED-77-ID")
FOLDER = "Folderson_Gwendolyn_1950"
SECRETS = (*PATIENT, *FOLDER.split("_")[:2])
VARIABLES = {
    "HOME": "home",
    "USERPROFILE": "home",
    "XDG_CONFIG_HOME": "home/.config",
    "XDG_CACHE_HOME": "home/.cache",
    "XDG_DATA_HOME": "home/.local/share",
    "XDG_STATE_HOME": "home/.local/state",
    "APPDATA": "home/roaming",
    "LOCALAPPDATA": "home/local",
    "TMPDIR": "tmp",
    "TEMP": "tmp",
    "TMP": "tmp",
}
QUICK = ("--set", "curves.grids=1", "--set", "curves.random_draws=1", "--set", "curves.thresholds=0.5")
MODEL = ("--model", "brain_tumor_mri_efficientnetb0")
LONG = 240_000


@pytest.fixture
def person_folder(tmp_path: Path, generator: np.random.Generator) -> Path:
    """A folder named after a person, with two DICOM files of that person and one that cannot be read."""
    folder = tmp_path / "disk" / FOLDER
    folder.mkdir(parents=True)
    for number in range(2):
        pixels = generator.integers(0, 999, (96, 96)).astype(np.uint16)
        dicom_file(
            folder / f"scan{number}.dcm",
            pixels,
            Modality="MR",
            PatientName="Zebedeeson^Quillfeather",
            PatientID="PLANTED-77-ID",
            SeriesInstanceUID="1.2.3.4",
            SOPInstanceUID=f"1.2.3.4.{number}",
        )
    content = (folder / "scan0.dcm").read_bytes()
    (folder / "cut.dcm").write_bytes(content[: len(content) // 2])
    return folder


@pytest.fixture
def person_archive(person_folder: Path, tmp_path: Path) -> Path:
    """A ZIP archive of that folder, with a picture named after the person."""
    path = tmp_path / "disk" / "study.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(person_folder.iterdir()):
            archive.write(file, f"{FOLDER}/{PATIENT[0]}/{file.name}")
        content = BytesIO()
        Image.fromarray(np.eye(96, dtype=np.uint8) * 255).save(content, format="PNG")
        archive.writestr(f"{FOLDER}/{PATIENT[0]}.png", content.getvalue())
    return path


@pytest.fixture
def user(tmp_path: Path) -> dict[str, str]:
    """The environment of a user who has used nothing so far."""
    for name in set(VARIABLES.values()):
        (tmp_path / "user" / name).mkdir(parents=True, exist_ok=True)
    (tmp_path / "user" / "work").mkdir()
    return {name: str(tmp_path / "user" / folder) for name, folder in VARIABLES.items()}


def require_no_secret(folder: Path) -> list[str]:
    """No name or content of a file below the folder has a secret in it; returns the names of the files."""
    names = []
    for path in folder.rglob("*"):
        names.append(path.name)
        require_none_in(path.relative_to(folder).as_posix().encode(), path.name)
        if path.is_file():
            require_none_in(path.read_bytes(), path.name)
    return names


def require_none_in(data: bytes, what: str) -> None:
    lowered = data.lower()
    for secret in SECRETS:
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            assert secret.lower().encode(encoding) not in lowered, (what, secret, encoding)


def test_that_the_search_would_see_each_secret(person_folder, tmp_path):
    with pytest.raises(AssertionError, match="Zebedeeson"):
        require_none_in((person_folder / "scan1.dcm").read_bytes(), "scan1.dcm")
    with pytest.raises(AssertionError, match="Folderson"):
        require_no_secret(tmp_path / "disk")


@pytest.mark.timeout(900)
@pytest.mark.parametrize("commands", ["short", pytest.param("long", marks=pytest.mark.slow)])
def test_that_the_command_line_leaves_no_name(person_folder, person_archive, user, tmp_path, commands):
    index = tmp_path / "index.csv"
    scans = [person_folder / "scan0.dcm", person_folder / "scan1.dcm"]
    index.write_text(f"file,label\n{scans[0]},glioma\n{scans[1]},pituitary\n", "utf-8")
    work = tmp_path / "user" / "work"
    short = (
        (7, ("info", person_folder)),
        (7, ("info", person_folder, "--json")),
        (0, ("info", scans[0])),
        (7, ("info", person_archive, "--json")),
        (7, ("explain", person_archive, *MODEL, "--method", "edge")),
        (3, ("info", person_folder / "cut.dcm")),
        (7, ("predict", person_folder, *scans, *MODEL, "--json")),
        (0, ("explain", scans[0], *MODEL, "--method", "edge")),
    )
    long = (
        (0, ("curves", scans[0], *MODEL, "--method", "edge")),
        (0, ("evaluate", index, *MODEL, "--method", "edge", *QUICK)),
    )
    for code, command in short if commands == "short" else long:
        ran = subprocess.run(
            [sys.executable, "-m", "saliscope", *map(str, command)],
            env={**os.environ, **user},
            cwd=work,
            capture_output=True,
            check=False,
        )
        assert ran.returncode == code, ran.stderr.decode()
        require_none_in(ran.stdout, f"{command[0]}: output")
        require_none_in(ran.stderr, f"{command[0]}: errors")
    names = require_no_secret(tmp_path / "user")
    assert not list((tmp_path / "user" / "tmp").iterdir())
    expected = {"explanation.json", "edge.npy"} if commands == "short" else {"curves.json", "rows.csv"}
    assert expected <= set(names)
    assert {"command-line.log", "reader.log"} <= set(names)


@pytest.mark.qt_log_ignore(NO_SIZE_HINTS, extend=True)
@pytest.mark.timeout(900)
def test_that_the_window_leaves_no_name(
    qtbot, person_folder, person_archive, user, tmp_path, monkeypatch, capfd, caplog
):
    for name, folder in user.items():
        monkeypatch.setenv(name, folder)
    monkeypatch.setattr(tempfile, "tempdir", None)
    archive_folder.cache_clear()  # made anew in this user's temporary files, as by a program that starts
    window = MainWindow(may_stop=lambda _: True)
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.shown_first):
        window.show()
    session = window.session
    session.cases.open_paths([str(person_archive), str(person_folder)])
    qtbot.waitUntil(lambda: session.prediction.phase in (Phase.DONE, Phase.FAILED), timeout=LONG)
    assert session.prediction.error is None
    session.explain.start(["edge"])
    qtbot.waitUntil(lambda: not session.explain.running, timeout=LONG)
    assert session.maps.finished
    window.image_panel.view.grab()
    session.image.style.set_opacity(0.5)  # a setting is written
    session.cases.close([session.cases.list.opened[0].number])
    window.close()
    assert list(archive_folder().rglob("*.png"))
    shutil.rmtree(archive_folder())  # as when the program ends
    archive_folder.cache_clear()
    names = require_no_secret(tmp_path / "user")
    assert "settings.json" in names
    printed = capfd.readouterr()
    for text in (printed.out, printed.err, caplog.text):
        require_none_in(text.encode(), "output")
