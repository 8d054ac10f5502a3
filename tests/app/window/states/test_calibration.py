"""The speed of this machine: measured once in the background, kept, and corrected by real runs."""

import pytest

from app.window.speed_file import SpeedFile
from app.window.states.pace import Pace
from app.window.states.session import Session
from core.errors import OutOfMemory
from core.link import CancelledJob
from core.models.device import ComputingDevice
from core.network.cost import Cost
from core.network.speed import CallSpeed, Speed
from core.worker.messages import CalibrateDone, ExplainRequest
from tests.app.window.states.steps import MAP, kinds, open_and_predict
from tests.cards import make_card
from tests.gui.recorded import RecordedLink, explained, predicted

CALL = CallSpeed(alone=0.1, full=0.8, warm_up=3.0)
SPEED = Speed(forward=CALL, gradient=CALL, batch=8)


@pytest.fixture
def worker(qapp) -> RecordedLink:
    link = RecordedLink()
    link.device = ComputingDevice(kind="cpu", name="a processor")
    return link


def calibrated(session: Session, worker: RecordedLink) -> None:
    session.background.run_next()
    worker.answer(CalibrateDone(speed=SPEED))


def test_that_the_speed_is_measured_after_the_first_prediction(session, reader, worker) -> None:
    session.background.run_next()
    assert kinds(worker) == []
    open_and_predict(session, reader, worker)
    assert session.pace.is_pending
    calibrated(session, worker)
    assert kinds(worker) == ["predict", "calibrate"]
    assert (session.pace.speed, session.pace.is_pending) == (SPEED, False)
    session.background.run_next()
    assert kinds(worker) == ["predict", "calibrate"]


def test_that_measuring_makes_way_for_a_person_and_starts_again(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    session.background.run_next()
    session.explain.start(["gradient"])
    assert worker.last.kind == "cancel"
    worker.answer(CancelledJob())
    while worker.running_job is not None:
        assert isinstance(worker.last, ExplainRequest)
        worker.fail(OutOfMemory("No memory.", ""))
    session.background.run_next()
    assert worker.last.kind == "calibrate"


def test_that_a_measurement_that_failed_is_not_tried_again_and_not_announced(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    session.background.run_next()
    worker.fail(OutOfMemory("No memory.", ""))
    session.background.run_next()
    assert kinds(worker) == ["predict", "calibrate"]
    assert (session.pace.is_pending, session.explain.hint) == (False, "")


def test_that_a_second_start_knows_the_speed_at_once_and_another_machine_does_not(
    tmp_path, worker, preferences
) -> None:
    cards = [make_card()]

    def start(device: str) -> tuple[Session, RecordedLink]:
        link, reader = RecordedLink(), RecordedLink()
        link.device = ComputingDevice(kind="cpu", name=device)
        session = Session(link, reader, reader, cards, [], preferences, speeds=SpeedFile(tmp_path))
        open_and_predict(session, reader, link)
        return session, link

    first, link = start("a processor")
    assert first.pace.speed is None
    calibrated(first, link)
    assert start("a processor")[0].pace.speed == SPEED
    assert start("a card")[0].pace.speed is None


def test_that_another_model_has_a_speed_of_its_own(reader, worker, preferences) -> None:
    cards = [make_card(), make_card(id="other", title="Other", weights_sha256="1" * 64)]
    session = Session(worker, reader, reader, cards, [], preferences)
    open_and_predict(session, reader, worker)
    calibrated(session, worker)
    session.prediction.choose("other")
    worker.answer(predicted())
    assert session.pace.speed is None


def test_that_a_damaged_file_is_measured_again(tmp_path) -> None:
    (tmp_path / "speed.json").write_text('{"models": {"key": {"speed": 3}}}')
    assert SpeedFile(tmp_path).speed_of("key") is None


# Correction by real runs


@pytest.fixture
def pace(qapp) -> Pace:
    pace = Pace()
    pace.store("key", SPEED)
    pace.choose("key")
    return pace


def test_that_a_run_corrects_its_own_kind_of_work_alone(pace) -> None:
    cost = Cost(forwards=80)
    assert pace.seconds_of(cost, "rise") == pytest.approx(8.0)
    pace.learn("rise", cost, seconds=16.0, warm_up_s=0.0)
    assert pace.seconds_of(cost, "rise") == pytest.approx(16.0)
    assert pace.seconds_of(cost, "occlusion") == pytest.approx(8.0)
    # A second run that was as expected at first: the mean of the ratios 2 and 1.
    pace.learn("rise", cost, seconds=8.0, warm_up_s=0.0)
    assert pace.seconds_of(cost, "rise") == pytest.approx(8.0 * 2**0.5)


def test_that_tracing_a_graph_is_no_slowness(pace) -> None:
    cost = Cost(forwards=80)
    pace.learn("rise", cost, seconds=10.0, warm_up_s=2.0)
    assert pace.seconds_of(cost, "rise") == pytest.approx(8.0)
    pace.learn("rise", cost, seconds=10.0, warm_up_s=9.0)  # mostly tracing: tells nothing
    assert pace.seconds_of(cost, "rise") == pytest.approx(8.0)


def test_that_a_run_that_is_too_short_tells_nothing(pace) -> None:
    pace.learn("gradient", Cost(gradients=1), seconds=0.9, warm_up_s=0.0)
    assert pace.seconds_of(Cost(gradients=1), "gradient") == pytest.approx(0.1)


def test_that_work_without_calls_takes_no_time_on_any_machine(qapp) -> None:
    assert Pace().seconds_of(Cost()) == 0.0
    assert Pace().seconds_of(Cost(forwards=1)) is None


def test_that_a_finished_map_corrects_what_its_method_takes(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    calibrated(session, worker)
    expected = session.pace.seconds_of(Cost(forwards=1000), "rise")
    session.explain.start(["rise"])
    worker.answer(explained(MAP, "rise", forwards=1000, gradients=0, seconds=2 * expected), [MAP])
    assert session.pace.seconds_of(Cost(forwards=1000), "rise") == pytest.approx(2 * expected)


def test_that_a_method_that_stops_early_is_expected_to_do_so_again(session, reader, worker) -> None:
    open_and_predict(session, reader, worker)
    calibrated(session, worker)
    row = next(row for _, rows in session.explain.families for row in rows if row.title.startswith("Integ"))
    assert row.cost == "up to 13 s"  # 128 gradients
    session.explain.start(["integrated_gradients"])
    record = {"forwards": 0, "gradients": 32, "seconds": 3.2}
    worker.answer(explained(MAP, "integrated_gradients", **record), [MAP])
    row = next(row for _, rows in session.explain.families for row in rows if row.title.startswith("Integ"))
    assert row.cost == "3 s"
