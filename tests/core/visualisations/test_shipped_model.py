"""Activation maximisation on a shipped model: each class is driven beyond every sample of its kind."""

import numpy as np
import pytest
from PIL import Image

from core.images.slice import Slice
from core.models.handle import ModelHandle
from core.network.target import LogitTarget
from core.samples import samples
from core.visualise import visualise

STEPS = {"steps": 24, "jitter": 0}


@pytest.fixture(scope="module")
def handle():
    return ModelHandle.load("brain_tumor_mri_efficientnetb0")


@pytest.fixture(scope="module")
def highest(handle):
    """(classes,) the highest logit of each class over the samples of brains."""
    logits = []
    for sample in samples():
        if sample.id.startswith("brain"):
            with Image.open(sample.path) as picture:
                values = np.asarray(picture.convert("L"))
            subject = handle.card.preprocessing.apply(Slice(values=values))
            logits.append(handle.predict(subject.x).logits)
    assert len(logits) == 3
    return np.max(logits, axis=0)


@pytest.mark.parametrize("index", range(3))
def test_that_the_picture_of_a_class_has_a_higher_logit_than_every_sample(handle, highest, index):
    made = visualise(handle, "activation_maximisation", LogitTarget(index), params=STEPS)
    assert made.record.score_end > highest[index]
    assert max(made.record.probabilities, key=made.record.probabilities.get) == handle.card.classes[index]
    logits = handle.logits(made.picture.values[None])[0]
    assert logits[index] == pytest.approx(made.record.score_end, rel=1e-4)
