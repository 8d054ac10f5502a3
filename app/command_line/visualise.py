"""`saliscope visualise`: a picture of what a network looks for, written to files."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.command_line.images import named_images, opened_image
from app.command_line.model_choice import ModelChoice, first_bundle, loaded_model
from app.command_line.options import (
    device_options,
    model_option,
    out_option,
    output_options,
    seed_option,
    setting_option,
)
from app.command_line.output import Output
from core.errors import BadParameter, UsageError, nearest_hint
from core.readers.slice_choice import SliceChoice
from core.results.visualisation import ObjectiveRecord, VisualiseDocument

if TYPE_CHECKING:
    from app.command_line.maps import PredictedSlice
    from core.models.handle import ModelHandle
    from core.visualisations.contract import Visualisation
    from core.visualise import Visualised

PICTURE_FILE, ARRAY_FILE, DOCUMENT_FILE = "picture.png", "picture.npy", "picture.json"
NAME_ONE = "Name --class CLASS, or --layer LAYER with --channel N and for one unit --row and --column."


@dataclass(frozen=True, slots=True)
class Maximised:
    """What was named to be maximised: a class, or a layer with its channel and position."""

    class_name: str | None
    layer: str | None
    channel: int | None
    row: int | None
    column: int | None

    def record(self, classes: Sequence[str]) -> ObjectiveRecord:
        """Its record for a model of these classes. Raises UsageError or BadParameter."""
        if (self.class_name is None) == (self.layer is None):
            raise UsageError("One thing is maximised: a class, or a part of a layer.", NAME_ONE)
        if self.class_name is not None:
            if (self.channel, self.row, self.column) != (None, None, None):
                raise UsageError("A class has no channel, row or column.", NAME_ONE)
            if self.class_name not in classes:
                hint = nearest_hint(self.class_name, classes)
                raise BadParameter(f"--class: the model knows no class {self.class_name!r}.", hint)
            return ObjectiveRecord.model_validate({"target": {"class_name": self.class_name}})
        if (self.row is None) != (self.column is None) or (self.row is not None and self.channel is None):
            raise UsageError("A unit has a channel, a row and a column.", NAME_ONE)
        return ObjectiveRecord(layer=self.layer or "", channel=self.channel, row=self.row, column=self.column)


@click.command()
@click.argument("name", metavar="[NAME]", required=False)
@model_option("that of the sample, or the first one for the image's modality, or the first one")
@click.option("--class", "class_name", metavar="CLASS", help="Maximise the logit of this class.")
@click.option("--layer", metavar="LAYER", help="Maximise a part of this layer.")
@click.option("--channel", type=click.IntRange(min=0), help="The channel of the layer, counted from 0.")
@click.option("--row", type=click.IntRange(min=0), help="With --column: one position of the channel.")
@click.option("--column", type=click.IntRange(min=0), help="With --row: one position of the channel.")
@click.option(
    "--image", metavar="IMAGE", type=click.Path(path_type=Path), help="The image that deep_dream begins with."
)
@click.option("--sample", "sample_id", metavar="ID", help="A bundled sample in place of --image.")
@click.option(
    "--slice", "number", type=click.IntRange(min=1), help="Which slice of --image [default: the middle one]."
)
@setting_option("PARAM=VALUE", "A parameter; repeatable. Without NAME all are listed.")
@seed_option
@out_option("Folder of the results, in which the picture gets a folder of its own.", Path("saliscope-out"))
@device_options
@output_options(lambda: VisualiseDocument)
def visualise(
    name: str | None,
    model_id: str | None,
    class_name: str | None,
    layer: str | None,
    channel: int | None,
    row: int | None,
    column: int | None,
    image: Path | None,
    sample_id: str | None,
    number: int | None,
    settings: tuple[str, ...],
    seed: int,
    out: Path,
    output: Output,
) -> None:
    """Make a picture of what a network looks for.

    It is a picture of the network, not of the patient: an input that the network answers as strongly as it
    can. NAME is activation_maximisation, which needs no image, or deep_dream, which changes one. Without
    NAME all are listed with their parameters. The folder of a picture holds picture.png, picture.npy (the
    values on the network's grid, float32) and picture.json (how it was made, and the course of the score).

    \b
    Example:
      saliscope visualise activation_maximisation --class glioma --model brain_tumor_mri_efficientnetb0
      saliscope visualise deep_dream --sample brain_glioma --layer block4a_expand_activation
    """
    from core.network.parameters import checked_parameters
    from core.visualisations import visualisation_named
    from core.visualise import HINT

    if name is None:
        _list(output)
        return
    chosen, values = visualisation_named(name), dict(_setting(text) for text in settings)
    checked_parameters(chosen, values, HINT)
    maximised = Maximised(class_name, layer, channel, row, column)
    if chosen.needs_image:
        subject = _subject(chosen, image, sample_id, number, model_id)
        model = subject.model
    elif image is not None or sample_id is not None:
        raise UsageError(f"{chosen.title} begins without an image.", "Leave out --image and --sample.")
    else:
        subject, model = None, loaded_model(model_id or first_bundle(""))
    record = maximised.record(model.card.classes)
    made = _made(chosen, model, record, subject, values, seed, output)
    document = _written(made, model, subject, out)
    for line in _lines(document, model):
        output.print(line)
    output.document(document)


def _list(output: Output) -> None:
    from app.command_line.methods import parameter_lines
    from core.results.listing import parameter_records
    from core.visualisations import VISUALISATIONS

    for each in VISUALISATIONS:
        output.print(f"{each.title} ({each.name})")
        output.print(f"{each.summary} Maximises: {', '.join(each.objectives)}. Source: {each.doi}")
        for line in parameter_lines("", parameter_records(each.Params)):
            output.print(line)
        output.print()


def _setting(text: str) -> tuple[str, str]:
    """The two parts of PARAM=VALUE. Raises UsageError."""
    name, equals, value = text.partition("=")
    if not (equals and name):
        raise UsageError(f"--set {text} is not PARAM=VALUE.", "Write it as in --set steps=64.")
    return name, value


def _subject(
    chosen: "Visualisation",
    image: Path | None,
    sample_id: str | None,
    number: int | None,
    model_id: str | None,
) -> "PredictedSlice":
    """The slice that the picture begins with, as the model gets it. Raises UsageError without one."""
    from app.command_line.maps import PredictedSlice

    if (image is None) == (sample_id is None):
        raise UsageError(
            f"{chosen.title} begins with one image.",
            "Name it with --image, or a bundled sample with --sample.",
        )
    (named,) = named_images([image] if image else [], [sample_id] if sample_id else [])
    choice = ModelChoice(model_id)
    opened = opened_image(named, SliceChoice(number=number))
    return PredictedSlice.of(opened, choice.handle(opened))


def _made(
    chosen: "Visualisation",
    model: "ModelHandle",
    record: ObjectiveRecord,
    subject: "PredictedSlice | None",
    values: dict[str, Any],
    seed: int,
    output: Output,
) -> "Visualised":
    from core.network.run import Run
    from core.visualise import visualise as make

    x = None if subject is None else subject.prepared.x
    with output.progress(chosen.title, Run()) as run:
        return make(model, chosen.name, record.objective(model.card.classes), x, values, seed, run)


def _written(
    made: "Visualised", model: "ModelHandle", subject: "PredictedSlice | None", out: Path
) -> VisualiseDocument:
    """Write the files of a picture; its document. Raises DiskFull."""
    from core.figures.network_input import input_png
    from core.output import unique_folder, write_array, write_document, written
    from core.results.image import ModelRecord

    objective = made.record.objective
    what = objective.target.class_name if objective.target is not None else objective.layer
    parts = (objective.channel, objective.row, objective.column)
    label = "_".join([what, *(str(part) for part in parts if part is not None)])
    image_names = [] if subject is None else [subject.opened.label]
    folder = unique_folder(out, "_".join([*image_names, made.record.name, label]))
    content, mapping = input_png(made.picture.values)
    with written(folder / PICTURE_FILE) as file:
        file.write(content)
    write_array(folder / ARRAY_FILE, made.picture.values)
    document = VisualiseDocument(
        model=ModelRecord.of(model.card),
        picture=made.record,
        image=None if subject is None else subject.record(),
        picture_range=(mapping.low, mapping.high),
        device=model.calls.device,
        folder=folder.name,
        files=(PICTURE_FILE, ARRAY_FILE, DOCUMENT_FILE),
    )
    write_document(folder / DOCUMENT_FILE, document)
    return document


def _lines(document: VisualiseDocument, model: "ModelHandle") -> list[str]:
    """What people read of a picture."""
    from core.number_text import percent, significant

    made = document.picture
    start, end = significant(made.score_start), significant(made.score_end)
    shares = (f"{model.card.words_of(name)} {percent(share)}" for name, share in made.probabilities.items())
    return [
        f"{made.title}: {made.maximised}, {document.model.id}",
        f"  {made.statement}",
        f"  Score {start} at the start, {end} after {made.steps} steps; the network gives the picture"
        f" {', '.join(shares)}.",
        f"  Written to {document.folder}: {', '.join(document.files)}",
    ]
