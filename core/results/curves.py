"""The documents of information curves."""

from pydantic import Field

from core.curves.curve_set import CurveScore, CurveSet, UndefinedCurve
from core.results.document import Document
from core.results.explanation import ExplainedImage
from core.results.image import FailedImage, ImageRecord, ModelRecord


class ExplainedCurves(ExplainedImage):
    """Maps with the scores of their curves, whose points are in `curves.json` and `curves.csv`."""

    scores: tuple[CurveScore, ...]
    undefined: tuple[UndefinedCurve, ...]


class CurvesDocument(Document, name="curves", revision=2):
    """`saliscope curves --json`."""

    images: tuple[ExplainedCurves | FailedImage, ...]


class CurveSetDocument(Document, name="curve-set", revision=2):
    """`curves.json`: every point of every curve of one image, and how they were made."""

    image: ImageRecord
    model: ModelRecord
    class_name: str = Field(alias="class")
    curves: CurveSet
