"""`saliscope samples`: the images that ship."""

import click

from app.command_line.options import output_options
from app.command_line.output import Output
from core.results.listing import SamplesDocument
from core.samples import Sample, sample
from core.samples import samples as all_samples


@click.command()
@click.argument("sample_id", metavar="[ID]", required=False)
@output_options(lambda: SamplesDocument)
def samples(sample_id: str | None, output: Output) -> None:
    """List the bundled samples, or show all fields of one.

    \b
    Example:
      saliscope samples brain_glioma
    """
    if sample_id is None:
        bundled = all_samples()
        output.table([(each.id, each.class_name, each.title, each.model) for each in bundled])
    else:
        bundled = [sample(sample_id)]
        output.table(_fields(bundled[0]))
    output.document(SamplesDocument(samples=tuple(bundled)))


def _fields(shown: Sample) -> list[tuple[str, str]]:
    return [(name, str(value)) for name, value in shown.model_dump(by_alias=True).items()]
