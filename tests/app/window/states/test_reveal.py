"""Reveal: which pictures are asked for, what stands under them, and the cursor that Curves shares."""

import numpy as np
import pytest

from app.texts import reveal as texts
from app.window.states.curves import CurvesState
from app.window.states.maps import ImageKey, MapsState
from app.window.states.prediction import PredictionState
from app.window.states.reveal import RevealState
from core.curves.curve_set import Curve, CurveSet, Glimpse, MapFacts
from core.errors import CurveUndefined
from core.images.grid_map import GridMap
from core.images.slice import Slice
from core.link import CancelledJob
from core.worker.messages import CurvesDone, RevealDone
from tests.app.window.states.test_curves import add_map, curve_set
from tests.cards import make_card
from tests.gui.recorded import RecordedLink

KEY = ImageKey(1, 0, "small", "digest")
IMAGE = Slice(np.zeros((8, 8)))
SHARES = (0.0, 0.1, 0.5, 1.0)
PLACES = (0.0, 0.2, 0.6, 1.0)
RIGHT = (False, True, True, True)
PICTURES = np.arange(4, dtype=np.uint8)[:, None, None, None] * np.ones((4, 8, 8, 1), np.uint8)


def with_glimpses(right: tuple[bool, ...] = RIGHT) -> CurveSet:
    """The curves of grad_cam and random, whose pictures were called class 0 (right) or class 1."""
    glimpses = tuple(
        Glimpse(
            share=share,
            x=x,
            predicted_class=0 if so else 1,
            probability=0.75,
            target_probability=0.75 if so else 0.25,
        )
        for share, x, so in zip(SHARES, PLACES, right, strict=True)
    )
    facts = [
        MapFacts(
            method=name,
            constant=False,
            tied_pixels=0,
            unsorted=False,
            revealed_pixels=(6, 32),
            glimpses=glimpses,
        )
        for name in ("grad_cam", "random")
    ]
    bottom = Curve(
        method="grad_cam", kind="sic", direction="bottom", shares=SHARES, x=PLACES, y=PLACES, area=0.5
    )
    base = curve_set()
    return base.model_copy(update={"maps": tuple(facts), "curves": (*base.curves, bottom)})


@pytest.fixture
def worker(qapp) -> RecordedLink:
    return RecordedLink()


@pytest.fixture
def curves(worker) -> CurvesState:
    maps = MapsState()
    maps.show_image(KEY, GridMap((8, 8), (8, 8), (-0.5, -0.5, 7.5, 7.5)))
    made = CurvesState(worker, maps)
    made.maps_for_test = maps
    made.set_image(IMAGE)
    made.set_class("glioma")
    return made


@pytest.fixture
def reveal(worker, curves) -> RevealState:
    made = RevealState(worker, curves.maps_for_test, curves, PredictionState(worker, [make_card()]))
    made.set_image(IMAGE)
    return made


def draw(curves: CurvesState, worker: RecordedLink, found: CurveSet | None = None) -> None:
    add_map(curves.maps_for_test, "grad_cam", "glioma", 3)
    curves.start()
    worker.answer(CurvesDone(curves=found or with_glimpses(), seconds=1.0))


def test_that_the_empty_panel_offers_the_curves(reveal) -> None:
    assert reveal.empty_text == texts.REVEAL_NEEDS_CURVES
    assert reveal.frames == ()


def test_that_pictures_are_asked_for_only_when_somebody_looks(reveal, curves, worker) -> None:
    draw(curves, worker)
    assert worker.open_jobs == []
    reveal.set_active(True)
    request, arrays = worker.sent[-1]
    assert (request.kind, request.settings, request.direction) == ("reveal", curves.curves.settings, "top")
    assert float(arrays[0][0, 0]) == 3.0  # the map of which the curve was made
    reveal.set_active(False)
    assert worker.last.kind == "cancel"


