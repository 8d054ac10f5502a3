"""`saliscope predict`: the predictions of a model for images."""

from pathlib import Path

import click

from app.command_line.images import OpenedSlice, for_each_image, named_images
from app.command_line.model_choice import ModelChoice
from app.command_line.options import image_options, output_options
from app.command_line.output import Output
from core.readers.slice_choice import SliceChoice
from core.results.explanation import PredictDocument, PredictedImage


@click.command()
@image_options
@output_options(lambda: PredictDocument)
def predict(
    images: tuple[Path, ...],
    sample_ids: tuple[str, ...],
    model_id: str | None,
    slice_choice: SliceChoice,
    output: Output,
) -> int:
    """Print the probability of every class for each image.

    IMAGE is a picture, a DICOM or NIfTI file, or a folder, which stands for every series in it. Of each
    series the middle slice is taken unless --slice, --position or --all-slices chooses others.

    \b
    Example:
      saliscope predict --sample brain_glioma
      saliscope predict scan.nii.gz --slice 12 --json
    """
    from app.command_line.maps import PredictedSlice
    from app.command_line.sentences import headline, prediction_lines

    named, choice = named_images(images, sample_ids), ModelChoice(model_id)

    def work(opened: OpenedSlice) -> PredictedImage:
        subject = PredictedSlice.of(opened, choice.handle(opened))
        record = subject.record()
        for line in (headline(record), *prediction_lines(record, subject.model.card)):
            output.print(line)
        output.print()
        return record

    results = for_each_image(named, slice_choice, work)
    output.document(PredictDocument(images=tuple(results.records)))
    return results.exit_code
