"""`saliscope deidentify`: DICOM series without the patient's identity."""

from pathlib import Path

import click

from app.command_line.options import output_options
from app.command_line.output import Output
from core.exports.deidentification import DeidentifiedExport, DeidentifyDocument, report_lines
from core.network.run import Run


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--out",
    metavar="FOLDER",
    required=True,
    type=click.Path(path_type=Path),
    help="A new or empty folder for the files and the report.",
)
@output_options(lambda: DeidentifyDocument)
def deidentify(path: Path, out: Path, output: Output) -> None:
    """Write DICOM series without the patient's identity.

    By the Basic Application Level Confidentiality Profile of DICOM (PS3.15): names, numbers, dates,
    descriptions and private elements are removed, UIDs are replaced, the same way in all files of one
    export. Pixels are not changed: text that is burnt into them stays. All is written or nothing;
    deidentification.txt in the folder says what was removed, without its values.

    \b
    Example:
      saliscope deidentify study --out shared
    """
    from core.readers.process import ReaderProcess

    with ReaderProcess() as reader:
        contents = reader.contents(path)
        contents.require_images()
        left_out = len(contents.failures) + len(contents.skipped)
        export = DeidentifiedExport(contents.entries, out, [path], left_out)
        try:
            with output.progress("files", Run()) as run:
                for number, source in enumerate(export.sources, 1):
                    export.take(*reader.deidentified(source, export.secret))
                    run.progress(number, len(export.sources))
            document = export.finish()
        finally:
            export.discard()
    for line in report_lines(document):
        output.print(line)
    output.document(document)
