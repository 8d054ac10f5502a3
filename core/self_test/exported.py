"""The trials of workspace and exports: a case is computed, saved, replayed, exported, and read back."""

import csv
import json
from collections.abc import Callable, Iterator
from functools import cached_property, partial
from io import BytesIO, StringIO
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from core.arrays import Array
from core.curves.settings import CurveSettings
from core.engine import curves, explain, prepare, run_check
from core.exports.contract import Exporter
from core.exports.exporters import EXPORTERS
from core.exports.writing import ExportChoice, export_all
from core.images.slice import Slice
from core.methods import method_named
from core.number_text import counted
from core.readers.process import ReaderProcess
from core.self_test.decoding import stored_slice
from core.self_test.models import LoadedModels, smallest_model
from core.self_test.processes import stored_image_file
from core.self_test.stored_maps import SEED, few_calls
from core.self_test.trial import Trial, TrialFailed
from core.workspace.document import SavedCase, SavedFinding
from core.workspace.file import SUFFIX, read_workspace, write_workspace
from core.workspace.making import CaseExtras, RegionMask, region_id
from core.workspace.replay import replayed_results
from core.workspace.workspace import Workspace

WORKSPACE_GROUP, EXPORT_GROUP = "Workspace", "Exports"
METHODS = ("grad_cam", "integrated_gradients")
CHECK = "energy_inside"
# The kinds of results that the case has, all of which a replay must compare.
REPLAYED = frozenset({"prediction", "map", "finding", "curves"})
CURVES = {"grids": 1, "thresholds": (0.5,), "random_draws": 1}


class ExportedCase:
    """A case of the stored head with the smallest model: its workspace, made when first asked for."""

    def __init__(self, models: LoadedModels, folder: Path) -> None:
        """folder: gets the workspace and the exports."""
        self._models, self._folder = models, folder

    @cached_property
    def image(self) -> Slice:
        """The stored head."""
        with ReaderProcess() as reader:
            return stored_slice(reader, stored_image_file())

    @cached_property
    def workspace(self) -> Workspace:
        """Two maps with a finding each, a region, and curves."""
        from core.api import workspace_of

        model = self._models.handle(smallest_model())
        subject = prepare(model, self.image)
        region = np.zeros(self.image.shape, dtype=bool)
        region[40:90, 40:90] = True
        explanations, findings = [], {}
        for place, name in enumerate(METHODS):
            parameters = few_calls(method_named(name), model.facts).model_dump(mode="json")
            explanation = explain(model, subject, name, parameters, seed=SEED)
            finding = run_check(model, subject, explanation, CHECK, region=region)
            findings[place] = [SavedFinding(finding=finding, region=region_id(0))]
            explanations.append(explanation)
        maps = {explanation.record.name: explanation.map for explanation in explanations}
        curve_set = curves(model, subject, maps, settings=CurveSettings.model_validate(CURVES))
        extras = CaseExtras(findings, regions=[RegionMask(region, "drawn", title="Self-test")])
        return workspace_of(model, stored_image_file().path, explanations, curves=curve_set, extras=extras)

    def save_and_read(self) -> str:
        """The trial of the workspace file. Raises TrialFailed where another one is read."""
        path = self._folder / f"case{SUFFIX}"
        write_workspace(path, self.workspace)
        again = read_workspace(path)
        same_arrays = again.arrays.keys() == self.workspace.arrays.keys() and all(
            np.array_equal(array, again.arrays[name]) for name, array in self.workspace.arrays.items()
        )
        if again.document.cases != self.workspace.document.cases or not same_arrays:
            raise TrialFailed("The workspace that was read is not the one that was saved.")
        return f"It was saved and read again with {counted(len(again.arrays), 'array')}."

    def replay(self) -> str:
        """The trial of the replay. Raises TrialFailed for a result that differs."""
        (data,) = self.workspace.cases
        model = self._models.handle(smallest_model())
        results = list(replayed_results(data, model, self.image))
        for result in results:
            if result.outcome != "identical":
                raise TrialFailed(f"{result.title}: {result.words}.")
        if not {result.kind for result in results} >= REPLAYED:
            raise TrialFailed("The replay left out results of the case.")
        return f"{counted(len(results), 'result')} computed anew, all identical to the bit."

    def export(self, exporter: Exporter) -> str:
        """The trial of an exporter. Raises what it raises, and TrialFailed for a file that cannot be read."""
        choice = ExportChoice((exporter,), source_of=_source_of)
        paths: list[Path] = []
        for outcome in export_all(self.workspace, self._folder / "exports", choice):
            if outcome.error is not None:
                raise outcome.error
            paths += outcome.files
        for path in paths:
            read_back(path.name, path.read_bytes())
        if not paths:
            raise TrialFailed("It wrote no file.")
        return f"{counted(len(paths), 'file')} written and read back."

    def trials(self) -> Iterator[Trial]:
        """Of the workspace and of each exporter."""
        yield Trial(WORKSPACE_GROUP, "Workspace file", self.save_and_read)
        yield Trial(WORKSPACE_GROUP, "Replay", self.replay)
        for exporter in EXPORTERS:
            yield Trial(EXPORT_GROUP, exporter.title, partial(self.export, exporter))


