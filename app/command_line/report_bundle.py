"""`saliscope report-bundle`: what to send with a report of a fault."""

from pathlib import Path

import click

from app.command_line.options import output_options
from app.command_line.output import Output
from core.output import make_folder
from core.report_bundle import bundle_texts, readable, write_bundle
from core.results.document import Document


class ReportBundleDocument(Document, name="report-bundle"):
    """`saliscope report-bundle --json`. texts: the files by their names."""

    texts: dict[str, str]


@click.command("report-bundle")
@click.option(
    "--out",
    metavar="FILE.zip",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write it as a ZIP archive [default: only show it].",
)
@output_options(lambda: ReportBundleDocument)
def report_bundle(out: Path | None, output: Output) -> None:
    """Show or save what to send with a report of a fault.

    It holds the logs, versions, the settings without recent files, the policy, and the certificate of the
    last full self-test: no path, no name of a file, and nobody's identity. Nothing is sent.

    \b
    Example:
      saliscope report-bundle
      saliscope report-bundle --out report.zip
    """
    texts = bundle_texts()
    if out is None:
        output.print(readable(texts))
    else:
        make_folder(out.absolute().parent)
        write_bundle(out, texts)
        output.print(f"Written to {out}: {', '.join(texts)}")
    output.document(ReportBundleDocument(texts=texts))
