"""The header of the shown slice's file: read while it is looked at, filtered, identity only on request."""

from pathlib import Path

import numpy as np
import pytest

from app.window.states.case_list import Case
from app.window.states.position import SlicePosition
from app.window.states.shown import Shown, ShownState
from app.window.states.tags import TagsState
from core.errors import Truncated
from core.images.slice import Slice
from core.readers.header_tags import HIDDEN, Tag
from core.readers.messages import ReadTags, TagsRead
from tests.gui.recorded import RecordedLink, indexed

BLANK = Slice(np.zeros((8, 8), np.uint8))
TAGS = (
    Tag(level=0, tag="(0010,0010)", vr="PN", name="Patient's Name", value=HIDDEN, is_hidden=True),
    Tag(level=0, tag="(0028,0010)", vr="US", name="Rows", value="8"),
    Tag(level=1, tag="(0008,1155)", vr="UI", name="Referenced SOP Instance UID", value="2.25.8"),
)


@pytest.fixture
def shown(qapp) -> ShownState:
    return ShownState()


@pytest.fixture
def reader(qapp) -> RecordedLink:
    return RecordedLink()


@pytest.fixture
def state(reader, shown) -> TagsState:
    state = TagsState(reader, shown)
    show(shown, 0)
    return state


def show(shown, frame, frames=5, axis=0) -> None:
    entry = indexed("a.dcm", frames=frames).entries[0]
    case = Case(1, "a.dcm", Path("folder/a.dcm"), entry=entry)
    shown.show_slice(case, SlicePosition(axis, frame), BLANK, None)


def test_that_nothing_is_read_before_somebody_looks(state, reader):
    assert reader.sent == []
    state.open()
    assert (reader.last.frame, reader.last.with_identity) == (0, False)
    assert state.reading
    reader.answer(TagsRead(tags=TAGS))
    assert (state.tags, state.total, state.reading) == (TAGS, 3, False)


def test_that_the_header_follows_the_shown_slice_until_it_is_closed(state, reader, shown):
    state.open()
    reader.answer(TagsRead(tags=TAGS))
    show(shown, 3)
    assert reader.last.frame == 3
    reader.answer(TagsRead(tags=TAGS[1:]))
    assert state.total == 2
    state.close()
    show(shown, 4)
    assert reader.last.frame == 3
    assert (state.total, state.is_open) == (0, False)


def test_that_a_slice_across_the_stored_ones_shows_the_header_of_the_middle_one(state, reader, shown):
    state.open()
    show(shown, 7, axis=2)
    while reader.running_job is not None:
        reader.answer(TagsRead(tags=TAGS))
    assert reader.last.frame == 2


def test_that_the_same_header_is_read_once(state, reader, shown):
    state.open()
    reader.answer(TagsRead(tags=TAGS))
    show(shown, 0)
    assert len(reader.sent) == 1


def test_that_identity_is_requested_when_it_is_switched_on_and_hidden_at_the_next_opening(state, reader):
    state.open()
    reader.answer(TagsRead(tags=TAGS))
    state.set_identity(True)
    assert isinstance(reader.last, ReadTags)
    assert reader.last.with_identity
    reader.answer(TagsRead(tags=TAGS))
    state.close()
    state.open()
    assert not reader.last.with_identity


def test_that_every_word_of_the_filter_must_be_in_tag_name_or_value(state, reader):
    state.open()
    reader.answer(TagsRead(tags=TAGS))
    for words, names in (
        ("rows", ["Rows"]),
        ("0028", ["Rows"]),
        ("uid 2.25", ["Referenced SOP Instance UID"]),
        ("rows uid", []),
        ("", [tag.name for tag in TAGS]),
    ):
        state.set_filter(words)
        assert [tag.name for tag in state.tags] == names
    assert state.total == 3


def test_that_an_error_takes_the_place_of_the_header(state, reader):
    state.open()
    reader.fail(Truncated("a.dcm ends before its image does."))
    assert state.error.message == "a.dcm ends before its image does."
    assert (state.tags, state.reading) == ((), False)


def test_that_a_closed_case_takes_its_header_off_the_screen(state, reader, shown):
    state.open()
    reader.answer(TagsRead(tags=TAGS))
    shown.show(Shown())
    assert (state.total, state.reading) == (0, False)


def test_that_names_leave_the_screen_as_soon_as_identity_is_switched_off(state, reader):
    state.open()
    state.set_identity(True)
    while reader.running_job is not None:
        reader.answer(TagsRead(tags=TAGS))
    assert state.total == 3
    state.set_identity(False)
    assert state.total == 0
    assert not reader.last.with_identity
