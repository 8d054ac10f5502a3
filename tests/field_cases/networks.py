"""The inputs of the shipped networks from the files, whether these fit, and the texts about maps."""

from dataclasses import replace
from functools import cache

import numpy as np

from core import api
from core.figures.network_input import input_png
from core.images.slice import Slice
from core.models.handle import ModelHandle
from tests.cards import make_card, small_model
from tests.field_cases.registry import Files, case

CHEST, BRAIN = "chest_xray_efficientnetb0", "brain_tumor_mri_efficientnetb0"
handle = cache(api.load_model)


@case("mono1")
def _(files: Files) -> None:
    """The network gets the same from both, and input.png is equal up to rounding."""
    model = handle(CHEST)
    negative, plain = (api.prepare(model, files.image(f"d10_mono{n}.dcm")) for n in (1, 2))
    np.testing.assert_allclose(negative.x, plain.x, atol=1e-6)
    assert negative.notes[0].startswith("The file shows low values bright")
    assert plain.notes == ()
    assert input_png(negative.x)[0] == input_png(plain.x)[0]
    assert api.predict(model, negative).name == api.predict(model, plain).name


@case("padding_film")
def _(files: Files) -> None:
    """The prediction is that of the film with a black frame, whose frame takes part in its percentiles."""
    model = handle(CHEST)
    film, black = files.image("d06_padded.dcm"), files.image("d06_black.dcm")
    padded, framed = (api.prepare(model, image) for image in (film, black))
    np.testing.assert_allclose(padded.x, framed.x, atol=0.08)
    ours, theirs = (api.predict(model, each) for each in (padded, framed))
    assert ours.name == theirs.name
    assert abs(ours.probability - theirs.probability) < 0.1
    # Without that part of its frame the input is the same to the bit.
    twin = api.prepare(model, replace(black, padding=film.padding))
    np.testing.assert_array_equal(padded.x, twin.x)
    assert padded.notes[0].startswith("12.5 % of the image is padding")


@case("non_square")
def _(files: Files) -> None:
    """Sides are compared in mm: no warning of the shape for the first, one for the second."""
    model = handle(BRAIN)

    def shape_warnings(name: str) -> list[str]:
        image = files.image(name)
        fit = api.check_fit(model, image, api.prepare(model, image))
        return [reason for reason in fit.reasons if "squeezes" in reason]

    assert shape_warnings("d25_square_anatomy.dcm") == []
    (warning,) = shape_warnings("d25_squeezed_anatomy.dcm")
    assert "256 x 128 mm" in warning


@case("sparse")
def _(files: Files) -> None:
    """Warned on what the network gets, and nothing calls the pixels 0."""
    model, image = handle(BRAIN), files.image("g03_sparse.png")
    prepared = api.prepare(model, image)
    assert np.ptp(prepared.x) == 0
    fit = api.check_fit(model, image, prepared)
    assert fit.answer == "does_not_fit"
    (reason,) = [reason for reason in fit.reasons if "same value" in reason]
    assert "0" not in reason


def with_head(kernel_factor: float) -> ModelHandle:
    """A small network whose last kernel is multiplied, without a bias."""
    model = small_model()
    kernel, bias = model.layers[-1].get_weights()
    model.layers[-1].set_weights([kernel * kernel_factor, bias * 0])
    return ModelHandle(make_card(), model)


@case("zero_and_tied")
def _(files: Files) -> None:
    """A saturated probability and tied logits are reported as such, and get no share of evidence."""
    image = Slice(np.random.default_rng(5).random((32, 32)))
    for factor, target, words in (
        (1e5, "probability:{}", "is saturated"),
        (0.0, "difference:glioma:meningioma", "zero up to rounding"),
    ):
        model = with_head(factor)
        prepared = api.prepare(model, image)
        prediction = api.predict(model, prepared)
        calls = api.target_of(model, prediction, target.format(prediction.name))
        for method in ("gradient", "input_x_gradient", "integrated_gradients", "occlusion"):
            record = api.explain(model, prepared, method, target=calls).record
            if method == "occlusion" and factor:  # scores of covered images may move away from saturation
                continue
            assert words in record.no_share, (method, record.signal)
