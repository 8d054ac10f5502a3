"""The dragged patch: asked about at its newest place, only while nothing else is asked for."""

import numpy as np
import pytest

from app.window.states.activity import activity_of
from app.window.states.occluder import OccluderState
from app.window.states.tool import Tool
from core.errors import NotApplicable
from core.images.grid_map import GridMap
from core.images.slice import Slice
from core.images.turn import Turn
from core.link import CancelledJob
from core.worker.messages import OccludeDone
from tests.app.window.states.steps import MAP, kinds, open_and_predict, open_file
from tests.gui.recorded import explained, predicted

# The recorded network sees 32 x 32 cells of an image of 8 x 8 pixels.
WHOLE, SIDE = 32, 4


@pytest.fixture
def occluder(session, reader, worker) -> OccluderState:
    """The tool is active over a predicted image."""
    open_and_predict(session, reader, worker)
    session.tool.choose(Tool.OCCLUDE)
    worker.sent.clear()
    return session.occluder


def covered(*probabilities: float) -> OccludeDone:
    return OccludeDone(prediction=predicted(*probabilities).prediction)


def boxes(worker) -> list[tuple[int, int, int, int]]:
    return [message.box for message, _ in worker.sent if message.kind == "occlude"]


def test_that_the_patch_is_an_eighth_of_the_side_around_the_place(occluder, worker) -> None:
    occluder.move(3.5, 3.5)  # the middle of the image
    assert occluder.box == (14, 14, 18, 18)
    assert boxes(worker) == [(14, 14, 18, 18)]
    assert worker.last.fill == "black"
    assert worker.last_delivery.image is not None
    assert occluder.box_on_slice == (3.0, 3.0, 4.0, 4.0)


@pytest.mark.parametrize(
    ("place", "box"),
    [((-3, -3), (0, 0, SIDE, SIDE)), ((90, 90), (28, 28, 32, 32)), ((-3, 90), (0, 28, SIDE, 32))],
)
def test_that_the_patch_stays_within_what_the_network_sees(occluder, place, box) -> None:
    occluder.move(*place)
    assert occluder.box == box


def test_that_score_and_probability_are_told_before_and_under_the_patch(occluder, worker) -> None:
    occluder.move(3.5, 3.5)
    assert occluder.lines == ("Computing…",)
    worker.answer(covered(0.6, 0.3, 0.1))
    change = float(np.log(0.3) - np.log(0.7))
    assert occluder.lines == (
        "meningioma 0.700 → 0.300 (−0.400)",
        f"logit {np.log(0.7):.2f} → {np.log(0.3):.2f} ({change:.2f})".replace("-", "−"),
        "now predicted: glioma",
    )


def test_that_the_change_is_that_of_the_chosen_target(session, occluder, worker) -> None:
    occluder.move(3.5, 3.5)
    worker.answer(covered(0.5, 0.4, 0.1))
    kinds_of = [target.record.kind for target in session.explain.targets]
    session.explain.choose_target(kinds_of.index("difference"))
    change = np.log(0.4 / 0.5) - np.log(0.7 / 0.2)
    assert occluder.lines[1].startswith("logit minus that of glioma 1.25 → −0.22")
    assert occluder.lines[1].endswith(f"({change:.2f})".replace("-", "−"))
    session.explain.choose_target(kinds_of.index("probability"))
    assert len(occluder.lines) == 2


def test_that_only_the_newest_place_is_asked_about(occluder, worker) -> None:
    for column in (1.0, 2.0, 3.0, 4.0, 5.0):
        occluder.move(3.5, column)
    assert len(boxes(worker)) == 1
    worker.answer(covered())
    assert boxes(worker)[1:] == [occluder.box]
    assert all(line.endswith(" …") for line in occluder.lines)
    worker.answer(covered())
    assert len(boxes(worker)) == 2
    assert not occluder.running
    assert not any(line.endswith("…") for line in occluder.lines)


def test_that_a_move_within_the_same_cells_asks_for_nothing(occluder, worker) -> None:
    occluder.move(3.5, 3.5)
    worker.answer(covered())
    occluder.move(3.51, 3.5)
    assert len(boxes(worker)) == 1


def test_that_the_patch_waits_while_a_map_is_computed(session, occluder, worker) -> None:
    session.explain.start(["grad_cam"])
    occluder.move(3.5, 3.5)
    assert boxes(worker) == []
    assert occluder.lines == ("Waiting for the running work to finish.",)
    worker.answer(explained(MAP), [MAP])
    assert boxes(worker) == [(14, 14, 18, 18)]


