"""The image of a case is found by its bytes: where it was, beside the workspace, or where a person says."""

import shutil
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pytest
from PIL import Image

from core.errors import SourceChanged, SourceMissing
from core.images.slice import Identity
from core.readers.index import contents_of
from core.readers.slice_choice import SliceChoice
from core.workspace import places
from core.workspace.document import SavedCase
from core.workspace.finding import SourceFinder
from core.workspace.making import SavedPrivacy, source_record, with_relative_paths, workspace_of
from core.workspace.sources import CaseSource, read_source
from core.workspace.workspace import CaseData
from tests.core.readers.test_grouping import slice_file
from tests.core.workspace.example import example_workspace
from tests.direct_reader import DirectReader

READER: Any = DirectReader()


def read(path: Path, choice: SliceChoice | None = None, entry: int = 0) -> CaseSource:
    """The slice of a series under a path, the middle one without a choice."""
    series = contents_of(path).entries[entry]
    (chosen,) = (choice or SliceChoice()).slices(series)
    return read_source(READER, path, series, chosen)


def case_of_slice(source: CaseSource, folder: Path, privacy: SavedPrivacy | None = None) -> SavedCase:
    """The case as a workspace in `folder` holds it, as far as it is needed to find the image."""
    example = example_workspace().document.cases[0]
    image = example.image.model_copy(update={"image": source.record, "file": source.record.file})
    record = source_record(
        source.path,
        image,
        Identity(),
        privacy or SavedPrivacy(),
        source.entry.key,
        source.chosen.axis,
    )
    case = example.model_copy(update={"source": record, "image": image})
    workspace = workspace_of([CaseData(case, dict(example_workspace().arrays))])
    return with_relative_paths(workspace, folder).document.cases[0]