def test_that_answers_stand_beside_their_pictures(reveal, curves, worker) -> None:
    draw(curves, worker)
    reveal.set_active(True)
    assert [(f.share, f.said, f.probability, f.picture) for f in reveal.frames] == [
        (0.0, "meningioma", 0.25, None),
        (0.1, "glioma", 0.75, None),
        (0.5, "glioma", 0.75, None),
        (1.0, "glioma", 0.75, None),
    ]
    worker.answer(RevealDone(x=PLACES), [PICTURES])
    assert [int(frame.picture[0, 0, 0]) for frame in reveal.frames] == [0, 1, 2, 3]
    reveal.set_active(False)
    reveal.set_active(True)
    assert worker.open_jobs == []  # they are kept


def test_that_the_engine_s_own_baselines_have_no_strip(reveal, curves, worker) -> None:
    draw(curves, worker)
    assert reveal.methods == (("grad_cam", "grad_cam"),)


def test_that_two_maps_of_one_method_have_a_strip_each(reveal, curves, worker) -> None:
    maps = curves.maps_for_test
    first = add_map(maps, "grad_cam", "glioma", 2)
    facts = [
        one.model_copy(update={"method": f"grad_cam {number}"})
        for number, one in zip((first, first + 1), with_glimpses().maps, strict=True)
    ]
    draw(curves, worker, with_glimpses().model_copy(update={"maps": tuple(facts)}))
    assert [title for _, title in reveal.methods] == ["grad_cam (1)", "grad_cam (2)"]
    reveal.set_active(True)
    assert float(worker.sent[-1][1][0][0, 0]) == 2.0
    maps.select(first + 1)
    assert reveal.title == "grad_cam (2)"
    worker.answer(CancelledJob())
    assert float(worker.sent[-1][1][0][0, 0]) == 3.0


@pytest.mark.parametrize(
    ("right", "said"),
    [
        ((False, True, True, True), "The 10 % ranked highest by grad_cam are sufficient"),
        ((False, True, False, True), "only when the whole image is shown"),
        ((True, True, True, True), "glioma is already predicted from the blurred image"),
    ],
)
def test_that_the_sentence_names_the_share_from_which_the_class_stays(
    reveal, curves, worker, right, said
) -> None:
    draw(curves, worker, with_glimpses(right))
    assert said in reveal.sentence


def test_that_the_cursor_is_one_with_that_of_the_curves(qtbot, reveal, curves, worker) -> None:
    draw(curves, worker)
    assert reveal.at is None
    curves.set_cursor(0.35)
    assert reveal.at == 1
    with qtbot.waitSignal(curves.cursor_changed):
        reveal.look_at(2)
    assert curves.cursor == PLACES[2]
    with qtbot.assertNotEmitted(curves.cursor_changed):
        reveal.look_at(2)


def test_that_from_the_bottom_there_is_the_mean_curve_and_no_single_answer(reveal, curves, worker) -> None:
    draw(curves, worker)
    reveal.set_active(True)
    worker.answer(RevealDone(x=PLACES), [PICTURES])
    reveal.set_direction("bottom")
    assert worker.last.direction == "bottom"
    assert [(f.said, f.probability) for f in reveal.frames] == [("", y) for y in PLACES]
    assert reveal.sentence == ""
    assert "ranked lowest" in reveal.sentences[1]
    assert "mean over the shifted grids" in reveal.sentences[1]


def test_that_an_undefined_strip_says_why_and_is_not_asked_for_again(reveal, curves, worker) -> None:
    draw(curves, worker)
    reveal.set_active(True)
    worker.fail(CurveUndefined("The image is constant.", "Choose another image."))
    assert str(reveal.error) == "The image is constant. Choose another image."
    reveal.set_active(False)
    reveal.set_active(True)
    assert worker.open_jobs == []
    reveal.set_direction("bottom")
    assert reveal.error is None


def test_that_another_image_withdraws_the_pictures(reveal, curves, worker) -> None:
    draw(curves, worker)
    reveal.set_active(True)
    curves.maps_for_test.show_image(None, None)
    reveal.set_image(None)
    assert (worker.last.kind, reveal.frames) == ("cancel", ())
