"""The export from the window: file after file, whole or not at all."""

from pathlib import Path

import numpy as np
import pytest

from app.window.states.case_list import Case
from app.window.states.deidentification import TOPIC, DeidentificationState
from app.window.states.notices import NoticesState, Weight
from app.window.states.position import SlicePosition
from app.window.states.shown import ShownState
from core.errors import Truncated
from core.images.slice import Slice
from core.readers.element_changes import DeidentifiedFile
from core.readers.messages import Deidentified
from core.readers.protocol import FrameSource, SeriesEntry
from tests.gui.recorded import RecordedLink, indexed

FILE = DeidentifiedFile(changes=(), modality="US", burned_in="YES")
CONTENT = np.frombuffer(b"a new file", dtype=np.uint8)


@pytest.fixture
def reader(qapp) -> RecordedLink:
    return RecordedLink()


@pytest.fixture
def shown(qapp) -> ShownState:
    return ShownState()


@pytest.fixture
def notices(qapp) -> NoticesState:
    return NoticesState()


@pytest.fixture
def state(reader, shown, notices, tmp_path) -> DeidentificationState:
    """Of a shown series of three files in the folder `study`."""
    state = DeidentificationState(reader, shown, notices)
    study = tmp_path / "study"
    study.mkdir()
    sources = tuple(FrameSource(path=study / f"{number}.dcm") for number in range(3))
    entry = SeriesEntry(
        path=sources[0].path, reader="DICOM", title="", frames=3, rows=8, columns=8, sources=sources
    )
    show(shown, entry)
    return state


def show(shown, entry) -> None:
    case = Case(1, "", entry.path, entry=entry)
    shown.show_slice(case, SlicePosition(), Slice(np.zeros((8, 8), np.uint8)), None)


def test_that_a_series_is_exported_into_a_new_folder_with_its_warnings(state, reader, notices, tmp_path):
    state.start(tmp_path)
    for number in range(3):
        assert reader.last.path.name == f"{number}.dcm"
        assert state.share == number / 3
        assert not (tmp_path / "de-identified").exists()
        reader.answer(Deidentified(file=FILE), [CONTENT])
    assert not state.running
    assert len({message.secret for message, _ in reader.sent}) == 1
    folder = tmp_path / "de-identified"
    assert (folder / "image-3.dcm").read_bytes() == b"a new file"
    assert (folder / "deidentification.txt").is_file()
    (notice,) = notices.notices
    assert notice.weight is Weight.WARNING
    assert notice.text.startswith("3 files without identity are in the folder de-identified.")
    assert "3 of 3 files state that they hold burnt-in text." in notice.text


def test_that_a_second_export_gets_a_folder_of_its_own(state, reader, tmp_path):
    for _ in range(2):
        state.start(tmp_path)
        for _ in range(3):
            reader.answer(Deidentified(file=FILE), [CONTENT])
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"study", "de-identified", "de-identified-2"}
    assert reader.sent[0][0].secret != reader.sent[-1][0].secret


def test_that_a_failed_file_ends_the_export_and_leaves_nothing(state, reader, notices, tmp_path):
    state.start(tmp_path)
    reader.answer(Deidentified(file=FILE), [CONTENT])
    reader.fail(Truncated("1.dcm ends before its image does."))
    assert [path.name for path in tmp_path.iterdir()] == ["study"]
    (notice,) = notices.notices
    assert (notice.topic, notice.text) == (TOPIC, "1.dcm ends before its image does.")
    assert not state.running


def test_that_a_cancelled_export_leaves_nothing_and_reports_nothing(state, reader, notices, tmp_path):
    state.start(tmp_path)
    reader.answer(Deidentified(file=FILE), [CONTENT])
    state.cancel()
    if reader.running_job is not None:
        reader.answer(Deidentified(file=FILE), [CONTENT])
    assert not state.running
    assert [path.name for path in tmp_path.iterdir()] == ["study"]
    assert notices.notices == ()


def test_that_the_folder_of_the_originals_is_spared(state, reader, notices, tmp_path):
    state.start(tmp_path / "study")
    assert reader.sent == []
    (notice,) = notices.notices
    assert notice.text == "The output folder lies in the folder of the originals."
    assert list((tmp_path / "study").iterdir()) == []


def test_that_only_a_dicom_series_can_be_exported(state, reader, shown):
    assert state.series is not None
    show(shown, indexed("a.png").entries[0])
    assert state.series is None
    state.start(Path("anywhere"))
    assert reader.sent == []
