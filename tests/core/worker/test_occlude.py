"""A box of the network's input is filled, and the worker says what the network then predicts."""

import numpy as np
import pytest

from core.errors import BadParameter
from core.images.slice import Slice
from core.images.slice_message import SliceMessage
from core.link import Failed, Received
from core.methods.perturbation.occlusion import covered
from core.models.handle import ModelHandle
from core.models.preprocessing import Preprocessing
from core.results.records import PredictionRecord, TargetRecord
from core.worker.loop import Worker
from core.worker.messages import OccludeDone, OccludeRequest, PredictDone, PredictRequest, SubjectMessage
from tests.cards import CLASSES, make_card

SIZE = 8
BOX = (1, 2, 4, 7)


class KeptAnswers:
    """The sending side of a link, without a process at the other end."""

    def __init__(self) -> None:
        self.messages: list[object] = []

    def send(self, message, arrays=(), job=0) -> None:
        self.messages.append((message, list(arrays)))


@pytest.fixture(scope="module")
def weights() -> np.ndarray:
    return np.random.default_rng(5).normal(size=(SIZE * SIZE, len(CLASSES))).astype(np.float32)


@pytest.fixture(scope="module")
def handle(weights) -> ModelHandle:
    """A network whose logits are weighted sums of its input."""
    import keras

    inputs = keras.Input((SIZE, SIZE, 1))
    outputs = keras.layers.Dense(len(CLASSES), use_bias=False)(keras.layers.Flatten()(inputs))
    model = keras.Model(inputs, outputs)
    model.set_weights([weights])
    return ModelHandle(make_card(SIZE, preprocessing=Preprocessing(height=SIZE, width=SIZE)), model)


@pytest.fixture
def worker(handle, monkeypatch, generator) -> Worker:
    """It has one image."""
    monkeypatch.setattr(ModelHandle, "load", lambda name: handle)
    worker = Worker(KeptAnswers())
    message, arrays = SliceMessage.of(Slice(generator.random((SIZE, SIZE))))
    worker.handle(Received(0, SubjectMessage(digest="digest", image=message), arrays))
    return worker


def answer(worker, request):
    worker.handle(Received(1, request, []))
    return worker._link.messages[-1]


@pytest.mark.parametrize(("fill", "value"), [("black", np.min), ("mean", np.mean), ("white", np.max)])
def test_that_the_score_of_a_linear_network_falls_by_the_weights_under_the_patch(
    worker, weights, fill, value
) -> None:
    _, (x,) = answer(worker, PredictRequest(model="small", subject="digest"))
    whole = worker._link.messages[-1][0]
    assert isinstance(whole, PredictDone)
    message, arrays = answer(worker, OccludeRequest(model="small", subject="digest", box=BOX, fill=fill))
    assert isinstance(message, OccludeDone)
    assert arrays == []
    top, left, bottom, right = BOX
    patch = np.zeros((SIZE, SIZE, 1))
    patch[top:bottom, left:right] = value(x) - x[top:bottom, left:right]
    change = patch.reshape(-1) @ weights
    for number, name in enumerate(CLASSES):
        target = TargetRecord(class_name=name)
        difference = target.score_of(message.prediction) - target.score_of(whole.prediction)
        assert difference == pytest.approx(change[number], abs=1e-4)
    assert sum(message.prediction.probabilities.values()) == pytest.approx(1, abs=1e-6)


def test_that_the_input_itself_is_not_changed(generator) -> None:
    x = generator.random((SIZE, SIZE, 1))
    before = x.copy()
    result = covered(x, BOX, "black")
    np.testing.assert_array_equal(x, before)
    assert (result != x).sum() == 15 - (x[1:4, 2:7] == x.min()).sum()


@pytest.mark.parametrize("box", [(-1, 0, 3, 3), (0, 0, 9, 3), (3, 0, 3, 3), (0, 5, 3, 2)])
def test_that_a_box_beyond_the_input_is_refused(worker, box) -> None:
    with pytest.raises(BadParameter):
        covered(np.zeros((SIZE, SIZE, 1)), box, "black")
    message, _ = answer(worker, OccludeRequest(model="small", subject="digest", box=box, fill="black"))
    assert isinstance(message, Failed)
    assert "is no part of the input of 8 x 8" in message.message


@pytest.mark.parametrize(
    ("target", "score"),
    [
        (TargetRecord(class_name="glioma"), 2.0),
        (TargetRecord(kind="probability", class_name="glioma"), 0.7),
        (TargetRecord(kind="difference", class_name="glioma", against="pituitary"), 3.0),
    ],
)
def test_that_a_target_is_read_off_a_prediction(target, score) -> None:
    prediction = PredictionRecord(
        class_name="glioma",
        probability=0.7,
        probabilities={"glioma": 0.7, "meningioma": 0.2, "pituitary": 0.1},
        logits={"glioma": 2.0, "meningioma": 0.5, "pituitary": -1.0},
        calibrated=True,
    )
    assert target.score_of(prediction) == pytest.approx(score)