def _source_of(_case: SavedCase) -> Path:
    return stored_image_file().path


def read_back(name: str, content: bytes) -> None:
    """Read an exported file by its suffix. Raises TrialFailed if it is damaged or of no known suffix."""
    suffixes = [suffix for suffix in READERS if name.endswith(suffix)]
    if not suffixes:
        raise TrialFailed(f"The self-test cannot read back files like {name}.")
    try:
        is_whole = READERS[suffixes[0]](content)
    except (ValueError, KeyError, AttributeError, OSError, EOFError, SyntaxError) as error:
        raise TrialFailed(f"{name} cannot be read back.") from error
    if not is_whole:
        raise TrialFailed(f"{name} is not whole.")


def _is_picture(content: bytes) -> bool:
    from PIL import Image

    with Image.open(BytesIO(content)) as picture:
        picture.load()
        return min(picture.size) > 0


def _is_vector(content: bytes) -> bool:
    return ElementTree.fromstring(content).tag.endswith("svg")


def _is_page(content: bytes) -> bool:
    return content.lstrip().lower().startswith(b"<!doctype html") and content.rstrip().endswith(b"</html>")


def _is_pdf(content: bytes) -> bool:
    return content.startswith(b"%PDF-") and content.rstrip().endswith(b"%%EOF")


def _is_volume(content: bytes) -> bool:
    import gzip

    import nibabel

    image = nibabel.Nifti1Image.from_bytes(gzip.decompress(content))
    return bool(np.isfinite(image.get_fdata()).all())


def _is_array(content: bytes) -> bool:
    values: Array = np.load(BytesIO(content), allow_pickle=False)
    return values.ndim == 2 and bool(np.isfinite(values).all())


def _is_dicom(content: bytes) -> bool:
    from pydicom import dcmread
    from pydicom.errors import InvalidDicomError

    try:
        dataset = dcmread(BytesIO(content))
    except InvalidDicomError:
        return False
    return bool(dataset.SOPClassUID) and ("Rows" not in dataset or len(dataset.pixel_array) > 0)


def _is_table(content: bytes) -> bool:
    return len(list(csv.reader(StringIO(content.decode("utf-8-sig"))))) > 1


def _is_document(content: bytes) -> bool:
    return isinstance(json.loads(content), dict)


READERS: dict[str, Callable[[bytes], bool]] = {
    ".png": _is_picture,
    ".svg": _is_vector,
    ".html": _is_page,
    ".pdf": _is_pdf,
    ".nii.gz": _is_volume,
    ".npy": _is_array,
    ".dcm": _is_dicom,
    ".csv": _is_table,
    ".json": _is_document,
}
