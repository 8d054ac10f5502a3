"""What the help says of guided backpropagation: it depends little on training, and hardly on the class."""

import numpy as np
import pytest
from PIL import Image
from scipy.stats import spearmanr

from core import api
from core.engine import run_check
from core.images.slice import Slice
from core.samples import sample


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_that_guided_backpropagation_does_not_pass_the_sanity_check_and_shows_every_class_alike():
    chosen = sample("brain_meningioma")
    model = api.load_model(chosen.model)
    subject = api.prepare(model, Slice(np.asarray(Image.open(chosen.path))))
    requests = [
        api.Request("guided_backpropagation", {}, api.target_of(model, api.predict(model, subject), name))
        for name in ("meningioma", "glioma")
    ]
    meningioma, glioma = api.explain_all(model, subject, requests)
    finding = run_check(model, subject, meningioma, "randomisation_cascading")
    assert finding.values["spearman_abs"] > 0.2
    magnitudes = [np.abs(each.map.values).ravel() for each in (meningioma, glioma)]
    assert spearmanr(*magnitudes).statistic > 0.99
