"""`saliscope evaluate`: methods and metrics over a data set."""

from pathlib import Path

import click

from app.command_line.options import output_options
from app.command_line.output import Output
from core.datasets.document import EvaluateDocument
from core.datasets.task import TargetRule

PROTOCOLS = ("cells", "pair", "cells/area", "cells/shannon", "cells/webp", "pair/shannon", "pair/webp")


@click.command(short_help="Measure methods over a data set.")
@click.argument("index", metavar="INDEX.csv", type=click.Path(path_type=Path))
@click.option(
    "--method",
    "method_names",
    metavar="NAME",
    multiple=True,
    default=("gradient", "integrated_gradients", "grad_cam"),
    show_default="gradient, integrated_gradients and grad_cam",
    help="An explanation method; repeatable. The baselines random and edge are always beside.",
)
@click.option(
    "--metric",
    "metric_names",
    metavar="NAME",
    multiple=True,
    help="`curves` (AIC and SIC) or a metric of single maps; repeatable [default: curves, and where the "
    "index names regions, how well maps find them].",
)
@click.option(
    "--protocol",
    "protocols",
    type=click.Choice(PROTOCOLS),
    multiple=True,
    default=("cells",),
    show_default="cells",
    help="How pictures are revealed, with or without the axis; repeatable.",
)
@click.option(
    "--entropy",
    "entropies",
    type=click.Choice(["area", "shannon", "webp"]),
    multiple=True,
    help="The axis of protocols that are named without one; repeatable [default: area for cells, webp for "
    "pair].",
)
@click.option(
    "--set",
    "settings",
    metavar="NAME.PARAM=VALUE",
    multiple=True,
    help="A parameter of a method or metric, or of curves, such as curves.grids=2, pair.min_prediction=0.5 "
    "or cells/webp.grids=1; repeatable.",
)
@click.option("--model", "model_id", metavar="ID", help="The model [default: the first one installed].")
@click.option(
    "--target",
    type=click.Choice(["predicted", "label"]),
    default="predicted",
    show_default=True,
    help="Whose logit is explained: the predicted class's or the label's.",
)
@click.option("--only-correct", is_flag=True, help="Leave out images whose predicted class is not the label.")
@click.option(
    "--part", default="test", show_default=True, help="Rows of this part, where the index has one; or `all`."
)
@click.option(
    "--keep",
    "keeps",
    metavar="COLUMN=VALUE",
    multiple=True,
    help="Only rows with this value; repeatable, several values of one column are alternatives.",
)
@click.option(
    "--column",
    "columns",
    metavar="NAME=COLUMN",
    multiple=True,
    help="Which column of the index is id, file, slice (of a volume, counted from 1), label, group, part, "
    "mask (a picture, NIfTI or DICOM file), polygon (x1,y1;x2,y2;... in pixels) or box (x0,y0,x1,y1 in "
    "pixels); repeatable [default: those names; box: also bbox; group: person or patient]. A column "
    "that is named must exist; an empty name, such as slice=, stands for none. Images of one group are "
    "resampled together.",
)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    help="At most this many images, drawn by the seed with each label in its share [default: all].",
)
@click.option(
    "--repeats",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="How often each image is judged, with another seed each time, to see how stable the ranking is.",
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of every random choice."
)
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("saliscope-evaluation"),
    show_default=True,
    help="Where the results go. The same folder again goes on with what is not yet done.",
)
@output_options(lambda: EvaluateDocument)
def evaluate(
    index: Path,
    method_names: tuple[str, ...],
    metric_names: tuple[str, ...],
    protocols: tuple[str, ...],
    entropies: tuple[str, ...],
    settings: tuple[str, ...],
    model_id: str | None,
    target: TargetRule,
    only_correct: bool,
    part: str,
    keeps: tuple[str, ...],
    columns: tuple[str, ...],
    limit: int | None,
    repeats: int,
    seed: int,
    out: Path,
    output: Output,
) -> int:
    """Explain every image of an index, and measure how good the maps are.

    INDEX.csv, split by commas, semicolons or tabs, has a column file, and where they are known id, slice,
    label, part, mask, polygon or box, and person or patient. Of a volume one slice is judged: the one of the
    column slice, counted from 1 as `explain --slice` counts, or else the middle one; rows with other slices
    of the same file may follow.

    Says first what the run will cost. Writes rows.csv (a row for each image, method, metric and figure, or
    the reason why there is none), table.csv, table.md, curves.csv, results.json and figures.
    Scores come with intervals by patient, their difference to random, and how stable their ranking is.

    \b
    Example:
      saliscope evaluate data/index.csv --limit 40 --method grad_cam --method smooth_grad --out out
      saliscope evaluate index.csv --protocol cells --protocol pair/webp --set curves.random_draws=4
    """
    from app.command_line.data_set import DataSetRun, run_data_set
    from app.command_line.data_set_plan import Asked, columns_of, kept_values
    from app.command_line.model_choice import first_bundle
    from core.datasets.index import drawn, read_index
    from core.models.bundle import find_bundle

    asked = Asked.of(method_names, metric_names, protocols, entropies, settings)
    data = read_index(index, columns_of(columns), "" if part == "all" else part, kept_values(keeps))
    bundle = find_bundle(model_id) if model_id else first_bundle("")
    plan = asked.plan(bundle.card, data.has_regions, target, only_correct)
    items = drawn(data.items, limit, seed)
    return run_data_set(DataSetRun(data, tuple(items), bundle, plan, part, seed, repeats, out), output)
