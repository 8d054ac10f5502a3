"""`saliscope curves`: maps judged by information curves."""

from pathlib import Path

import click

from app.command_line.cases import Case, over_cases, sources
from app.command_line.model_choice import ModelChoice
from app.command_line.options import image_options, map_options, output_options
from app.command_line.output import Output
from core.results.curves import CurvesDocument, ExplainedCurves


@click.command()
@image_options
@map_options
@click.option(
    "--protocol",
    type=click.Choice(["cells", "pair"]),
    default="cells",
    show_default=True,
    help="How pictures are revealed: ours, or as published.",
)
@click.option(
    "--entropy",
    type=click.Choice(["area", "shannon", "webp"]),
    help="What the axis measures [default: area for cells, webp for pair].",
)
@output_options(lambda: CurvesDocument)
def curves(
    images: tuple[Path, ...],
    sample_ids: tuple[str, ...],
    model_id: str | None,
    slice_number: int | None,
    method_names: tuple[str, ...],
    settings: tuple[str, ...],
    target: str,
    seed: int,
    out: Path,
    protocol: str,
    entropy: str | None,
    output: Output,
) -> int:
    """Explain, and judge each map by AIC and SIC.

    Writes what `explain` writes, and curves.json, curves.csv and curves.png. The curves follow the
    class of the target.

    \b
    Example:
      saliscope curves --sample brain_glioma --out out
      saliscope curves scan.dcm --protocol pair --entropy shannon --json
    """
    from app.command_line.judging import judged
    from app.command_line.maps import MapRequest, Seen, explained
    from app.command_line.sentences import headline, prediction_lines
    from core.curves.settings import curve_settings

    named, choice = sources(images, sample_ids), ModelChoice(model_id)
    request = MapRequest.of(method_names, settings, target, seed, out)
    given = {"protocol": protocol, "seed": seed} | ({"entropy": entropy} if entropy else {})
    rules = curve_settings(**given)

    def work(case: Case) -> ExplainedCurves:
        seen = Seen.of(case, choice.handle(case))
        said = seen.record()
        for line in (headline(said), *prediction_lines(said, seen.model.card)):
            output.say(line)
        result = judged(explained(seen, request, output), rules, out, output)
        output.say(f"  Written to {result.folder}: {', '.join(result.files)}")
        output.say()
        return result

    places = over_cases(named, slice_number, work)
    output.document(CurvesDocument(images=tuple(places.results)))
    return places.exit_code
