"""Which images the fit check of the shipped models rejects: own test parts, the other task's, other kinds.

`other_kinds.csv` lists every readable file of the shared DICOM set and the middle of each series, with its
modality, and whether it shows a head; that was decided by inspecting each.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from core import api
from core.errors import NotFinite
from core.images.slice import Slice
from core.models.bundle import read_bundle
from core.models.handle import ModelHandle
from core.readers.process import ReaderProcess
from tests.experiments.polarity_and_padding import scored_images

MODELS = (
    "brain_tumor_mri_densenet121",
    "brain_tumor_mri_efficientnetb0",
    "chest_xray_densenet121",
    "chest_xray_efficientnetb0",
)
RADIOGRAPHS = ("CR", "DX")
LIST = Path(__file__).with_name("other_kinds.csv")
FOLDER = Path(api.__file__).parents[1] / "resources" / "models"


@dataclass(frozen=True)
class Listed:
    """A row of the list."""

    file: str
    modality: str
    head: bool

    def is_other(self, model: str) -> bool:
        return self.modality not in RADIOGRAPHS if model.startswith("chest") else not self.head


def listed_files() -> list[Listed]:
    with LIST.open(encoding="utf-8", newline="") as stream:
        return [Listed(row["file"], row["modality"], row["head"] == "yes") for row in csv.DictReader(stream)]


@pytest.fixture(scope="module")
def reader() -> Iterator[ReaderProcess]:
    with ReaderProcess() as process:
        yield process


def middle(reader: ReaderProcess, path: Path) -> Slice:
    entry = reader.index(path)[0]
    return reader.read(entry, entry.middle_frame)[0]


def answers(handle: ModelHandle, images: list[Slice]) -> list[api.Fit]:
    """For each image that can be prepared at all."""
    fits = []
    for image in images:
        try:
            fits.append(api.check_fit(handle, image, api.prepare(handle, image)))
        except NotFinite:
            continue
    return fits


def share_unlike(fits: list[api.Fit]) -> float:
    return sum(fit.answer == "does_not_fit" for fit in fits) / len(fits)


@pytest.mark.parametrize("model", MODELS)
def test_that_every_card_states_what_its_check_distinguishes(model):
    check = read_bundle(FOLDER / model).card.content_check
    assert check.test_unlike <= 0.05 * check.test_images
    other_task, other_kinds = check.others
    assert other_task.unlike >= 0.95 * other_task.images
    # Content alone, without modality, size and colour: the whole check is held to 0.9 below.
    assert other_kinds.unlike >= 0.85 * other_kinds.images


@pytest.mark.parametrize("model", ["brain_tumor_mri_efficientnetb0", "chest_xray_efficientnetb0"])
def test_that_a_few_of_each_kind_get_the_right_answer(reader, shared, model):
    """As pictures of unknown modality."""
    handle = api.load_model(model)
    other = next(name for name in MODELS if name[:5] != model[:5])
    own_images, foreign_images = (
        [middle(reader, path) for path, _ in scored_images(name)[::25]] for name in (model, other)
    )
    kinds = [row for row in listed_files() if row.is_other(model)][::25]
    others = [replace(middle(reader, shared / "dicom" / row.file), modality="") for row in kinds]
    assert share_unlike(answers(handle, own_images)) <= 0.2
    assert share_unlike(answers(handle, foreign_images)) == 1
    assert share_unlike(answers(handle, others)) >= 0.9


@pytest.mark.slow
@pytest.mark.parametrize("model", MODELS)
def test_that_own_images_fit_and_others_do_not(reader, shared, model, capsys):
    """All of them; prints the shares, of other kinds also without modality and by content alone."""
    handle = api.load_model(model)
    other = next(name for name in MODELS if name[:5] != model[:5])
    own_images, foreign_images = (
        [middle(reader, path) for path, _ in scored_images(name)] for name in (model, other)
    )
    kinds = [middle(reader, shared / "dicom" / row.file) for row in listed_files() if row.is_other(model)]
    own_fits, foreign_fits, fits = (answers(handle, images) for images in (own_images, foreign_images, kinds))
    without = answers(handle, [replace(image, modality="") for image in kinds])
    by_content = sum(fit.distance > 1 for fit in fits) / len(fits)
    with capsys.disabled():
        print(f"\n{model}: own test images called unlike {share_unlike(own_fits):.1%} of {len(own_fits)},")
        print(f"  the other task's {share_unlike(foreign_fits):.1%} of {len(foreign_fits)},")
        print(f"  other kinds {share_unlike(fits):.1%} of {len(fits)}; without their modality")
        print(f"  {share_unlike(without):.1%}, by content alone {by_content:.1%}")
    assert share_unlike(own_fits) <= 0.05
    assert share_unlike(foreign_fits) >= 0.95
    assert share_unlike(fits) >= 0.9
    assert share_unlike(without) >= 0.9
