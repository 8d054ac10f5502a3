"""Reveal: which pictures are requested, their captions, and the cursor that Curves shares."""

import numpy as np
import pytest

from app.texts import reveal as texts
from app.window.states.curves import CurvesState
from app.window.states.reveal import RevealState
from app.window.states.shown import Shown
from core.curves.curve_set import Curve, CurveSet, Glimpse, MapFacts
from core.errors import CurveUndefined
from core.images.slice import Slice
from core.link import CancelledJob
from core.worker.messages import CurvesDone, RevealDone
from tests.app.window.states.steps import Bench
from tests.app.window.states.test_curves import add_map, curve_set
from tests.gui.recorded import RecordedLink

IMAGE = Slice(np.zeros((8, 8)))
SHARES = (0.0, 0.1, 0.5, 1.0)
PLACES = (0.0, 0.2, 0.6, 1.0)
RIGHT = (False, True, True, True)
PICTURES = np.arange(4, dtype=np.uint8)[:, None, None, None] * np.ones((4, 8, 8, 1), np.uint8)


def with_glimpses(right: tuple[bool, ...] = RIGHT) -> CurveSet:
    """The curves of grad_cam and random, whose pictures were predicted as class 0 (correct) or class 1."""
    glimpses = tuple(
        Glimpse(
            share=share,
            x=x,
            predicted_class=0 if is_right else 1,
            probability=0.75,
            target_probability=0.75 if is_right else 0.25,
        )
        for share, x, is_right in zip(SHARES, PLACES, right, strict=True)
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
def bench(qapp) -> Bench:
    bench = Bench(IMAGE)
    bench.predict("glioma")
    return bench


@pytest.fixture
def worker(bench) -> RecordedLink:
    return bench.worker


@pytest.fixture
def curves(bench) -> CurvesState:
    return bench.curves


@pytest.fixture
def reveal(bench) -> RevealState:
    return RevealState(bench.worker, bench.shown, bench.maps, bench.curves)


def draw(bench: Bench, curves: CurveSet | None = None) -> None:
    add_map(bench.maps, "grad_cam", "glioma", 3)
    bench.curves.start()
    bench.worker.answer(CurvesDone(curves=curves or with_glimpses(), seconds=1.0))


def test_that_the_empty_panel_offers_the_curves(reveal) -> None:
    assert reveal.empty_text == texts.REVEAL_NEEDS_CURVES
    assert reveal.strip.frames == ()


def test_that_pictures_are_requested_only_when_they_are_shown(bench, reveal, curves, worker) -> None:
    draw(bench)
    assert worker.open_jobs == []
    reveal.set_active(True)
    request, arrays = worker.sent[-1]
    assert (request.kind, request.settings, request.direction) == ("reveal", curves.curves.settings, "top")
    assert float(arrays[0][0, 0]) == 3.0  # the map of which the curve was made
    reveal.set_active(False)
    assert worker.last.kind == "cancel"


def test_that_answers_stand_beside_their_pictures(bench, reveal, curves, worker) -> None:
    draw(bench)
    reveal.set_active(True)
    assert [(f.share, f.answer, f.probability, f.picture) for f in reveal.strip.frames] == [
        (0.0, "meningioma", 0.25, None),
        (0.1, "glioma", 0.75, None),
        (0.5, "glioma", 0.75, None),
        (1.0, "glioma", 0.75, None),
    ]
    worker.answer(RevealDone(x=PLACES), [PICTURES])
    assert [int(frame.picture[0, 0, 0]) for frame in reveal.strip.frames] == [0, 1, 2, 3]
    reveal.set_active(False)
    reveal.set_active(True)
    assert worker.open_jobs == []  # they are kept


def test_that_the_engine_s_own_control_maps_have_no_strip(bench, reveal, curves, worker) -> None:
    draw(bench)
    assert reveal.methods == (("grad_cam", "grad_cam"),)


def test_that_two_maps_of_one_method_have_a_strip_each(bench, reveal, curves, worker) -> None:
    maps = bench.maps
    first = add_map(maps, "grad_cam", "glioma", 2)
    both = [
        facts.model_copy(update={"method": f"grad_cam {number}"})
        for number, facts in zip((first, first + 1), with_glimpses().maps, strict=True)
    ]
    draw(bench, with_glimpses().model_copy(update={"maps": tuple(both)}))
    assert [title for _, title in reveal.methods] == ["grad_cam (1)", "grad_cam (2)"]
    reveal.set_active(True)
    assert float(worker.sent[-1][1][0][0, 0]) == 2.0
    maps.select(first + 1)
    assert reveal.strip.title == "grad_cam (2)"
    worker.answer(CancelledJob())
    assert float(worker.sent[-1][1][0][0, 0]) == 3.0


@pytest.mark.parametrize(
    ("right", "sentence"),
    [
        ((False, True, True, True), "The 10 % ranked highest by grad_cam are sufficient"),
        ((False, True, False, True), "only when the whole image is shown"),
        ((True, True, True, True), "glioma is already predicted from the blurred image"),
    ],
)
def test_that_the_sentence_names_the_share_from_which_the_class_stays(
    bench, reveal, curves, worker, right, sentence
) -> None:
    draw(bench, with_glimpses(right))
    assert sentence in reveal.strip.sentence


def test_that_the_cursor_is_one_with_that_of_the_curves(bench, qtbot, reveal, curves, worker) -> None:
    draw(bench)
    assert reveal.at is None
    curves.set_cursor(0.35)
    assert reveal.at == 1
    with qtbot.waitSignal(curves.cursor_changed):
        reveal.look_at(2)
    assert curves.cursor == PLACES[2]
    with qtbot.assertNotEmitted(curves.cursor_changed):
        reveal.look_at(2)


def test_that_from_the_bottom_there_is_the_mean_curve_and_no_single_answer(
    bench, reveal, curves, worker
) -> None:
    draw(bench)
    reveal.set_active(True)
    worker.answer(RevealDone(x=PLACES), [PICTURES])
    reveal.set_direction("bottom")
    assert worker.last.direction == "bottom"
    assert [(f.answer, f.probability) for f in reveal.strip.frames] == [("", y) for y in PLACES]
    assert reveal.strip.sentence == ""
    assert "ranked lowest" in reveal.strip.sentences[1]
    assert "mean over the shifted grids" in reveal.strip.sentences[1]


def test_that_an_undefined_strip_states_the_reason_and_is_not_requested_again(
    bench, reveal, curves, worker
) -> None:
    draw(bench)
    reveal.set_active(True)
    worker.fail(CurveUndefined("The image is constant.", "Choose another image."))
    assert str(reveal.strip.error) == "The image is constant. Choose another image."
    reveal.set_active(False)
    reveal.set_active(True)
    assert worker.open_jobs == []
    reveal.set_direction("bottom")
    assert reveal.strip.error is None


def test_that_another_image_withdraws_the_pictures(bench, reveal, curves, worker) -> None:
    draw(bench)
    reveal.set_active(True)
    bench.shown.show(Shown())
    assert (worker.last.kind, reveal.strip.frames) == ("cancel", ())
