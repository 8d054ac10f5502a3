"""`saliscope explain`: predictions with their maps, written to files."""

from pathlib import Path

import click

from app.command_line.cases import Case, over_cases, sources
from app.command_line.model_choice import ModelChoice
from app.command_line.options import image_options, map_options, output_options
from app.command_line.output import Output
from core.results.explanation import ExplainDocument, ExplainedImage


@click.command()
@image_options
@map_options
@output_options(lambda: ExplainDocument)
def explain(
    images: tuple[Path, ...],
    sample_ids: tuple[str, ...],
    model_id: str | None,
    slice_number: int | None,
    method_names: tuple[str, ...],
    settings: tuple[str, ...],
    target: str,
    seed: int,
    out: Path,
    output: Output,
) -> int:
    """Predict, and show where in each image the evidence lies.

    IMAGE is a picture, a DICOM or NIfTI file, or a folder, which stands for every image in it.
    Each image gets a folder with input.png (what the network saw), METHOD.npy (the map, float32, on
    the network's grid), METHOD.png (the map over the slice) and explanation.json.

    \b
    Example:
      saliscope explain --sample brain_glioma --out out
      saliscope explain a.png b.dcm --method integrated_gradients --set integrated_gradients.steps=128
    """
    from app.command_line.maps import MapRequest, Seen, explained, write_maps
    from app.command_line.sentences import headline, prediction_lines

    named, choice = sources(images, sample_ids), ModelChoice(model_id)
    request = MapRequest.of(method_names, settings, target, seed, out)

    def work(case: Case) -> ExplainedImage:
        seen = Seen.of(case, choice.handle(case))
        said = seen.record()
        for line in (headline(said), *prediction_lines(said, seen.model.card)):
            output.say(line)
        result = write_maps(explained(seen, request, output), out)
        output.say(f"  Written to {result.folder}: {', '.join(result.files)}")
        output.say()
        return result

    places = over_cases(named, slice_number, work)
    output.document(ExplainDocument(images=tuple(places.results)))
    return places.exit_code
