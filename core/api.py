"""The public face for scripts and notebooks: open, load, predict, explain, curves, checks.

import saliscope as api

image = api.open_image("slice.dcm")
model = api.load_model("brain_tumor_mri_densenet121")
subject = api.prepare(model, image)
print(api.predict(model, subject).name)
explanation = api.explain(model, subject, "grad_cam")
"""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from core.checks.contract import CheckInput, Finding
from core.curves.curves import CurveSet, CurveSettings, Glimpse
from core.curves.protocol import Frame
from core.engine import (
    Request,
    check_fit,
    check_input_of,
    curves,
    explain,
    explain_all,
    map_of,
    predict,
    prepare,
    reveal,
    run_check,
    target_of,
)
from core.images.region import region_on_grid
from core.images.slice import Slice
from core.models.fit import Fit
from core.models.prediction import Prediction
from core.models.preprocessing import Subject
from core.network.attribution_map import AttributionMap
from core.network.run import Run
from core.network.target import Target
from core.readers.process import ReaderProcess
from core.results.records import MethodRecord, TargetRecord
from core.results.result import Explanation

if TYPE_CHECKING:
    from core.models.handle import ModelHandle

__all__ = [
    "BACKGROUND_IMAGES",
    "AttributionMap",
    "CheckInput",
    "CurveSet",
    "CurveSettings",
    "Explanation",
    "Finding",
    "Fit",
    "Frame",
    "Glimpse",
    "MethodRecord",
    "Prediction",
    "Request",
    "Run",
    "Slice",
    "Subject",
    "Target",
    "TargetRecord",
    "check_fit",
    "check_input_of",
    "curves",
    "explain",
    "explain_all",
    "load_model",
    "map_of",
    "open_image",
    "predict",
    "prepare",
    "region_on_grid",
    "reveal",
    "run_check",
    "target_of",
    "use_background",
]

BACKGROUND_IMAGES = 16


def open_image(path: str | Path, frame: int = 0) -> Slice:
    """The first image under `path` (a file or folder), its `frame` counted from 0.

    Decoding happens in a process of its own. Raises InputError or ResourceError.
    """
    with ReaderProcess() as reader:
        entry = reader.index(Path(path))[0]
        image, _ = reader.read(entry, frame)
    return image


def load_model(name: str) -> "ModelHandle":
    """The handle of an installed model, or of the bundle in the folder `name`.

    Raises UnknownModel or DamagedBundle.
    """
    # Imported late: it brings up the framework, which takes seconds and which listing and help need not.
    from core.models.handle import ModelHandle

    return ModelHandle.load(name)


def use_background(model: "ModelHandle", folder: str | Path, most: int = BACKGROUND_IMAGES) -> None:
    """Take the first `most` images under `folder` as the model's background, for Expected Gradients.

    Raises InputError or ResourceError.
    """
    with ReaderProcess() as reader:
        images = [reader.read(entry, 0)[0] for entry in reader.index(Path(folder))[:most]]
    model.use_background(np.stack([prepare(model, image).x for image in images]))
