"""The bundled samples: complete, right, and with their licence."""

import csv
from collections import Counter

import numpy as np
import pytest
from PIL import Image

from core import api
from core.errors import UnknownSample
from core.models.bundle import RESOURCES, find_bundle
from core.samples import sample, samples

LICENCES = {
    "CC-BY-4.0": "10.6084/m9.figshare.1512427",
    "CC-BY-3.0": "10.6084/m9.figshare.12275009",
    "LicenseRef-NIH-ChestXray14": "https://nihcc.app.box.com/v/ChestXray-NIHCC",
}
PIXELS = {"MR": 512, "DX": 256}
MODELS = sorted({each.model for each in samples()})


def test_that_there_is_one_sample_for_each_class_of_each_model():
    assert MODELS == ["brain_tumor_mri_densenet121", "chest_xray_densenet121"]
    for model in MODELS:
        of_model = [each for each in samples() if each.model == model]
        assert sorted(each.class_name for each in of_model) == sorted(find_bundle(model).card.classes)
    assert len({each.id for each in samples()}) == len({each.file for each in samples()}) == 6


@pytest.mark.parametrize("bundled_sample", samples(), ids=lambda s: s.id)
def test_that_a_sample_is_a_small_grey_picture_with_attribution(bundled_sample):
    values = np.asarray(Image.open(bundled_sample.path))
    assert (values.ndim, values.dtype, max(values.shape)) == (2, np.uint8, PIXELS[bundled_sample.modality])
    assert bundled_sample.path.stat().st_size < 100_000
    assert LICENCES[bundled_sample.licence] in bundled_sample.attribution


@pytest.mark.parametrize("bundled_sample", samples(), ids=lambda s: s.id)
def test_that_a_sample_is_of_the_test_part_of_its_model_and_has_its_true_class(bundled_sample):
    split = RESOURCES / "models" / bundled_sample.model / "split.csv"
    with split.open(encoding="utf-8", newline="") as stream:
        rows = {row["id"].lstrip("0"): row for row in csv.DictReader(stream)}
    row = rows[bundled_sample.source.split()[1].lstrip("0")]
    assert (row["part"], row["label"]) == ("test", bundled_sample.class_name)


def test_that_a_label_of_the_patient_is_not_given_as_what_the_film_shows():
    of_patients = [each for each in samples() if "label of the patient" in each.source]
    assert [each.id for each in of_patients] == ["chest_covid19"]
    for each in of_patients:
        assert each.title.endswith("patient")
        assert "to the patient, not to the film" in each.note
        assert "may look normal" in each.note


@pytest.mark.slow
@pytest.mark.parametrize("model", MODELS)
def test_that_the_models_of_a_kind_get_its_samples_right(model):
    other = model.replace("densenet121", "efficientnetb0")
    for name in (model, other):
        handle = api.load_model(name)
        for each in samples():
            if each.model == model:
                prediction = api.predict(handle, api.prepare(handle, api.open_image(each.path)))
                assert prediction.name == each.class_name, (name, each.id)


def test_that_samples_of_one_model_stand_together():
    order = [each.model for each in samples()]
    assert Counter(order) == dict.fromkeys(MODELS, 3)
    assert order == sorted(order)


def test_that_an_unknown_sample_gets_the_nearest_name():
    with pytest.raises(UnknownSample) as caught:
        sample("brain_gliom")
    assert caught.value.hint == "Did you mean 'brain_glioma'?"
