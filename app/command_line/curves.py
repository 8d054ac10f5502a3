"""`saliscope curves`: maps measured by information curves."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.command_line.images import OpenedSlice, for_each_image, named_images
from app.command_line.model_choice import ModelChoice
from app.command_line.options import entropy_option, image_options, map_options, output_options
from app.command_line.output import Output
from core.readers.slice_choice import SliceChoice
from core.results.curves import CurvesDocument, ExplainedCurves

if TYPE_CHECKING:
    from app.command_line.checked_maps import ChecksChoice


@click.command()
@image_options
@map_options
@click.option(
    "--protocol",
    type=click.Choice(["cells", "pair"]),
    default="cells",
    show_default=True,
    help="How pictures are revealed: by square cells, or by single pixels as published.",
)
@entropy_option("entropy", "What the axis measures [default: area for cells, webp for pair].")
@output_options(lambda: CurvesDocument)
def curves(
    images: tuple[Path, ...],
    sample_ids: tuple[str, ...],
    model_id: str | None,
    slice_choice: SliceChoice,
    method_names: tuple[str, ...],
    settings: tuple[str, ...],
    target: str,
    seed: int,
    out: Path,
    has_paths: bool,
    checks: "ChecksChoice",
    protocol: str,
    entropy: str | None,
    output: Output,
) -> int:
    """Explain, and measure each map by AIC and SIC.

    Writes what `explain` writes, and curves.json, curves.csv and curves.png. The curves follow the
    class of the target.

    \b
    Example:
      saliscope curves --sample brain_glioma --out out
      saliscope curves scan.dcm --protocol pair --entropy shannon --json
    """
    from app.command_line.checked_maps import checks_chosen, findings_of
    from app.command_line.curve_files import print_scores, with_curves, write_curves
    from app.command_line.maps import MapRequest, PredictedSlice, explained
    from app.command_line.sentences import headline, prediction_lines
    from core.curves.settings import curve_settings

    named, choice = named_images(images, sample_ids), ModelChoice(model_id)
    request = MapRequest.of(method_names, settings, target, seed, out, has_paths)
    chosen_checks = checks_chosen(checks)
    options = {"protocol": protocol, "seed": seed} | ({"entropy": entropy} if entropy else {})
    rules = curve_settings(**options)

    def work(opened: OpenedSlice) -> ExplainedCurves:
        subject = PredictedSlice.of(opened, choice.handle(opened))
        record = subject.record()
        for line in (headline(record), *prediction_lines(record, subject.model.card)):
            output.print(line)
        result, curve_set = with_curves(subject, explained(subject, request, output), rules, output)
        print_scores(curve_set, output)
        findings = findings_of(subject, result, chosen_checks, seed, output)
        explained_image = write_curves(subject, result, curve_set, request, findings)
        output.print(f"  Written to {explained_image.folder}: {', '.join(explained_image.files)}")
        output.print()
        return explained_image

    results = for_each_image(named, slice_choice, work)
    output.document(CurvesDocument(images=tuple(results.records)))
    return results.exit_code
