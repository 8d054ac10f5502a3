"""States need Qt's loop but no screen; a session gets recorded links."""

import os

import pytest

from app.window.settings import SettingsFile
from app.window.states.preferences import Preferences
from app.window.states.session import Session
from tests.app.window.states.steps import SAMPLE
from tests.cards import make_card
from tests.gui.recorded import RecordedLink

os.environ["QT_QPA_PLATFORM"] = "offscreen"


@pytest.fixture
def worker(qapp) -> RecordedLink:
    return RecordedLink()


@pytest.fixture
def reader(qapp) -> RecordedLink:
    return RecordedLink()


@pytest.fixture
def preferences(tmp_path) -> Preferences:
    return Preferences(SettingsFile(tmp_path / "settings"))


@pytest.fixture
def session(worker, reader, preferences) -> Session:
    """One recorded link is both readers, so that answers come in the order of the requests."""
    cards = [make_card(), make_card(id="other", title="Other", temperature=2.0)]
    return Session(worker, reader, reader, cards, [], preferences)


@pytest.fixture
def with_sample(worker, reader, preferences) -> Session:
    return Session(worker, reader, reader, [make_card()], [SAMPLE], preferences)
