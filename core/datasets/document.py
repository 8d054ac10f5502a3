"""The document of a data-set run."""

from pydantic import Field

from core.datasets.summary import LeftOut, Score, Stability
from core.datasets.tables import NotedImage
from core.datasets.task import Plan
from core.results.document import Document
from core.results.image import ModelRecord
from core.values import FrozenRecord


class DataRecord(FrozenRecord):
    """Which images a data-set run was made of; `index` is the name of a file, `sha256` that of its bytes."""

    index: str
    sha256: str
    part: str
    patients_by: str = Field(description="the column by which images belong together; empty: each by itself")
    images: int
    patients: int
    repeats: int
    failed: int = Field(description="images without a single figure")
    left_out: int = Field(description="images that the plan leaves out, such as wrong predictions")
    misfits: int = Field(0, description="images that do not fit the model")
    fit_unknown: int = Field(0, description="images of which it cannot be checked whether they fit")


class EvaluateDocument(Document, name="evaluate"):
    """`saliscope evaluate --json` and `results.json`: the whole run but its rows and curves.

    misfits: the images that do not fit the model, with the reasons. notes: on the regions in which the
    evidence should lie, by image. seconds: that all its images took, also before an
    interruption. folder: the name of the one in which `files` stand.
    """

    model: ModelRecord
    data: DataRecord
    plan: Plan
    seed: int
    scores: tuple[Score, ...]
    stability: tuple[Stability, ...]
    left_out: tuple[LeftOut, ...]
    misfits: tuple[NotedImage, ...] = ()
    notes: tuple[NotedImage, ...] = ()
    forwards: int
    gradients: int
    seconds: float
    software: dict[str, str]
    folder: str
    files: tuple[str, ...]
