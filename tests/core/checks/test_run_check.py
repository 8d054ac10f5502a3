"""Checking a map, by the scripting interface and by the worker: what a check gets, and what it returns."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
import pytest
from pydantic import Field

from core import api
from core.checks.contract import Check, CheckFacts, CheckFamily, CheckInput
from core.checks.verdict import Thresholds
from core.curves.settings import CurveSettings
from core.errors import BadParameter, IncompatibleInput, UsageError
from core.images.grid_map import GridMap
from core.images.region import region_on_grid
from core.images.slice import Slice
from core.images.slice_message import SliceMessage
from core.link import CancelledJob, Failed, JobProgress, Received
from core.models.preprocessing import Preprocessing
from core.network.cost import Cost
from core.network.parameters import Parameters
from core.network.run import Run
from core.network.target import LogitTarget
from core.worker.loop import Worker
from core.worker.messages import (
    ANSWERS,
    REQUESTS,
    CheckDone,
    CheckRequest,
    CurvesDone,
    CurvesRequest,
    PartialFinding,
    SubjectMessage,
)
from tests.cards import CLASSES, make_card
from tests.core.methods.analytic import Analytic, linear

SIDE = 8
SHAPE = (SIDE, SIDE, 1)


class Halves(Parameters):
    """Parameters of a check for tests."""

    times: int = Field(2, ge=1, le=3, description="how often")


@dataclass
class RecordingCheck(Check):
    """A check that records its input and gives a finding in two parts."""

    name = "noting"
    title = "Noting"
    summary = "Keeps what it was given."
    family = CheckFamily.SANITY
    doi = ""
    headline = "drawn"
    better = "higher"
    question = "Is the number that was drawn high?"
    thresholds = Thresholds("the number that was drawn", yes=0.8, no=0.2)
    Params: ClassVar[type[Halves]] = Halves
    facts: list[CheckFacts] = field(default_factory=list)
    subjects: list[CheckInput] = field(default_factory=list)

    def applies(self, facts):
        self.facts.append(facts)

    def cost(self, params, facts):
        return Cost()

    def run(self, subject, params, run):
        self.subjects.append(subject)
        drawn = float(run.generator.random())
        for done in range(params.times):
            run.progress(done, params.times)
            steps = tuple({"step": float(step)} for step in range(done + 1))
            answer = self.thresholds.answer(drawn)
            finding = self.finding({"drawn": drawn}, answer, f"{drawn:.3f} was drawn.", params, steps)
            run.on_finding(finding)
        return finding


@dataclass
class Carded(Analytic):
    """A linear score with a card, as the worker wants a model."""

    card = make_card(SIDE, preprocessing=Preprocessing(height=SIDE, width=SIDE))
    used = Cost()
    warm_up_s = 0.0


@dataclass
class Recording:
    """A link that keeps what is sent, after a journey as JSON."""

    sent: list = field(default_factory=list)
    jobs: set = field(default_factory=set)

    def send(self, message, arrays=(), job=0):
        self.jobs.add(job)
        self.sent.append(ANSWERS.validate_json(message.model_dump_json()))


@pytest.fixture
def recording_check(monkeypatch):
    check = RecordingCheck()
    monkeypatch.setattr("core.checks.CHECKS", (check,))
    return check


@pytest.fixture
def model(generator):
    plain = linear(generator.normal(size=SHAPE))
    return Carded(plain.score, plain.slope, SHAPE)


@pytest.fixture
def prepared_subject(generator):
    box = (-0.5, -0.5, 2 * SIDE - 0.5, 2 * SIDE - 0.5)
    return api.Subject(
        generator.random(SHAPE, dtype=np.float32), GridMap((SIDE, SIDE), (2 * SIDE, 2 * SIDE), box)
    )


@pytest.fixture
def explained(model, prepared_subject):
    return api.explain(model, prepared_subject, "gradient", {"channels": "max_abs"}, LogitTarget(1), seed=5)


def test_that_a_check_gets_the_map_with_all_that_made_it(recording_check, model, prepared_subject, explained):
    region = np.zeros((2 * SIDE, 2 * SIDE), dtype=bool)
    region[4:8, 6:10] = True
    finding = api.run_check(model, prepared_subject, explained, "noting", {"times": 1}, region, seed=3)
    (subject,) = recording_check.subjects
    facts = subject.facts
    assert recording_check.facts == [facts]
    assert subject.network is model
    assert (facts.method.name, facts.params.channels) == ("gradient", "max_abs")
    assert (facts.target, subject.seed) == (LogitTarget(1), 5)
    np.testing.assert_array_equal(subject.values, explained.map.values)
    np.testing.assert_array_equal(subject.explained(Run()).values, explained.map.values)
    assert (facts.region.sum(), facts.region[2:4, 3:5].all()) == (4, True)
    assert finding.values == {"drawn": np.random.default_rng(3).random()}
    assert finding.parameters == {"times": 1}


def test_that_a_region_smaller_than_a_cell_is_the_cell_that_holds_most_of_it(prepared_subject):
    tiny, none = (np.zeros((2 * SIDE, 2 * SIDE), dtype=bool) for _ in range(2))
    tiny[5, 9] = True
    cells = region_on_grid(tiny, prepared_subject.grid_map)
    assert np.argwhere(cells).tolist() == [[2, 4]]
    assert not region_on_grid(none, prepared_subject.grid_map).any()


def test_that_a_region_of_another_image_is_refused(recording_check, model, prepared_subject, explained):
    with pytest.raises(IncompatibleInput, match=r"\(8, 8\) pixels, but the image \(16, 16\)"):
        api.run_check(model, prepared_subject, explained, "noting", region=np.ones((SIDE, SIDE), dtype=bool))


def test_that_a_map_of_another_grid_is_refused(recording_check, model, prepared_subject, explained):
    cut = api.Explanation(api.map_of(explained.map.values[1:], explained.record), explained.record)
    with pytest.raises(IncompatibleInput, match="the network's grid is"):
        api.run_check(model, prepared_subject, cut, "noting")


def test_that_a_wrong_parameter_or_check_is_named(recording_check, model, prepared_subject, explained):
    with pytest.raises(BadParameter, match=r"noting\.times cannot be 9") as caught:
        api.run_check(model, prepared_subject, explained, "noting", {"times": 9})
    assert caught.value.hint == "Its parameters: times."
    with pytest.raises(UsageError) as unknown:
        api.run_check(model, prepared_subject, explained, "notin")
    assert unknown.value.hint == "Did you mean 'noting'?"


def test_that_a_class_the_model_does_not_have_is_reported(explained):
    record = explained.record.target.model_copy(update={"class_name": "gliom"})
    with pytest.raises(BadParameter, match="no class 'gliom'") as caught:
        record.target(CLASSES)
    assert caught.value.hint == "Did you mean 'glioma'?"


def send_image(worker):
    """Give the worker the image that requests call "image"."""
    values = np.arange(4.0 * SIDE * SIDE).reshape(2 * SIDE, 2 * SIDE)
    worker.handle(Received(0, SubjectMessage(digest="image", image=SliceMessage()), [values]))


def checked_by_worker(model, explained, check="noting", region=None, cancelled=False):
    """What the worker sends for a CheckRequest request."""
    link = Recording()
    worker = Worker(link)
    worker._handles["small"] = model
    send_image(worker)
    request = CheckRequest(
        model="small", subject="image", check=check, parameters={}, map=explained.record, seed=3
    )
    regions = [] if region is None else [region]
    if cancelled:
        worker._cancelled.add(4)
    message = REQUESTS.validate_json(request.model_dump_json())
    worker.handle(Received(4, message, [explained.map.values, *regions]))
    assert link.jobs == {4}
    return link.sent


def test_that_the_worker_sends_each_part_of_a_finding_and_then_the_complete_one(
    recording_check, model, explained
):
    region = np.zeros((2 * SIDE, 2 * SIDE), dtype=bool)
    region[:2, :2] = True
    sent = checked_by_worker(model, explained, region=region)
    kinds = [type(message) for message in sent]
    assert kinds == [
        JobProgress,
        PartialFinding,
        JobProgress,
        PartialFinding,
        CheckDone,
    ]
    assert [len(message.finding.steps) for message in sent if hasattr(message, "finding")] == [1, 2, 2]
    (subject,) = recording_check.subjects
    np.testing.assert_array_equal(np.argwhere(subject.facts.region), [[0, 0]])
    image = Slice(np.arange(4.0 * SIDE * SIDE).reshape(2 * SIDE, 2 * SIDE))
    np.testing.assert_array_equal(subject.x, api.prepare(model, image).x)
    alone = api.run_check(model, api.prepare(model, image), explained, "noting", seed=3)
    assert sent[-1].finding == alone


def test_that_a_check_ends_as_cancelled_or_with_its_error(recording_check, model, explained):
    (sent,) = checked_by_worker(model, explained, cancelled=True)
    assert sent == CancelledJob()
    (sent,) = checked_by_worker(model, explained, "nothing")
    assert isinstance(sent, Failed)
    assert sent.code == "usage"


def test_that_the_worker_keeps_two_maps_of_one_method_apart(model, explained):
    link = Recording()
    worker = Worker(link)
    worker._handles["small"] = model
    request = CurvesRequest(
        model="small",
        subject="image",
        names=("gradient 1", "gradient 2"),
        maps=(explained.record, explained.record),
        class_name=CLASSES[0],
        settings=CurveSettings(grids=2, random_draws=2, thresholds=(0.2, 0.5), min_prediction=0),
    )
    send_image(worker)
    values = explained.map.values
    worker.handle(Received(5, REQUESTS.validate_json(request.model_dump_json()), [values, -values]))
    assert isinstance(link.sent[-1], CurvesDone)
    curves = link.sent[-1].curves
    assert curves.methods == ("gradient 1", "gradient 2", "random", "edge")
    # What one map ranks highest the other ranks lowest.
    gap, other_gap = (curves.score(name, "sic").gap for name in curves.methods[:2])
    assert gap == pytest.approx(-other_gap, abs=1e-6)
    assert abs(gap) > 1e-3
