"""A small workspace that is made without a network: one case, two maps, a finding, a region, a distance."""

from datetime import UTC, datetime

import numpy as np

from core.arrays import Array
from core.checks.contract import Finding
from core.images.grid_map import GridMap
from core.images.turn import Turn
from core.network.attribution_map import AttributionMap
from core.results.explanation import PredictedImage
from core.results.image import ImageRecord, ModelRecord
from core.results.records import MethodRecord, PredictionRecord, TargetRecord
from core.workspace.document import (
    DisplayWindow,
    GridRecord,
    SavedCase,
    SavedFinding,
    SavedMap,
    SavedMeasurement,
    SavedRegion,
    SliceGeometry,
    SourceRecord,
    WorkspaceDocument,
)
from core.workspace.workspace import Workspace

SHA256 = "ab" * 32
SLICE_SHAPE, GRID = (40, 60), (8, 8)
TURNED = GridMap(GRID, SLICE_SHAPE, (-10.5, -0.5, 49.5, 59.5), Turn(is_transposed=True))
NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
TARGET = TargetRecord(class_name="glioma")


def example_map(name: str, values: Array, signed: bool) -> MethodRecord:
    """The record of a map (height, width)."""
    whole = AttributionMap(values, signed, GRID)
    return MethodRecord(
        name=name,
        title={"grad_cam": "Grad-CAM", "integrated_gradients": "Integrated Gradients"}[name],
        parameters={"layer": "last"} if name == "grad_cam" else {"steps": 8},
        target=TARGET,
        seed=3,
        signed=signed,
        minimum=float(whole.values.min()),
        maximum=float(whole.values.max()),
        cells=GRID,
        diagnostics={},
        choices={},
        forwards=1,
        gradients=1,
        seconds=0.5,
        unit="logit",
    )


def example_image() -> PredictedImage:
    """The prediction of the example's slice."""
    return PredictedImage(
        file="slice.dcm",
        image=ImageRecord(
            file="slice.dcm",
            sha256=SHA256,
            modality="MR",
            rows=SLICE_SHAPE[0],
            columns=SLICE_SHAPE[1],
            slice=3,
            slices=5,
            position_mm=12.5,
            spacing_mm=(2.0, 1.0),
            spacing_source="PixelSpacing",
        ),
        model=ModelRecord(id="brain_tumor_mri_densenet121", version="1", weights_sha256="cd" * 32),
        prediction=PredictionRecord(
            class_name="glioma",
            probability=0.75,
            probabilities={"glioma": 0.75, "meningioma": 0.25},
            logits={"glioma": 1.1, "meningioma": 0.0},
            calibrated=True,
        ),
        warnings=(),
    )


def example_workspace() -> Workspace:
    """Fresh, with the same content at every call."""
    generator = np.random.default_rng(0)
    mask = np.zeros(SLICE_SHAPE, np.bool_)
    mask[5:15, 20:50] = True
    picture = np.add.outer(np.arange(SLICE_SHAPE[0]), 3 * np.arange(SLICE_SHAPE[1])).astype(np.uint8)
    arrays: dict[str, Array] = {
        "case-1-picture": picture,
        "case-1-input": generator.random((*GRID, 3)).astype(np.float32),
        "case-1-map-1": generator.random(GRID).astype(np.float32),
        "case-1-map-2": (generator.random(GRID) - 0.5).astype(np.float32),
        "case-1-region-1": mask,
    }
    finding = Finding(
        metric="evidence_inside",
        values={"share": 0.4},
        answer="partly",
        sentence="40 % of the positive evidence lies in the region.",
        parameters={},
    )
    case = SavedCase(
        id="case-1",
        source=SourceRecord(name="slice.dcm", path="/data/slice.dcm", file_sha256=SHA256),
        image=example_image(),
        geometry=SliceGeometry(
            shape=SLICE_SHAPE,
            spacing_mm=(2.0, 1.0),
            affine_lps_mm=(
                (0.0, 0.0, 1.0, -30.0),
                (0.0, 2.0, 0.0, -40.0),
                (4.0, 0.0, 0.0, 12.5),
                (0.0, 0.0, 0.0, 1.0),
            ),
        ),
        grid=GridRecord.of(TURNED),
        window=DisplayWindow(centre=100.0, width=200.0),
        picture="case-1-picture",
        network_input="case-1-input",
        target=TARGET,
        maps=(
            SavedMap(
                id="map-1",
                record=example_map("grad_cam", arrays["case-1-map-1"], False),
                values="case-1-map-1",
                findings=(SavedFinding(finding=finding, region="region-1"),),
            ),
            SavedMap(
                id="map-2",
                record=example_map("integrated_gradients", arrays["case-1-map-2"], True),
                values="case-1-map-2",
            ),
        ),
        regions=(SavedRegion(id="region-1", mask="case-1-region-1", origin="drawn"),),
        measurements=(SavedMeasurement(kind="distance", points=((5.0, 5.0), (5.0, 25.0)), words="20 mm"),),
    )
    return Workspace(WorkspaceDocument(created=NOW, saved=NOW, cases=(case,)), arrays)
