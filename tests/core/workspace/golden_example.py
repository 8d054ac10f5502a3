"""What is in the golden files, one for each revision of the document; each field that can be set is set.

A golden file never changes. When the revision grows, the expected content of the older ones is what they are
upgraded to. `python -m tests.core.workspace.golden_example FILE` writes that of the current revision, once.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from core.curves.curve_set import Curve, CurveScore, CurveSet, Glimpse, ImageFacts, MapFacts, UndefinedCurve
from core.curves.protocol import CurveReason
from core.curves.settings import curve_settings
from core.results.image import FailedMethod
from core.results.look_first import Decision, Impression, LookFirstRecord, RevealedMap, RevealedPrediction
from core.results.records import ErrorRecord, PartialRecord
from core.results.versions import Versions
from core.workspace.document import SavedCase, SavedCurves, SavedMeasurement, SavedView, VolumePlace
from core.workspace.file import write_workspace
from core.workspace.workspace import Workspace
from tests.core.workspace.example import GRID, NOW, example_workspace

MODEL = "brain_tumor_mri_densenet121"
SEEN = Glimpse(share=0.5, x=0.5, predicted_class=1, probability=0.75, target_probability=0.25)


def golden_workspace() -> Workspace:
    """The content of revision 1."""
    plain = example_workspace()
    (case,) = plain.document.cases
    document = plain.document.model_copy(
        update={
            "version": "0.1.0",
            "saved": datetime(2026, 11, 28, 15, 0, tzinfo=UTC),
            "cases": (_whole(case),),
            "view": SavedView(
                case="case-1", map="map-2", overlay={"opacity": 0.6, "colours": "red", "shown": True}
            ),
        }
    )
    background = np.linspace(0, 1, 2 * GRID[0] * GRID[1] * 3, dtype=np.float32).reshape(2, *GRID, 3)
    return Workspace(document, {**plain.arrays, "background-1": background})


def _whole(case: SavedCase) -> SavedCase:
    geometry = case.geometry
    assert geometry.affine_lps_mm is not None
    volume = VolumePlace(shape=(5, *geometry.shape), affine_lps_mm=geometry.affine_lps_mm, axis=0, index=2)
    first, second = case.maps
    partial = PartialRecord(done=120, total=500, draws="masks")
    return case.model_copy(
        update={
            "source": case.source.model_copy(update={"relative_path": "../data/slice.dcm", "series": "ab12"}),
            "geometry": geometry.model_copy(
                update={"volume": volume, "stated_aspect": 2.0, "orientation_letters": ("L", "P")}
            ),
            "background": "background-1",
            "background_sha256": "ef" * 32,
            "versions": Versions(
                program="0.1.0",
                python="3.11.7",
                machine="Linux x86_64",
                libraries={"numpy": "2.3.0", "tensorflow": "2.20.0"},
            ),
            "maps": (
                first,
                second.model_copy(update={"record": second.record.model_copy(update={"partial": partial})}),
            ),
            "failed": (
                FailedMethod(
                    name="rise",
                    title="RISE",
                    error=ErrorRecord(code="out_of_memory", message="No memory.", hint="Close programs."),
                ),
            ),
            "curves": (SavedCurves(class_name="glioma", curves=_curves(), maps={"grad_cam": "map-1"}),),
            "measurements": (
                *case.measurements,
                SavedMeasurement(kind="angle", points=((0.0, 0.0), (5.0, 5.0), (0.0, 9.5)), words="87°"),
            ),
            "look_first": _look_first(),
            "identity": {"patient_name": "Doe^John", "patient_id": "4711"},
        }
    )


def _curves() -> CurveSet:
    curve = Curve(
        method="grad_cam",
        kind="sic",
        direction="top",
        shares=(0.0, 0.5, 1.0),
        x=(0.0, 0.5, 1.0),
        y=(0.0, 0.25, 1.0),
        area=0.4,
    )
    score = CurveScore(
        method="grad_cam",
        kind="sic",
        score=0.1,
        area=0.4,
        gap=0.1,
        spread=0.02,
        saturated=False,
        margin=0.05,
        random_mean=0.0,
        better_than_random="yes",
    )
    return CurveSet(
        settings=curve_settings(grids=1, thresholds=(0.5,)),
        target_class=0,
        webp_version="",
        image=ImageFacts(
            blurred=SEEN,
            original=SEEN,
            information_blurred=0.0,
            information_original=3600.0,
            unit="pixels",
            input_low=0.0,
            input_high=1.0,
        ),
        methods=("grad_cam", "random", "edge"),
        curves=(curve,),
        scores=(score,),
        undefined=(
            UndefinedCurve(kind="aic", reason=next(iter(CurveReason)), message="Low.", hint="Another."),
        ),
        maps=(
            MapFacts(
                method="grad_cam",
                constant=False,
                tied_pixels=3,
                unsorted=False,
                revealed_pixels=(1800,),
                glimpses=(SEEN,),
            ),
        ),
        evaluations=40,
    )


def _look_first() -> LookFirstRecord:
    prediction = RevealedPrediction(model=MODEL, class_name="glioma", probability=0.75, at=NOW)
    return LookFirstRecord(
        model=MODEL,
        classes=("glioma", "meningioma"),
        opened_at=NOW,
        impression=Impression(answer="unsure", confidence="low", at=NOW),
        prediction=prediction,
        map=RevealedMap(title="Grad-CAM", at=NOW),
        decision=Decision(
            choice="amend", prediction=prediction, answer="meningioma", note="see region", at=NOW
        ),
    )


if __name__ == "__main__":
    write_workspace(Path(sys.argv[1]), golden_workspace())
