"""The bundled samples: complete, right, and with their licence."""

import numpy as np
import pytest
from PIL import Image

from core.errors import UnknownSample
from core.models.bundle import find_bundle
from core.samples import sample, samples


def test_that_there_is_one_sample_for_each_class_of_the_model():
    result = samples()
    card = find_bundle(result[0].model).card
    assert sorted(each.class_name for each in result) == sorted(card.classes)
    assert len({each.id for each in result}) == 3


@pytest.mark.parametrize("bundled_sample", samples(), ids=lambda s: s.id)
def test_that_a_sample_is_a_full_size_picture_with_attribution(bundled_sample):
    assert np.asarray(Image.open(bundled_sample.path)).shape == (512, 512)
    assert bundled_sample.licence == "CC-BY-4.0"
    assert "10.6084/m9.figshare.1512427" in bundled_sample.attribution


def test_that_an_unknown_sample_gets_the_nearest_name():
    with pytest.raises(UnknownSample) as caught:
        sample("brain_gliom")
    assert caught.value.hint == "Did you mean 'brain_glioma'?"