def test_that_no_patch_comes_between_two_maps(session, occluder, worker) -> None:
    session.explain.start(["grad_cam", "gradient"])
    occluder.move(3.5, 3.5)
    worker.answer(explained(MAP), [MAP])
    assert kinds(worker) == ["explain", "explain"]
    worker.answer(explained(MAP, "gradient"), [MAP])
    assert kinds(worker) == ["explain", "explain", "occlude"]


def test_that_a_map_waits_for_one_place_at_most(session, occluder, worker) -> None:
    occluder.move(3.5, 3.5)
    session.explain.start(["grad_cam"])
    occluder.move(3.5, 5.5)
    worker.answer(covered())
    assert kinds(worker) == ["occlude", "explain"]


def test_that_background_work_makes_way_for_the_patch(session, occluder, worker) -> None:
    session.second_prediction.choose("other")
    occluder.move(3.5, 3.5)
    assert kinds(worker) == ["predict", "cancel"]
    worker.answer(CancelledJob())
    assert kinds(worker)[-1] == "occlude"


def test_that_the_status_bar_is_quiet_about_the_patch(session, occluder, worker) -> None:
    occluder.move(3.5, 3.5)
    assert activity_of(session) == ("", None)
    assert not session.busy


def test_that_leaving_takes_the_patch_and_its_answer_away(occluder, worker) -> None:
    occluder.move(3.5, 3.5)
    occluder.leave()
    worker.answer(covered())  # too late
    assert (occluder.box, occluder.box_on_slice, occluder.lines) == (None, None, ())
    assert kinds(worker) == ["occlude", "cancel"]


@pytest.mark.parametrize("what", ["slice", "tool", "model"])
def test_that_the_patch_leaves_with_what_it_lay_over(session, occluder, reader, worker, what) -> None:
    occluder.move(3.5, 3.5)
    worker.answer(covered())
    if what == "slice":
        open_file(session, reader, Slice(np.eye(8)))
    elif what == "tool":
        session.tool.choose(Tool.WINDOW)
    else:
        session.prediction.choose("other")
    assert (occluder.box, occluder.lines) == (None, ())


def test_that_size_and_filling_are_asked_again_at_the_same_place(occluder, worker) -> None:
    occluder.move(3.5, 3.5)
    worker.answer(covered())
    occluder.set_part(4)
    assert boxes(worker)[-1] == (12, 12, 20, 20)
    worker.answer(covered())
    occluder.set_fill("mean")
    assert (worker.last.box, worker.last.fill) == ((12, 12, 20, 20), "mean")
    assert len(boxes(worker)) == 3


def test_that_without_a_prediction_there_is_no_patch(session, reader, worker) -> None:
    open_file(session, reader)
    session.tool.choose(Tool.OCCLUDE)
    session.occluder.move(3.5, 3.5)
    assert session.occluder.box is None
    assert kinds(worker) == ["predict"]


def test_that_an_error_is_told_beside_the_patch_and_not_asked_for_again_there(occluder, worker) -> None:
    occluder.move(3.5, 3.5)
    worker.fail(NotApplicable("No answer.", "Go on."))
    assert occluder.lines[0].startswith("No answer.")
    assert len(boxes(worker)) == 1
    occluder.move(3.5, 5.5)
    assert len(boxes(worker)) == 2


def test_that_a_lost_engine_is_told_in_one_sentence(occluder, worker) -> None:
    occluder.move(3.5, 3.5)
    worker.die()
    assert len(occluder.lines) == 1
    occluder.move(3.5, 5.5)
    assert occluder.lines == ("The model engine was killed by signal 9.",)


def test_that_the_patch_lies_right_on_an_image_that_was_turned_for_the_network(session, occluder) -> None:
    shown = session.shown.current
    turned = GridMap((32, 32), (8, 8), (-0.5, -0.5, 7.5, 7.5), Turn(is_transposed=True, reverses_rows=True))
    object.__setattr__(shown, "grid_map", turned)
    occluder.move(1.0, 6.0)
    top, left, bottom, right = occluder.box_on_slice
    assert top < 1.0 < bottom
    assert left < 6.0 < right
    assert (bottom - top, right - left) == (1.0, 1.0)
