"""The worker makes a picture of the network, and sends it while it grows."""

import numpy as np
import pytest

from core.link import CancelledJob, Failed, JobProgress, Received
from core.models.handle import ModelHandle
from core.results.records import TargetRecord
from core.results.visualisation import ObjectiveRecord
from core.visualise import visualise
from core.worker.loop import Worker
from core.worker.messages import PartialPicture, VisualiseDone, VisualiseRequest
from tests.cards import make_card, small_model
from tests.core.worker.test_occlude import KeptAnswers

REQUEST = VisualiseRequest(
    model="small",
    name="activation_maximisation",
    parameters={"steps": 4},
    objective=ObjectiveRecord(target=TargetRecord(class_name="glioma")),
    seed=3,
)


@pytest.fixture(scope="module")
def handle():
    return ModelHandle(make_card(), small_model())


@pytest.fixture
def worker(handle, monkeypatch):
    monkeypatch.setattr(ModelHandle, "load", lambda name: handle)
    return Worker(KeptAnswers())


def answers(worker, request, arrays=()):
    worker.handle(Received(1, request, list(arrays)))
    return worker._link.messages


def test_that_the_answer_is_the_picture_of_the_same_request_elsewhere(worker, handle):
    *before, (done, arrays) = answers(worker, REQUEST)
    assert isinstance(done, VisualiseDone)
    objective = REQUEST.objective.objective(handle.card.classes)
    made = visualise(handle, REQUEST.name, objective, params={"steps": 4}, seed=3)
    np.testing.assert_array_equal(arrays[0], made.picture.values)
    assert done.record.scores == made.record.scores
    partial = [(message, arrays) for message, arrays in before if isinstance(message, PartialPicture)]
    assert [len(message.scores) for message, _ in partial] == [1, 2, 3]
    assert all(arrays[0].shape == (32, 32, 1) for _, arrays in partial)
    assert [message.done for message, _ in before if isinstance(message, JobProgress)] == [0, 1, 2, 3, 4]


def test_that_a_dream_begins_with_the_array_that_was_sent(worker, generator):
    x = generator.random((32, 32, 1), dtype=np.float32)
    request = REQUEST.model_copy(
        update={
            "name": "deep_dream",
            "parameters": {"steps": 0},
            "objective": ObjectiveRecord(layer="last"),
        }
    )
    done, arrays = answers(worker, request, [x])[-1]
    assert done.record.objective.layer == "last"
    np.testing.assert_allclose(arrays[0], x, atol=1e-6)


def test_that_a_dream_without_an_image_fails_with_the_reason(worker):
    request = REQUEST.model_copy(
        update={"name": "deep_dream", "parameters": {}, "objective": ObjectiveRecord(layer="last")}
    )
    (failed, _) = answers(worker, request)[-1]
    assert isinstance(failed, Failed)
    assert "begins with an image" in failed.message


def test_that_a_cancel_ends_it(worker):
    worker._cancelled.add(1)
    assert isinstance(answers(worker, REQUEST)[-1][0], CancelledJob)
