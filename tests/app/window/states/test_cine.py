"""Cine: slice after slice, never more than one read at a time."""

from tests.app.window.states.steps import PICTURE, open_file
from tests.gui.recorded import frame_read, indexed


def test_that_cine_goes_on_after_the_last_slice_and_waits_for_a_read(session, reader, worker) -> None:
    open_file(session, reader, frames=3)
    session.cine.toggle()
    assert session.cine.is_running
    positions = []
    for _ in range(4):
        session.cine.step()
        session.cine.step()  # while the slice is still being read
        assert len(reader.open_jobs) == 1
        reader.answer(*frame_read(PICTURE))
        positions.append(session.image.position.index)
    assert positions == [2, 0, 1, 2]
    session.cine.toggle()
    assert not session.cine.is_running


def test_that_one_slice_does_not_move_and_another_case_does_not_move_by_itself(
    session, reader, worker
) -> None:
    open_file(session, reader)
    session.cine.toggle()
    assert not session.cine.is_running
    session.cases.open_paths(["folder/many.png"])
    reader.answer(indexed("many.png", frames=3))
    reader.answer(*frame_read(PICTURE))
    session.cine.toggle()
    assert session.cine.is_running
    open_file(session, reader, frames=5)
    assert not session.cine.is_running
