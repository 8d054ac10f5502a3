"""What a person has set stays: the view while things are computed again, the plain image of a new case."""

import numpy as np
import pytest

from app.window.states.session import Session
from core.images.slice import Slice
from core.link import CancelledJob
from core.readers.messages import Indexed
from core.worker.messages import CheckDone, CurvesDone
from tests.app.window.states.steps import SAMPLE
from tests.app.window.states.test_checks import WEIGHTS, finding
from tests.app.window.states.test_reveal import with_glimpses
from tests.app.window.states.test_studies import entry, refine
from tests.cards import make_card
from tests.gui.recorded import RecordedLink, explained, frame_read, indexed, mask_read, predicted

FRAMES = 9
IMAGE = Slice(np.arange(64 * 48, dtype=np.uint16).reshape(64, 48))
MAP = np.linspace(0, 1, 32 * 32, dtype=np.float32).reshape(32, 32)


@pytest.fixture
def lister(qapp) -> RecordedLink:
    return RecordedLink()


@pytest.fixture
def session(worker, reader, lister, preferences) -> Session:
    cards = [make_card(), make_card(id="other", title="Other")]
    return Session(worker, reader, lister, cards, [SAMPLE], preferences)


def answer(worker: RecordedLink) -> None:
    """Whatever the worker was asked, in turn; withdrawn jobs end."""
    while (job := worker.running_job) is not None:
        match "cancel" if job.is_ending else job.delivery.request.kind:
            case "predict":
                worker.answer(predicted())
            case "explain":
                worker.answer(explained(MAP), [MAP])
            case "curves":
                worker.answer(CurvesDone(curves=with_glimpses(), seconds=1.0))
            case "check":
                worker.answer(CheckDone(finding=finding(WEIGHTS, "yes")))
            case "cancel":
                worker.answer(CancelledJob())


@pytest.fixture
def set_view(session, reader, lister, worker) -> Session:
    """A series, still being listed, whose view a person has set: slice, window, inversion, zoom, place."""
    session.cases.open_paths(["folder"])
    refine(lister, entry("1", *(f"{n}.dcm" for n in range(1, FRAMES)), rows=64, columns=48))
    reader.answer(*frame_read(IMAGE))
    session.cases.slices.go_to_index(2)
    reader.answer(*frame_read(IMAGE))
    answer(worker)
    image = session.image
    image.viewport.set_view_size(500, 400)
    image.display.drag_window(30, 20)
    image.display.invert()
    image.viewport.zoom_by(3)
    image.viewport.pan_by(25, -40)
    return session


def view_of(session: Session) -> tuple[object, ...]:
    image = session.image
    zoom, place = image.viewport.zoom, image.viewport.view.to_slice(250, 200)
    return image.display.window, image.display.inverted, zoom, place, image.position.index


def other_model(session, reader, lister) -> None:
    assert session.prediction.choose("other")


def predict_again(session, reader, lister) -> None:
    session.prediction.predict()


def explain(session, reader, lister) -> None:
    session.start_explaining()


def other_map(session, reader, lister) -> None:
    session.explain.start(["grad_cam", "gradient"])
    answer(session.worker)
    session.show_map(session.maps.finished[0].number)
    session.show_map(session.maps.finished[-1].number)


def curves(session, reader, lister) -> None:
    session.explain.start(["grad_cam"])
    answer(session.worker)
    session.curves.start()


def check(session, reader, lister) -> None:
    session.explain.start(["grad_cam"])
    answer(session.worker)
    session.checks.start(session.maps.finished[0].number, WEIGHTS)


def region(session, reader, lister) -> None:
    session.region.draw_rectangle((5, 5), (20, 20))
    session.region.clear()


def reference(session, reader, lister) -> None:
    session.region.open_mask("folder/mask.png")
    reader.answer(indexed("mask.png"))
    reader.answer(*mask_read(np.eye(64, 48)))


def lost_worker(session, reader, lister) -> None:
    session.worker.die()
    session.worker.restart()
    session.worker.start()


def listed_to_the_end(session, reader, lister) -> None:
    """The slices get other numbers; the slice stays."""
    names = [f"{n}.dcm" for n in range(FRAMES)]
    lister.answer(Indexed(entries=(entry("1", *names, rows=64, columns=48),)))
    assert session.image.position.index == 3


KINDS = [other_model, predict_again, explain, other_map, curves, check, region, reference, lost_worker]


