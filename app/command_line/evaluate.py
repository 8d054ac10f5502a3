"""`saliscope evaluate`: methods and checks over a data set."""

from pathlib import Path

import click

from app.command_line.options import (
    device_options,
    entropy_option,
    method_option,
    model_option,
    out_option,
    output_options,
    seed_option,
    setting_option,
)
from app.command_line.output import Output
from core.datasets.document import EvaluateDocument
from core.datasets.task import TargetRule

PROTOCOLS = ("cells", "pair", "cells/area", "cells/shannon", "cells/webp", "pair/shannon", "pair/webp")


@click.command(short_help="Measure methods over a data set.")
@click.argument("index", metavar="INDEX.csv", type=click.Path(path_type=Path))
@method_option(
    ("gradient", "integrated_gradients", "grad_cam"),
    "The control maps random and edge are always included.",
)
@click.option(
    "--metric",
    "metric_names",
    metavar="NAME",
    multiple=True,
    help="`curves` (AIC and SIC) or a check of single maps; repeatable [default: curves, and if the index "
    "names regions the localisation checks].",
)
@click.option(
    "--protocol",
    "protocols",
    type=click.Choice(PROTOCOLS),
    multiple=True,
    default=("cells",),
    show_default="cells",
    help="How pictures are revealed, with or without its axis; repeatable.",
)
@entropy_option(
    "entropies",
    "The axis of protocols that are named without one; repeatable [default: area for cells, webp for pair].",
    multiple=True,
)
@setting_option(
    "NAME.PARAM=VALUE",
    "A parameter of a method or check, or of curves, such as curves.grids=2, pair.min_prediction=0.5 "
    "or cells/webp.grids=1; repeatable.",
)
@model_option("the first one installed")
@click.option(
    "--target",
    type=click.Choice(["predicted", "label"]),
    default="predicted",
    show_default=True,
    help="The class whose logit is explained: the predicted one or that of the label.",
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
    help="Only rows with this value; repeatable. Several values of one column are alternatives.",
)
@click.option(
    "--column",
    "columns",
    metavar="NAME=COLUMN",
    multiple=True,
    help="Which column of the index is id, file, slice (of a volume, counted from 1), position_mm, label, "
    "group, part, mask (a picture, NIfTI or DICOM file), polygon (x1,y1;x2,y2;... in pixels) or box "
    "(x0,y0,x1,y1 in pixels); repeatable [default: those names; box: also bbox; group: person or patient]. A "
    "column that is named must exist; an empty name, such as slice=, means that there is none. Images of one "
    "group are resampled together.",
)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    help="At most this many images, drawn at random with the shares of the labels kept [default: all].",
)
@click.option(
    "--repeats",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="How often each image is measured, with another seed each time, to show how stable the ranking is.",
)
@seed_option
@out_option(
    "Folder of the results. With the same folder an interrupted run is resumed.", Path("saliscope-evaluation")
)
@device_options
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
    """Explain every image of an index, and measure the maps.

    INDEX.csv, separated by commas, semicolons or tabs, has a column file, and optionally id, slice,
    position_mm, label, part, mask, polygon or box, and person or patient. Of a volume one slice is measured:
    that of the column slice, counted from 1 as in `explain --slice`, the nearest to position_mm as in
    `explain --position`, or else the middle one. Several rows may name different
    slices of one file.

    Prints first the expected cost of the run. Writes rows.csv (a row for each image, method, check and
    figure, or the reason why there is none), table.csv, table.md, curves.csv, results.json and figures.
    Scores have intervals by patient, their difference to random, and the stability of their ranking.

    \b
    Example:
      saliscope evaluate data/index.csv --limit 40 --method grad_cam --method smooth_grad --out out
      saliscope evaluate index.csv --protocol cells --protocol pair/webp --set curves.random_draws=4
    """
    from app.command_line.data_set import DataSetRun, run_data_set
    from app.command_line.data_set_plan import PlanOptions, columns_of, kept_values
    from app.command_line.model_choice import first_bundle
    from core.datasets.index import drawn, read_index
    from core.models.bundle import find_bundle

    options = PlanOptions.of(method_names, metric_names, protocols, entropies, settings)
    data = read_index(index, columns_of(columns), "" if part == "all" else part, kept_values(keeps))
    bundle = find_bundle(model_id) if model_id else first_bundle("")
    plan = options.plan(bundle.card, data.has_regions, target, only_correct)
    items = drawn(data.items, limit, seed)
    return run_data_set(DataSetRun(data, tuple(items), bundle, plan, part, seed, repeats, out), output)
