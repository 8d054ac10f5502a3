"""What is shown: one object, from which every state sees at once what is out of date."""

import numpy as np

from app.window.states.position import SlicePosition
from core.images.slice import Slice
from tests.app.window.states.steps import MAP, PICTURE, open_and_predict
from tests.gui.recorded import explained

FIRST = SlicePosition()
OTHER = Slice(np.ones((8, 8)))


def test_that_no_state_reports_anything_of_the_previous_slice_while_the_others_are_notified(
    session, reader, worker
) -> None:
    open_and_predict(session, reader, worker)
    session.explain.start(["grad_cam"])
    worker.answer(explained(MAP), [MAP])
    signalled = []

    def look() -> None:
        signalled.append(
            (
                session.prediction.record,
                session.prediction.input,
                session.explain.targets,
                session.explain.facts,
                session.maps.entries,
                session.curves.can_start,
                session.region.mask,
            )
        )

    # Whichever state signals first, the others are already those of the new slice.
    for signal in (
        session.maps.changed,
        session.explain.changed,
        session.curves.changed,
        session.image.image_changed,
        session.region.changed,
    ):
        signal.connect(look)
    session.shown.show_slice(session.cases.slices.case, FIRST, OTHER, session.prediction.card)
    assert len(signalled) >= 5
    assert set(signalled) == {(None, None, (), None, (), False, None)}


def test_that_a_key_is_of_case_slice_network_and_values(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    key, case = session.shown.current.key, session.cases.slices.case
    session.shown.show_slice(case, FIRST, Slice(PICTURE.values.copy()), session.prediction.card)
    assert session.shown.current.key == key
    session.shown.show_slice(case, FIRST, OTHER, session.prediction.card)
    assert session.shown.current.key != key
    assert session.shown.current.key.digest != key.digest


def test_that_another_network_keeps_the_slice_and_gets_a_grid_map_of_its_own(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    before = session.shown.current
    session.prediction.choose("other")
    after = session.shown.current
    assert (after.case, after.position, after.image, after.digest) == (
        before.case,
        before.position,
        before.image,
        before.digest,
    )
    assert (after.card.id, after.key.model, after.grid_map is before.grid_map) == ("other", "other", False)


def test_that_the_overlay_is_the_shown_map_whichever_state_was_notified_first(
    session, reader, worker
) -> None:
    open_and_predict(session, reader, worker)
    first = session.shown.current
    session.explain.start(["grad_cam"])
    worker.answer(explained(MAP), [MAP])
    session.shown.show_slice(session.cases.slices.case, FIRST, OTHER, session.prediction.card)
    assert session.image.overlay is None
    session.shown.show(first)
    assert session.image.overlay.values is MAP
