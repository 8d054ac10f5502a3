"""`saliscope explain`: predictions with their maps, written to files."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.command_line.images import OpenedSlice, for_each_image, named_images
from app.command_line.model_choice import ModelChoice
from app.command_line.options import image_options, map_options, output_options
from app.command_line.output import Output
from core.readers.slice_choice import SliceChoice
from core.results.explanation import ExplainDocument, ExplainedImage

if TYPE_CHECKING:
    from app.command_line.checked_maps import ChecksChoice


@click.command()
@image_options
@map_options
@output_options(lambda: ExplainDocument)
def explain(
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
    output: Output,
) -> int:
    """Predict, and show where in each image the evidence lies.

    IMAGE is a picture, a DICOM or NIfTI file, or a folder, which stands for every series in it. Of each
    series the middle slice is taken unless --slice, --position or --all-slices chooses others.
    Each image gets a folder with input.png (the network's input), METHOD.npy (the map, float32, on
    the network's grid), METHOD.png (the map over the slice), explanation.json, and IMAGE.saliscope (a
    workspace, which the window opens and `replay` computes anew). With --checks the workspace and its
    reports also say how far each map can be trusted.

    \b
    Example:
      saliscope explain --sample brain_glioma --out out
      saliscope explain a.png b.dcm --method integrated_gradients --set integrated_gradients.steps=128
    """
    from app.command_line.checked_maps import checks_chosen, findings_of
    from app.command_line.maps import MapRequest, PredictedSlice, explained, write_maps
    from app.command_line.sentences import headline, prediction_lines

    named, choice = named_images(images, sample_ids), ModelChoice(model_id)
    request = MapRequest.of(method_names, settings, target, seed, out, has_paths)
    chosen_checks = checks_chosen(checks)

    def work(opened: OpenedSlice) -> ExplainedImage:
        subject = PredictedSlice.of(opened, choice.handle(opened))
        record = subject.record()
        for line in (headline(record), *prediction_lines(record, subject.model.card)):
            output.print(line)
        result = explained(subject, request, output)
        findings = findings_of(subject, result, chosen_checks, seed, output)
        explained_image = write_maps(subject, result, request, findings)
        output.print(f"  Written to {explained_image.folder}: {', '.join(explained_image.files)}")
        output.print()
        return explained_image

    results = for_each_image(named, slice_choice, work)
    output.document(ExplainDocument(images=tuple(results.records)))
    return results.exit_code
