"""The pictures of the help: their layout, and what is measured of a map."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.errors import InputError
from core.figures.colour_maps import DEFAULT_OPACITY
from core.output import write_document
from core.results.explanation import ExplanationDocument
from core.results.image import ImageRecord, ModelRecord
from core.results.records import MethodRecord, PredictionRecord, TargetRecord
from training.help_pictures import GAP, OUTLINE, SIDE, picture_of, share_inside, write_pictures


def pixels(picture: bytes) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(picture)).convert("RGB")).astype(int)


def explanation(folder: Path, name: str, values: np.ndarray, file: str = "brain_glioma.png") -> Path:
    """A folder as `saliscope explain` writes it, with one map."""
    folder.mkdir()
    target = TargetRecord(class_name="glioma")
    shares = {"glioma": 0.9, "meningioma": 0.1}
    message = PredictionRecord(
        class_name="glioma", probability=0.9, probabilities=shares, logits=shares, calibrated=True
    )
    record = MethodRecord(
        name=name,
        title=name,
        parameters={},
        target=target,
        seed=0,
        signed=False,
        minimum=float(values.min()),
        maximum=float(values.max()),
        cells=values.shape,
        diagnostics={},
        choices={},
        forwards=0,
        gradients=1,
        seconds=1.0,
        map_file=f"{name}.npy",
    )
    image = ImageRecord(
        file=file,
        sha256="0",
        modality="MR",
        rows=512,
        columns=512,
        slice=1,
        slices=1,
        spacing_mm=None,
        spacing_source="",
    )
    document = ExplanationDocument(
        image=image,
        model=ModelRecord(id="small", version="1", weights_sha256="1" * 64),
        prediction=message,
        warnings=(),
        target=target,
        methods=(record,),
        input_file="input.png",
        input_range=(0.0, 1.0),
    )
    write_document(folder / "explanation.json", document)
    np.save(folder / f"{name}.npy", values)
    return folder


def test_that_the_sample_with_its_outline_is_left_and_the_map_right() -> None:
    mask = np.zeros((100, 100))
    mask[20:60, 20:60] = 1
    hot = np.zeros((10, 10), np.float32)
    hot[:, 5:] = 1
    displayed = pixels(picture_of(np.full((512, 512), 100, np.uint8), hot, False, mask))
    assert displayed.shape[0] == SIDE
    assert abs(displayed[200, 200] - 100).max() <= 3
    right = SIDE + GAP
    assert abs(displayed[150, right + 40] - 100).max() <= 3
    full_evidence = DEFAULT_OPACITY * np.array((252, 255, 164)) + (1 - DEFAULT_OPACITY) * 100
    assert abs(displayed[150, right + 280] - full_evidence).max() <= 6
    border = displayed[58:62, 100]
    assert (border[:, 1] - border[:, 0]).max() > 60  # green, as nothing else in the sample is
    assert OUTLINE[1] > OUTLINE[0]


def test_that_the_share_inside_counts_positive_values_alone() -> None:
    values = np.array([[1.0, -5.0], [2.0, 1.0]], np.float32)
    mask = np.zeros((4, 4))
    mask[:, :2] = 1
    assert share_inside(values, mask) == 0.75
    assert share_inside(-abs(values), mask) is None
    assert share_inside(values, None) is None


def test_that_the_pictures_are_written_with_the_record_of_their_maps(tmp_path: Path) -> None:
    ones = np.ones((4, 4), np.float32)
    folders = [explanation(tmp_path / name, name, ones) for name in ("cam", "gradient")]
    out = tmp_path / "out"
    out.mkdir()
    mask = np.zeros((8, 8))
    mask[:2] = 1
    facts = write_pictures(folders, mask, out)
    assert {path.name for path in out.iterdir()} == {"cam.webp", "gradient.webp", "pictures.json"}
    assert (facts.sample, facts.model, facts.outline) == ("brain_glioma", "small", 0.25)
    assert [(map_.record.name, map_.inside) for map_ in facts.maps] == [("gradient", 0.25), ("cam", 0.25)]


def test_that_maps_of_two_samples_or_of_none_are_refused(tmp_path: Path) -> None:
    ones = np.ones((4, 4), np.float32)
    each = explanation(tmp_path / "a", "cam", ones)
    other = explanation(tmp_path / "b", "gradient", ones, file="brain_pituitary.png")
    foreign = explanation(tmp_path / "c", "gradient", ones, file="mine.png")
    with pytest.raises(InputError, match="2 samples"):
        write_pictures([each, other], None, tmp_path)
    with pytest.raises(InputError, match=r"mine\.png is not a bundled sample"):
        write_pictures([foreign], None, tmp_path)


def test_that_maps_of_an_earlier_run_stay_unless_they_are_of_another_outline(tmp_path: Path) -> None:
    ones = np.ones((4, 4), np.float32)
    first, second = (explanation(tmp_path / name, name, ones) for name in ("cam", "gradient"))
    mask = np.zeros((8, 8))
    mask[:2] = 1
    write_pictures([first], mask, tmp_path)
    both = write_pictures([second], mask, tmp_path)
    assert [drawn.record.name for drawn in both.maps] == ["gradient", "cam"]
    assert [drawn.record.name for drawn in write_pictures([second], None, tmp_path).maps] == ["gradient"]
