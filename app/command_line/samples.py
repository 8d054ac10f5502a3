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
    """List the bundled samples, or show one whole.

    \b
    Example:
      saliscope samples brain_glioma
    """
    if sample_id is None:
        found = all_samples()
        output.table([(one.id, one.class_name, one.title, one.model) for one in found])
    else:
        found = [sample(sample_id)]
        output.table(_whole(found[0]))
    output.document(SamplesDocument(samples=tuple(found)))


def _whole(one: Sample) -> list[tuple[str, str]]:
    return [(name, str(value)) for name, value in one.model_dump(by_alias=True).items()]