def source_of(case: SavedCase, folder: Path, located: Path | None = None) -> CaseSource:
    return SourceFinder(READER, folder, located).find(case)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A folder with two series of five slices each."""
    folder = tmp_path / "study"
    folder.mkdir()
    for series in (1, 2):
        for number in range(5):
            slice_file(
                folder,
                f"{series}-{number}.dcm",
                (0, 0, 10 * number + series),
                SeriesInstanceUID=f"1.2.{series}",
                SOPInstanceUID=f"1.2.{series}.{number}",
            )
    return folder


@pytest.fixture
def picture(tmp_path: Path, generator: np.random.Generator) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    Image.fromarray(generator.integers(0, 255, (20, 30), np.uint8)).save(folder / "a.png")
    return folder / "a.png"


@pytest.mark.parametrize("entry", [0, 1])
@pytest.mark.parametrize("number", [1, 4])
def test_that_a_slice_of_a_series_is_found_where_it_was(study, tmp_path, entry, number):
    source = read(study, SliceChoice(number=number), entry)
    again = source_of(case_of_slice(source, tmp_path), tmp_path)
    assert again.record == source.record
    assert np.array_equal(again.image.values, source.image.values)
    assert again.entry.key == source.entry.key


def test_that_a_slice_is_found_after_study_and_workspace_were_moved_together(study, tmp_path):
    case = case_of_slice(read(study, SliceChoice(number=2)), tmp_path / "out")
    (tmp_path / "elsewhere").mkdir()
    study.rename(tmp_path / "elsewhere" / "study")
    again = source_of(case, tmp_path / "elsewhere" / "out")
    assert again.path == tmp_path / "elsewhere" / "study"
    assert again.record.sha256 == case.source.file_sha256


def test_that_a_slice_is_found_in_a_series_with_more_files_than_before(study, tmp_path):
    source = read(study, SliceChoice(number=2))
    case = case_of_slice(source, tmp_path)
    slice_file(study, "new.dcm", (0, 0, -9), SeriesInstanceUID="1.2.1", SOPInstanceUID="1.2.1.9")
    again = source_of(case, tmp_path)
    assert (again.record.slice, source.record.slice) == (3, 2)
    assert np.array_equal(again.image.values, source.image.values)


def test_that_a_slice_across_a_volume_is_found(tmp_path, generator):
    path = tmp_path / "volume.nii"
    values = generator.integers(0, 999, (12, 10, 8)).astype(np.int16)
    nibabel.save(nibabel.Nifti1Image(values, np.diag([1.0, 1.0, 2.0, 1.0])), path)
    source = read(path, SliceChoice(number=3, plane="coronal"))
    assert source.chosen.axis != 0
    again = source_of(case_of_slice(source, tmp_path), tmp_path)
    assert again.chosen == source.chosen
    assert np.array_equal(again.image.values, source.image.values)


@pytest.mark.parametrize("privacy", [SavedPrivacy(), SavedPrivacy(has_paths=False)])
def test_that_a_file_beside_the_workspace_is_found_by_its_bytes_under_any_name(picture, tmp_path, privacy):
    case = case_of_slice(read(picture), tmp_path, privacy)
    folder = tmp_path / "mail"
    folder.mkdir()
    picture.rename(folder / "renamed.png")
    (folder / "other.png").write_bytes(b"none")
    assert source_of(case, folder).record.file == "renamed.png"


def test_that_the_folder_beside_is_taken_where_a_series_was_opened(study, tmp_path):
    case = case_of_slice(read(study, SliceChoice(number=2)), tmp_path, SavedPrivacy(has_paths=False))
    again = source_of(case, study)
    assert again.record.sha256 == case.source.file_sha256


@pytest.mark.parametrize("is_folder", [True, False])
def test_that_an_image_is_found_where_a_person_says(picture, tmp_path, is_folder):
    case = case_of_slice(read(picture), tmp_path)
    archive = tmp_path / "archive" / "2024"
    archive.mkdir(parents=True)
    moved = Path(shutil.move(picture, archive / "b.png"))
    assert source_of(case, tmp_path, archive.parent if is_folder else moved).record.file == "b.png"


def test_that_a_sample_is_found_by_its_id(tmp_path):
    from core.samples import samples

    bundled = samples()[0]
    source = read(bundled.path)
    case = case_of_slice(source, tmp_path, SavedPrivacy(has_paths=False))
    record = case.source.model_copy(update={"sample": bundled.id})
    again = source_of(case.model_copy(update={"source": record}), tmp_path)
    assert (again.sample, again.record.sha256) == (bundled, source.record.sha256)
    assert again.image.modality == bundled.modality


def test_that_a_missing_image_is_told_with_what_to_do(picture, tmp_path):
    case = case_of_slice(read(picture), tmp_path)
    picture.unlink()
    with pytest.raises(SourceMissing) as caught:
        source_of(case, tmp_path)
    assert caught.value.message == (
        "The image of case-1 (a.png) is not where it was when the workspace was saved."
    )
    assert "--source" in caught.value.hint
    assert str(tmp_path) not in str(caught.value)


def test_that_a_workspace_without_paths_does_not_claim_to_know_where_the_image_was(picture, tmp_path):
    case = case_of_slice(read(picture), tmp_path, SavedPrivacy(has_paths=False))
    picture.unlink()
    with pytest.raises(SourceMissing) as caught:
        source_of(case, tmp_path)
    assert caught.value.message == (
        "The image of case-1 (a.png) was not found: the workspace does not say where it lies."
    )


@pytest.mark.parametrize("content", [None, b"no picture"])
def test_that_a_changed_image_is_told(picture, tmp_path, content):
    case = case_of_slice(read(picture), tmp_path)
    if content is None:
        Image.fromarray(np.zeros((20, 30), np.uint8)).save(picture)
    else:
        picture.write_bytes(content)
    with pytest.raises(
        SourceChanged, match=r"^The image of case-1 \(a.png\) is no longer the file that it was"
    ):
        source_of(case, tmp_path)


def test_that_the_unchanged_copy_is_taken_where_the_file_itself_has_changed(picture, tmp_path):
    case = case_of_slice(read(picture), tmp_path)
    shutil.copy(picture, tmp_path / "copy.png")
    Image.fromarray(np.zeros((20, 30), np.uint8)).save(picture)
    assert source_of(case, tmp_path).record.file == "copy.png"


def test_that_a_file_of_another_name_is_not_taken_for_a_changed_image(picture, tmp_path):
    case = case_of_slice(read(picture), tmp_path)
    other = tmp_path / "other.png"
    Image.fromarray(np.zeros((20, 30), np.uint8)).save(other)
    assert source_of(case, tmp_path, other).record.file == "a.png"
    picture.unlink()
    with pytest.raises(SourceMissing):
        source_of(case, tmp_path, other)


def test_that_files_beside_the_workspace_are_hashed_up_to_a_limit(picture, tmp_path, monkeypatch):
    case = case_of_slice(read(picture), tmp_path, SavedPrivacy(has_paths=False))
    folder = picture.parent
    assert source_of(case, folder).record.file == "a.png"
    (folder / "a.png").rename(folder / "z.png")
    (folder / "b.bin").write_bytes(bytes(2000))
    monkeypatch.setattr(places, "MOST_BYTES", 2000)
    with pytest.raises(SourceMissing):
        source_of(case, folder)