@pytest.mark.parametrize("recompute", [*KINDS, listed_to_the_end], ids=lambda kind: kind.__name__)
def test_that_the_view_stays_when_anything_is_computed_again(
    set_view, reader, lister, worker, recompute
) -> None:
    before, stack = view_of(set_view), set_view.cases.slices.chosen
    recompute(set_view, reader, lister)
    during = view_of(set_view)
    answer(worker)
    steps = 4 if recompute is not listed_to_the_end else 3
    assert during[:steps] == before[:steps]
    assert view_of(set_view)[:4] == before[:4]
    assert set_view.cases.slices.chosen == stack
    if recompute is not listed_to_the_end:
        assert set_view.image.position.index == before[4]


def test_that_the_next_slice_keeps_window_and_zoom(set_view, reader, worker) -> None:
    before = view_of(set_view)
    set_view.cases.slices.go_by(1)
    reader.answer(*frame_read(IMAGE))
    answer(worker)
    assert view_of(set_view) == (*before[:4], before[4] + 1)


def open_other(session, reader, lister, worker) -> None:
    session.cases.open_paths(["other"])
    lister.answer(Indexed(entries=(entry("2", rows=64, columns=48),)))


def choose_other(session, reader, lister, worker) -> None:
    lister.answer(Indexed(entries=(entry("1", "1.dcm"), entry("2", rows=64, columns=48))))
    session.cases.choose(session.cases.list.opened[1].number)


def close_and_choose(session, reader, lister, worker) -> None:
    lister.answer(Indexed(entries=(entry("1", "1.dcm"), entry("2", rows=64, columns=48))))
    first, second = session.cases.list.opened
    session.cases.close([first.number])
    session.cases.choose(second.number)


def after_a_sample(session, reader, lister, worker) -> None:
    lister.answer(Indexed(entries=(entry("1", "1.dcm"), entry("2", rows=64, columns=48))))
    session.open_sample()
    while lister.running_job is not None:
        lister.answer(indexed("one.png") if lister.last.kind == "index" else CancelledJob())
    while reader.running_job is not None:
        reader.answer(*frame_read(IMAGE))
    answer(worker)
    assert session.image.overlay_visible  # the bundled sample opens with its overlay
    session.cases.choose(session.cases.list.opened[1].number)


@pytest.mark.parametrize(
    "open_case",
    [open_other, choose_other, close_and_choose, after_a_sample],
    ids=lambda path: path.__name__,
)
def test_that_another_case_opens_as_a_plain_image(set_view, reader, lister, worker, open_case) -> None:
    explain(set_view, reader, lister)
    answer(worker)
    assert set_view.image.overlay_visible
    open_case(set_view, reader, lister, worker)
    while reader.running_job is not None:
        reader.answer(*frame_read(IMAGE))
    answer(worker)
    assert set_view.shown.current.case.entry.key == "2"
    assert not set_view.image.overlay_visible
    assert set_view.maps.entries == ()
    assert set_view.prediction.record is not None


def test_that_a_case_shown_again_opens_as_a_plain_image_and_keeps_its_maps(
    set_view, reader, lister, worker
) -> None:
    explain(set_view, reader, lister)
    answer(worker)
    first = set_view.cases.slices.chosen
    position = set_view.cases.slices.position
    lister.answer(Indexed(entries=(set_view.shown.current.case.entry, entry("2", rows=64, columns=48))))
    for number, at in ((set_view.cases.list.opened[1].number, None), (first, position)):
        set_view.cases.choose(number, at)
        while reader.running_job is not None:
            reader.answer(*frame_read(IMAGE))
        answer(worker)
    assert set_view.maps.finished != ()
    assert not set_view.image.overlay_visible


def test_that_a_sample_opens_with_its_overlay_whenever_it_is_chosen_and_its_map_is_made_once(
    with_sample, reader, worker
) -> None:
    def open_sample() -> None:
        with_sample.open_sample()
        while reader.running_job is not None:
            kind = reader.last.kind
            reader.answer(*([indexed("one.png")] if kind == "index" else frame_read(IMAGE)))
        answer(worker)

    open_sample()
    assert with_sample.image.overlay_visible
    with_sample.image.set_overlay_on(False)
    with_sample.cases.open_paths(["folder/a.png"])
    while reader.running_job is not None:
        kind = reader.last.kind
        reader.answer(*([indexed("a.png")] if kind == "index" else frame_read(IMAGE)))
    answer(worker)
    assert not with_sample.image.overlay_visible
    open_sample()
    assert with_sample.image.overlay_visible
    explained_requests = [message for message, _ in worker.sent if message.kind == "explain"]
    assert [message.method for message in explained_requests] == ["random", "edge", "grad_cam"]
