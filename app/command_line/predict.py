"""`saliscope predict`: what a model says about images."""

from pathlib import Path

import click

from app.command_line.cases import Case, over_cases, sources
from app.command_line.model_choice import ModelChoice
from app.command_line.options import image_options, output_options
from app.command_line.output import Output
from core.results.explanation import PredictDocument, PredictedImage


@click.command()
@image_options
@output_options(lambda: PredictDocument)
def predict(
    images: tuple[Path, ...],
    sample_ids: tuple[str, ...],
    model_id: str | None,
    slice_number: int | None,
    output: Output,
) -> int:
    """Say the probability of every class for each image.

    IMAGE is a picture, a DICOM or NIfTI file, or a folder, which stands for every image in it.

    \b
    Example:
      saliscope predict --sample brain_glioma
      saliscope predict scan.nii.gz --slice 12 --json
    """
    from app.command_line.maps import Seen
    from app.command_line.sentences import headline, prediction_lines

    named, choice = sources(images, sample_ids), ModelChoice(model_id)

    def work(case: Case) -> PredictedImage:
        seen = Seen.of(case, choice.handle(case))
        said = seen.record()
        output.say(headline(said))
        for line in prediction_lines(said, seen.model.card):
            output.say(line)
        output.say()
        return said

    places = over_cases(named, slice_number, work)
    output.document(PredictDocument(images=tuple(places.results)))
    return places.exit_code
