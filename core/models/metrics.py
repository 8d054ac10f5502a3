"""`metrics.json` of a bundle: the logits of every test image, and the data of the report's figures."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import DamagedBundle
from core.models.bundle import cause_of
from core.output import written

METRICS_NAME = "metrics.json"


class MetricsRecord(BaseModel):
    """A frozen record; fields that a newer version adds are ignored."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", defer_build=True, populate_by_name=True, serialize_by_alias=True
    )


class Scored(MetricsRecord):
    """One test image; `label` is the index of its class."""

    id: str
    group: str
    label: int
    logits: tuple[float, ...]


class Roc(MetricsRecord):
    """One class against the rest, from (0, 0) to (1, 1); thinned to its corners."""

    false_positives: tuple[float, ...]
    true_positives: tuple[float, ...]


class Scatter(MetricsRecord):
    """Images in two dimensions: `x` and `y` for each row of `Metrics.scatter_rows`."""

    x: tuple[float, ...]
    y: tuple[float, ...]


class ScatterRow(MetricsRecord):
    """The image that a point stands for."""

    id: str
    label: int
    part: str


class Metrics(MetricsRecord):
    """The whole file. The fields of a report are empty in files that were written without one."""

    schema_id: Literal["saliscope/metrics/1"] = Field("saliscope/metrics/1", alias="schema")
    temperature: float
    changed_by_half_precision_on_val: float | None = None
    roc: dict[str, Roc] = Field({}, description="by class")
    scatter_rows: tuple[ScatterRow, ...] = ()
    scatters: dict[str, Scatter] = Field(
        {}, description="by pixels_pca, pixels_tsne, embedding_pca, embedding_tsne"
    )
    test: tuple[Scored, ...]


def read_metrics(folder: Path) -> Metrics:
    """The metrics of the bundle in `folder`. Raises DamagedBundle."""
    try:
        return Metrics.model_validate_json((folder / METRICS_NAME).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        raise DamagedBundle(
            f"The metrics of {folder.name} cannot be read: {cause_of(error)}.", "Install the model again."
        ) from None


def write_metrics(folder: Path, metrics: Metrics) -> None:
    """Write them into the bundle's folder, in one line. Raises DiskFull."""
    with written(folder / METRICS_NAME) as file:
        file.write(metrics.model_dump_json().encode("utf-8") + b"\n")
