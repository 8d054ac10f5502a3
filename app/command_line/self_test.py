"""`saliscope self-test`: checks the installation, from window to curve."""

from pathlib import Path

import click
from pydantic import BaseModel

from app.command_line.options import device_options, out_option, output_options
from app.command_line.output import Output


def _document() -> type[BaseModel]:
    from app.window.self_test import SelfTestResult

    return SelfTestResult


@click.command("self-test")
@out_option("Folder of screenshot.png and self-test.json.", Path("saliscope-self-test"))
@device_options
@output_options(_document)
def self_test(out: Path, output: Output) -> int:
    """Check the installation, from window to curve.

    Opens the window off-screen on a sample, explains it, draws its curves and writes screenshot.png and
    self-test.json.

    \b
    Example:
      saliscope self-test --out out
    """
    from app.system_check import require_qt

    require_qt()
    from app.window.self_test import run_self_test

    result = run_self_test(out)
    output.print(f"{'All is well' if result.ok else 'Something failed'}; see {out}.")
    output.document(result)
    return 0 if result.ok else 1
